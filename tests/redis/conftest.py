"""What tests of trips begin with."""

from collections.abc import AsyncIterator

import pytest

from app.contract import trip as t
from app.wiring import Services, services
from tests.support.api import Api, api, api_settings
from tests.support.api_trips import T1


@pytest.fixture
async def at(valkey_url: str) -> AsyncIterator[Services]:
    """The services, with the trip `t1` of alice's."""
    async with services(api_settings(valkey_url)) as running:
        await running.trips.create("alice", "t1", t.Trip(name="Spring", destinations=["Paris", "Rome"]))
        yield running


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    """The API, with that trip made over it."""
    async with api(valkey_url) as running:
        body = {"name": "Spring", "destinations": ["Paris", "Rome"], "budget": 3000}
        made = await running.client.post(T1, json=body)
        assert (made.status_code, made.headers["location"], made.headers["etag"]) == (201, T1, '"1"')
        yield running
