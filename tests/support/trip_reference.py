"""A trip's server in memory, as small as the rules allow: what the real one is measured against."""

from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from app.client.rest import Done, Refused
from app.client.trips.edits import Request
from app.client.trips.fields import write
from app.contract import events as e
from app.contract.codec import encode
from app.contract.events import ErrorBody
from tests.support.lisbon_turn import AT

INVALID = -1
"""A value that no field may have."""


def is_answer(reply: Done | Refused) -> bool:
    """Whether the request has this for good; what is said of a version that is lost, or of a role, is not kept."""
    if isinstance(reply, Done):
        return True
    return reply.error.code in ("CONFLICT", "VALIDATION_ERROR") and not is_outdated(reply)


def is_outdated(reply: Refused) -> bool:
    return bool((reply.error.details or {}).get("resync"))


@dataclass
class ReferenceTrip:
    """`writers` are the users who may write; `log` has every write, its number being its place from 1."""

    writers: set[str]
    values: dict[str, Any]
    log: list[e.TripUpdateBroadcast] = field(default_factory=list[e.TripUpdateBroadcast])
    answers: dict[tuple[str, str], tuple[Any, Done | Refused]] = field(default_factory=dict[Any, Any])
    versions: dict[str, int] = field(default_factory=dict[str, int])
    standing: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The writes of each field that are not taken back, the newest last."""
    conflicts: int = 0
    epoch: str = "epoch0"
    losses: int = 0

    @property
    def top(self) -> int:
        """The number of the last event."""
        return len(self.log)

    def revoke(self, user: str) -> None:
        self.writers.discard(user)

    def let_in(self, user: str) -> None:
        self.writers.add(user)

    def copy(self) -> None:
        """What a fail-over goes back to from here on."""
        self._copied = deepcopy((self.values, self.log, self.answers, self.versions, self.standing))

    def fail_over(self) -> None:
        """What came after the copy is lost, and its numbers are given again; who may write is not."""
        self.values, self.log, self.answers, self.versions, self.standing = deepcopy(self._copied)
        self.losses += 1
        self.epoch = f"epoch{self.losses}"

    def ask(self, user: str, request: Request) -> Done | Refused:
        key, asked = (user, request.mutation_id), self.fingerprint(request)
        if key in self.answers:
            known, reply = self.answers[key]
            return reply if known == asked else Refused(_error("VALIDATION_ERROR"))
        if user not in self.writers:
            return Refused(_error("FORBIDDEN"))
        if request.body.get("epoch", self.epoch) != self.epoch:
            return Refused(_error("CONFLICT", resync=True))
        reply = self._decide(user, request)
        self.answers[key] = asked, reply
        return reply

    def fingerprint(self, request: Request) -> Any:
        return request.path, encode(request.body)

    def _decide(self, user: str, request: Request) -> Done | Refused:
        changes = self._changes(request)
        if any(change["value"] == INVALID for change in changes):
            return Refused(_error("VALIDATION_ERROR"))
        met = [change for change in changes if self._meets(change)]
        if met:
            return Refused(_error("CONFLICT", conflicts=[self._conflict(request, change) for change in met]))
        before = {change["field"]: self.values.get(change["field"]) for change in changes}
        version = self._write(user, request.mutation_id, request, changes)
        written = [field for field, value in before.items() if self.values.get(field) != value]
        return Done({"version": version, "written": written})

    def value_at(self, version: int, initial: dict[str, Any]) -> dict[str, Any]:
        """The log replayed."""
        values = dict(initial)
        for update in self.log[:version]:
            write(values, ((change.field, change.new_value) for change in update.changes))
        return values

    def _meets(self, change: dict[str, Any]) -> bool:
        current = self.values.get(change["field"])
        if "base_version" in change:
            if current == change["value"]:
                return False
            return self.versions.get(change["field"], 0) != change["base_version"]
        return current not in (change["old_value"], change["value"])

    def _changes(self, request: Request) -> list[dict[str, Any]]:
        if request.path == "/undo":
            return self._undoing(request.body["version"])
        return request.body.get("changes") or [self._settled(request)]

    def _undoing(self, version: int) -> list[dict[str, Any]]:
        """`base_version` is -1, which nothing is, where another write lies on that one."""
        return [
            {
                "field": told.field,
                "value": told.old_value,
                "base_version": self.versions.get(told.field, 0)
                if self.standing[told.field][-1:] == [version]
                else -1,
            }
            for told in self.log[version - 1].changes
        ]

    def _settled(self, request: Request) -> dict[str, Any]:
        name, wanted, _ = self._recorded[request.path.split("/")[2]]
        choice = request.body["strategy"]
        value = self.values.get(name) if choice == "server-wins" else request.body.get("value", wanted)
        return {"field": name, "value": value, "base_version": request.body["base_version"]}

    def _conflict(self, request: Request, change: dict[str, Any]) -> dict[str, Any]:
        self.conflicts += 1
        name = change["field"]
        self._recorded[f"conflict{self.conflicts}"] = (name, change["value"], self._client_of(request))
        return {
            "field": name,
            "conflict_id": f"conflict{self.conflicts}",
            "current_value": self.values.get(name),
            "current_version": self.versions.get(name, 0),
        }

    def _client_of(self, request: Request) -> str | None:
        """Whose the write is; a settlement is its conflict's."""
        if request.path.startswith("/conflicts/"):
            return self._recorded[request.path.split("/")[2]][2]
        return request.body["client_id"]

    def _write(self, user: str, name: str, request: Request, changes: list[dict[str, Any]]) -> int:
        moved = [each for each in changes if self.values.get(each["field"]) != each["value"]]
        if not moved:
            return len(self.log)
        told = [
            e.TripChange(
                field=each["field"],
                old_value=self.values.get(each["field"]),
                new_value=each["value"],
                timestamp=AT,
            )
            for each in moved
        ]
        self.log.append(
            e.TripUpdateBroadcast(
                id=str(len(self.log)),
                timestamp=AT,
                trip_id="t1",
                updated_by=user,
                changes=told,
                full_trip_data={},
                mutation_id=name,
                client_id=self._client_of(request),
            )
        )
        write(self.values, ((each["field"], each["value"]) for each in moved))
        for each in moved:
            field = each["field"]
            self.versions[field] = len(self.log) if field in self.values else 0
            if request.path == "/undo":
                del self.standing[field][-1:]
            else:
                self.standing[field].append(len(self.log))
        return len(self.log)

    def __post_init__(self) -> None:
        self._recorded: dict[str, tuple[str, Any, str | None]] = {}


def _error(code: str, **details: Any) -> ErrorBody:
    return ErrorBody(code=code, message=code, retryable=False, details=details)
