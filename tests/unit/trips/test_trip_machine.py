"""No edit is lost and nobody overwrites what they have not seen, over generated histories of three clients."""

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.trip_machine import TripMachine

QUICK = settings(max_examples=100, stateful_step_count=40, deadline=None)
PART = settings(max_examples=1_000, stateful_step_count=50, deadline=None, phases=[Phase.generate])


def test_the_invariants_hold():
    run_state_machine_as_test(TripMachine, settings=QUICK)


# 10,000 histories in parts, which the cores share. Hypothesis remembers every choice of a run, so as not to make one
# twice: that is 140 kB a history, and more than 1 GB if all were one run.
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(10))
def test_the_invariants_hold_over_many_histories(part: int):
    class Part(TripMachine):
        pass

    if PART.derandomize:
        seed(part)(Part)  # else all parts would be of the same histories
    run_state_machine_as_test(Part, settings=PART)
