"""A trip's past: the trip as it stands with its writes taken back, the newest first."""

from collections.abc import Iterable, Sequence

from app.contract.trip import Change, PastChange, PastWrite
from app.domain.trip_fields import Snapshot, is_item

NULL = b"null"


def take_back(values: dict[str, bytes], changes: Sequence[PastChange]) -> None:
    """Makes of the fields after a write those before it."""
    for change in changes:
        before = bytes(change.old_value)
        if before == NULL and is_item(change.field):
            values.pop(change.field, None)
        else:
            values[change.field] = before


def undoing(write: PastWrite, since: Iterable[PastWrite], trip: Snapshot) -> list[Change]:
    """A write that takes another one back. It conflicts in the fields that have been written since.

    `since` are the writes after it, newest first, up to how the trip stands. One that was taken back itself
    does not count, nor what took it back: several writes can be undone one after another.
    """
    moved: set[str] = set()
    taken_back: set[int] = set()
    for later in since:
        if later.version in taken_back:
            continue
        if later.undoes is not None and later.undoes >= write.version:
            taken_back.add(later.undoes)
        else:
            moved.update(change.field for change in later.changes)
    return [
        Change(
            field=change.field,
            value=change.old_value,
            base_version=write.version if change.field in moved else trip.version_of(change.field),
        )
        for change in write.changes
    ]
