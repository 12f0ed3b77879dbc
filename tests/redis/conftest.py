"""What tests of trips begin with."""

from collections.abc import AsyncIterator

import pytest

from app.contract import trip as t
from app.wiring import Services, services
from tests.support.api import api_settings


@pytest.fixture
async def at(valkey_url: str) -> AsyncIterator[Services]:
    """The services, with the trip `t1` of alice's."""
    async with services(api_settings(valkey_url)) as running:
        await running.trips.create("alice", "t1", t.Trip(name="Spring", destinations=["Paris", "Rome"]))
        yield running
