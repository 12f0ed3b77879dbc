"""What one client shows of a trip while its own edits are on their way, without I/O.

The law is `visible = fold(pending, base)`. The base is what the stream says, and nothing else changes it; an
edit lies over it from the moment it is made until the stream has brought what became of it, or the server has
refused it. Nothing is kept to roll back to, so nothing that was never accepted can come back.

A time-out is no answer: the same request is made again until there is one, which is safe because the server
knows a mutation by its id.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.client.trips.edits import Choice, Conflict, Edit, Request, Settlement, Stage, Wrote
from app.client.trips.fields import Fields, fields_of, lane, value_of, write
from app.contract.events import TripUpdateBroadcast
from app.contract.trip import Strategy

UNDOABLE = 100
"""Edits that can be taken back."""


class OptimisticUpdateManager:
    """One client's view of one trip. `client_id` is this client's own: a second tab is another client."""

    def __init__(self, client_id: str, new_id: Callable[[], str]) -> None:
        self.client_id = client_id
        self.base: dict[str, Any] = {}
        self.version = 0
        """The trip's version that the base is."""
        self.epoch: str | None = None
        """Of which the versions are: a loss of history begins another."""
        self.synchronised = False
        """Whether the base is the trip; before the first snapshot and after a loss it is not."""
        self._new_id = new_id
        self._pending: list[Edit] = []
        self._conflicts: dict[str, Conflict] = {}
        self._undoable: list[Wrote] = []
        self._early: list[tuple[int, TripUpdateBroadcast]] = []

    # What there is to see

    @property
    def visible(self) -> dict[str, Any]:
        """The trip with this client's edits in it, by field."""
        return self._fold(self._pending)

    @property
    def pending(self) -> Sequence[Edit]:
        return tuple(self._pending)

    @property
    def conflicts(self) -> Sequence[Conflict]:
        """What somebody has to settle; the fields show what stands on the server."""
        return tuple(self._conflicts.values())

    # What the user does

    def edit(self, values: Fields, strategy: Strategy = "reject") -> str:
        """Shows these values at once and keeps them to be sent; the mutation's id.

        They are for what is visible now. An edit of the same fields that has not been sent yet is overtaken:
        its id stays, its values go. An open conflict of a field is settled by editing the field, because what
        stands there was seen.
        """
        for name in values:
            self._forget_conflict(name)
        visible = self.visible
        seen = {name: value_of(visible, name) for name in values}
        edit = self._overtaken(values, strategy)
        if edit is None:
            edit = Edit(self._new_id(), dict(values), seen, strategy)
            self._pending.append(edit)
        edit.values = dict(values)
        self._can_undo(edit, seen)
        return edit.mutation_id

    def undo(self) -> str | None:
        """Takes back the last edit that is not undone; the mutation's id, None where there is none.

        It is an edit like any, on what that edit wrote: where somebody has written a field since, it conflicts.
        """
        if not self._undoable:
            return None
        wrote = self._undoable.pop()
        for name in wrote.before:
            self._forget_conflict(name)
        edit = Edit(self._new_id(), dict(wrote.before), dict(wrote.values), "reject", undoes=wrote)
        self._pending.append(edit)
        return edit.mutation_id

    def settle(self, conflict_id: str, choice: Choice, value: Any = None) -> str:
        """Settles a conflict against the version that was seen; the mutation's id. Raises `KeyError`.

        `value` is what is to stand, with "manual".
        """
        conflict = self._conflicts.pop(conflict_id)
        if choice == "client-wins":
            value = conflict.wanted
            choice = choice if conflict.wanted == conflict.recorded else "manual"
        elif choice != "manual":
            value = conflict.current
        edit = Edit(
            f"{conflict_id}.resolved",  # the server's own name for it, on the stream
            {conflict.field: value},
            {conflict.field: conflict.current},
            "reject",
            resolves=Settlement(conflict, choice),
        )
        self._pending.append(edit)
        if choice in ("client-wins", "manual"):
            self._can_undo(edit, edit.seen)
        return edit.mutation_id

    def lapsed(self, conflict_id: str) -> None:
        """Nobody settled it in time: what stands on the server stays."""
        self._conflicts.pop(conflict_id, None)

    # What goes to the server

    def requests(self) -> list[Request]:
        """What is to be sent now; at most one write of a lane is on its way at a time, in the order of edits."""
        found: list[Request] = []
        busy: set[str] = set()
        for edit in self._pending:
            if edit.stage is Stage.WAITING and busy.isdisjoint(edit.lanes):
                edit.stage, edit.epoch = Stage.SENT, self.epoch
                found.append(self._request(edit))
            if edit.stage is not Stage.LANDED:
                busy |= edit.lanes
        return found

    # What the server answers

    def landed(self, mutation_id: str, version: int, written: Iterable[str]) -> None:
        """The write was made, or changed nothing, and the trip has this version at least."""
        for edit in self._named(mutation_id):
            edit.stage, edit.version = Stage.LANDED, version
            if edit.wrote is not None:
                edit.wrote.landed(version, edit.epoch, written)
        self._undoable = [wrote for wrote in self._undoable if wrote.values]
        self._drop_shown()

    def refused(self, mutation_id: str, *, still_open: bool = False) -> None:
        """The write was not made and will not be. What was edited on top of it rests on what it rested on.

        `still_open`: a conflict that it was to settle can be settled in another way.
        """
        for edit in self._named(mutation_id):
            self._remove(edit)
            if still_open and edit.resolves is not None:
                conflict = edit.resolves.conflict
                self._conflicts.setdefault(conflict.conflict_id, conflict)

    def outdated(self, mutation_id: str) -> bool:
        """The write was not made: what it names by version went with a loss of history.

        True for one that takes an edit back, which is asked for again by values; any other one is refused.
        """
        for edit in self._named(mutation_id):
            if edit.undoes is not None:
                edit.stage, edit.undoes = Stage.WAITING, None
                return True
        self.refused(mutation_id)
        return False

    def conflicted(self, mutation_id: str, conflicts: Sequence[Conflict]) -> list[str]:
        """The write met newer values and was not made; waiting edits of the fields in conflict go down with it.

        The ids of all mutations that are over by this.
        """
        fields = {conflict.field for conflict in conflicts}
        over: list[str] = []
        wanted: dict[str, Any] = {}
        epoch = next((edit.epoch for edit in self._named(mutation_id)), None)
        for edit in list(self._pending):
            goes_down = edit.stage is Stage.WAITING and over and not fields.isdisjoint(edit.values)
            if edit.mutation_id == mutation_id or goes_down:
                self._remove(edit)
                over.append(edit.mutation_id)
                wanted |= edit.wanted
        for conflict in conflicts if over else ():
            self._forget_conflict(conflict.field)
            latest = wanted.get(conflict.field, conflict.wanted)
            self._conflicts[conflict.conflict_id] = replace(conflict, wanted=latest, epoch=epoch)
        return over

    # What the stream says

    def snapshot(self, trip: Mapping[str, Any], version: int) -> None:
        """The trip as it stands, which the stream has not brought further yet. Own edits stay."""
        self.base, self.version, self.synchronised = fields_of(trip), version, True
        early, self._early = self._early, []
        for seq, update in early:
            self.applied(seq, update)
        self._drop_shown()

    def lost(self, epoch: str) -> None:
        """The base is not to be trusted, and versions are of `epoch` from here on: what comes now is kept until
        the next snapshot."""
        self.synchronised, self.epoch = False, epoch
        self._early.clear()

    def applied(self, seq: int, update: TripUpdateBroadcast) -> None:
        """A write, in the order of the stream."""
        if not self.synchronised:
            self._early.append((seq, update))
            return
        if seq > self.version:
            write(self.base, ((change.field, change.new_value) for change in update.changes))
            self.version = seq
        if update.client_id == self.client_id and update.mutation_id:
            self.landed(str(update.mutation_id), seq, (change.field for change in update.changes))
        self._drop_shown()

    # How

    def _fold(self, edits: Sequence[Edit]) -> dict[str, Any]:
        fields = dict(self.base)
        for edit in edits:
            write(fields, edit.values.items())
        return fields

    def _named(self, mutation_id: str) -> Iterator[Edit]:
        return (edit for edit in list(self._pending) if edit.mutation_id == mutation_id)

    def _overtaken(self, values: Fields, strategy: Strategy) -> Edit | None:
        """The newest edit of these fields, where it can still be changed and nothing rests on it."""
        lanes = frozenset(map(lane, values))
        newest = next((edit for edit in reversed(self._pending) if not lanes.isdisjoint(edit.lanes)), None)
        if newest is None or newest.stage is not Stage.WAITING:
            return None
        if (
            newest.resolves is not None or newest.wrote is None
        ):  # a settlement, or an edit that takes one back
            return None
        alike = newest.values.keys() == values.keys() and newest.strategy == strategy
        return newest if alike else None

    def _remove(self, edit: Edit) -> None:
        """Takes an edit out that was not made; the next edit of each field now lies where it lay."""
        at = self._pending.index(edit)
        del self._pending[at]
        self._undoable = [wrote for wrote in self._undoable if wrote is not edit.wrote]
        for name, seen in edit.seen.items():
            above = next((later for later in self._pending[at:] if name in later.seen), None)
            if above is not None:
                above.seen[name] = seen

    def _can_undo(self, edit: Edit, before: Fields) -> None:
        if edit.wrote is not None and edit.wrote in self._undoable:  # overtaken before it was sent
            self._undoable.remove(edit.wrote)
            before = edit.wrote.before
        edit.wrote = Wrote(dict(edit.values), dict(before))
        self._undoable = [*self._undoable, edit.wrote][-UNDOABLE:]

    def _drop_shown(self) -> None:
        """What landed is shown until the base has it; after a loss that is the next snapshot at the soonest."""
        if not self.synchronised:
            return
        self._pending = [
            edit for edit in self._pending if edit.stage is not Stage.LANDED or self._to_come(edit)
        ]

    def _to_come(self, edit: Edit) -> bool:
        """Whether the stream will still bring a write. Of one that was sent before a loss nobody can tell."""
        return edit.epoch == self.epoch and edit.version > self.version

    def _forget_conflict(self, name: str) -> None:
        self._conflicts = {key: each for key, each in self._conflicts.items() if each.field != name}

    def _request(self, edit: Edit) -> Request:
        if edit.resolves is not None:
            conflict, choice = edit.resolves.conflict, edit.resolves.choice
            body: dict[str, Any] = {
                "strategy": choice,
                "base_version": conflict.version,
                "epoch": conflict.epoch,
            }
            values = edit.values if choice == "manual" else {}
            if values:
                body["value"] = values[conflict.field]
            path = f"/conflicts/{conflict.conflict_id}/resolve"
            return Request(edit.mutation_id, "POST", path, body, values)
        names = {"mutation_id": edit.mutation_id, "client_id": self.client_id}
        undone = edit.undoes
        if undone is not None and undone.version and undone.values and undone.epoch == self.epoch:
            body = {"version": undone.version, "epoch": undone.epoch, **names}
            return Request(edit.mutation_id, "POST", "/undo", body, edit.values)
        changes = [
            {"field": name, "value": value, "old_value": edit.seen[name]}
            for name, value in edit.values.items()
        ]
        body = {"changes": changes, "strategy": edit.strategy, **names}
        return Request(edit.mutation_id, "PATCH", "", body, edit.values)
