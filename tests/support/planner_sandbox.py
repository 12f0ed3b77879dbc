"""The installed tools on the sandbox's core, in this process: what the planner is really given."""

import asyncio
from datetime import UTC, date, datetime, time

from msgspec import Raw

from app.contract.codec import encode
from app.contract.errors import TripSageError
from app.contract.events import ErrorBody
from tools import registry
from tools.providers.config import load
from tools.providers.factory import Providers
from tools.sandbox.sandbox import Sandbox
from tools.sandbox.transports import mock_transport
from tools.tool import ToolContext
from workers.agent.model import Call, CallOutcome


class SandboxWorld:
    """Answers calls as the tool worker would; the same seed and day give the same answers."""

    def __init__(self, today: date, seed: int = 1) -> None:
        self._today = today
        noon = datetime.combine(today, time(12), UTC)
        self._transport = mock_transport(Sandbox(seed, today, clock=lambda: noon))

    def answer(self, call: Call) -> CallOutcome:
        return asyncio.run(self._answer(call))

    async def _answer(self, call: Call) -> CallOutcome:
        async def progress(fraction: float, message: str) -> None:
            pass

        tool = registry.load()[call.tool]
        providers = Providers(load({}), self._transport)
        context = ToolContext(today=self._today, progress=progress, providers=providers)
        try:
            result = await tool.run(context, tool.validate(call.arguments))
        except TripSageError as failure:
            error = ErrorBody(code=failure.code, message=failure.message, retryable=failure.retryable)
            return CallOutcome(key=call.key, status="error", error=error)
        finally:
            await providers.close()
        return CallOutcome(
            key=call.key, status="complete", result=Raw(encode(result)), endpoint=context.endpoint
        )
