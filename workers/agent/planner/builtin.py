"""The built-in planner: no model, no I/O, no state. The same view gives the same step."""

from contextlib import suppress

from workers.agent.model import Step, View
from workers.agent.planner.answers.ask import clarify, reject
from workers.agent.planner.answers.exchange import answer_exchange
from workers.agent.planner.answers.other import answer_other
from workers.agent.planner.answers.weather import answer_weather
from workers.agent.planner.context import Turn
from workers.agent.planner.script import Script, Waiting
from workers.agent.planner.speak.catalogue import voice_of
from workers.agent.planner.trip.flow import plan_trip
from workers.agent.planner.understand.request import understood


class BuiltinPlanner:
    """Plans from the tools' results alone; see `Planner` for what it promises."""

    def next(self, view: View) -> Step:
        return script_of(view).after(view.steps)


def script_of(view: View) -> Script:
    """The turn as far as its ended calls allow."""
    script = Script(view.outcomes)
    asked = understood(view.request.content, view.today, view.previous)
    turn = Turn(
        script=script,
        voice=voice_of(asked.language),
        asked=asked,
        today=view.today,
        accepted_at=view.request.accepted_at,
        previous=view.previous if asked.continues else None,
    )
    with suppress(Waiting):
        _write(turn)
    return script


def _write(turn: Turn) -> None:
    match turn.asked.asked:
        case "weather":
            answer_weather(turn)
        case "exchange":
            answer_exchange(turn)
        case "trip":
            _trip(turn)
        case "other":
            answer_other(turn)


def _trip(turn: Turn) -> None:
    if turn.asked.rejection is not None:
        reject(turn)
    elif turn.asked.questions:
        clarify(turn)
    else:
        plan_trip(turn)
