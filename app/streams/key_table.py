"""Every kind of key that TripSage keeps in Redis, as a table; `keys.py` makes the names.

`TABLE` is the documentation, and a test holds the server's keys against it.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["hash", "list", "set", "stream", "string", "zset", "channel"]
Lifetime = Literal["kept", "retention", "memory", "day", "lease", "fresh", "message"]
Owner = Literal["log", "sessions", "turns", "trips", "presence", "limits", "counters", "providers"]


@dataclass(frozen=True, slots=True)
class Key:
    """One kind of key; `*` in its pattern is the stream as hash tag.

    `lifetime`: `kept` until its owner deletes it, `retention` and `memory` as `keys.py` says, `day` 24 h from its last
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
    Key("*:plan-turn", "string", "kept", "turns", "which turn made the last plan"),
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
    Key("*:turn:ID:durations", "string", "memory", "turns", "JSON of what was known of them when it began"),
    Key("*:turn:ID:cancel", "string", "day", "turns", "set when the turn is to stop"),
    Key(
        "*:trip",
        "hash",
        "kept",
        "trips",
        "`version`, `owner`, when it was made and written, its size; `deleted` at the end",
    ),
    Key("*:roles", "hash", "kept", "trips", "what each person may do: `owner`, `admin`, `write` or `read`"),
    Key(
        "*:invitations",
        "hash",
        "kept",
        "trips",
        "`EXPIRES JSON` by the digest of an invitation's secret; goes some time after it expired, ms",
    ),
    Key("*:taken", "hash", "kept", "trips", "how often each invitation was taken"),
    Key("*:barred", "set", "kept", "trips", "who lost permissions by others: no invitation lets them in"),
    Key("*:values", "hash", "kept", "trips", "JSON of each field; `destinations/ID` is a stop's name"),
    Key("*:versions", "hash", "kept", "trips", "`seq` of each field's last write"),
    Key("*:joined", "hash", "kept", "trips", "the trip's JSON and its versions, a piece a collection"),
    Key("*:order:COLLECTION", "zset", "kept", "trips", "the collection's items by their position"),
    Key("*:history", "stream", "kept", "trips", "a write an entry `SEQ-0`: its update without the trip"),
    Key("*:answer:USER:ID", "string", "day", "trips", "fingerprint and answer of a write, for its repeats"),
    Key("*:conflict:ID", "hash", "day", "trips", "`json` of a change that was refused, and its `state`"),
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
    Key(
        "tripsage:conflicts-due",
        "zset",
        "kept",
        "trips",
        "open conflicts, `TRIP CONFLICT`, by when they lapse, ms",
    ),
    Key("tripsage:trips-with-people", "zset", "kept", "presence", "trips, by when a sweeper has to look, ms"),
    Key("tripsage:pending-turns", "zset", "kept", "turns", "sessions with turns that have not ended"),
    Key("tripsage:task-seconds", "hash", "kept", "turns", "how long tasks take, by name: a decaying mean, s"),
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
