"""Trips taken elsewhere: duplicated, and exported as JSON and iCalendar."""

from litestar import Response, get, post
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from app.api.documented import JSON, ON_ONE_TRIP, WITH_BODY, Answer, BodyOptional, answers
from app.api.identifiers import TripId
from app.api.requests import ApiRequest
from app.api.trip_requests import id_for, idempotency_key, made
from app.contract import trip as t
from app.contract.errors import ErrorCode
from app.services.trip_answers import CREATION

CALENDAR = "text/calendar"
AS_IT_IS = t.Duplicate()


@post(
    "/trips/{trip_id:str}/duplicate",
    summary="Make another trip like this",
    operation_id="duplicateTrip",
    **answers(
        Answer(201, t.TripState, "The new trip. `Location` is its address."),
        problems=(*ON_ONE_TRIP, *WITH_BODY, ErrorCode.CONFLICT),
        body=BodyOptional,
    ),
)
async def duplicate(
    request: ApiRequest, trip_id: TripId, data: JSONBody[t.Duplicate] = AS_IT_IS
) -> Response[bytes]:
    """The new trip is the caller's alone. With an `id` of your own, or an `Idempotency-Key`, asking again is
    harmless."""
    copy_id = data.id or id_for(request)
    mutation_id = idempotency_key(request) or CREATION
    copies = request.services.trip_copies
    return made(
        copy_id,
        await copies.duplicate(request.user.user_id, trip_id, copy_id, data.name, mutation_id),
    )


@get(
    "/trips/{trip_id:str}/export.json",
    summary="Export a trip as JSON",
    operation_id="exportTripAsJson",
    **answers(Answer(200, t.Trip, "What `POST /api/trips` makes the same trip of."), problems=ON_ONE_TRIP),
)
async def export_json(request: ApiRequest, trip_id: TripId) -> Response[bytes]:
    """The trip without id, versions and people."""
    body = await request.services.trip_copies.as_json(request.user.user_id, trip_id)
    return Response(body, media_type=JSON, headers=_download(trip_id, "json"))


@get(
    "/trips/{trip_id:str}/export.ics",
    summary="Export a trip as iCalendar",
    operation_id="exportTripAsCalendar",
    **answers(Answer(200, str, "A calendar file.", media_type=CALENDAR), problems=ON_ONE_TRIP),
)
async def export_calendar(request: ApiRequest, trip_id: TripId) -> Response[bytes]:
    """Stops and days as all-day events, activities at their local times; what has no date is a to-do.

    Importing a later export changes the same entries.
    """
    body = await request.services.trip_copies.as_calendar(request.user.user_id, trip_id)
    return Response(body, media_type=CALENDAR, headers=_download(trip_id, "ics"))


def _download(trip_id: str, ending: str) -> dict[str, str]:
    """Named by the id, whose characters are harmless; a trip's name is anything that somebody typed."""
    return {"Content-Disposition": f'attachment; filename="{trip_id}.{ending}"'}


COPIES: list[ControllerRouterHandler] = [duplicate, export_json, export_calendar]
