"""The documents of this server: OpenAPI of its REST API, AsyncAPI of its WebSocket."""

from litestar import MediaType, Response, Router, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag

from app.api.reference import ReferencePage
from app.contract.asyncapi import asyncapi_document
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.wiring import VERSION

PATH = "/schema"

_DESCRIPTION = """\
Sessions with the travel agent: say something, follow what the agent does, read what came of it.

What happens is told by events, each with its place `seq` in the session's stream. Read the messages or a
turn's result over REST, and follow the events on the WebSocket (`/schema/asyncapi.json` describes it) or as
server-sent events; a cursor (`seq` and `epoch`) resumes either without gap or repeat.

Every error is a problem (RFC 9457) with a `code`, whether it is `retryable`, and the `request_id` that the
logs have too; send `X-Request-ID` to choose it."""


def openapi_config() -> OpenAPIConfig:
    bearer = SecurityScheme(
        type="http",
        scheme="bearer",
        bearer_format="JWT",
        description="In development mode `POST /api/auth/dev-token` gives one.",
    )
    return OpenAPIConfig(
        title="TripSage",
        version=VERSION,
        description=_DESCRIPTION,
        components=Components(security_schemes={"bearer": bearer}),
        tags=[
            Tag(name="sessions", description="Talking with the agent."),
            Tag(name="trips", description="Trips that several people edit at once."),
            Tag(name="authentication", description="Who you are."),
            Tag(name="operations", description="For who runs the server."),
        ],
        use_handler_docstrings=True,
        render_plugins=[ReferencePage(), JsonRenderPlugin(path="/openapi.json", media_type=MediaType.JSON)],
        openapi_router=Router(PATH, route_handlers=[], include_in_schema=False, after_request=_no_page),
    )


async def _no_page(response: Response[bytes]) -> Response[bytes]:
    """Below its documents Litestar answers an unknown address with a page; here it is a problem."""
    if response.status_code == 404:
        raise TripSageError(ErrorCode.NOT_FOUND, "There is nothing at this address.")
    return response


@get(f"{PATH}/asyncapi.json", include_in_schema=False)
async def asyncapi() -> Response[bytes]:
    return Response(encode(asyncapi_document(VERSION)), media_type="application/json")
