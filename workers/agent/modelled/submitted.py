"""A plan of the model's own: held to the laws of a plan, and tied to the plan in force where it changes that."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct, structs

from app.contract.turn import Diff, Plan, RequestSummary, TurnResult
from workers.agent.laws import broken_laws
from workers.agent.links import has_link
from workers.agent.model import View
from workers.agent.planner.memory import last_plan
from workers.agent.planner.trip.changes import changed_fields

MOST_LAWS = 20
"""Broken laws that are named to the model at once."""


class Submitted(Struct, kw_only=True, forbid_unknown_fields=True):
    """What `submit_plan` takes."""

    request: RequestSummary
    plan: Plan
    changes_plan_in_force: Annotated[
        bool, Meta(description="true: it takes the place of the plan in force; false: it is another trip.")
    ]
    explanation: Annotated[
        str, Meta(min_length=1, description="What the user reads of it, unless you say more.")
    ]
    assumptions: list[str] = []
    warnings: list[str] = []


class Refused(Exception):
    """The plan is not the turn's result; the message says why, for the model to read."""


def judged(arguments: str, view: View) -> TurnResult:
    """The result that this JSON comes to. Raises `Refused`, whatever it holds."""
    try:
        return _result(msgspec.json.decode(arguments, type=Submitted), view)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused(str(error)) from error


def _result(submitted: Submitted, view: View) -> TurnResult:
    before = last_plan(view.recent) if submitted.changes_plan_in_force else None
    if submitted.changes_plan_in_force and before is None:
        raise Refused("There is no plan in force that it could change.")
    result = TurnResult(
        outcome="plan",
        request=submitted.request,
        plan=structs.replace(submitted.plan, trip_id=None),  # the engine's to say
        assumptions=submitted.assumptions,
        warnings=submitted.warnings,
        explanation=submitted.explanation,
    )
    calls = [call for step in view.steps for call in step.calls]
    broken = broken_laws(result, calls, view.outcomes, view.today, before)
    if broken:
        raise Refused("The plan breaks laws: " + "; ".join(broken[:MOST_LAWS]))
    if has_link(result):
        raise Refused("No text of the plan may hold a link.")
    changed = changed_fields(before, submitted.request, submitted.plan)
    return result if changed is None else structs.replace(result, diff=Diff(changed=changed))
