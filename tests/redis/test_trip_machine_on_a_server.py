"""The generated histories of clients of one trip, with the real server behind the network that loses and repeats."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.services import trips
from app.storage.trip_answers import TripAnswers
from app.wiring import services
from tests.support.api import api_settings
from tests.support.trip_bugs import UNTIL_FOUND
from tests.support.trip_machine import TripMachine
from tests.support.trip_served import ServedTrip
from tests.support.valkey import ValkeyProcess

QUICK = settings(max_examples=20, stateful_step_count=40, deadline=None)
MANY = settings(max_examples=500, stateful_step_count=50, deadline=None, phases=[Phase.generate])


@pytest.fixture
def served(shared_valkey: ValkeyProcess) -> Iterator[type[TripMachine]]:
    """The machine in front of the real services; each history has a trip of its own."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        class Served(ServedTrip):
            run = runner
            services = runner.run(stack.enter_async_context(services(api_settings(shared_valkey.url))))

        runner.run(Served.services.redis.flushall())  # of trips of other tests

        class Machine(TripMachine):
            new_trip = Served

        yield Machine
        runner.run(stack.aclose())


@pytest.mark.timeout(300)
def test_the_laws_hold_on_the_real_server(served: type[TripMachine]) -> None:
    run_state_machine_as_test(served, settings=QUICK)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_laws_hold_on_the_real_server_over_many_histories(served: type[TripMachine]) -> None:
    run_state_machine_as_test(served, settings=MANY)


async def _keeps_nothing(*_: Any) -> None:
    return None


def _by_what_it_comes_to(self: Any, *given: Any) -> Any:
    """`write` as a settlement once was known: by what it writes on the trip as it stands."""
    return _write(self, *given[:3])


_write = trips.TripEditing.write

BUGS = {
    "a settlement is known by what it writes": (trips.TripEditing, "write", _by_what_it_comes_to),
    "a refused write may be done later": (TripAnswers, "keep", _keeps_nothing),
}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", BUGS)
def test_a_bug_planted_in_the_server_is_found(
    served: type[TripMachine], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, what, broken = BUGS[name]
    monkeypatch.setattr(where, what, broken)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(served, settings=UNTIL_FOUND)
