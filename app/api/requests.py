"""A request as the handlers see it: who calls, what the system offers, and a strict body."""

from typing import Any, TypeVar, cast

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import URL, State
from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult
from msgspec import Struct

from app.api.identifiers import request_id
from app.contract.errors import ErrorCode, TripSageError
from app.contract.explain import explain
from app.services.auth import Authenticator, Identity, bearer_token
from app.settings import Settings
from app.wiring import Services

BodyT = TypeVar("BodyT", bound=Struct)


class ApiRequest(Request[Identity, None, State]):
    """`user` is the caller, on every route that `Authentication` stands before."""

    @property
    def services(self) -> Services:
        return self.app.state["services"]

    @property
    def settings(self) -> Settings:
        return self.app.state["settings"]

    @property
    def url(self) -> URL:
        """Without the host: a client may name one that cannot be part of a URL, and nothing here asks for it."""
        return URL.from_components(
            path=self.scope["path"], query=self.scope["query_string"].decode("latin-1")
        )

    @property
    def id(self) -> str:
        return request_id(self.scope)

    async def json(self) -> Any:
        """The body as the struct that the handler takes as `data`, read as strictly as a WebSocket frame."""
        data = self.route_handler.parsed_data_field
        assert data is not None, "only a handler with `data` has its body read"
        return decode_body(await self.body(), cast(type[Struct], data.annotation))


class Authentication(AbstractAuthenticationMiddleware):
    """Lets nobody in without a valid bearer token; failures raise `TripSageError`."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        authenticator: Authenticator = connection.app.state["authenticator"]
        token = bearer_token(connection.headers.get("authorization"))
        return AuthenticationResult(user=await authenticator.identify(token), auth=None)


def decode_body(body: bytes, kind: type[BodyT]) -> BodyT:
    """The struct in a JSON body.

    Raises `TripSageError`: `INVALID_MESSAGE` for what is no JSON object, `VALIDATION_ERROR` with
    `details.field` for one with a field that is wrong, missing or unknown.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        message, field = explain(str(error), kind)
        if field is None:
            raise TripSageError(ErrorCode.INVALID_MESSAGE, "The body has to be a JSON object.") from error
        raise TripSageError(ErrorCode.VALIDATION_ERROR, message, field=field) from error
    except msgspec.DecodeError as error:
        problem = str(error).removeprefix("JSON is malformed: ")
        raise TripSageError(ErrorCode.INVALID_MESSAGE, f"The body is not JSON: {problem}.") from error
    except (UnicodeError, RecursionError) as error:
        raise TripSageError(
            ErrorCode.INVALID_MESSAGE, "The body is not UTF-8, or nested too deeply."
        ) from error
