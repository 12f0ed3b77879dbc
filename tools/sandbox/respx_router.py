"""The sandbox as a respx router: the live addresses of all providers are answered by it."""

import httpx
import respx

from .sandbox import HOSTS, Sandbox
from .transports import answer


def respx_router(sandbox: Sandbox) -> respx.MockRouter:
    """A router to be used as a context manager or decorator; a call to any other host fails."""

    def side_effect(request: httpx.Request) -> httpx.Response:
        return answer(sandbox, request)

    router = respx.MockRouter(assert_all_called=False)
    for host in HOSTS:
        router.route(host=host).mock(side_effect=side_effect)
    return router
