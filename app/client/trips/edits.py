"""What a client wants of a trip: edits on their way, and the conflicts that some of them met."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from app.client.trips.fields import DESTINATIONS, lane
from app.contract.trip import Strategy

Choice = Literal["server-wins", "client-wins", "manual", "merge"]


class Stage(Enum):
    WAITING = "waiting"
    """Not sent: an edit of the same lane is on its way, or nobody asked for it yet."""
    SENT = "sent"
    """On its way; whether it has landed is not known until there is an answer."""
    LANDED = "landed"
    """Written as `version`; shown until the stream has brought the trip there."""


@dataclass(slots=True, eq=False)
class Wrote:
    """What an edit wrote and what stood there before. `version` is that of its write, in `epoch` of the trip's
    stream; 0 while it is not known.

    Fields that the write did not change, because they stood like that already, go when it has landed: they are
    somebody else's.
    """

    values: Mapping[str, Any]
    before: Mapping[str, Any]
    version: int = 0
    epoch: str | None = None

    def landed(self, version: int, epoch: str | None, written: Iterable[str]) -> None:
        changed = set(written)
        if any(name.startswith("stops/") for name in changed):
            changed.add(DESTINATIONS)
        self.values = {name: value for name, value in self.values.items() if name in changed}
        self.before = {name: self.before[name] for name in self.values}
        self.version, self.epoch = version, epoch


@dataclass(slots=True)
class Edit:
    """Values for fields, written all or not at all. `seen` are those that stood on the screen before.

    The server compares `seen` with what stands there: nobody overwrites what they have not seen.
    """

    mutation_id: str
    values: dict[str, Any]
    seen: dict[str, Any]
    strategy: Strategy
    stage: Stage = Stage.WAITING
    version: int = 0
    wrote: "Wrote | None" = None
    """For whoever takes it back."""
    undoes: "Wrote | None" = None
    """The write that it takes back: the server is asked for that, and decides whether it can be."""
    resolves: "Settlement | None" = None
    epoch: str | None = None
    """The epoch that it was sent in. Its answer's version is of another one where history was lost meanwhile."""
    lanes: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lanes = frozenset(map(lane, self.values))

    @property
    def wanted(self) -> dict[str, Any]:
        """What the user wants of the fields, also where the choice was for something else to stand."""
        if self.resolves is None or self.resolves.choice == "manual":
            return self.values
        return {self.resolves.conflict.field: self.resolves.conflict.wanted}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of an edit that met somebody else's newer value; the edit was not written.

    `wanted` is what this client wants, `current` what stands there, as `version`.
    """

    conflict_id: str
    field: str
    wanted: Any
    current: Any
    version: int
    recorded: Any
    """What the server has down as wanted: `wanted`, unless later edits of the field went down with this one."""
    epoch: str | None = None
    """Of which `version` is."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a conflict is settled, against the version that the person saw."""

    conflict: Conflict
    choice: Choice


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask of the server, the same bytes however often: `PATCH` of the trip, or `POST` under `path`.

    `values` are those that it is for, where the request and not the server's record says what they are.
    """

    mutation_id: str
    method: Literal["PATCH", "POST"]
    path: str
    body: Mapping[str, Any]
    values: Mapping[str, Any]
