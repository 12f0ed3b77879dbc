"""Trips: made, read, written and deleted, and their conflicts settled. Stored JSON passes unread."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, patch, post, put
from litestar.params import JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Raw, Struct

from app.api.bodies import Events
from app.api.documented import JSON, OF_CALLERS, ON_ONE_TRIP, WITH_BODY, Answer, answers
from app.api.identifiers import ConflictId, TripId
from app.api.messages import After, Epoch, Limit, read_events
from app.api.requests import ApiRequest, decode_body
from app.api.trip_requests import ON_A_WRITE, call_of, id_for, idempotency_key, if_match, made, written
from app.contract import trip as t
from app.contract.errors import ErrorCode, Moved, TripSageError
from app.contract.ids import trip_stream
from app.services.trip_answers import CREATION

MAX_LISTED = 200


class Patch(Struct):
    """Fields and their new values, as `{"budget": 3500}`; or a `Mutation`, which has `changes`."""


@get(
    "/trips",
    summary="List your trips",
    operation_id="listTrips",
    **answers(
        Answer(200, t.TripList, "Trips, those that came last first."),
        problems=(*OF_CALLERS, ErrorCode.VALIDATION_ERROR),
    ),
)
async def list_trips(
    request: ApiRequest,
    search: Annotated[str, QueryParameter(max_length=200, description="Part of the name.")] = "",
    after: Annotated[
        str | None,
        QueryParameter(max_length=200, description="The `after` of the page before; without it, the first."),
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MAX_LISTED, description="The most to answer.")] = 50,
) -> t.TripList:
    """The trips that the caller may open, own and shared. A page goes on where the one before ended, whatever
    has come or gone meanwhile.

    With `search` a page looks through so many trips and no more: it may have few or none, and an `after`.
    """
    return await request.services.trip_lists.page(request.user.user_id, search, after, limit)


@post(
    "/trips",
    summary="Create a trip",
    operation_id="createTrip",
    **answers(
        Answer(201, t.TripState, "The trip. `Location` is its address."),
        problems=(*ON_ONE_TRIP, *WITH_BODY, ErrorCode.CONFLICT),
    ),
)
async def create_trip(request: ApiRequest, data: JSONBody[t.NewTrip]) -> Response[bytes]:
    """With an `id` of your own, or an `Idempotency-Key`, asking again is harmless."""
    return await _create(request, data.id or id_for(request), data)


@post(
    "/trips/{trip_id:str}",
    summary="Create a trip of this id",
    operation_id="createTripOfId",
    **answers(
        Answer(201, t.TripState, "The trip. `Location` is its address."),
        problems=(*ON_ONE_TRIP, *WITH_BODY, ErrorCode.CONFLICT),
    ),
)
async def create_trip_of_id(
    request: ApiRequest, trip_id: TripId, data: JSONBody[t.NewTrip]
) -> Response[bytes]:
    """The same again has no second effect. An id that another user has is `NOT_FOUND`."""
    if data.id not in (None, trip_id):
        raise TripSageError(ErrorCode.VALIDATION_ERROR, "`id` is not that of the address.", field="id")
    return await _create(request, trip_id, data)


@get(
    "/trips/{trip_id:str}",
    summary="Read a trip",
    operation_id="readTrip",
    **answers(Answer(200, t.TripState, "The trip; `ETag` is its version."), problems=ON_ONE_TRIP),
)
async def read_trip(request: ApiRequest, trip_id: TripId) -> Response[bytes]:
    """The trip as it stands, with the versions of its fields."""
    stored = await request.services.trips.read(request.user.user_id, trip_id)
    headers = {"ETag": f'"{stored.snapshot.version}"'}
    return Response(stored.json, media_type=JSON, headers=headers)


@patch(
    "/trips/{trip_id:str}",
    summary="Change a trip",
    operation_id="changeTrip",
    **answers(Answer(200, t.Written, "What was written."), problems=ON_A_WRITE),
)
async def change_trip(request: ApiRequest, trip_id: TripId, data: JSONBody[Patch]) -> Response[t.Written]:
    """Writes the fields named, `{"budget": 3500}`: the last writer wins. Or takes a `Mutation`, with bases.

    All changes are applied or none. A conflict answers 409 with `details.conflict_id` and what stands.
    `If-Match` refuses a trip that has moved, `Idempotency-Key` makes a repeat safe.
    """
    mutation = _mutation(await request.body())
    call = call_of(request, mutation)
    return written(await request.services.trips.write(trip_id, call, mutation))


@put(
    "/trips/{trip_id:str}",
    summary="Replace a trip",
    operation_id="replaceTrip",
    **answers(Answer(200, t.Written, "What was written."), problems=ON_A_WRITE),
)
async def replace_trip(request: ApiRequest, trip_id: TripId, data: JSONBody[t.Trip]) -> Response[t.Written]:
    """Makes the trip what is sent; what is left out is as in a new one. Use `If-Match`."""
    return written(await request.services.trips.replace(trip_id, call_of(request), data))


@delete(
    "/trips/{trip_id:str}",
    summary="Delete a trip",
    operation_id="deleteTrip",
    **answers(Answer(204, None, "It is gone."), problems=(*ON_ONE_TRIP, Moved, ErrorCode.RATE_LIMITED)),
)
async def delete_trip(request: ApiRequest, trip_id: TripId) -> None:
    """Deletes the trip for everybody, which its owner may. Its id cannot be used again."""
    await request.services.trip_sharing.delete(
        request.user.user_id, trip_id, if_match(request), key=idempotency_key(request)
    )


@post(
    "/trips/{trip_id:str}/conflicts/{conflict_id:str}/resolve",
    summary="Settle a conflict",
    operation_id="resolveConflict",
    **answers(Answer(200, t.Written, "What was written, if anything."), problems=ON_A_WRITE),
)
async def resolve_conflict(
    request: ApiRequest, trip_id: TripId, conflict_id: ConflictId, data: JSONBody[t.Resolution]
) -> Response[t.Written]:
    """Against the version that you saw: if the field has moved on again, that is a new conflict."""
    trips = request.services.trips
    return written(await trips.resolve(trip_id, request.user.user_id, conflict_id, data))


@get(
    "/trips/{trip_id:str}/events",
    summary="Read a trip's events",
    operation_id="listTripEvents",
    **answers(Answer(200, Events, "A page of events."), problems=ON_ONE_TRIP),
)
async def list_trip_events(
    request: ApiRequest, trip_id: TripId, after: After = 0, limit: Limit = 256, epoch: Epoch = None
) -> Response[bytes]:
    """A page of the trip's stream: who changed what, and when."""
    stream = trip_stream(trip_id)
    await request.services.trips.read(request.user.user_id, trip_id)
    page = await read_events(request, stream, after, limit, epoch)
    await request.services.access.check(request.user.user_id, stream)  # it may have been taken away meanwhile
    return page


TRIPS: list[ControllerRouterHandler] = [
    list_trips,
    create_trip,
    create_trip_of_id,
    read_trip,
    change_trip,
    replace_trip,
    delete_trip,
    resolve_conflict,
    list_trip_events,
]


async def _create(request: ApiRequest, trip_id: str, trip: t.NewTrip) -> Response[bytes]:
    mutation_id = idempotency_key(request) or CREATION
    return made(
        trip_id, await request.services.trips.create(request.user.user_id, trip_id, trip, mutation_id)
    )


def _mutation(body: bytes) -> t.Mutation:
    """Either form of a PATCH as the one with changes."""
    fields = msgspec.json.decode(body, type=dict[str, Raw])  # an object: it was read as a `Patch` before
    if "changes" in fields:
        return decode_body(body, t.Mutation)
    if not 0 < len(fields) <= t.MAX_CHANGES:
        raise TripSageError(ErrorCode.VALIDATION_ERROR, f"Name 1 to {t.MAX_CHANGES} fields.", field="changes")
    return t.Mutation(changes=[t.Change(field=name, value=value) for name, value in fields.items()])
