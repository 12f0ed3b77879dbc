"""Clients of one trip on a network that delays, drops, repeats and reorders, as a Hypothesis state machine.

Requests and replies go any way; the events of a connection come in order, until it is cut. The invariants are
those of optimistic editing without lost edits; `test_trip_machine.py` shows that each finds its bug.
"""

import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec import Raw

from app.client.rest import Done, Refused
from app.client.trips.edits import Request, Wrote
from app.client.trips.manager import OptimisticUpdateManager
from app.client.trips.session import conflicts_of
from app.contract import events as e
from app.contract.codec import encode
from app.contract.trip import PastChange
from app.domain.trip_history import take_back
from tests.support.trip_reference import INVALID, ReferenceTrip

USERS = ("alice", "alice", "bob")
"""One of them has two tabs."""
INITIAL = {"name": "n0", "notes": "t0", "stops/s1": {"id": "s1", "name": "Lisbon", "position": 0.0}}
PLACES = ("Porto", "Faro", None)
CLIENTS = st.integers(0, len(USERS) - 1)
NEW = "new"
"""Stands for a value that nobody has had before."""
VALUES = st.one_of(
    st.tuples(st.sampled_from(("name", "notes")), st.sampled_from((NEW, NEW, "a", "b", INVALID))),
    st.sampled_from(PLACES).map(
        lambda place: ("stops/s1", place and {"id": "s1", "name": place, "position": 0.0})
    ),
)

Snapshot = tuple[dict[str, Any], int]


class Tab:
    """A client as it is driven: what it asks for, and what is on its way to it."""

    def __init__(self, manager: OptimisticUpdateManager) -> None:
        self.manager = manager
        self.asking: dict[str, Request] = {}
        self.arriving: deque[tuple[int, e.TripUpdateBroadcast] | Snapshot] = deque()
        self.received = 0
        self.seen: dict[str, list[Any]] = {}

    def look(self) -> None:
        """What is on the screen now has been seen."""
        for name in INITIAL:
            self.seen.setdefault(name, []).append(self.manager.visible.get(name))

    def pump(self) -> None:
        self.asking |= {request.mutation_id: request for request in self.manager.requests()}


