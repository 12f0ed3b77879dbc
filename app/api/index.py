"""What stands where, for whoever opens the server's address."""

from litestar import get
from msgspec import Struct

from app.api.documented import Answer, answers
from app.wiring import VERSION


class Index(Struct, kw_only=True):
    """Paths of this server."""

    name: str = "TripSage"
    version: str = VERSION
    websocket: str = "/ws"
    events: str = "/schema/asyncapi.json"
    rest: str = "/schema"
    ready: str = "/readyz"


@get(
    "/",
    summary="What stands where",
    operation_id="index",
    security=[{}],
    tags=["operations"],
    **answers(Answer(200, Index, "The paths to start from.", Index())),
)
async def index() -> Index:
    """The WebSocket, what it carries, the REST API, and whether the server is ready."""
    return Index()
