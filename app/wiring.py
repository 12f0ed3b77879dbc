"""Puts adapters into services: everything that a gateway or a worker shares, made from its settings."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import cast

from app import __version__
from app.domain.ports import Clock
from app.services.access import Access
from app.services.approvals import ToolCallDecisions
from app.services.auth import Authenticator, KeySet, KeySource, SharedSecret
from app.services.chat import Chat
from app.services.limits import ConnectionLimit, MessageLimit
from app.services.planned_trips import PlannedTrips
from app.services.trip_answers import Answers
from app.services.trip_conflicts import Conflicts
from app.services.trip_copies import TripCopies
from app.services.trip_history import TripPast
from app.services.trip_invitations import TripInvitations
from app.services.trip_lists import TripListing
from app.services.trip_presence import TripPresence
from app.services.trip_sharing import TripSharing
from app.services.trips import TripEditing
from app.settings import Settings, SettingsError, dev_secret
from app.storage.approvals import Approvals
from app.storage.counters import Counters
from app.storage.durations import Durations
from app.storage.presence import Presence
from app.storage.sessions import Sessions
from app.storage.trip_answers import TripAnswers
from app.storage.trip_conflicts import KeptConflicts
from app.storage.trip_history import TripHistory
from app.storage.trip_lists import TripLists
from app.storage.trip_roles import TripRoles
from app.storage.trips import Trips
from app.streams.client import make_client
from app.streams.commands import Commands
from app.streams.fanout import Fanout
from app.streams.fences import Fences
from app.streams.log import RedisEventLog
from app.streams.queue import Queue
from app.streams.subscriber import Subscriber

FEATURES = ("chat", "realtime", "resume", "msgpack", "trips")
VERSION = __version__


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """An id nobody can guess, in the characters that clients use too."""
    return token_urlsafe(15)


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases and what they rest on, over one connection pool an address."""

    settings: Settings
    clock: Clock
    redis: Commands
    log: RedisEventLog
    fences: Fences
    subscriber: Subscriber
    fanout: Fanout
    queue: Queue
    sessions: Sessions
    access: Access
    chat: Chat
    approvals: Approvals
    decisions: ToolCallDecisions
    trips: TripEditing
    planned_trips: PlannedTrips
    trip_past: TripPast
    trip_lists: TripListing
    trip_copies: TripCopies
    trip_conflicts: Conflicts
    trip_sharing: TripSharing
    trip_invitations: TripInvitations
    trip_presence: TripPresence
    counters: Counters
    durations: Durations
    connection_limit: ConnectionLimit


@asynccontextmanager
async def services(settings: Settings, clock: Clock = utc_now) -> AsyncGenerator[Services]:
    """Opens everything, and closes it. A Redis that is away is waited for where it is first needed."""
    client = make_client(settings.events_url)
    queue_client = client if settings.queue_url == settings.events_url else make_client(settings.queue_url)
    redis = cast(Commands, client)
    log = RedisEventLog(client, settings.retention)
    subscriber = Subscriber(settings.events_url)
    fanout = Fanout(log, subscriber)
    subscriber.start()
    queue = Queue(queue_client)
    sessions = Sessions(redis, clock)
    stored_trips = Trips(client, settings.retention)
    roles = TripRoles(client, settings.retention)
    kept_conflicts = KeptConflicts(client, settings.limits.conflict_seconds)
    conflicts = Conflicts(kept_conflicts, stored_trips, log, clock, new_id)
    kept_answers = TripAnswers(client)
    trips = TripEditing(stored_trips, kept_answers, log, conflicts, clock, new_id)
    presence = Presence(client, settings.retention, settings.limits, new_id())
    trip_presence = TripPresence(presence, log, clock, new_id)
    answers = Answers(kept_answers)
    sharing = TripSharing(roles, trips, trip_presence, answers, log, clock, new_id)
    limit = MessageLimit(redis, settings.limits.messages_per_minute, clock)
    chat = Chat(log, redis, sessions, queue, limit, clock)
    approvals = Approvals(redis, settings.retention)
    try:
        yield Services(
            settings=settings,
            clock=clock,
            redis=redis,
            log=log,
            fences=Fences(redis, settings.retention),
            subscriber=subscriber,
            fanout=fanout,
            queue=queue,
            sessions=sessions,
            access=Access(sessions, roles),
            chat=chat,
            approvals=approvals,
            decisions=ToolCallDecisions(approvals, sessions, chat),
            trips=trips,
            planned_trips=PlannedTrips(trips),
            trip_copies=TripCopies(trips),
            trip_lists=TripListing(TripLists(client)),
            trip_past=TripPast(trips, TripHistory(client)),
            trip_conflicts=conflicts,
            trip_sharing=sharing,
            trip_invitations=TripInvitations(roles, trips, sharing, answers, clock),
            trip_presence=trip_presence,
            counters=Counters(redis),
            durations=Durations(redis),
            connection_limit=ConnectionLimit(redis, settings.limits.connections_per_user, clock),
        )
    finally:
        await fanout.close()
        await subscriber.close()
        await client.aclose()
        if queue_client is not client:
            await queue_client.aclose()


def authenticator(settings: Settings, clock: Clock = utc_now) -> Authenticator:
    """Raises `SettingsError` when the development key cannot be made."""
    if settings.jwks_url:
        keys: KeySource = KeySet(settings.jwks_url, clock)
    else:
        keys = SharedSecret(signing_secret(settings))
    return Authenticator(keys, clock, issuer=settings.jwt_issuer, audience=settings.jwt_audience)


def signing_secret(settings: Settings) -> str:
    """The key that signs this system's own tokens.

    Raises `SettingsError` where an identity provider signs them.
    """
    if settings.auth == "dev":
        return dev_secret(settings.data_dir)
    if settings.jwt_secret is None:
        raise SettingsError("tokens come from the identity provider of TRIPSAGE_JWKS_URL")
    return settings.jwt_secret
