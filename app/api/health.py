"""Whether the process lives, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Literal

from litestar import Response, get
from msgspec import Struct
from redis.exceptions import RedisError

from app.api.documented import Answer, answers
from app.api.requests import ApiRequest
from app.contract.jobs import TURN_QUEUE

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
    events_answer, queue_answers = await asyncio.gather(
        _answers(services.redis.ping()), _answers(services.queue.depth(TURN_QUEUE))
    )
    reasons: list[str] = []
    if not events_answer:
        reasons.append("the Redis of the events does not answer")
    if not queue_answers:
        reasons.append("the Redis of the queue does not answer")
    if not services.subscriber.healthy:
        reasons.append("the subscription to live events is not up")
    if request.app.state["hub"].draining:
        reasons.append("it is draining")
    readiness = Readiness(status="not ready" if reasons else "ready", reasons=reasons)
    return Response(readiness, status_code=503 if reasons else 200)


async def _answers(question: Awaitable[Any]) -> bool:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await question
    except (RedisError, OSError):
        return False
    return True
