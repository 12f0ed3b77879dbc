"""Invitations to a trip by link: made, listed, withdrawn and taken."""

from litestar import Response, delete, get, post
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from app.api.documented import OF_CALLERS, ON_ONE_TRIP, WITH_BODY, Answer, answers
from app.api.identifiers import InvitationId, TripId
from app.api.requests import ApiRequest
from app.api.trip_requests import idempotency_key
from app.contract import invitations as i
from app.contract.errors import ErrorCode, Gone


@post(
    "/trips/{trip_id:str}/invitations",
    summary="Invite by link",
    operation_id="inviteToTrip",
    **answers(
        Answer(201, i.InvitationMade, "The invitation; its `code` is told to nobody else."),
        problems=(*ON_ONE_TRIP, *WITH_BODY, ErrorCode.LIMIT_EXCEEDED),
    ),
)
async def invite_to_trip(
    request: ApiRequest, trip_id: TripId, data: JSONBody[i.NewInvitation]
) -> Response[i.InvitationMade]:
    """A code that whoever has it can take; admins and the owner may. Put it into a link of yours.

    Asked again it makes another, but for an `Idempotency-Key`: that answers the same code for a day. Make a key
    that nobody can guess, as the code is kept sealed with it. Withdraw one whose code was lost."""
    made = await request.services.trip_invitations.make(
        request.user.user_id, trip_id, data, key=idempotency_key(request)
    )
    location = f"/api/trips/{trip_id}/invitations/{made.invitation_id}"
    return Response(made, status_code=201, headers={"Location": location, "Cache-Control": "no-store"})


@get(
    "/trips/{trip_id:str}/invitations",
    summary="List a trip's invitations",
    operation_id="listInvitations",
    **answers(Answer(200, i.InvitationList, "Those that have not expired."), problems=ON_ONE_TRIP),
)
async def list_invitations(request: ApiRequest, trip_id: TripId) -> i.InvitationList:
    """What admins and the owner have to know of them; their codes are known to nobody here."""
    return await request.services.trip_invitations.list(request.user.user_id, trip_id)


@delete(
    "/trips/{trip_id:str}/invitations/{invitation_id:str}",
    summary="Withdraw an invitation",
    operation_id="withdrawInvitation",
    **answers(Answer(204, None, "Nobody can take it any more."), problems=ON_ONE_TRIP),
)
async def withdraw_invitation(request: ApiRequest, trip_id: TripId, invitation_id: InvitationId) -> None:
    """In effect before this answers. Who has taken it stays."""
    await request.services.trip_invitations.withdraw(request.user.user_id, trip_id, invitation_id)


@post(
    "/invitations/accept",
    summary="Accept an invitation",
    operation_id="acceptInvitation",
    **answers(
        Answer(200, i.InvitationTaken, "What you may do now."),
        problems=(
            *OF_CALLERS,
            *WITH_BODY,
            ErrorCode.NOT_FOUND,
            ErrorCode.VALIDATION_ERROR,
            ErrorCode.LIMIT_EXCEEDED,
            ErrorCode.RATE_LIMITED,
            Gone,
        ),
    ),
)
async def accept_invitation(request: ApiRequest, data: JSONBody[i.Acceptance]) -> i.InvitationTaken:
    """Lets the caller in; the same again changes nothing. 410 for one that has expired or is used up.

    Who lost permissions on the trip gets them back from its admins only.
    """
    return await request.services.trip_invitations.take(
        request.user.user_id, data.code, key=idempotency_key(request)
    )


INVITATIONS: list[ControllerRouterHandler] = [
    invite_to_trip,
    list_invitations,
    withdraw_invitation,
    accept_invitation,
]
