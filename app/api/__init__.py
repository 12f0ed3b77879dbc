"""The REST API: thin handlers over the services; errors are problems, stored frames pass unread."""

from typing import Any, cast

from litestar import Router
from litestar.config.app import AppConfig
from litestar.types import ControllerRouterHandler

from app.api.dev_token import create_dev_token
from app.api.event_streams import event_streams
from app.api.follow import follow_session
from app.api.health import healthz, readyz
from app.api.index import index
from app.api.messages import cancel_turn, list_events, list_messages, read_turn, send_message
from app.api.metrics import metrics
from app.api.origins import OriginCheck, finish
from app.api.problems import exception_handlers
from app.api.requests import ApiRequest, Authentication
from app.api.schema import asyncapi, openapi_config
from app.api.sessions import create_session, delete_session, list_sessions, read_session
from app.api.tool_calls import decide_tool_call
from app.api.trip_collaborators import COLLABORATORS
from app.api.trip_copies import COPIES
from app.api.trip_history import HISTORY
from app.api.trip_invitations import INVITATIONS
from app.api.trips import TRIPS
from app.settings import Settings

SESSIONS: list[ControllerRouterHandler] = [
    create_session,
    list_sessions,
    read_session,
    delete_session,
    list_messages,
    send_message,
    cancel_turn,
    decide_tool_call,
    read_turn,
    list_events,
    follow_session,
]


def api_routes(settings: Settings) -> list[ControllerRouterHandler]:
    """Everything of this server but the WebSocket. What needs a caller stands behind `Authentication`."""
    routes: list[ControllerRouterHandler] = [
        _of_callers("sessions", SESSIONS),
        _of_callers("trips", [*TRIPS, *HISTORY, *COPIES, *COLLABORATORS, *INVITATIONS]),
        index,
        healthz,
        readyz,
        metrics,
        asyncapi,
    ]
    if settings.auth == "dev":
        routes.append(Router("/api", route_handlers=[create_dev_token], tags=["authentication"]))
    return routes


def api_settings(settings: Settings) -> dict[str, Any]:
    """Keyword arguments of `Litestar` that make it this API's: nothing of it is on that is not named here."""
    return {
        "request_class": ApiRequest,
        "request_max_body_size": settings.limits.frame_bytes,
        "exception_handlers": exception_handlers(),
        "middleware": [OriginCheck],
        "before_send": [finish],
        "openapi_config": openapi_config(),
        "on_app_init": [_with_event_streams],
        "logging_config": None,
        "debug": False,
        "pdb_on_exception": False,
    }


def _of_callers(tag: str, handlers: list[ControllerRouterHandler]) -> Router:
    return Router(
        "/api",
        route_handlers=handlers,
        middleware=[Authentication],
        security=[{"bearer": []}],
        tags=[tag],
    )


def _with_event_streams(config: AppConfig) -> AppConfig:
    cast(list[Any], config.lifespan).append(event_streams)
    return config
