"""Who is on a trip: one person may be there with several connections, and the most active of them counts."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from app.contract.events import Collaborator, CursorPosition

Status = Literal["active", "idle"]


class Tab(Struct, frozen=True, kw_only=True):
    """One connection on a trip, as its gateway tells of it. `cursor_at` is when the pointer last moved."""

    user_id: str
    user_name: str
    status: Status
    last_seen: datetime
    cursor: CursorPosition | None = None
    cursor_at: datetime | None = None


def status_at(last_input: datetime, now: datetime, idle_seconds: float) -> Status:
    """`idle` after this long without input; whether the person looks at the page is not told."""
    return "idle" if now - last_input >= timedelta(seconds=idle_seconds) else "active"


def merged(tabs: Mapping[str, Tab], fields: Mapping[str, str]) -> list[Collaborator]:
    """Everybody who is there, by user id.

    `tabs` by connection id; `fields` is the field that a connection edits. The field is the one of the
    person's most active connection that edits any, the cursor the one that moved last.
    """
    people: dict[str, list[str]] = {}
    for connection_id, tab in tabs.items():
        people.setdefault(tab.user_id, []).append(connection_id)
    return [_person(tabs, people[user_id], fields) for user_id in sorted(people)]


def _person(tabs: Mapping[str, Tab], theirs: Iterable[str], fields: Mapping[str, str]) -> Collaborator:
    def activity(connection_id: str) -> tuple[bool, datetime, str]:
        tab = tabs[connection_id]
        return tab.status == "active", tab.last_seen, connection_id

    by_activity = sorted(theirs, key=activity, reverse=True)
    first = tabs[by_activity[0]]
    moved = [(tab.cursor_at, name, tab.cursor) for name in by_activity if (tab := tabs[name]).cursor_at]
    return Collaborator(
        user_id=first.user_id,
        user_name=first.user_name,
        status=first.status,
        last_seen=max(tabs[name].last_seen for name in by_activity),
        current_field=next((fields[name] for name in by_activity if name in fields), None),
        cursor_position=max(moved, key=lambda each: each[:2])[2] if moved else None,
    )
