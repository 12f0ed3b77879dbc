"""Invitations to a trip: a code that lets whoever has it in, for a while and so many times."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from app.contract.events.base import Permission
from app.contract.trip import CollaboratorOrder, CollaboratorState, UserId

MAX_INVITATIONS = 50
"""Open invitations of one trip."""
MAX_USES = 100
SHORTEST, USUAL, LONGEST = 60, 7 * 24 * 3600, 30 * 24 * 3600  # s
CODE_PATTERN = r"^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{32}$(?!\n)"

Code = Annotated[
    str, Meta(pattern=CODE_PATTERN, description="As `inviteToTrip` answered it. Whoever has it may take it.")
]


class NewInvitation(CollaboratorOrder, kw_only=True):
    """What who takes it may do, for how long it can be taken, and how often."""

    expires_in: Annotated[int, Meta(ge=SHORTEST, le=LONGEST, description="In seconds.")] = USUAL
    uses: Annotated[int, Meta(ge=1, le=MAX_USES, description="How many people it lets in.")] = 1


class InvitationState(Struct, kw_only=True):
    """An invitation that can be taken, without its code."""

    invitation_id: str
    permissions: list[Permission]
    created_by: str
    created_at: datetime
    expires_at: datetime
    uses: int
    used: int


class InvitationMade(InvitationState, kw_only=True):
    """An invitation, with the code: only a digest of it is kept."""

    code: str


class InvitationList(Struct, kw_only=True):
    invitations: list[InvitationState]


class InvitationTaken(CollaboratorState, kw_only=True):
    """What you may do now, and with which trip."""

    trip_id: str


class Acceptance(Struct, kw_only=True, forbid_unknown_fields=True):
    """An invitation to take."""

    code: Code


class HandOver(Struct, kw_only=True, forbid_unknown_fields=True):
    """Who owns the trip from now on; a collaborator already."""

    user_id: UserId
