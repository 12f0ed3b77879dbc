"""Clients of one trip on a network that delays, drops, repeats and reorders, as a Hypothesis state machine.

Requests and replies go any way; the events of a connection come in order, until it is cut. The laws are those
of optimistic editing without lost edits. `tests/unit/trips/test_trip_machine_finds_bugs.py` shows that each finds
its bug; `tests/redis/test_trip_machine_on_a_server.py` puts the real server behind the network.
"""

import itertools
from collections import deque
from collections.abc import Callable, Container
from enum import StrEnum
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
from tests.support.trip_reference import INVALID, ReferenceTrip, is_answer, is_outdated

USERS = ("alice", "alice", "bob")
"""One of them has two tabs."""


def place(name: str) -> dict[str, Any]:
    """A stop, as the server spells it."""
    rest = {"iata": None, "country": None, "arrive": None, "leave": None}
    return {"id": "s1", "position": 0.0, "name": name, **rest}


INITIAL = {"name": "n0", "notes": "t0", "stops/s1": place("Lisbon")}
PLACES = ("Porto", "Faro", None)
CLIENTS = st.integers(0, len(USERS) - 1)
NEW = "new"
"""Stands for a value that nobody has had before."""
VALUES = st.one_of(
    st.tuples(st.sampled_from(("name", "notes")), st.sampled_from((NEW, NEW, "a", "b", INVALID))),
    st.sampled_from(PLACES).map(lambda name: ("stops/s1", name and place(name))),
)

Snapshot = tuple[dict[str, Any], int]
LOST = "lost"
"""Comes in the place of events: the connection is at its end, and history is another one."""


class Law(StrEnum):
    SHOWN_AT_ONCE = "an edit is shown at once"
    NO_FLICKER = "a field with an own edit does not flicker back"
    REFUSED_IS_GONE = "nothing refused is shown"
    AT_REST = "at rest, every client shows the trip"
    BASE = "a client's base is what the log says"
    REPLAY = "the log replayed is the trip"
    LOGGED_ONCE = "what is acknowledged is logged once"
    ONE_ANSWER = "the same mutation has the same answer"
    SEEN = "nobody overwrites what they have not seen"
    REVOKED = "nothing is written after a revocation"
    UNDO = "an undo takes back only what it is for"
    PAST = "a write taken back leaves what was"


class Tab:
    """A client as it is driven: what it asks for, and what is on its way to it."""

    def __init__(self, manager: OptimisticUpdateManager) -> None:
        self.manager = manager
        self.asking: dict[str, Request] = {}
        self.arriving: deque[tuple[int, e.TripUpdateBroadcast] | Snapshot | str] = deque()
        self.received = 0
        self.seen: dict[str, list[Any]] = {}
        self.refused: dict[str, Request] = {}
        self.wrote: list[tuple[Wrote, str]] = []
        """What can be undone by version, and the mutations that wrote it; after a loss that is none of before."""

    def look(self) -> None:
        """What is on the screen now has been seen, and what stands where an edit met a conflict."""
        for name in INITIAL:
            self.seen.setdefault(name, []).append(self.manager.visible.get(name))
        for conflict in self.manager.conflicts:
            self.seen[conflict.field].append(conflict.current)

    def pump(self) -> None:
        self.asking |= {request.mutation_id: request for request in self.manager.requests()}


