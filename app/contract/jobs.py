"""What goes through the queue: two job kinds with versioned, msgspec-encoded payloads.

A worker refuses a version it does not know, so deploy workers before gateways.
"""

from typing import Any

from msgspec import Struct

TURN_QUEUE = "tripsage:agents"
TOOL_QUEUE = "tripsage:tools"
RUN_TURN = "run_turn"
RUN_TOOL_CALL = "run_tool_call"
PAYLOAD_VERSION = 1


class TurnJob(Struct, kw_only=True, frozen=True):
    """Run one turn; the request itself is kept with the session."""

    session_id: str
    turn_id: str
    version: int = PAYLOAD_VERSION

    @property
    def job_id(self) -> str:
        return f"{self.session_id}:{self.turn_id}"


class ToolJob(Struct, kw_only=True, frozen=True):
    """Make one tool call of a turn. `today` is the turn's date (ISO), so a repeat sees the same day."""

    session_id: str
    turn_id: str
    task_id: str
    tool_call_id: str
    call_key: str
    tool_name: str
    arguments: dict[str, Any]
    today: str
    version: int = PAYLOAD_VERSION

    @property
    def job_id(self) -> str:
        return f"{self.session_id}:{self.tool_call_id}"
