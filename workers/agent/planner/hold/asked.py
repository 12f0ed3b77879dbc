"""Whether a message is about holding the flights of the plan in force, and what it says of who flies."""

import re

from msgspec import Struct

from app.contract.turn import Plan, RequestSummary, TurnResult
from workers.agent.model import View
from workers.agent.planner.hold.details import Details, read_passengers
from workers.agent.planner.hold.words import HOLD_WORDS
from workers.agent.planner.understand.model import Understanding
from workers.agent.planner.understand.page import Page

PASSENGERS_MISSING = "passengers_missing"
"""The code of the question who flies; the message after it is its answer."""


class Hold(Struct, frozen=True):
    """`plan` is None where there is none whose flights could be held; `recent` are the turns that led to it."""

    plan: Plan | None
    request: RequestSummary | None
    details: tuple[Details, ...] = ()
    recent: tuple[TurnResult, ...] = ()


def hold_asked(view: View, asked: Understanding) -> Hold | None:
    """None for a message that is about something else."""
    words = HOLD_WORDS[asked.language]
    said = Page(view.request.content).lower
    asks = re.search(words.asks, said) is not None
    answers = bool(view.recent) and _asks_who_flies(view.recent[0])
    if not (asks or answers) or re.search(words.refuses, said):
        return None
    details = tuple(read_passengers(view.request.content, asked.language))
    if not asks and not details:
        return None
    planned = next((result for result in view.recent if result.plan is not None), None)
    if not details and _is_a_request_of_its_own(asked):
        return None
    if planned is None:
        return Hold(None, None)
    return Hold(planned.plan, planned.request, details, view.recent)


def _asks_who_flies(result: TurnResult) -> bool:
    return any(question.code == PASSENGERS_MISSING for question in result.clarifications or [])


def _is_a_request_of_its_own(asked: Understanding) -> bool:
    """Such as "book flights from Berlin to Lisbon in May"."""
    return asked.asked == "trip" and bool(asked.stops or asked.when)
