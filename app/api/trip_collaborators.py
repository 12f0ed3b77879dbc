"""Who may do what with a trip."""

from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from app.api.documented import ON_ONE_TRIP, WITH_BODY, Answer, answers
from app.api.identifiers import CollaboratorId, TripId
from app.api.requests import ApiRequest
from app.api.trip_requests import idempotency_key
from app.contract import trip as t
from app.contract.errors import ErrorCode
from app.contract.invitations import HandOver

ON_A_CHANGE = (*ON_ONE_TRIP, *WITH_BODY, ErrorCode.CONFLICT, ErrorCode.LIMIT_EXCEEDED, ErrorCode.RATE_LIMITED)


@get(
    "/trips/{trip_id:str}/collaborators",
    summary="List a trip's collaborators",
    operation_id="listCollaborators",
    **answers(Answer(200, t.CollaboratorList, "Everybody who may open the trip."), problems=ON_ONE_TRIP),
)
async def list_collaborators(request: ApiRequest, trip_id: TripId) -> t.CollaboratorList:
    """Who may open the trip, and what each of them may do."""
    return await request.services.trip_sharing.list(request.user.user_id, trip_id)


@post(
    "/trips/{trip_id:str}/collaborators",
    summary="Share a trip",
    operation_id="addCollaborator",
    **answers(Answer(201, t.CollaboratorState, "They may open it now."), problems=ON_A_CHANGE),
)
async def add_collaborator(
    request: ApiRequest, trip_id: TripId, data: JSONBody[t.NewCollaborator]
) -> Response[t.CollaboratorState]:
    """Lets somebody in; admins and the owner may. The same again changes nothing; late on its
    way it might change back what was changed since, which an `Idempotency-Key` rules out here and below."""
    sharing = request.services.trip_sharing
    state = await sharing.grant(
        request.user.user_id, trip_id, data.user_id, data, key=idempotency_key(request)
    )
    location = f"/api/trips/{trip_id}/collaborators/{data.user_id}"
    return Response(state, status_code=201, headers={"Location": location})


@patch(
    "/trips/{trip_id:str}/collaborators/{user_id:str}",
    summary="Change what a collaborator may do",
    operation_id="changeCollaborator",
    **answers(Answer(200, t.CollaboratorState, "What they may do now."), problems=ON_A_CHANGE),
)
async def change_collaborator(
    request: ApiRequest, trip_id: TripId, user_id: CollaboratorId, data: JSONBody[t.CollaboratorOrder]
) -> t.CollaboratorState:
    """The owner's permissions cannot be changed."""
    return await request.services.trip_sharing.grant(
        request.user.user_id, trip_id, user_id, data, known=True, key=idempotency_key(request)
    )


@delete(
    "/trips/{trip_id:str}/collaborators/{user_id:str}",
    summary="Stop sharing with somebody",
    operation_id="removeCollaborator",
    **answers(
        Answer(204, None, "They can neither write nor read any more."),
        problems=(*ON_ONE_TRIP, ErrorCode.CONFLICT, ErrorCode.RATE_LIMITED),
    ),
)
async def remove_collaborator(request: ApiRequest, trip_id: TripId, user_id: CollaboratorId) -> None:
    """In effect before this answers: no later write of theirs lands, and their sockets lose the stream.

    Everybody may leave; the owner hands the trip over first.
    """
    await request.services.trip_sharing.revoke(
        request.user.user_id, trip_id, user_id, key=idempotency_key(request)
    )


@post(
    "/trips/{trip_id:str}/hand-over",
    summary="Hand a trip over",
    operation_id="handOverTrip",
    **answers(Answer(200, t.CollaboratorState, "The owner from now on."), problems=ON_A_CHANGE),
)
async def hand_over_trip(
    request: ApiRequest, trip_id: TripId, data: JSONBody[HandOver]
) -> t.CollaboratorState:
    """Makes a collaborator the owner, and you an admin; the owner may. The same again changes nothing."""
    return await request.services.trip_sharing.hand_over(
        request.user.user_id, trip_id, data.user_id, key=idempotency_key(request)
    )


COLLABORATORS: list[ControllerRouterHandler] = [
    list_collaborators,
    add_collaborator,
    change_collaborator,
    remove_collaborator,
    hand_over_trip,
]
