"""A tool that failed, said in a sentence: what failed, why, and whether to try again."""

from app.contract.events import ErrorBody
from app.contract.turn import TurnError, TurnResult
from workers.agent.planner.context import Turn
from workers.agent.planner.speak.voice import Voice
from workers.agent.planner.understand.recall import summarised


def say_failure(turn: Turn, task: str, what: str, error: ErrorBody) -> None:
    """End the task and the turn with the error; nothing is made up in the place of what is missing."""
    text = failure_text(turn.voice, what, error, turn.asked.budget.currency if turn.asked.budget else "")
    turn.script.end(task, error=error)
    turn.say_lines(text)
    result = TurnResult(
        outcome="answer",
        request=summarised(turn.asked) if turn.asked.asked == "trip" else None,
        assumptions=turn.assumptions(),
        warnings=turn.warnings(),
        explanation=text,
        error=TurnError(code=error.code, message=error.message),
    )
    turn.script.finish(result, "error")


def failure_text(voice: Voice, what: str, error: ErrorBody, into: str = "") -> str:
    again = voice.phrases.try_again if error.retryable is True else voice.phrases.not_again
    return f"{voice.fill(voice.phrases.failed[what], reason=error.message, into=into)} {again}"
