"""Every key and channel of the events server, in one place.

Everything of a stream carries the stream's name as hash tag (`{session:abc}:log`), so a script or a
transaction on one stream stays within one slot of a Cluster. Names match `ids.STREAM_PATTERN` and ids are
made of letters, digits and `_-.@|+`, so neither can close a hash tag or meet another key.

`TABLE` is the documentation, and a test holds the server's keys against it. Three rules give the times:

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
from typing import Literal

from app.contract import ids

Kind = Literal["hash", "list", "stream", "string", "zset", "channel"]
Lifetime = Literal["kept", "retention", "memory", "day", "lease", "fresh", "message"]
Owner = Literal["log", "sessions", "turns", "trips", "presence", "limits", "counters", "providers"]


@dataclass(frozen=True, slots=True)
class Key:
    """One kind of key; `*` in its pattern is the stream as hash tag.

    `lifetime`: `kept` until its owner deletes it, `retention` and `memory` as above, `day` 24 h from its last
    write; `fresh` as long as its kind of answer is; `message` for a channel, which stores nothing.
    """

    pattern: str
    kind: Kind
    lifetime: Lifetime
    owner: Owner
    holds: str


TABLE: tuple[Key, ...] = (
    Key("*:log", "stream", "retention", "log", "entries `SEQ-0` of one field: the event's JSON frame"),
    Key("*:meta", "hash", "kept", "log", "`epoch`, and `seq` of the newest event"),
    Key("*:event:ID", "string", "memory", "log", "`SEQ CALL` of an appended event: its duplicates end here"),
    Key("*:fence:SCOPE", "string", "memory", "log", "the highest fencing token seen in the scope"),
    Key("*:live", "channel", "message", "log", "`SEQ EPOCH JSON` of each event as it is appended"),
    Key("*:control", "channel", "message", "sessions", "orders to whoever serves the stream, such as cancel"),
    Key("*:messages", "list", "kept", "sessions", "JSON frames of the session's messages, oldest first"),
    Key("*:record", "string", "kept", "sessions", "whose session it is; stays when it is deleted"),
    Key("*:ended-turns", "list", "kept", "turns", "ids of turns that have ended, newest last"),
    Key("*:turns", "list", "kept", "turns", "ids of turns that have not ended; the first one runs"),
    Key("*:turn:ID:request", "string", "kept", "turns", "what the turn was asked for"),
    Key("*:turn:ID:result", "string", "kept", "turns", "what came out of it"),
    Key("*:turn:ID:journal", "list", "memory", "turns", "decisions of a turn in order, for its next attempt"),
    Key("*:turn:ID:outcomes", "hash", "memory", "turns", "how each tool call of a turn ended"),
    Key("*:approvals", "hash", "memory", "turns", "JSON of each tool call that waited for a person"),
    Key("*:turn:ID:decisions", "hash", "memory", "turns", "JSON of what people decided about its calls"),
    Key(
        "*:turn:ID:parked",
        "string",
        "memory",
        "turns",
        "set while a turn waits for people and no worker has it",
    ),
    Key(
        "*:turn:ID:attempted", "hash", "memory", "turns", "calls that may have done what cannot be done twice"
    ),
    Key("*:turn:ID:cancel", "string", "day", "turns", "set when the turn is to stop"),
    Key(
        "*:trip",
        "hash",
        "kept",
        "trips",
        "`version`, `owner`, when it was made and written; `deleted` at the end",
    ),
    Key("*:roles", "hash", "kept", "trips", "what each person may do: `owner`, `admin`, `write` or `read`"),
    Key("*:values", "hash", "kept", "trips", "JSON of each field; `destinations/ID` is a stop's name"),
    Key("*:versions", "hash", "kept", "trips", "`seq` of each field's last write"),
    Key("*:order", "zset", "kept", "trips", "items by their position"),
    Key("*:answer:USER:ID", "string", "day", "trips", "fingerprint and answer of a write, for its repeats"),
    Key("*:conflict:ID", "string", "day", "trips", "a change that was refused, until somebody settles it"),
    Key("*:here", "zset", "kept", "presence", "connections on the trip, by when they expire, ms"),
    Key(
        "*:tabs",
        "hash",
        "kept",
        "presence",
        "JSON of each connection on the trip: who, active or idle, cursor",
    ),
    Key("*:editing", "zset", "kept", "presence", "fields that somebody edits, by when that expires, ms"),
    Key("*:editors", "hash", "kept", "presence", "`CONNECTION USER` of each such field"),
    Key(
        "*:presence",
        "channel",
        "message",
        "presence",
        "says that something of these changed: the gateway that knows, or `-`",
    ),
    Key("tripsage:trips-with-people", "zset", "kept", "presence", "trips, by when a sweeper has to look, ms"),
    Key("tripsage:pending-turns", "zset", "kept", "turns", "sessions with turns that have not ended"),
    Key("tripsage:counters", "hash", "kept", "counters", "what the whole system did, for the metrics"),
    Key("tripsage:provider-breakers", "hash", "kept", "providers", "JSON of each provider's circuit breaker"),
    Key(
        "tripsage:allowance:PROVIDER",
        "string",
        "lease",
        "providers",
        "when its token bucket is full again, s",
    ),
    Key("tripsage:answer:DIGEST", "string", "fresh", "providers", "a travel provider's answer"),
    Key("{user:USER}:sessions", "zset", "kept", "sessions", "the user's sessions, by when they began"),
    Key("{user:USER}:trips", "zset", "kept", "trips", "the user's trips, by when they came to them"),
    Key("{user:USER}:connections", "zset", "lease", "limits", "the user's connections, by when they expire"),
    Key("{user:USER}:messages:MINUTE", "string", "lease", "limits", "messages of the user in that minute"),
)

PENDING_TURNS = "tripsage:pending-turns"
TRIPS_WITH_PEOPLE = "tripsage:trips-with-people"
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
    def order(self) -> str:
        return self._key("order")

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
