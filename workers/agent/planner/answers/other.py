"""Everything that no tool here can answer: an honest sentence, and what can be asked instead."""

from app.contract.turn import Response, TurnResult
from workers.agent.planner.context import Turn


def answer_other(turn: Turn) -> None:
    phrases = turn.voice.phrases
    text = phrases.capabilities
    turn.say_lines(text)
    turn.script.finish(TurnResult(outcome="answer", explanation=text, response=Response(text=text)))
