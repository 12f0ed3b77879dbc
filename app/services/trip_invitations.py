"""Invitations by link. Whoever has the secret may take one; only its digest is stored."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.fernet import Fernet
from msgspec import UNSET, Struct, UnsetType

from app.contract import invitations as i
from app.contract import trip as t
from app.contract.errors import ErrorCode, TripSageError
from app.domain.ports import Clock
from app.domain.roles import permissions_of, role_of
from app.services.trip_answers import Answers, Asked, kept
from app.services.trip_refusals import refusal
from app.services.trip_sharing import TripSharing
from app.services.trips import TripEditing
from app.storage.trip_roles import Invitation, Open, TripRoles

SECRET_BYTES = 24


class _Made(Struct):
    """What is kept of the answer to who made one; `expires`, in ms, is put in by the step that keeps it.

    The secret is `sealed` with the key of the request, of which only a digest is kept.
    """

    name: str
    invitation: Invitation
    sealed: str
    expires: int | UnsetType = UNSET


class TripInvitations:
    """Raises what `TripEditing` raises. Admins invite; an invitation ends with the permissions of who made it."""

    def __init__(
        self,
        roles: TripRoles,
        editing: TripEditing,
        sharing: TripSharing,
        answers: Answers,
        clock: Clock,
        new_secret: Callable[[int], str] = secrets.token_urlsafe,
    ) -> None:
        self._roles = roles
        self._editing = editing
        self._sharing = sharing
        self._answers = answers
        self._clock = clock
        self._new_secret = new_secret

    async def make(
        self, by: str, trip_id: str, order: i.NewInvitation, *, key: str | None = None
    ) -> i.InvitationMade:
        """With a `key` of its user's own the same again is answered alike, for a day.

        Raises `LIMIT_EXCEEDED` for more than a trip may have at once.
        """
        asked = Asked.of(trip_id, by, key and f".{_digest(key)}", "invite", order)
        before = await self._answers.before(asked, _Made)
        if before is not None:
            return _opened(trip_id, key or "", before)
        secret = self._new_secret(SECRET_BYTES)
        invitation = Invitation(
            role=role_of(order.permissions), by=by, uses=order.uses, created_at=self._clock()
        )
        await self._editing.read(by, trip_id, "admin")
        name = _digest(secret)
        sealed = _Made(name, invitation, _seal(key or "").encrypt(secret.encode()).decode())
        status, expires_at = await self._roles.invite(
            trip_id, name, invitation, order.expires_in, answer=kept(asked, sealed)
        )
        if status == "answered":  # by the same request, meanwhile
            return await self.make(by, trip_id, order, key=key)
        if status == "full":
            raise TripSageError(
                ErrorCode.LIMIT_EXCEEDED,
                f"A trip has at most {i.MAX_INVITATIONS} open invitations; withdraw one.",
            )
        if status != "done":
            raise refusal(status)
        return _made(trip_id, name, Open(invitation, expires_at, 0), secret)

    async def list(self, user_id: str, trip_id: str) -> i.InvitationList:
        """Those that have not expired, the oldest first; admins may."""
        await self._editing.read(user_id, trip_id, "admin")
        found = await self._roles.invitations(trip_id)
        await self._editing.read(user_id, trip_id, "admin")  # it may have been taken away meanwhile
        shown = [_shown(name, each) for name, each in found.items()]
        return i.InvitationList(invitations=sorted(shown, key=lambda each: each.created_at))

    async def withdraw(self, user_id: str, trip_id: str, invitation_id: str) -> None:
        """Nobody can take it any more; who took it stays. Raises `NOT_FOUND` for one that is not there."""
        await self._editing.read(user_id, trip_id, "admin")
        status = await self._roles.withdraw(trip_id, user_id, invitation_id)
        if status == "unknown":
            raise TripSageError(ErrorCode.NOT_FOUND, "The trip has no such invitation.")
        if status != "done":
            raise refusal(status)

    async def take(self, user_id: str, code: str, *, key: str | None = None) -> i.InvitationTaken:
        """Lets the user in; the same again changes nothing and counts nothing.

        Raises `NOT_FOUND` for a code that nobody made or that was withdrawn, `Gone` for one that has expired
        or is used up, `FORBIDDEN` for who lost permissions on the trip.
        """
        trip_id, _, secret = code.partition(".")
        name = _digest(secret)
        asked = Asked.of(trip_id, user_id, key, "take", name)
        state = await self._answers.before(asked, t.CollaboratorState)
        if state is None:
            invitation = await self._roles.invitation(trip_id, name)
            if invitation is None:
                raise refusal("unknown")
            state = await self._sharing.admit(user_id, trip_id, name, invitation, asked)
        return i.InvitationTaken(
            trip_id=trip_id, user_id=user_id, permissions=state.permissions, owner=state.owner
        )


def _digest(secret: str) -> str:
    """The secret is random and long, so that a plain digest of it tells nothing."""
    return sha256(secret.encode()).hexdigest()[:32]


def _seal(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"invitation {key}".encode()).digest()))


def _opened(trip_id: str, key: str, before: _Made) -> i.InvitationMade:
    """What was answered then, whatever has become of the invitation."""
    assert before.expires is not UNSET
    open_ = Open(before.invitation, datetime.fromtimestamp(before.expires / 1000, UTC), 0)
    return _made(trip_id, before.name, open_, _seal(key).decrypt(before.sealed).decode())


def _made(trip_id: str, name: str, open_: Open, secret: str) -> i.InvitationMade:
    state = _shown(name, open_)
    return i.InvitationMade(
        **{name: getattr(state, name) for name in state.__struct_fields__}, code=f"{trip_id}.{secret}"
    )


def _shown(name: str, open_: Open) -> i.InvitationState:
    invitation = open_.invitation
    return i.InvitationState(
        invitation_id=name,
        permissions=permissions_of(invitation.role),
        created_by=invitation.by,
        created_at=invitation.created_at,
        expires_at=open_.expires_at,
        uses=invitation.uses,
        used=open_.taken,
    )
