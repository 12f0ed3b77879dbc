"""Asking back, and refusing what lies in the past. Nothing is searched."""

from app.contract.turn import Alternative, Clarification, TurnError, TurnResult
from workers.agent.planner.context import Flow
from workers.agent.planner.speak.brief import brief
from workers.agent.planner.understand.model import Question
from workers.agent.planner.understand.recall import place_ref, summarised


def clarify(flow: Flow) -> None:
    """Every question at once, with the places that may be meant."""
    voice, phrases = flow.voice, flow.voice.phrases
    lines = [_line(flow, question) for question in flow.asked.questions]
    known = [brief(voice, flow.asked), ""] if flow.asked.stops or flow.asked.origin else []
    flow.say_lines(*known, phrases.one_question, *(f"- {line}" for line in lines))
    flow.script.finish(
        TurnResult(
            outcome="clarify",
            request=summarised(flow.asked),
            clarifications=[
                Clarification(
                    field=question.field,
                    code=question.code,
                    question=line,
                    candidates=[place_ref(place) for place in question.candidates],
                )
                for question, line in zip(flow.asked.questions, lines, strict=True)
            ],
            assumptions=flow.assumptions(),
            warnings=flow.warnings(),
        )
    )


def reject(flow: Flow) -> None:
    """Days that are over cannot be travelled on; the same days of a later year can."""
    voice, phrases, rejection = flow.voice, flow.voice.phrases, flow.asked.rejection
    assert rejection is not None
    over = voice.fill(phrases.in_the_past, first=rejection.earliest, last=rejection.latest)
    spans = [voice.fill(phrases.from_to, depart=depart, back=back) for depart, back in rejection.again]
    again = voice.fill(phrases.again, spans=voice.joined(spans))
    flow.say_lines(over, again)
    flow.script.finish(
        TurnResult(
            outcome="reject",
            request=summarised(flow.asked),
            alternatives=[
                Alternative(depart=depart, return_=back, relaxes=["dates"])
                for depart, back in rejection.again
            ],
            assumptions=flow.assumptions(),
            warnings=flow.warnings(),
            explanation=over,
            error=TurnError(code=rejection.code, message=over),
        )
    )


def _line(flow: Flow, question: Question) -> str:
    voice = flow.voice
    asked = voice.question(question)
    if not question.candidates:
        return asked
    return f"{asked} {voice.fill(voice.phrases.candidates, names=question.candidates)}"