class TripMachine(RuleBasedStateMachine):
    new_manager: Callable[[str, Callable[[], str]], OptimisticUpdateManager] = OptimisticUpdateManager
    new_trip: Callable[[set[str], dict[str, Any]], ReferenceTrip] = ReferenceTrip
    laws: Container[Law] = frozenset(Law)
    """Those that are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = itertools.count()
        self.trip = type(self).new_trip(set(USERS), dict(INITIAL))
        self.tabs = [Tab(self._manager(number)) for number in range(len(USERS))]
        self.requests: list[tuple[int, Request]] = []
        self.arrived: list[tuple[int, Request]] = []
        self.replies: list[tuple[int, Request, Done | Refused]] = []
        self.acknowledged: list[tuple[int, Request, Done]] = []
        self.answers: dict[tuple[str, str, str], Done | Refused] = {}
        self.revoked_at: dict[str, int] = {}
        self.undos: dict[str, str] = {}
        self.told = self.trip.top
        self.checked = self.trip.top
        self.taken_back = self.trip.top
        self.a_copy_is_made()

    def check(self, law: Law, holds: bool) -> None:
        assert holds or law not in self.laws, law

    def _manager(self, number: int) -> OptimisticUpdateManager:
        manager = type(self).new_manager(f"client{number}-{next(self.ids)}", lambda: f"m{next(self.ids)}")
        manager.lost(self.trip.epoch)
        manager.snapshot(_as_trip(self.trip.values), self.trip.top)
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
        tab.look()
        tab.manager.edit(values)
        tab.look()
        self._remember(tab)
        visible = tab.manager.visible
        self.check(Law.SHOWN_AT_ONCE, all(visible.get(name) == value for name, value in values.items()))
        tab.pump()

    @rule(one=CLIENTS, other=CLIENTS, name=st.sampled_from(("name", "notes")))
    def two_write_the_same_at_once(self, one: int, other: int, name: str) -> None:
        for client in (one, other):
            self._edit(client, (name, NEW))
        for client in (one, other):
            self.client_asks(client, -1)
            if self.requests:
                self.request_arrives(-1, again=False)
                self.reply_arrives(-1)

    @rule(client=CLIENTS)
    def undo(self, client: int) -> None:
        tab = self.tabs[client]
        mutation_id = tab.manager.undo()
        if mutation_id is not None:
            undone = tab.manager.pending[-1].undoes
            names = [name for wrote, name in tab.wrote if wrote is undone]
            if names:
                self.undos[mutation_id] = names[0]
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
        self.trip.revoke(user)
        self.revoked_at.setdefault(user, self.trip.top)
        self._tell()

    @rule(user=st.sampled_from(("bob",)))
    def let_in_again(self, user: str) -> None:
        self.nothing_is_written_after_a_revocation()
        self.revoked_at.pop(user, None)
        self.trip.let_in(user)
        self._tell()

    @rule(client=CLIENTS)
    def crash(self, client: int) -> None:
        """After a commit and before its reply, or whenever: the page is loaded again."""
        self.tabs[client] = Tab(self._manager(client))
        self.tabs[client].received = self.trip.top

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
        self._arrives(client, request)

    @precondition(lambda self: self.arrived)
    @rule(which=st.integers(0, 9))
    def an_old_request_arrives_again(self, which: int) -> None:
        """However late: the network kept a copy."""
        self._arrives(*self.arrived[-1 - which % len(self.arrived)])

    def _arrives(self, client: int, request: Request) -> None:
        self.arrived.append((client, request))
        if request.path == "/undo" and request.body.get("epoch") == self.trip.epoch:
            undone = self.trip.log[request.body["version"] - 1]
            self.undos.setdefault(request.mutation_id, str(undone.mutation_id))
        reply = self.trip.ask(USERS[client], request)
        if is_answer(reply):
            first = self.answers.setdefault((USERS[client], request.mutation_id, request.path), reply)
            self.check(Law.ONE_ANSWER, first == reply)
        if isinstance(reply, Done):
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
        match tab.arriving.popleft():
            case (int(seq), e.TripUpdateBroadcast() as update):
                tab.received = max(tab.received, seq)
                tab.manager.applied(seq, update)
            case (dict(trip), int(version)):
                tab.manager.snapshot(trip, version)
            case _:
                self.connection_is_cut(client, gone=True)
        tab.pump()

    @rule(client=CLIENTS, gone=st.booleans())
    def connection_is_cut(self, client: int, gone: bool) -> None:
        """And resumes where it was; or what came since is gone, and a snapshot comes instead, before what follows."""
        tab = self.tabs[client]
        tab.arriving.clear()
        if gone or not tab.manager.synchronised or tab.manager.epoch != self.trip.epoch:
            tab.manager.lost(self.trip.epoch)
            tab.arriving.append((_as_trip(self.trip.values), self.trip.top))
            tab.received = self.trip.top
        for seq in range(tab.received + 1, self.trip.top + 1):
            tab.arriving.append((seq, self.trip.log[seq - 1]))

    @rule()
    def a_copy_is_made(self) -> None:
        self.trip.copy()
        self.copied = self.trip.top, dict(self.answers), list(self.acknowledged)

    @rule()
    def history_is_lost(self) -> None:
        """The server fails over to the copy. Its clients hear of it, each at its time."""
        self.nobody_overwrites_what_they_have_not_seen()
        self.trip.fail_over()
        self.told, self.answers, self.acknowledged = (
            self.copied[0],
            dict(self.copied[1]),
            list(self.copied[2]),
        )
        self.checked, self.taken_back = min(self.checked, self.told), min(self.taken_back, self.told)
        self.revoked_at = {user: min(at, self.told) for user, at in self.revoked_at.items()}
        logged = {str(update.mutation_id) for update in self.trip.log}
        self.undos = {undo: undone for undo, undone in self.undos.items() if undo in logged}
        for tab in self.tabs:
            tab.wrote.clear()
            tab.arriving.append(LOST)

    # What always holds

    @invariant()
    def the_base_is_what_the_log_says(self) -> None:
        for tab in self.tabs:
            if tab.manager.synchronised and tab.manager.epoch == self.trip.epoch:
                was = self.trip.value_at(tab.manager.version, INITIAL)
                self.check(Law.BASE, tab.manager.base == was)

    @invariant()
    def the_log_replayed_is_the_trip(self) -> None:
        self.check(Law.REPLAY, self.trip.value_at(self.trip.top, INITIAL) == self.trip.values)

    @invariant()
    def what_is_acknowledged_is_logged_once(self) -> None:
        logged = [(update.updated_by, update.mutation_id) for update in self.trip.log]
        self.check(Law.LOGGED_ONCE, len(set(logged)) == len(logged))
        for client, request, done in self.acknowledged:
            if done.body["written"]:
                update = self.trip.log[done.body["version"] - 1]
                name = (update.updated_by, update.mutation_id)
                self.check(Law.LOGGED_ONCE, name == (USERS[client], request.mutation_id))

    @invariant()
    def nobody_overwrites_what_they_have_not_seen(self) -> None:
        for tab in self.tabs:
            tab.look()
        for update in self.trip.log[self.checked :]:
            tab = next((tab for tab in self.tabs if tab.manager.client_id == update.client_id), None)
            for told in update.changes if tab else ():
                self.check(Law.SEEN, told.old_value in tab.seen[told.field])  # type: ignore[union-attr]
        self.checked = self.trip.top

    @invariant()
    def an_undo_takes_back_only_what_it_is_for(self) -> None:
        standing: dict[str, list[str]] = {}
        for update in self.trip.log:
            undone = self.undos.get(str(update.mutation_id))
            for told in update.changes:
                written = standing.setdefault(told.field, [])
                self.check(Law.UNDO, undone not in written[:-1])
                if undone in written:
                    written.pop()
                else:
                    written.append(str(update.mutation_id))

    @invariant()
    def a_write_taken_back_leaves_what_was(self) -> None:
        for version in range(self.trip.top, self.taken_back, -1):
            values = {name: encode(value) for name, value in self.trip.value_at(version, INITIAL).items()}
            take_back(values, _past(self.trip.log[version - 1]))
            was = self.trip.value_at(version - 1, INITIAL)
            self.check(Law.PAST, values == {name: encode(value) for name, value in was.items()})
        self.taken_back = self.trip.top

    @invariant()
    def nothing_is_written_after_a_revocation(self) -> None:
        for user, at in self.revoked_at.items():
            self.check(Law.REVOKED, all(update.updated_by != user for update in self.trip.log[at:]))

    @invariant()
    def nothing_refused_is_shown(self) -> None:
        for tab in self.tabs:
            for request in tab.refused.values():
                for name, value in request.values.items():
                    wanted = [edit for edit in tab.manager.pending if edit.values.get(name) == value]
                    others = any(edit.mutation_id != request.mutation_id for edit in wanted)
                    stands = tab.manager.base.get(name) == value
                    shown = tab.manager.visible.get(name) == value
                    self.check(Law.REFUSED_IS_GONE, not shown or stands or others)

    @invariant()
    def a_field_with_an_own_edit_does_not_flicker(self) -> None:
        for tab in self.tabs:
            newest = {name: value for edit in tab.manager.pending for name, value in edit.values.items()}
            visible = tab.manager.visible
            self.check(Law.NO_FLICKER, all(visible.get(name) == newest[name] for name in newest))

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
            self.check(Law.AT_REST, not tab.manager.pending)
            self.check(Law.AT_REST, tab.manager.visible == self.trip.values)
        self.what_is_acknowledged_is_logged_once()
        self.nobody_overwrites_what_they_have_not_seen()

    # How

    def answered(self, tab: Tab, request: Request, reply: Done | Refused) -> None:
        if tab.asking.get(request.mutation_id) != request:
            return
        del tab.asking[request.mutation_id]
        again = (
            isinstance(reply, Refused) and is_outdated(reply) and tab.manager.outdated(request.mutation_id)
        )
        if isinstance(reply, Refused) and not again:
            tab.refused[request.mutation_id] = request
        if isinstance(reply, Done):
            before, to_come = tab.manager.visible, self._is_to_come(tab, request, reply)
            tab.manager.landed(request.mutation_id, reply.body["version"], reply.body["written"])
            self.check(Law.NO_FLICKER, tab.manager.visible == before or not to_come)
        elif not again and (conflicts := conflicts_of(reply.error, request)):
            tab.manager.conflicted(request.mutation_id, conflicts)
        elif not again:
            tab.manager.refused(request.mutation_id)
        tab.pump()

    def _is_to_come(self, tab: Tab, request: Request, reply: Done) -> bool:
        """Whether the stream will still bring a write. Of one that was sent before a loss nobody can tell."""
        sent_in = [edit.epoch for edit in tab.manager.pending if edit.mutation_id == request.mutation_id]
        lost = tab.manager.epoch not in sent_in
        return not tab.manager.synchronised or (reply.body["version"] > tab.manager.version and not lost)

    def _remember(self, tab: Tab) -> None:
        if tab.manager.epoch != self.trip.epoch:
            return
        tab.wrote += [
            (edit.wrote, edit.mutation_id)
            for edit in tab.manager.pending
            if edit.wrote and edit.epoch in (None, self.trip.epoch)
        ]

    def _tell(self) -> None:
        for seq in range(self.told + 1, self.trip.top + 1):
            for tab in self.tabs:
                tab.arriving.append((seq, self.trip.log[seq - 1]))
        self.told = self.trip.top


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
