"""The trip `t1` over REST."""

from typing import Any

import httpx

from tests.support.api import Api, bearer

T1 = "/api/trips/t1"


async def patch(served: Api, body: Any, user: str = "alice", **headers: str) -> httpx.Response:
    return await served.client.patch(T1, json=body, headers={**bearer(user), **headers})
