"""The built-in planner: no model, no I/O, nothing that a step rests on but its view."""

from collections import OrderedDict
from contextlib import suppress
from datetime import date
from operator import is_

from tools.places import find_places
from workers.agent.model import Step, View
from workers.agent.planner.answers.ask import clarify, reject
from workers.agent.planner.answers.exchange import answer_exchange
from workers.agent.planner.answers.other import answer_other
from workers.agent.planner.answers.weather import answer_weather
from workers.agent.planner.context import Flow
from workers.agent.planner.hold.asked import hold_asked
from workers.agent.planner.hold.flow import hold_flights
from workers.agent.planner.memory import in_force
from workers.agent.planner.script import Script, Waiting
from workers.agent.planner.solve.program import warm_solver
from workers.agent.planner.speak.catalogue import voice_of
from workers.agent.planner.trip.planning import plan_trip
from workers.agent.planner.understand.grammar import grammar_of
from workers.agent.planner.understand.request import understood
from workers.agent.planner.understand.words import WORDS

_TURNS_KEPT = 32
"""Scripts of so many turns are kept between their steps, so that a call that ends alone costs nothing."""


class BuiltinPlanner:
    """Plans from the tools' results alone; see `Planner` for what it promises."""

    def __init__(self) -> None:
        self._written: OrderedDict[str, tuple[View, Script]] = OrderedDict()

    def next(self, view: View) -> Step:
        return self._script(view).after(view.steps)

    def _script(self, view: View) -> Script:
        """The script as it was written last, as long as it waits for the same calls; else written again."""
        known = self._written.pop(view.request.turn_id, None)
        if known is None or not _is_same_turn(known[0], view) or known[1].goes_on_with(view.outcomes):
            known = view, script_of(view)
        self._written[view.request.turn_id] = known
        if len(self._written) > _TURNS_KEPT:
            self._written.popitem(last=False)
        return known[1]

    def warm(self) -> None:
        """Read the tables and make the patterns that the first request would otherwise wait for."""
        find_places("Rome")
        warm_solver()
        for language in WORDS:
            grammar_of(language)
            voice_of(language).day(date.min)


def _is_same_turn(before: View, view: View) -> bool:
    same = (before.request, before.today) == (view.request, view.today)
    return (
        same
        and len(before.recent) == len(view.recent)
        and all(map(is_, before.recent, view.recent))
        and all(view.outcomes.get(key) is outcome for key, outcome in before.outcomes.items())
    )


def script_of(view: View) -> Script:
    """The turn as far as its ended calls allow."""
    script = Script(view.outcomes)
    previous = in_force(view.recent)
    asked = understood(view.request.content, view.today, previous)
    flow = Flow(
        script=script,
        voice=voice_of(asked.language),
        asked=asked,
        today=view.today,
        accepted_at=view.request.accepted_at,
        previous=previous if asked.continues else None,
    )
    hold = hold_asked(view, asked)
    with suppress(Waiting):
        if hold is not None:
            hold_flights(flow, hold)
        else:
            _write(flow)
    return script


def _write(flow: Flow) -> None:
    match flow.asked.asked:
        case "weather":
            answer_weather(flow)
        case "exchange":
            answer_exchange(flow)
        case "trip":
            _trip(flow)
        case "other":
            answer_other(flow)


def _trip(flow: Flow) -> None:
    if flow.asked.rejection is not None:
        reject(flow)
    elif flow.asked.questions:
        clarify(flow)
    else:
        plan_trip(flow)
