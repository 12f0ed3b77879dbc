"""Who may do what with a trip, and the invitations to it, on Redis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, cast

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.events import TripPermissionChange
from app.contract.invitations import MAX_INVITATIONS
from app.domain.roles import Role
from app.settings import Retention
from app.storage.presence import Editor, editors_of
from app.storage.trip_answers import ANSWER_LIFE
from app.storage.trips import new_epoch
from app.streams.commands import Commands
from app.streams.keys import TripKeys, UserKeys
from app.streams.log import Script, shared_script

_MS = timedelta(milliseconds=1)

Shared = Literal[
    "done",
    "answered",
    "not_found",
    "gone",
    "forbidden",
    "moved",
    "full",
    "unknown",
    "expired",
    "used_up",
    "barred",
]


@dataclass(frozen=True, slots=True)
class Grant:
    """A change of what somebody may do, from one role to another; None is none."""

    user_id: str
    before: Role | None
    after: Role | None
    event: TripPermissionChange


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered when it comes again under this key of its user."""

    key: str
    packed: bytes


class Invitation(Struct, kw_only=True):
    """An invitation as it was made. Scripts read `role`, `by` and `uses` of its JSON."""

    role: Role
    by: str
    uses: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Open:
    """An invitation that has not expired, and how often it was taken."""

    invitation: Invitation
    expires_at: datetime
    taken: int


class TripRoles:
    """Methods raise what the event log raises when the server is away; each may be repeated."""

    def __init__(self, client: Redis, retention: Retention) -> None:
        self._redis = cast(Commands, client)
        folder = Path(__file__).parent
        shared = shared_script() + "".join(
            (folder / name).read_text() for name in ("trip.lua", "presence.lua")
        )
        self._share, self._invite = (
            cast(Script, client.register_script(shared + (folder / name).read_text()))
            for name in ("share_trip.lua", "invite_to_trip.lua")
        )
        self._kept = (retention.events, retention.seconds * 1000)

    async def share(
        self,
        trip_id: str,
        user_id: str,
        authority: Role | Literal["invited"],
        grants: Sequence[Grant],
        *,
        deleting: bool = False,
        invitation_id: str = "",
        answer: Answer | None = None,
    ) -> tuple[Shared, list[Editor]]:
        """Applies all grants with their events in one step; `moved` where a role is not what it was before.

        `user_id` does it, by a role that is needed or by an invitation. Answers with the fields that are free
        because who edited them no longer may.
        With an `answer` it is done once: `answered` where it has been.
        """
        keys = TripKeys.of(trip_id)
        names = [keys.meta, keys.log, keys.live, keys.record, keys.roles, keys.here, keys.tabs]
        names += [keys.editing, keys.editors, keys.presence, keys.invitations, keys.taken, keys.barred]
        names += [_answer_key(trip_id, user_id, answer)]
        names += [keys.values, keys.versions, keys.joined, keys.history, *keys.orders] if deleting else []
        arguments: list[str | bytes | int] = [
            user_id,
            authority,
            "delete" if deleting else "share",
            new_epoch(),
            *self._kept,
            t.MAX_COLLABORATORS,
            invitation_id,
            b"" if answer is None else answer.packed,
            ANSWER_LIFE // _MS,
        ]
        for grant in grants:
            head = b'%b,"stream":"%b","seq":' % (encode(grant.event)[:-1], keys.stream.encode())
            arguments += [grant.user_id, grant.before or "", grant.after or "", head]
        status, freed = await self._share(names, arguments)
        return status.decode(), editors_of(freed)

    async def all(self, trip_id: str) -> dict[str, Role]:
        found = await self._redis.hgetall(TripKeys.of(trip_id).roles)
        return {user.decode(): cast(Role, role.decode()) for user, role in found.items()}

    async def of(self, trip_id: str, user_id: str) -> Role | None:
        """None for a trip that is not there, or not for this user."""
        keys = TripKeys.of(trip_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hmget(keys.record, ["deleted"])
            pipe.hmget(keys.roles, [user_id])
            (deleted,), (role,) = await pipe.execute()
        return None if deleted or role is None else role.decode()

    async def list_for(self, user_id: str, trip_id: str, at: float) -> None:
        """Puts a trip that the user may open into the user's list."""
        await self._redis.zadd(UserKeys(user_id).trips, {trip_id: at}, nx=True)

    async def unlist(self, user_id: str, trip_id: str) -> None:
        await self._redis.zrem(UserKeys(user_id).trips, trip_id)

    async def invite(
        self,
        trip_id: str,
        invitation_id: str,
        invitation: Invitation,
        seconds: int,
        *,
        answer: Answer | None = None,
    ) -> tuple[Literal["done", "answered", "not_found", "gone", "forbidden", "full"], datetime]:
        """Keeps an invitation for so long; answers with when it expires.

        With an `answer` it is done once: `answered` where it has been. `expires`, in ms, is put into it.
        """
        names = [*_invitation_keys(trip_id), _answer_key(trip_id, invitation.by, answer)]
        arguments: list[str | bytes | int] = [
            invitation.by,
            invitation_id,
            seconds * 1000,
            encode(invitation),
        ]
        arguments += [MAX_INVITATIONS, b"" if answer is None else answer.packed[:-1], ANSWER_LIFE // _MS]
        status, expires = await self._invite(names, arguments)
        return status.decode(), _moment(expires)

    async def withdraw(
        self, trip_id: str, user_id: str, invitation_id: str
    ) -> Literal["done", "not_found", "gone", "forbidden", "unknown"]:
        """Nobody can take the invitation any more."""
        names = [*_invitation_keys(trip_id), _answer_key(trip_id, user_id, None)]
        status, _ = await self._invite(names, [user_id, invitation_id, 0, "", 0, "", 0])
        return status.decode()

    async def invitation(self, trip_id: str, invitation_id: str) -> Invitation | None:
        """Also one that has expired, as long as it is kept."""
        found = await self._redis.hget(TripKeys.of(trip_id).invitations, invitation_id)
        return None if found is None else _decoded(found)[0]

    async def invitations(self, trip_id: str) -> dict[str, Open]:
        """Those that have not expired, by id."""
        keys = TripKeys.of(trip_id)
        kept, taken = await self._redis.hgetall(keys.invitations), await self._redis.hgetall(keys.taken)
        seconds, _ = await self._redis.execute_command("TIME")
        now = datetime.fromtimestamp(int(seconds), UTC)
        found = {name: (*_decoded(value), int(taken.get(name, 0))) for name, value in kept.items()}
        return {name.decode(): Open(*each) for name, each in found.items() if each[1] > now}


def _answer_key(trip_id: str, user_id: str, answer: Answer | None) -> str:
    return TripKeys.of(trip_id).answer(user_id, "." if answer is None else answer.key)


def _invitation_keys(trip_id: str) -> list[str]:
    keys = TripKeys.of(trip_id)
    return [keys.record, keys.roles, keys.invitations, keys.taken]


def _decoded(kept: bytes) -> tuple[Invitation, datetime]:
    expires, _, json = kept.partition(b" ")
    return msgspec.json.decode(json, type=Invitation), _moment(expires)


def _moment(milliseconds: bytes) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
