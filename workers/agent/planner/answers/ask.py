"""Asking back, and refusing what lies in the past. Nothing is searched."""

from app.contract.turn import Alternative, Clarification, TurnError, TurnResult
from workers.agent.planner.context import Turn
from workers.agent.planner.speak.brief import brief
from workers.agent.planner.understand.model import Question
from workers.agent.planner.understand.recall import place_ref, summarised


def clarify(turn: Turn) -> None:
    """Every question at once, with the places that may be meant."""
    voice, phrases = turn.voice, turn.voice.phrases
    lines = [_line(turn, question) for question in turn.asked.questions]
    known = [brief(voice, turn.asked), ""] if turn.asked.stops or turn.asked.origin else []
    turn.say_lines(*known, phrases.one_question, *(f"- {line}" for line in lines))
    turn.script.finish(
        TurnResult(
            outcome="clarify",
            request=summarised(turn.asked),
            clarifications=[
                Clarification(
                    field=question.field,
                    code=question.code,
                    question=line,
                    candidates=[place_ref(place) for place in question.candidates],
                )
                for question, line in zip(turn.asked.questions, lines, strict=True)
            ],
            assumptions=turn.assumptions(),
            warnings=turn.warnings(),
        )
    )


def reject(turn: Turn) -> None:
    """Days that are over cannot be travelled on; the same days of a later year can."""
    voice, phrases, rejection = turn.voice, turn.voice.phrases, turn.asked.rejection
    assert rejection is not None
    over = voice.fill(phrases.in_the_past, first=rejection.earliest, last=rejection.latest)
    spans = [voice.fill(phrases.from_to, depart=depart, back=back) for depart, back in rejection.again]
    again = voice.fill(phrases.again, spans=voice.joined(spans))
    turn.say_lines(over, again)
    turn.script.finish(
        TurnResult(
            outcome="reject",
            request=summarised(turn.asked),
            alternatives=[
                Alternative(depart=depart, return_=back, relaxes=["dates"])
                for depart, back in rejection.again
            ],
            assumptions=turn.assumptions(),
            warnings=turn.warnings(),
            explanation=over,
            error=TurnError(code=rejection.code, message=over),
        )
    )


def _line(turn: Turn, question: Question) -> str:
    voice = turn.voice
    asked = voice.question(question)
    if not question.candidates:
        return asked
    return f"{asked} {voice.fill(voice.phrases.candidates, names=question.candidates)}"
