"""What requests that write trips have in common: how a write is known again, and the version it is for."""

import re
from hashlib import sha256

import msgspec
from litestar import Response

from app.api.documented import JSON, ON_ONE_TRIP, WITH_BODY
from app.api.identifiers import header
from app.api.requests import ApiRequest
from app.contract import trip as t
from app.contract.errors import ErrorCode, Moved, TripSageError
from app.contract.ids import ClientId
from app.services.trip_writing import Call
from app.wiring import new_id

ON_A_WRITE = (*ON_ONE_TRIP, *WITH_BODY, Moved, ErrorCode.CONFLICT, ErrorCode.RATE_LIMITED)

_ETAG = re.compile(r'^"(\d{1,16})"$')


def id_for(request: ApiRequest) -> str:
    """For a trip to be made: with an `Idempotency-Key` the same for each repeat, and no other user's."""
    key = idempotency_key(request)
    if key is None:
        return new_id()
    return sha256(f"{request.user.user_id} {key}".encode()).hexdigest()[:20]


async def state_of(request: ApiRequest, trip_id: str, status: int) -> Response[bytes]:
    stored = await request.services.trips.read(request.user.user_id, trip_id)
    headers = {"ETag": f'"{stored.snapshot.version}"'}
    if status == 201:
        headers["Location"] = f"/api/trips/{trip_id}"
    return Response(stored.json, status_code=status, media_type=JSON, headers=headers)


def written(written: t.Written) -> Response[t.Written]:
    return Response(written, headers={"ETag": f'"{written.version}"'})


def call_of(request: ApiRequest, mutation_id: str | None = None, client_id: str | None = None) -> Call:
    mutation_id = mutation_id or idempotency_key(request) or new_id()
    return Call(request.user.user_id, mutation_id, client_id, if_match(request))


def idempotency_key(request: ApiRequest) -> str | None:
    sent = header(request.scope, b"idempotency-key")
    if sent is None:
        return None
    try:
        return msgspec.convert(sent.decode("latin-1"), ClientId)
    except msgspec.ValidationError:
        raise TripSageError(
            ErrorCode.VALIDATION_ERROR,
            "`Idempotency-Key`: expected 1 to 64 of the characters A-Z, a-z, 0-9, _ and -.",
            field="Idempotency-Key",
        ) from None


def if_match(request: ApiRequest) -> int | None:
    sent = header(request.scope, b"if-match")
    if sent is None or sent == b"*":
        return None
    match = _ETAG.fullmatch(sent.decode("latin-1"))
    if match is None:
        raise TripSageError(
            ErrorCode.VALIDATION_ERROR, '`If-Match`: expected the version, as "41".', field="If-Match"
        )
    return int(match[1])
