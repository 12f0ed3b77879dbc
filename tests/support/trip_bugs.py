"""Bugs of optimistic editing, each planted in a client's manager or in the server that it is measured against."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import Phase, settings

from app.client.rest import Done, Refused
from app.client.trips.edits import Conflict, Edit, Request, Stage
from app.client.trips.fields import write
from app.client.trips.manager import OptimisticUpdateManager
from app.contract.codec import encode
from app.contract.events import TripUpdateBroadcast
from tests.support.trip_reference import ReferenceTrip

UNTIL_FOUND = settings(
    max_examples=2_000,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    database=None,
    report_multiple_bugs=False,
)
"""Generated histories, the same each time, until one meets the bug."""


class TheGuidesManager(OptimisticUpdateManager):
    """Keeps the visible value to roll back to, and writes it back when the server refuses."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._shown: dict[str, Any] = {}

    @property
    def visible(self) -> dict[str, Any]:
        fields = dict(self.base)
        write(fields, self._shown.items())
        return fields

    def edit(self, values: Mapping[str, Any], strategy: Any = "reject") -> str:
        mutation_id = super().edit(values, strategy)
        self._shown |= values
        return mutation_id

    def refused(self, mutation_id: str, *, still_open: bool = False) -> None:
        for edit in self._named(mutation_id):
            self._shown |= edit.seen
        super().refused(mutation_id, still_open=still_open)

    def applied(self, seq: int, update: TripUpdateBroadcast) -> None:
        super().applied(seq, update)
        self._shown |= {change.field: change.new_value for change in update.changes}


class OverwritesBlindly(OptimisticUpdateManager):
    """What was seen is filled in when the request is sent, not when the edit is made."""

    def _request(self, edit: Edit) -> Request:
        request = super()._request(edit)
        for change in request.body.get("changes", ()):
            change["old_value"] = self.base.get(change["field"])
        return request


class TakesTheAnswerForTheStream(OptimisticUpdateManager):
    """An answer moves the base on, over writes of others that are still to come."""

    def landed(self, mutation_id: str, version: int, written: Iterable[str]) -> None:
        for edit in self._named(mutation_id):
            write(self.base, edit.values.items())
            self.version = max(self.version, version)
        super().landed(mutation_id, version, written)


class TrustsTheBaseAfterALoss(OptimisticUpdateManager):
    def lost(self, epoch: str) -> None:
        self.epoch = epoch


class NamesNoEpoch(OptimisticUpdateManager):
    """Versions of lost history are taken for those that are there now."""

    def _request(self, edit: Edit) -> Request:
        request = super()._request(edit)
        return replace(request, body={name: each for name, each in request.body.items() if name != "epoch"})


class KeepsWhatConflicted(OptimisticUpdateManager):
    def conflicted(self, mutation_id: str, conflicts: Sequence[Conflict]) -> list[str]:
        return []


class KeepsWhatWasRefused(OptimisticUpdateManager):
    def refused(self, mutation_id: str, *, still_open: bool = False) -> None:
        pass


class ForgetsWhatRefusedEditsLayOn(OptimisticUpdateManager):
    def _remove(self, edit: Edit) -> None:
        self._pending.remove(edit)
        for later in self._pending:
            later.seen |= {name: self.base.get(name) for name in edit.seen if name in later.seen}


class DropsWhatLandedAtOnce(OptimisticUpdateManager):
    """Before the stream has brought it: the field shows its old value for a while."""

    def _drop_shown(self) -> None:
        landed = [edit for edit in self._pending if edit.stage is Stage.LANDED]
        for edit in landed:
            self._pending.remove(edit)
            write(self.base, edit.values.items())


class UndoesWhatStandsThere(OptimisticUpdateManager):
    """Takes the newest value for its own."""

    def _request(self, edit: Edit) -> Request:
        if edit.undoes is None:
            return super()._request(edit)
        changes = [
            {"field": name, "value": value, "old_value": self.base.get(name)}
            for name, value in edit.values.items()
        ]
        body = {"changes": changes, "mutation_id": edit.mutation_id, "client_id": self.client_id}
        return Request(edit.mutation_id, "PATCH", "", body, edit.values)


class DropsWhatLanded(OptimisticUpdateManager):
    """An answer is taken for the end, although the base does not have the value yet."""

    def _drop_shown(self) -> None:
        self._pending = [edit for edit in self._pending if edit.stage is not Stage.LANDED]


class ShowsWhatIsConfirmed(OptimisticUpdateManager):
    @property
    def visible(self) -> dict[str, Any]:
        return dict(self.base)


class AnswersTwice(ReferenceTrip):
    """A repeat is decided anew."""

    def ask(self, user: str, request: Request) -> Done | Refused:
        self.answers.clear()
        return super().ask(user, request)


class DecidesRefusedAgain(ReferenceTrip):
    """Only what was done has its answer for good: what was refused may be done later."""

    def ask(self, user: str, request: Request) -> Done | Refused:
        reply = super().ask(user, request)
        if isinstance(reply, Refused):
            self.answers.pop((user, request.mutation_id), None)
        return reply


class KnowsRequestsByWhatTheyComeTo(ReferenceTrip):
    """A repeat is no repeat when the trip has moved on, as what it would write then is something else."""

    def fingerprint(self, request: Request) -> Any:
        return encode(self._changes(request))


class ForgetsRoles(ReferenceTrip):
    def ask(self, user: str, request: Request) -> Done | Refused:
        self.writers.add(user)
        return super().ask(user, request)


class UndoesOverOthers(ReferenceTrip):
    """Takes a write back whatever has been written since."""

    def _undoing(self, version: int) -> list[dict[str, Any]]:
        return [
            {**change, "base_version": self.versions.get(change["field"], 0)}
            for change in super()._undoing(version)
        ]


class LastWriterWins(ReferenceTrip):
    def _meets(self, change: dict[str, Any]) -> bool:
        return False


class WritesWithoutLogging(ReferenceTrip):
    def _write(self, *given: Any) -> int:
        version = super()._write(*given)
        self.log[-1:] = []
        return version


class LogsNoOldValue(ReferenceTrip):
    def _write(self, *given: Any) -> int:
        version = super()._write(*given)
        for change in self.log[-1].changes:
            change.old_value = None
        return version
