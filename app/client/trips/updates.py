"""An edit on its way, as whoever made it follows it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from app.client.errors import ClientError
from app.client.trips.edits import Conflict
from app.contract.events import ErrorBody


class EditRefused(ClientError):
    """The server refused an edit: it is no longer shown. `error` is what it said."""

    def __init__(self, error: ErrorBody) -> None:
        super().__init__(f"{error.message} ({error.code})")
        self.error = error


class EditConflicted(ClientError):
    """Somebody else's newer values stand where the edit was to be written; it is no longer shown.

    `conflicts` can be settled with `TripSession.settle`.
    """

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(f"changed by somebody else: {', '.join(each.field for each in conflicts)}")
        self.conflicts = conflicts


@dataclass(frozen=True, slots=True)
class Update:
    """An edit on its way; it is shown already. `confirmed` may be awaited or left alone."""

    mutation_id: str
    _done: asyncio.Future[int]

    async def confirmed(self) -> int:
        """The trip's version that has it. Raises `EditRefused`, `EditConflicted`, or what ended the session."""
        return await asyncio.shield(self._done)
