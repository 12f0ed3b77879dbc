"""What one client's undo asks of the server: its own write taken back, and nobody else's."""

import itertools
from typing import Any

from app.client.rest import Done, Refused
from app.client.trips.manager import OptimisticUpdateManager
from tests.support.trip_reference import INVALID, ReferenceTrip

BEFORE = {"name": "n0", "notes": "t0"}


class Tab:
    """A client that hears of everything at once."""

    def __init__(self, trip: ReferenceTrip, client_id: str) -> None:
        numbers = itertools.count()
        self.trip = trip
        self.manager = OptimisticUpdateManager(client_id, lambda: f"{client_id}-{next(numbers)}")
        self.manager.lost(trip.epoch)
        self.manager.snapshot({**trip.values, "stops": []}, len(trip.log))

    def send(self) -> list[Done | Refused]:
        replies: list[Done | Refused] = []
        while requests := self.manager.requests():
            for request in requests:
                replies.append(self.trip.ask("alice", request))
                if isinstance(replies[-1], Done):
                    body = replies[-1].body
                    self.manager.landed(request.mutation_id, body["version"], body["written"])
                else:
                    self.manager.refused(request.mutation_id)
        return replies

    def hear(self) -> None:
        for seq, update in enumerate(self.trip.log, 1):
            self.manager.applied(seq, update)

    def write(self, **values: Any) -> None:
        self.hear()
        self.manager.edit(values)
        assert all(isinstance(reply, Done) for reply in self.send())


def pair() -> tuple[Tab, Tab]:
    trip = ReferenceTrip({"alice"}, dict(BEFORE))
    return Tab(trip, "one"), Tab(trip, "two")


def test_writes_are_taken_back_one_after_another_and_shown_at_once() -> None:
    one, _ = pair()
    one.write(name="a")
    one.write(name="b", notes="c")
    one.hear()
    for shown in ({"name": "a", "notes": "t0"}, BEFORE):
        assert one.manager.undo() is not None
        assert one.manager.visible == shown
        one.send()
        assert one.trip.values == shown
    assert one.manager.undo() is None


def test_a_value_that_came_back_is_somebody_elses() -> None:
    one, two = pair()
    one.write(name="a")
    two.write(name="b")
    two.write(name="a")
    one.hear()
    one.manager.undo()
    assert isinstance(one.send()[0], Refused)
    assert one.trip.values["name"] == "a"


def test_what_an_edit_did_not_change_is_not_its_own_to_take_back() -> None:
    one, two = pair()
    two.write(name="a")
    one.manager.edit({"name": "a", "notes": "mine"})  # before it hears of the other's
    one.send()
    one.hear()
    one.manager.undo()
    one.send()
    assert one.trip.values == {"name": "a", "notes": "t0"}


def test_an_edit_that_is_not_confirmed_is_undone_behind_it() -> None:
    one, _ = pair()
    one.manager.edit({"name": "a"})
    first = one.manager.requests()
    one.manager.undo()
    assert one.manager.visible == BEFORE
    assert one.manager.requests() == [], "it waits for what it takes back"
    reply = one.trip.ask("alice", first[0])
    assert isinstance(reply, Done)
    one.manager.landed(first[0].mutation_id, reply.body["version"], reply.body["written"])
    one.send()
    assert one.trip.values == BEFORE


def test_an_edit_on_top_of_an_undo_that_waits_is_written_behind_it() -> None:
    one, _ = pair()
    for value in ("a", "b"):
        one.manager.edit({"name": value})
        one.send()
    assert one.manager.undo() != one.manager.undo(), "the second waits for the first"
    one.manager.edit({"name": "mine"})
    assert one.manager.visible == BEFORE | {"name": "mine"}
    one.send()
    assert one.trip.values == BEFORE | {"name": "mine"}
    assert [update.changes[0].new_value for update in one.trip.log] == ["a", "b", "a", "n0", "mine"]


def test_an_edit_that_was_refused_is_nothing_to_undo() -> None:
    one, _ = pair()
    one.manager.edit({"name": INVALID})
    one.send()
    assert one.manager.undo() is None
