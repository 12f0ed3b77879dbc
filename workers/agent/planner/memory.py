"""Which of the turns before is the one that a new message speaks of."""

from collections.abc import Sequence

from app.contract.turn import TurnResult


def in_force(newest_first: Sequence[TurnResult]) -> TurnResult | None:
    """The question that is still open, else the last plan, else the last request that came to nothing.

    An answer about the weather, a question about who flies, or a follow-up that could not be met, leaves the
    plan before it in force.
    """
    if newest_first and newest_first[0].outcome == "clarify" and newest_first[0].request is not None:
        return newest_first[0]
    plans = (result for result in newest_first if result.plan is not None)
    requests = (result for result in newest_first if result.request is not None)
    return next(plans, None) or next(requests, None)


def last_plan(newest_first: Sequence[TurnResult]) -> TurnResult | None:
    """The turn whose plan is in force, also while a question about it is open."""
    return next((result for result in newest_first if result.plan is not None), None)
