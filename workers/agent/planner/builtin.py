"""The built-in planner: no model, no I/O, nothing that a step rests on but its view."""

from collections import OrderedDict
from datetime import date
from operator import is_
from threading import Lock

from tools.places import find_places
from workers.agent.model import Step, View
from workers.agent.planner.answers.ask import clarify, reject
from workers.agent.planner.answers.exchange import answer_exchange
from workers.agent.planner.answers.opening import answer_opening
from workers.agent.planner.answers.other import answer_other
from workers.agent.planner.answers.weather import answer_weather
from workers.agent.planner.context import Flow
from workers.agent.planner.hold.asked import hold_asked
from workers.agent.planner.hold.flow import hold_flights
from workers.agent.planner.memory import in_force
from workers.agent.planner.script import Script, Writing
from workers.agent.planner.solve.program import warm_solver
from workers.agent.planner.speak.catalogue import voice_of
from workers.agent.planner.trip.planning import plan_trip
from workers.agent.planner.understand.grammar import grammar_of
from workers.agent.planner.understand.request import understood
from workers.agent.planner.understand.words import WORDS

TURNS_KEPT = 128


class BuiltinPlanner:
    """Plans from the tools' results alone; see `Planner` for what it promises. Any thread may ask.

    `turns_kept` are kept as far as they were written, so that each goes on where it stopped: as many as run at
    once, since any more would begin again at each of their steps.
    """

    def __init__(self, turns_kept: int = TURNS_KEPT) -> None:
        self._turns_kept = turns_kept
        self._lock = Lock()
        self._written: OrderedDict[str, tuple[View, Writing]] = OrderedDict()

    def next(self, view: View) -> Step:
        with self._lock:
            return self._next(view)

    def _next(self, view: View) -> Step:
        turn_id = view.request.turn_id
        writing = self._writing(view)
        step = writing.with_outcomes(view.outcomes).after(view.steps)
        if step.result is None:
            self._written[turn_id] = view, writing
            if len(self._written) > self._turns_kept:
                self._written.popitem(last=False)
        return step

    def _writing(self, view: View) -> Writing:
        """The script as far as it was written, if it is known and of this very turn; else begun again."""
        before, writing = self._written.pop(view.request.turn_id, (None, None))
        if before is not None and writing is not None and _goes_on(before, view):
            return writing
        script = Script()
        return Writing(script, _write(script, view))

    def warm(self) -> None:
        """Read the tables and make the patterns that the first request would otherwise wait for."""
        find_places("Rome")
        warm_solver()
        for language in WORDS:
            grammar_of(language)
            voice_of(language).day(date.min)


def _goes_on(before: View, view: View) -> bool:
    """Whether it is the same turn, and nothing is known otherwise than it was."""
    same = (before.request, before.today) == (view.request, view.today)
    return (
        same
        and len(before.recent) == len(view.recent)
        and all(map(is_, before.recent, view.recent))
        and all(view.outcomes.get(key) is outcome for key, outcome in before.outcomes.items())
    )


async def _write(script: Script, view: View) -> None:
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
    if hold is not None:
        await hold_flights(flow, hold)
        return
    match asked.asked:
        case "weather":
            await answer_weather(flow)
        case "exchange":
            await answer_exchange(flow)
        case "opening":
            await answer_opening(flow)
        case "trip":
            await _trip(flow)
        case "other":
            answer_other(flow)


async def _trip(flow: Flow) -> None:
    if flow.asked.rejection is not None:
        reject(flow)
    elif flow.asked.questions:
        clarify(flow)
    else:
        await plan_trip(flow)
