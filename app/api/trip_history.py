"""What a trip was: its writes, the trip at any version, and changes taken back."""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.types import ControllerRouterHandler

from app.api.documented import JSON, ON_ONE_TRIP, Answer, answers
from app.api.identifiers import TripId
from app.api.requests import ApiRequest
from app.api.trip_requests import ON_A_WRITE, call_of, written
from app.contract import trip as t
from app.domain.trip_json import past_json

MAX_WRITES = 200

Before = Annotated[
    int | None,
    QueryParameter(ge=1, le=2**53 - 1, description="Only writes before this version; none for the newest."),
]
Most = Annotated[
    int, QueryParameter(ge=1, le=MAX_WRITES, description="The most to answer; large ones make it fewer.")
]
TripVersion = Annotated[int, PathParameter(ge=1, le=2**53 - 1, description="A version of the trip.")]


@get(
    "/trips/{trip_id:str}/history",
    summary="Read who changed what",
    operation_id="readTripHistory",
    **answers(Answer(200, t.TripHistory, "A page of writes, newest first."), problems=ON_ONE_TRIP),
)
async def read_history(
    request: ApiRequest, trip_id: TripId, before: Before = None, limit: Most = 50
) -> t.TripHistory:
    """Each write with who made it, when, and the values before and after. It is kept for longer than the
    trip's events are."""
    return await request.services.trip_past.page(request.user.user_id, trip_id, before, limit)


@get(
    "/trips/{trip_id:str}/versions/{version:int}",
    summary="Read a trip as it was",
    operation_id="readTripVersion",
    **answers(Answer(200, t.PastTrip, "The trip after its newest write up to then."), problems=ON_ONE_TRIP),
)
async def read_version(request: ApiRequest, trip_id: TripId, version: TripVersion) -> Response[bytes]:
    """The trip at one version. What the history no longer reaches back to is 410, and says how far it does."""
    past = await request.services.trip_past.at(request.user.user_id, trip_id, version)
    body = past_json(trip_id, past.version, past.values)
    return Response(body, media_type=JSON, headers={"ETag": f'"{past.version}"'})


@post(
    "/trips/{trip_id:str}/undo",
    summary="Take a change back",
    operation_id="undoTripChange",
    **answers(Answer(200, t.Written, "What was written."), problems=ON_A_WRITE),
)
async def undo(request: ApiRequest, trip_id: TripId, data: JSONBody[t.Undo]) -> Response[t.Written]:
    """Writes what stood before a write of the caller's, or of the agent's, all or nothing. A field that has been
    written since is a conflict, to be settled like any."""
    call = call_of(request, data)
    return written(await request.services.trip_past.undo(trip_id, data.version, call))


HISTORY: list[ControllerRouterHandler] = [read_history, read_version, undo]
