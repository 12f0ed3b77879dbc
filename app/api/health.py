"""Whether the process lives, and whether it can do its work."""

import asyncio
from typing import Literal

from litestar import Response, get
from msgspec import Struct
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.api.documented import Answer, answers
from app.api.requests import ApiRequest

ANSWER_WITHIN = 1.0
"""Seconds that Redis has before it counts as away."""


class Health(Struct, kw_only=True):
    status: Literal["ok"] = "ok"


class Readiness(Struct, kw_only=True):
    """`reasons` says, in words, what is missing; it is empty when nothing is."""

    status: Literal["ready", "not ready"]
    reasons: list[str]


@get(
    "/healthz",
    summary="Is the process alive?",
    operation_id="health",
    security=[{}],
    tags=["operations"],
    **answers(Answer(200, Health, "It is.", Health())),
)
async def healthz() -> Health:
    """Looks at nothing else, so that a store that is away does not have the process restarted."""
    return Health()


@get(
    "/readyz",
    summary="Can it do its work?",
    operation_id="readiness",
    security=[{}],
    tags=["operations"],
    **answers(
        Answer(200, Readiness, "It can.", Readiness(status="ready", reasons=[])),
        Answer(
            503,
            Readiness,
            "It cannot now: send traffic elsewhere.",
            Readiness(status="not ready", reasons=["it is draining"]),
        ),
    ),
)
async def readyz(request: ApiRequest) -> Response[Readiness]:
    """Whether Redis answers within a second, live events come in, and the gateway is not draining."""
    services = request.services
    servers = {"events": services.redis, "queue": services.queue_redis}
    reached = await asyncio.gather(*map(answers_now, servers.values()))
    reasons = [
        f"the Redis of the {name} does not answer"
        for name, answered in zip(servers, reached, strict=True)
        if not answered
    ]
    if not services.subscriber.healthy:
        reasons.append("the subscription to live events is not up")
    if request.app.state["hub"].draining:
        reasons.append("it is draining")
    readiness = Readiness(status="not ready" if reasons else "ready", reasons=reasons)
    return Response(readiness, status_code=503 if reasons else 200)


async def answers_now(redis: Redis) -> bool:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await redis.ping()
    except (RedisError, OSError):
        return False
    return True
