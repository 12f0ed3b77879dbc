"""A tool that failed, said in a sentence: what failed, why, and whether to try again."""

from app.contract.events import ErrorBody
from app.contract.turn import TurnError, TurnResult
from workers.agent.planner.context import Flow
from workers.agent.planner.speak.voice import Voice
from workers.agent.planner.understand.recall import summarised


def say_failure(flow: Flow, task: str, what: str, error: ErrorBody) -> None:
    """End the task and the turn with the error; nothing is made up in the place of what is missing."""
    text = failure_text(flow.voice, what, error, flow.asked.budget.currency if flow.asked.budget else "")
    flow.script.end(task, error=error)
    flow.say_lines(text)
    result = TurnResult(
        outcome="answer",
        request=summarised(flow.asked) if flow.asked.asked == "trip" else None,
        assumptions=flow.assumptions(),
        warnings=flow.warnings(),
        explanation=text,
        error=TurnError(code=error.code, message=error.message),
    )
    flow.script.finish(result, "error")


def failure_text(voice: Voice, what: str, error: ErrorBody, into: str = "") -> str:
    again = voice.phrases.try_again if error.retryable is True else voice.phrases.not_again
    return f"{voice.fill(voice.phrases.failed[what], reason=error.message, into=into)} {again}"