class TripMachine(RuleBasedStateMachine):
    new_manager: Callable[[str, Callable[[], str]], OptimisticUpdateManager] = OptimisticUpdateManager
    new_trip: Callable[[set[str], dict[str, Any]], ReferenceTrip] = ReferenceTrip

    def __init__(self) -> None:
        super().__init__()
        self.ids = itertools.count()
        self.trip = type(self).new_trip(set(USERS), dict(INITIAL))
        self.tabs = [Tab(self._manager(number)) for number in range(len(USERS))]
        self.requests: list[tuple[int, Request]] = []
        self.replies: list[tuple[int, Request, Done | Refused]] = []
        self.acknowledged: list[tuple[int, Request, Done]] = []
        self.answers: dict[tuple[str, str], Done] = {}
        self.revoked_at: dict[str, int] = {}
        self.wrote: list[tuple[Wrote, str]] = []
        self.undos: dict[str, str] = {}
        self.told = 0
        self.checked = 0
        self.taken_back = 0

    def _manager(self, number: int) -> OptimisticUpdateManager:
        manager = type(self).new_manager(f"client{number}-{next(self.ids)}", lambda: f"m{next(self.ids)}")
        manager.snapshot({**_as_trip(self.trip.values)}, len(self.trip.log))
        return manager

    # What people do

    @rule(client=CLIENTS, change=VALUES)
    def edit(self, client: int, change: tuple[str, Any]) -> None:
        self._edit(client, change)

    @rule(client=CLIENTS, first=VALUES, second=VALUES)
    def edit_two_fields(self, client: int, first: tuple[str, Any], second: tuple[str, Any]) -> None:
        self._edit(client, first, second)

    def _edit(self, client: int, *changes: tuple[str, Any]) -> None:
        tab = self.tabs[client]
        values = {name: f"v{next(self.ids)}" if value == NEW else value for name, value in changes}
        tab.manager.edit(values)
        self._remember(tab)
        visible = tab.manager.visible
        assert all(visible.get(name) == value for name, value in values.items()), "it is shown at once"
        tab.pump()

    @rule(client=CLIENTS)
    def undo(self, client: int) -> None:
        tab = self.tabs[client]
        mutation_id = tab.manager.undo()
        if mutation_id is not None:
            undone = tab.manager.pending[-1].undoes
            self.undos[mutation_id] = next(name for wrote, name in self.wrote if wrote is undone)
            tab.pump()

    @rule(client=CLIENTS, choice=st.sampled_from(("server-wins", "client-wins", "manual")))
    def settle(self, client: int, choice: Any) -> None:
        tab = self.tabs[client]
        if tab.manager.conflicts:
            conflict = tab.manager.conflicts[0]
            tab.manager.settle(conflict.conflict_id, choice, conflict.wanted)
            self._remember(tab)
            tab.pump()

    @rule(user=st.sampled_from(("bob",)))
    def revoke(self, user: str) -> None:
        self.trip.writers.discard(user)
        self.revoked_at.setdefault(user, len(self.trip.log))

    @rule(client=CLIENTS)
    def crash(self, client: int) -> None:
        """After a commit and before its reply, or whenever: the page is loaded again."""
        self.tabs[client] = Tab(self._manager(client))
        self.tabs[client].received = len(self.trip.log)

    # What the network does

    @rule(client=CLIENTS, which=st.integers(0, 5))
    def client_asks(self, client: int, which: int) -> None:
        asking = list(self.tabs[client].asking.values())
        if asking:
            self.requests.append((client, asking[which % len(asking)]))

    @precondition(lambda self: self.requests)
    @rule(which=st.integers(0, 9), again=st.booleans())
    def request_arrives(self, which: int, again: bool) -> None:
        at = which % len(self.requests)
        client, request = self.requests[at] if again else self.requests.pop(at)
        reply = self.trip.ask(USERS[client], request)
        key = (USERS[client], request.mutation_id)
        assert self.answers.get(key, reply) == reply, "the same mutation has the same answer"
        if isinstance(reply, Done):
            self.answers[key] = reply
            self.acknowledged.append((client, request, reply))
        self.replies.append((client, request, reply))
        self._tell()

    @precondition(lambda self: self.requests)
    @rule(which=st.integers(0, 9))
    def request_is_lost(self, which: int) -> None:
        self.requests.pop(which % len(self.requests))

    @precondition(lambda self: self.replies)
    @rule(which=st.integers(0, 9))
    def reply_arrives(self, which: int) -> None:
        client, request, reply = self.replies.pop(which % len(self.replies))
        self.answered(self.tabs[client], request, reply)

    @precondition(lambda self: self.replies)
    @rule(which=st.integers(0, 9))
    def reply_is_lost(self, which: int) -> None:
        self.replies.pop(which % len(self.replies))

    @rule(client=CLIENTS)
    def event_arrives(self, client: int) -> None:
        tab = self.tabs[client]
        if not tab.arriving:
            return
        first, second = tab.arriving.popleft()
        if isinstance(first, int):
            tab.received = max(tab.received, first)
            tab.manager.applied(first, second)  # type: ignore[arg-type]
        else:
            tab.manager.snapshot(first, second)  # type: ignore[arg-type]
        tab.pump()

    @rule(client=CLIENTS, gone=st.booleans())
    def connection_is_cut(self, client: int, gone: bool) -> None:
        """And resumes where it was; or history is gone, and a snapshot comes instead, before what follows it."""
        tab = self.tabs[client]
        tab.arriving.clear()
        if gone or not tab.manager.synchronised:
            tab.manager.lost()  # it compares values from here on: it cannot know whose versions these are
            self.undos.clear()
            tab.arriving.append((_as_trip(self.trip.values), len(self.trip.log)))
            tab.received = len(self.trip.log)
        for seq in range(tab.received + 1, len(self.trip.log) + 1):
            tab.arriving.append((seq, self.trip.log[seq - 1]))

    # What always holds

    @invariant()
    def the_base_is_what_the_log_says(self) -> None:
        for tab in self.tabs:
            if tab.manager.synchronised:
                assert tab.manager.base == self.trip.value_at(tab.manager.version, INITIAL)

    @invariant()
    def the_log_replayed_is_the_trip(self) -> None:
        assert self.trip.value_at(len(self.trip.log), INITIAL) == self.trip.values

    @invariant()
    def what_is_acknowledged_is_logged_once(self) -> None:
        logged = [(update.updated_by, update.mutation_id) for update in self.trip.log]
        assert len(set(logged)) == len(logged), "one mutation has one effect"
        for _, _, done in self.acknowledged:
            assert done.body["version"] <= len(self.trip.log)

    @invariant()
    def nobody_overwrites_what_they_have_not_seen(self) -> None:
        for tab in self.tabs:
            tab.look()
        for update in self.trip.log[self.checked :]:
            tab = next((tab for tab in self.tabs if tab.manager.client_id == update.client_id), None)
            for told in update.changes if tab else ():
                assert told.old_value in tab.seen[told.field]  # type: ignore[union-attr]
        self.checked = len(self.trip.log)

    @invariant()
    def an_undo_takes_back_only_what_it_is_for(self) -> None:
        standing: dict[str, list[str]] = {}
        for update in self.trip.log:
            undone = self.undos.get(str(update.mutation_id))
            for told in update.changes:
                written = standing.setdefault(told.field, [])
                assert undone not in written[:-1], "the field has been written since"
                if undone in written:
                    written.pop()
                else:
                    written.append(str(update.mutation_id))

    @invariant()
    def a_write_taken_back_leaves_what_was(self) -> None:
        for version in range(len(self.trip.log), self.taken_back, -1):
            values = {name: encode(value) for name, value in self.trip.value_at(version, INITIAL).items()}
            take_back(values, _past(self.trip.log[version - 1]))
            was = self.trip.value_at(version - 1, INITIAL)
            assert values == {name: encode(value) for name, value in was.items()}
        self.taken_back = len(self.trip.log)

    @invariant()
    def nothing_is_written_after_a_revocation(self) -> None:
        for user, at in self.revoked_at.items():
            assert all(update.updated_by != user for update in self.trip.log[at:])

    @invariant()
    def nothing_refused_is_shown(self) -> None:
        for tab in self.tabs:
            assert INVALID not in tab.manager.base.values()
            wanted = [value for edit in tab.manager.pending for value in edit.values.values()]
            assert INVALID not in tab.manager.visible.values() or INVALID in wanted

    @invariant()
    def a_field_with_an_own_edit_does_not_flicker(self) -> None:
        for tab in self.tabs:
            newest = {name: value for edit in tab.manager.pending for name, value in edit.values.items()}
            assert all(tab.manager.visible.get(name) == value for name, value in newest.items())

    def teardown(self) -> None:
        """At rest, every client shows the trip."""
        self.requests.clear()
        self.replies.clear()
        for client in range(len(USERS)):
            self.connection_is_cut(client, gone=False)
        for _ in range(200):
            busy = [number for number, tab in enumerate(self.tabs) if tab.asking or tab.arriving]
            if not busy:
                break
            for client in busy:
                self.event_arrives(client)
                self.client_asks(client, 0)
                if self.requests:
                    self.request_arrives(0, again=False)
                if self.replies:
                    self.reply_arrives(0)
        for tab in self.tabs:
            assert not tab.manager.pending, "every edit is settled in the end"
            assert tab.manager.visible == self.trip.values
        self.what_is_acknowledged_is_logged_once()
        self.nobody_overwrites_what_they_have_not_seen()

    # How

    def answered(self, tab: Tab, request: Request, reply: Done | Refused) -> None:
        if tab.asking.pop(request.mutation_id, None) is None:
            return
        if isinstance(reply, Done):
            tab.manager.landed(request.mutation_id, reply.body["version"], reply.body["written"])
        elif conflicts := conflicts_of(reply.error, request):
            tab.manager.conflicted(request.mutation_id, conflicts)
        else:
            tab.manager.refused(request.mutation_id)
        tab.pump()

    def _remember(self, tab: Tab) -> None:
        self.wrote += [(edit.wrote, edit.mutation_id) for edit in tab.manager.pending if edit.wrote]

    def _tell(self) -> None:
        for seq in range(self.told + 1, len(self.trip.log) + 1):
            for tab in self.tabs:
                tab.arriving.append((seq, self.trip.log[seq - 1]))
        self.told = len(self.trip.log)


def _past(update: e.TripUpdateBroadcast) -> list[PastChange]:
    return [
        PastChange(
            field=change.field,
            old_value=Raw(encode(change.old_value)),
            new_value=Raw(encode(change.new_value)),
        )
        for change in update.changes
    ]


def _as_trip(fields: dict[str, Any]) -> dict[str, Any]:
    trip = {name: value for name, value in fields.items() if "/" not in name}
    return {**trip, "stops": [value for name, value in fields.items() if name.startswith("stops/")]}
