"""`/metrics`: what this gateway counts itself, and what the whole system has done, read when asked."""

import asyncio
from collections.abc import Iterable, Mapping

from litestar import Response, get
from prometheus_client import Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from app.api.documented import Answer, answers
from app.api.requests import ApiRequest
from app.contract.jobs import TOOL_QUEUE, TURN_QUEUE
from app.streams.queue import Depth
from app.wiring import Services

READ_WITHIN = 1.0
"""Seconds for all that is read of Redis; what is not there by then is left out."""

MEDIA_TYPE = "text/plain; version=0.0.4"  # the charset is added to every text
QUEUES = {"agents": TURN_QUEUE, "tools": TOOL_QUEUE}

_COUNTED: dict[str, tuple[str, list[str]]] = {
    "turns": ("Turns that ended, by how", ["finish_reason"]),
    "tool_calls": ("Tool calls that ended, by tool and how", ["tool", "outcome"]),
    "provider_calls": ("Attempts at calls of travel providers, by how they ended", ["provider", "outcome"]),
    "provider_breaker_changes": ("Changes of a provider's circuit breaker", ["provider", "state"]),
    "recoveries": ("Turns taken up again after their worker was lost", []),
}

_BREAKER = {"closed": 0, "half_open": 1, "open": 2}


class SystemCollector(Collector):
    """Metrics that were read just now."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


@get(
    "/metrics",
    summary="Metrics for Prometheus",
    operation_id="metrics",
    security=[{}],
    tags=["operations"],
    **answers(Answer(200, str, "Prometheus' text format.", media_type="text/plain")),
)
async def metrics(request: ApiRequest) -> Response[bytes]:
    """This gateway's own metrics and the whole system's. Without Redis: what is left."""
    state = request.app.state
    system = SystemCollector(await system_metrics(request.services, len(state["event_streams"])))
    body = generate_latest(state["metrics"].registry) + generate_latest(system)
    return Response(body, media_type=MEDIA_TYPE)


async def system_metrics(services: Services, event_streams: int) -> list[Metric]:
    depths, counted, breakers = await asyncio.gather(
        _depths(services), _counters(services), _breakers(services)
    )
    up = GaugeMetricFamily("tripsage_redis_up", "1 when this Redis answers the gateway", labels=["server"])
    up.add_metric(["queue"], float(depths is not None))
    up.add_metric(["events"], float(counted is not None))
    streams = GaugeMetricFamily(
        "tripsage_event_streams", "Responses of server-sent events open on this gateway", value=event_streams
    )
    breaker = GaugeMetricFamily(
        "tripsage_provider_breaker",
        "Circuit breaker of a travel provider: 0 closed, 1 half-open, 2 open",
        labels=["provider"],
    )
    for provider, state in breakers.items():
        breaker.add_metric([provider], _BREAKER[state])
    return [up, streams, breaker, *_queue_metrics(depths or {}), *_counter_metrics(counted)]


async def _depths(services: Services) -> dict[str, Depth] | None:
    try:
        async with asyncio.timeout(READ_WITHIN):
            return {name: await services.queue.depth(queue) for name, queue in QUEUES.items()}
    except (RedisError, OSError):
        return None


async def _counters(services: Services) -> dict[tuple[str, ...], int] | None:
    try:
        async with asyncio.timeout(READ_WITHIN):
            return await services.counters.read()
    except (RedisError, OSError):
        return None


async def _breakers(services: Services) -> dict[str, str]:
    try:
        async with asyncio.timeout(READ_WITHIN):
            return await services.counters.breakers()
    except (RedisError, OSError):
        return {}


def _queue_metrics(depths: Mapping[str, Depth]) -> list[Metric]:
    waiting = GaugeMetricFamily("tripsage_queue_depth", "Jobs that are due and run nowhere", labels=["queue"])
    running = GaugeMetricFamily("tripsage_queue_running", "Jobs that run", labels=["queue"])
    oldest = GaugeMetricFamily(
        "tripsage_queue_oldest_seconds", "For how long the oldest waiting job has been due", labels=["queue"]
    )
    for name, depth in depths.items():
        waiting.add_metric([name], depth.waiting)
        running.add_metric([name], depth.running)
        oldest.add_metric([name], depth.oldest_seconds)
    return [waiting, running, oldest]


def _counter_metrics(counted: Mapping[tuple[str, ...], int] | None) -> list[Metric]:
    if counted is None:
        return []
    families = {
        name: CounterMetricFamily(f"tripsage_{name}", text, labels=labels)
        for name, (text, labels) in _COUNTED.items()
    }
    for (name, *labels), count in counted.items():
        if name in families and len(labels) == len(_COUNTED[name][1]):
            families[name].add_metric(labels, count)
    if ("recoveries",) not in counted:
        families["recoveries"].add_metric([], 0)
    return list(families.values())
