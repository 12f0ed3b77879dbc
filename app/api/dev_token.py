"""Tokens for whoever asks, in development mode only: the route is not there in any other."""

from datetime import datetime, timedelta
from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from app.api.documented import EVERYWHERE, Answer, answers
from app.api.requests import ApiRequest
from app.contract.errors import ErrorCode
from app.contract.ids import USER_ID_PATTERN
from app.services.auth import issue_token
from app.wiring import signing_secret, utc_now

LIFE_SECONDS = 3600


class TokenRequest(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Who to be."""

    user_id: Annotated[str, Meta(pattern=USER_ID_PATTERN, examples=["alice"])]
    user_name: Annotated[str, Meta(min_length=1, max_length=128, examples=["Alice"])] | None = None


class Token(Struct, kw_only=True):
    """Send it as `Authorization: Bearer`, here and on the WebSocket."""

    token: str
    expires_at: datetime


@post(
    "/auth/dev-token",
    summary="Get a token (development only)",
    operation_id="createDevToken",
    security=[{}],
    **answers(
        Answer(200, Token, "The token."),
        problems=(
            *EVERYWHERE,
            ErrorCode.INVALID_MESSAGE,
            ErrorCode.VALIDATION_ERROR,
            ErrorCode.PAYLOAD_TOO_LARGE,
        ),
    ),
)
async def create_dev_token(request: ApiRequest, data: JSONBody[TokenRequest]) -> Token:
    """A token for any user, signed with this server's own key. Not there when `TRIPSAGE_AUTH` is `jwt`."""
    now = utc_now().replace(microsecond=0)
    token = issue_token(signing_secret(request.settings), data.user_id, data.user_name, now, LIFE_SECONDS)
    return Token(token=token, expires_at=now + timedelta(seconds=LIFE_SECONDS))
