"""What every attempt at a provider passes: its key is there, and its breaker and allowance, which all share."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from app.contract.errors import ErrorCode, TripSageError
from tools.providers.breaker import TRIAL_LOOK, admit, failed, succeeded
from tools.providers.config import Provider
from tools.providers.retry import MAX_WAIT
from tools.providers.state import ProviderState


class Notes(Protocol):
    async def note(self, message: str) -> None: ...


class Gate:
    def __init__(
        self, provider: Provider, state: ProviderState, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._provider = provider
        self._state = state
        self._sleep = sleep

    async def enter(self, report: Notes) -> None:
        """Wait for the attempt's place.

        Raises `EXTERNAL_API_ERROR` with `retry_after`: at once while the breaker is open, when a trial does
        not end in the time that a call waits, and when the place is further away than that. And, with
        `setting`, while the provider's key is not set.
        """
        name = self._provider.name
        missing = self._provider.missing_key
        if missing:
            raise TripSageError(
                ErrorCode.EXTERNAL_API_ERROR,
                f"{name} cannot be asked: {missing} is not set.",
                provider=name,
                setting=missing,
            )
        allowance = self._provider.allowance
        wait = await self._state.reserve(name, allowance, MAX_WAIT) if allowance else 0.0
        if wait > MAX_WAIT:
            await self._state.count(name, "limited")
            raise _left_alone(name, "has been asked as often as it allows", wait)
        await self._pass_breaker(name)
        if wait:
            await report.note(f"Waiting {wait:.1f} s: {name} has been asked as often as it allows")
            await self._sleep(wait)

    async def _pass_breaker(self, name: str) -> None:
        """Behind a trial that is on its way a call waits to see it end, as long as calls wait."""
        waited = 0.0
        while pause := await self._state.decide(name, admit):
            if pause > TRIAL_LOOK or waited >= MAX_WAIT:
                await self._state.count(name, "refused")
                raise _left_alone(name, "has failed repeatedly and is left alone", max(pause, 1.0))
            await self._sleep(pause)
            waited += pause

    async def leave(self, *, answered: bool, closed_for: float = 0.0) -> bool:
        """Say how the attempt ended, and for how long the provider wants no more; whether there is sense in
        another one.
        """
        name = self._provider.name
        if closed_for and self._provider.allowance:
            await self._state.empty(name, self._provider.allowance, closed_for)
        pause = await self._state.decide(name, succeeded if answered else failed)
        await self._state.count(name, "answered" if answered else "failed")
        return pause == 0


def _left_alone(name: str, why: str, seconds: float) -> TripSageError:
    return TripSageError(
        ErrorCode.EXTERNAL_API_ERROR,
        f"{name} {why}; it can be asked again in {seconds:.0f} s.",
        provider=name,
        retry_after=round(seconds, 1),
    )
