"""What every job of a worker works with, made once a process."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.ports import Clock
from app.services.chat import Chat
from app.services.planned_trips import PlannedTrips
from app.settings import Settings
from app.storage.approvals import Approvals
from app.storage.counters import Counters
from app.storage.durations import Durations
from app.storage.sessions import Sessions
from app.streams.commands import Commands
from app.streams.fanout import Fanout
from app.streams.fences import Fences
from app.streams.log import RedisEventLog
from app.streams.queue import Queue
from app.streams.subscriber import Subscriber
from tools.providers.factory import Providers
from tools.tool import Tool
from workers.agent.model import Planner


@dataclass(frozen=True, slots=True)
class AgentParts:
    """For turns."""

    settings: Settings
    clock: Clock
    redis: Commands
    log: RedisEventLog
    fences: Fences
    subscriber: Subscriber
    fanout: Fanout
    queue: Queue
    sessions: Sessions
    chat: Chat
    approvals: Approvals
    counters: Counters
    durations: Durations
    planned_trips: PlannedTrips
    planner: Planner
    tools: Mapping[str, Tool]


@dataclass(frozen=True, slots=True)
class ToolParts:
    """For tool calls."""

    clock: Clock
    redis: Commands
    log: RedisEventLog
    fences: Fences
    subscriber: Subscriber
    counters: Counters
    tools: Mapping[str, Tool]
    providers: Providers
