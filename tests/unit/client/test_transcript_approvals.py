"""What a client knows of a call that waits for somebody."""

from datetime import UTC, datetime

from app.client import Transcript
from app.contract import events as e

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def about(number: int) -> dict[str, object]:
    return {
        "id": f"c.{number}",
        "timestamp": NOW,
        "session_id": "s1",
        "turn_id": "m1",
        "tool_name": "flight_hold",
        "tool_call_id": "c",
    }


def test_a_call_waits_until_it_starts_with_what_was_decided() -> None:
    transcript = Transcript("m1")
    transcript.add(e.ToolCallApprovalRequired(**about(1), parameters={"number": 1}, summary="Hold it."))  # type: ignore[arg-type]
    (call,) = transcript.waiting
    assert (call.name, call.state, call.message) == ("flight_hold", "waiting", "Hold it.")
    transcript.add(e.ToolCallStart(**about(2), parameters={"number": 7}))  # type: ignore[arg-type]
    assert transcript.waiting == []
    assert transcript.loose_calls == [call]
    assert (call.state, call.parameters) == ("running", {"number": 7})


def test_a_call_that_was_rejected_waits_no_more() -> None:
    transcript = Transcript("m1")
    transcript.add(e.ToolCallApprovalRequired(**about(1), parameters={}))  # type: ignore[arg-type]
    error = e.ErrorBody(code="CANCELLED", message="not approved")
    transcript.add(e.ToolCallError(**about(2), error=error))  # type: ignore[arg-type]
    assert transcript.waiting == []
    assert transcript.loose_calls[0].state == "cancelled"
