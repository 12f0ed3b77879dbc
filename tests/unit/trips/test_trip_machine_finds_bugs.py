"""Each invariant of the machine finds the bug that it is there for; the guide's own manager is one of them."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.client.rest import Done, Refused
from app.client.trips.edits import Conflict, Edit, Request, Stage
from app.client.trips.fields import write
from app.client.trips.manager import OptimisticUpdateManager
from app.contract.events import TripUpdateBroadcast
from tests.support.trip_machine import NEW, TripMachine
from tests.support.trip_reference import INVALID, ReferenceTrip

ENOUGH = settings(
    max_examples=20_000,  # some are found in one history of a thousand
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    database=None,
    report_multiple_bugs=False,
)


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

    def refused(self, mutation_id: str) -> None:
        for edit in self._named(mutation_id):
            self._shown |= edit.seen
        super().refused(mutation_id)

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
    def lost(self) -> None:
        pass


class KeepsWhatConflicted(OptimisticUpdateManager):
    def conflicted(self, mutation_id: str, conflicts: Sequence[Conflict]) -> list[str]:
        return []


class KeepsWhatWasRefused(OptimisticUpdateManager):
    def refused(self, mutation_id: str) -> None:
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


class AnswersTwice(ReferenceTrip):
    """A repeat is decided anew."""

    def ask(self, user: str, request: Request) -> Done | Refused:
        self.answers.clear()
        return super().ask(user, request)


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


@pytest.mark.parametrize(
    "broken",
    [TheGuidesManager, TakesTheAnswerForTheStream, KeepsWhatConflicted, KeepsWhatWasRefused],
)
def test_a_broken_manager_is_found(broken: type[OptimisticUpdateManager]):
    class Broken(TripMachine):
        new_manager = broken

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Broken, settings=ENOUGH)


def test_a_broken_server_is_found():
    class Broken(TripMachine):
        new_trip = LastWriterWins

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Broken, settings=ENOUGH)


History = Callable[[TripMachine], Iterator[None]]
"""Yields after each of its steps, so that the invariants are checked there."""


def bob_writes_after_his_revocation(machine: TripMachine) -> Iterator[None]:
    yield machine.edit(2, ("name", NEW))
    yield machine.revoke("bob")
    yield from arrive(machine, 2)


def alice_writes(machine: TripMachine) -> Iterator[None]:
    yield machine.edit(0, ("name", NEW))
    yield from arrive(machine, 0)


def alice_writes_while_the_stream_is_slow(machine: TripMachine) -> Iterator[None]:
    yield from alice_writes(machine)
    yield machine.edit(0, ("notes", NEW))


def alices_request_arrives_twice(machine: TripMachine) -> Iterator[None]:
    yield machine.edit(0, ("name", NEW))
    yield machine.client_asks(0, 0)
    yield machine.request_arrives(0, again=True)
    yield machine.request_arrives(0, again=False)


def alices_history_is_gone_before_her_answer(machine: TripMachine) -> Iterator[None]:
    yield machine.edit(0, ("name", NEW))
    yield machine.client_asks(0, 0)
    yield machine.request_arrives(0, again=False)
    yield machine.connection_is_cut(0, gone=True)


def alice_undoes_what_bob_has_written_over(machine: TripMachine) -> Iterator[None]:
    yield from alice_writes(machine)
    yield machine.event_arrives(0)
    yield machine.event_arrives(2)
    yield machine.edit(2, ("name", NEW))
    yield from arrive(machine, 2)
    yield machine.event_arrives(0)
    yield machine.undo(0)
    yield from arrive(machine, 0)


def bob_writes_what_alices_edits_hide(machine: TripMachine) -> Iterator[None]:
    """The first of them is refused; what the second one rests on is what she saw before both."""
    yield machine.edit(0, ("name", INVALID))
    yield machine.client_asks(0, 0)
    yield machine.edit(0, ("name", NEW))
    yield machine.edit(2, ("name", NEW))
    yield machine.client_asks(2, 0)
    yield machine.request_arrives(1, again=False)
    yield machine.event_arrives(0)
    yield machine.request_arrives(0, again=False)
    yield machine.reply_arrives(1)
    yield from arrive(machine, 0)


def arrive(machine: TripMachine, client: int) -> Iterator[None]:
    yield machine.client_asks(client, 0)
    yield machine.request_arrives(0, again=False)
    yield machine.reply_arrives(0)


def play(machine: TripMachine, history: History) -> None:
    for _ in itertools.chain([None], history(machine)):
        for each in machine.invariants:
            each.function(machine)
    machine.teardown()


@pytest.mark.parametrize(
    ("broken", "history"),
    [
        (ForgetsRoles, bob_writes_after_his_revocation),
        (WritesWithoutLogging, alice_writes),
        (DropsWhatLandedAtOnce, alice_writes_while_the_stream_is_slow),
        (AnswersTwice, alices_request_arrives_twice),
        (TrustsTheBaseAfterALoss, alices_history_is_gone_before_her_answer),
        (UndoesOverOthers, alice_undoes_what_bob_has_written_over),
        (UndoesWhatStandsThere, alice_undoes_what_bob_has_written_over),
        (OverwritesBlindly, bob_writes_what_alices_edits_hide),
        (ForgetsWhatRefusedEditsLayOn, bob_writes_what_alices_edits_hide),
    ],
)
def test_what_chance_seldom_meets_is_found_in_one_history(
    broken: type[ReferenceTrip | OptimisticUpdateManager], history: History
):
    class Broken(TripMachine):
        pass

    setattr(Broken, "new_trip" if issubclass(broken, ReferenceTrip) else "new_manager", broken)
    play(TripMachine(), history)
    with pytest.raises(AssertionError):
        play(Broken(), history)
