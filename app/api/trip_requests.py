"""What requests that write trips have in common: how a write is known again, and the version it is for."""

import re
from dataclasses import replace
from hashlib import sha256

import msgspec
from litestar import Response

from app.api.documented import JSON, ON_ONE_TRIP, WITH_BODY
from app.api.identifiers import header
from app.api.requests import ApiRequest
from app.contract import trip as t
from app.contract.errors import ErrorCode, Moved, TripSageError
from app.contract.ids import ClientId
from app.services.trip_answers import Made
from app.services.trip_commits import Call
from app.wiring import new_id

ON_A_WRITE = (*ON_ONE_TRIP, *WITH_BODY, Moved, ErrorCode.CONFLICT, ErrorCode.RATE_LIMITED)

_ETAG = re.compile(r'^"(\d{1,16})"$')


def id_for(request: ApiRequest) -> str:
    """For a trip to be made: with an `Idempotency-Key` the same for each repeat, and no other user's."""
    key = idempotency_key(request)
    if key is None:
        return new_id()
    return sha256(f"{request.user.user_id} {key}".encode()).hexdigest()[:20]


def made(trip_id: str, made: Made) -> Response[bytes]:
    """As it was made, for a repeat as well."""
    headers = {"ETag": f'"{made.version}"', "Location": f"/api/trips/{trip_id}"}
    return Response(made.json, status_code=201, media_type=JSON, headers=headers)


def written(written: t.Written) -> Response[t.Written]:
    return Response(written, headers={"ETag": f'"{written.version}"'})


def call_of(request: ApiRequest, asked: t.Mutation | t.Undo | None = None) -> Call:
    own = None if asked is None else asked.mutation_id
    call = Call(
        request.user.user_id,
        own or idempotency_key(request) or new_id(),
        if_match=if_match(request),
    )
    return call if asked is None else replace(call, client_id=asked.client_id, epoch=asked.epoch)


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
