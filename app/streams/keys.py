"""Every key and channel of the events server, in one place.

Everything of a stream carries the stream's name as hash tag (`{session:abc}:log`), so a script or a
transaction on one stream stays within one slot of a Cluster. Names match `ids.STREAM_PATTERN` and ids are
made of letters, digits and `_-.@|+`, so neither can close a hash tag or meet another key.

`key_table.py` is the documentation. Three rules give the times:

- `meta` never expires. Trip versions, the `seq` of a kept message and a client's cursor all count in
  its numbers, so a stream must not start to count again while any of them is about; it weighs about
  a hundred bytes and goes when its session or trip is deleted. Should it be lost (deleted, evicted),
  the next use makes a new epoch and drops what was left of the log: numbers never start again under an old
  epoch.
- `log` expires a retention after its last append. Its end needs no care, since `meta` stays: a reader
  sees a top above what is left, which is "history no longer reaches back".
- `event` and `fence` keys live at least as long as an entry can be replayed, and never under 24 hours,
  so a job that is repeated after a weekend's outage still makes no event twice.
"""

from dataclasses import dataclass

from app.contract import ids

PENDING_TURNS = "tripsage:pending-turns"
TRIPS_WITH_PEOPLE = "tripsage:trips-with-people"
CONFLICTS_DUE = "tripsage:conflicts-due"
TASK_SECONDS = "tripsage:task-seconds"
COUNTERS = "tripsage:counters"
PROVIDER_BREAKERS = "tripsage:provider-breakers"


def provider_allowance(provider: str) -> str:
    return f"tripsage:allowance:{provider}"


def kept_answer(digest: str) -> str:
    return f"tripsage:answer:{digest}"


def hash_tag(stream: str) -> str:
    """What every key of a stream starts with."""
    return "{" + stream + "}:"


@dataclass(frozen=True, slots=True)
class StreamKeys:
    """The keys of one stream."""

    stream: str

    def _key(self, *parts: str) -> str:
        return hash_tag(self.stream) + ":".join(parts)

    @property
    def log(self) -> str:
        return self._key("log")

    @property
    def meta(self) -> str:
        return self._key("meta")

    def event(self, event_id: str) -> str:
        return self._key("event", event_id)

    def fence(self, scope: str) -> str:
        return self._key("fence", scope)

    @property
    def live(self) -> str:
        return self._key("live")

    @property
    def control(self) -> str:
        return self._key("control")


class SessionKeys(StreamKeys):
    """The keys of one session: those of its stream, and what is kept with it."""

    __slots__ = ()

    @classmethod
    def of(cls, session_id: str) -> "SessionKeys":
        return cls(ids.session_stream(session_id))

    @property
    def record(self) -> str:
        return self._key("record")

    @property
    def ended_turns(self) -> str:
        return self._key("ended-turns")

    @property
    def plan_turn(self) -> str:
        """Which turn made the session's last plan."""
        return self._key("plan-turn")

    @property
    def messages(self) -> str:
        return self._key("messages")

    @property
    def turns(self) -> str:
        return self._key("turns")

    @property
    def approvals(self) -> str:
        return self._key("approvals")

    def turn_decisions(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "decisions")

    def turn_parked(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "parked")

    def turn_attempted(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "attempted")

    def turn_request(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "request")

    def turn_result(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "result")

    def turn_journal(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "journal")

    def turn_durations(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "durations")

    def turn_cancel(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "cancel")

    def turn_outcomes(self, turn_id: str) -> str:
        return self._key("turn", turn_id, "outcomes")

    def all_of_turn(self, turn_id: str) -> list[str]:
        """What is deleted with the session; the cancel order stays until it has been obeyed."""
        return [
            self.turn_request(turn_id),
            self.turn_result(turn_id),
            self.turn_journal(turn_id),
            self.turn_outcomes(turn_id),
            self.turn_decisions(turn_id),
            self.turn_parked(turn_id),
            self.turn_attempted(turn_id),
            self.turn_durations(turn_id),
        ]


class TripKeys(StreamKeys):
    """The keys of one trip: those of its stream, and what is kept with it."""

    __slots__ = ()

    @classmethod
    def of(cls, trip_id: str) -> "TripKeys":
        return cls(ids.trip_stream(trip_id))

    @property
    def record(self) -> str:
        return self._key("trip")

    @property
    def roles(self) -> str:
        return self._key("roles")

    @property
    def values(self) -> str:
        return self._key("values")

    @property
    def versions(self) -> str:
        return self._key("versions")

    @property
    def joined(self) -> str:
        return self._key("joined")

    @property
    def orders(self) -> list[str]:
        """Of stops, days, activities and custom fields."""
        return [self._key("order", collection) for collection in ("stops", "days", "activities", "custom")]

    @property
    def history(self) -> str:
        return self._key("history")

    @property
    def here(self) -> str:
        return self._key("here")

    @property
    def tabs(self) -> str:
        return self._key("tabs")

    @property
    def editing(self) -> str:
        return self._key("editing")

    @property
    def editors(self) -> str:
        return self._key("editors")

    @property
    def presence(self) -> str:
        return self._key("presence")

    @property
    def invitations(self) -> str:
        return self._key("invitations")

    @property
    def taken(self) -> str:
        return self._key("taken")

    @property
    def barred(self) -> str:
        return self._key("barred")

    def answer(self, user_id: str, mutation_id: str) -> str:
        return self._key("answer", user_id, mutation_id)

    def conflict(self, conflict_id: str) -> str:
        return self._key("conflict", conflict_id)


@dataclass(frozen=True, slots=True)
class UserKeys:
    """The keys of one user."""

    user_id: str

    def _key(self, *parts: str) -> str:
        return hash_tag(ids.user_stream(self.user_id)) + ":".join(parts)

    @property
    def sessions(self) -> str:
        return self._key("sessions")

    @property
    def trips(self) -> str:
        return self._key("trips")

    @property
    def connections(self) -> str:
        return self._key("connections")

    def messages_in(self, minute: int) -> str:
        """`minute` counts from the Unix epoch."""
        return self._key("messages", str(minute))
