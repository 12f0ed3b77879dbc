"""What concerns one connection, one user or everybody: not a session, not a trip."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct

from app.contract.events.base import Added, Event, Failure, Number, TimedEvent

InReplyTo = Annotated[str, Meta(description="The `id` of the client's frame that this answers.")]


class StreamCursor(Struct, kw_only=True):
    """Where a subscription stands."""

    stream: Annotated[str, Meta(description="Its name.")]
    epoch: Annotated[
        str, Meta(description="Opaque; it changes when history was lost. Send it along to resume.")
    ]
    seq: Annotated[int, Meta(ge=0, description="The last event before the live ones.")]
    recovered: Annotated[
        bool,
        Meta(
            description="False: history no longer reaches back to the cursor. Nothing is sent again; "
            "read a fresh snapshot over REST."
        ),
    ]


class ConnectionEstablished(TimedEvent, kw_only=True, tag="connection_established"):
    """Authenticated: the connection is open."""

    user_id: Annotated[str, Meta(description="Who the token says that you are.")]
    session_id: Annotated[str, Meta(description="The session that was named, or a new one.")]
    server_version: Annotated[str, Meta(description="The software that answers.")]
    features: Annotated[list[str], Meta(description="What this server really has on.")]
    connection_id: Annotated[
        Added[str], Meta(description="Names this connection in the logs of the server.")
    ] = UNSET
    heartbeat_interval: Annotated[
        Added[Number], Meta(description="In seconds: how often the server sends a heartbeat.")
    ] = UNSET
    streams: Annotated[
        Added[list[StreamCursor]],
        Meta(description="What is subscribed: the session, the user, `system`, and what was asked for."),
    ] = UNSET


class ConnectionHeartbeat(TimedEvent, kw_only=True, tag="connection_heartbeat"):
    """Keep-alive; a client's heartbeat is answered with its own `sequence`."""

    sequence: Annotated[
        int, Meta(description="Counts the heartbeats of the server; in an answer that of the client.")
    ]


class ConnectionFailed(TimedEvent, kw_only=True, tag="connection_error"):
    """The connection failed; a close follows."""

    error: Failure


class ConnectionClose(TimedEvent, kw_only=True, tag="connection_close"):
    """The server is about to close the connection, with code 4012."""

    reason: Annotated[str, Meta(description="`server_maintenance`.")]
    reconnect_after: Annotated[Number, Meta(description="In seconds; add some jitter.")]


class Ack(Event, kw_only=True, tag="ack"):
    """A client's frame took effect; `seq`, where present, is that of the durable event it made."""

    in_reply_to: InReplyTo
    status: Annotated[
        Literal["accepted", "duplicate"],
        Meta(description="`duplicate`: this id took effect before and has no second effect."),
    ]


class StreamSubscribed(TimedEvent, kw_only=True, tag="stream_subscribed"):
    """The streams named are subscribed; a replay, where one was asked for, follows."""

    in_reply_to: InReplyTo
    streams: Annotated[list[StreamCursor], Meta(description="One for each stream that was asked for.")]


class StreamUnsubscribed(TimedEvent, kw_only=True, tag="stream_unsubscribed"):
    """The streams named send nothing more on this connection."""

    in_reply_to: InReplyTo
    streams: Annotated[list[str], Meta(description="Their names.")]


class Error(TimedEvent, kw_only=True, tag="error"):
    """A frame was refused, or something failed; the connection lives on."""

    error: Failure
    in_reply_to: Annotated[
        Added[str | None],
        Meta(description="The `id` of the client's frame that this answers, where it had a valid one."),
    ] = UNSET


class Notification(TimedEvent, kw_only=True, tag="notification"):
    """A notification to one user."""

    level: Annotated[Literal["info", "success", "warning", "error"], Meta(description="How to show it.")]
    title: Annotated[str, Meta(description="A few words.")]
    message: Annotated[str, Meta(description="The text.")]
    action_url: Annotated[str | None, Meta(description="Where to read more or act.")] = None


class SystemMessage(TimedEvent, kw_only=True, tag="system_message"):
    """A message to everybody."""

    priority: Annotated[
        Literal["low", "normal", "high", "critical"], Meta(description="How loudly to show it.")
    ]
    message: Annotated[str, Meta(description="The text.")]
