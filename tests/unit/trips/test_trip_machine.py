"""No edit is lost and nobody overwrites what they have not seen, over generated histories of three clients."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.trip_machine import TripMachine

QUICK = settings(max_examples=300, stateful_step_count=40, deadline=None)
MANY = settings(max_examples=10_000, stateful_step_count=50, deadline=None, phases=[Phase.generate])


def test_the_invariants_hold():
    run_state_machine_as_test(TripMachine, settings=QUICK)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_invariants_hold_over_many_histories():
    run_state_machine_as_test(TripMachine, settings=MANY)
