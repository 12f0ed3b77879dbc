"""How every travel API is called: deadlines, retries where repeating is safe, bounded answers, honest errors.

The only module of the tools that knows httpx. Keys are sent in headers or parameters, and nothing here writes
them down: errors carry the provider's name, the status and its request id, and what it said with the key cut out.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from typing import Any, Protocol, TypeVar

import httpx
import msgspec

from app.contract.errors import ErrorCode, TripSageError
from tools.providers.config import Provider
from tools.providers.gate import Gate
from tools.providers.outcome import Answer, Answered, Failure, Transient
from tools.providers.retry import ATTEMPTS, MAX_WAIT, Effect, backoff, closed_for, is_repeatable, stated_wait
from tools.providers.state import LocalState, ProviderState

T = TypeVar("T")
Transport = httpx.AsyncBaseTransport
Parameters = Mapping[str, str | int | float]

CONNECT_TIMEOUT = 5.0  # s
READ_TIMEOUT = 15.0  # s
MAX_ANSWER = 16 * 1024 * 1024  # bytes, decompressed
MAX_QUOTE = 300  # characters of what a provider said
MAX_KEPT = 256 * 1024  # bytes of an answer that is kept

# It writes whole addresses, and some APIs want their key in the address.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Report(Protocol):
    """Where a call says which endpoint it uses, and that it tries again."""

    def used(self, endpoint: str) -> None: ...

    async def note(self, message: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Timing:
    """Where waiting, chance (0 to 1) and the time come from; `deadline` is what becomes of a request's seconds."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    deadline: Callable[[float], float] = lambda seconds: seconds


class HttpClient:
    """A kept-alive client of one provider."""

    def __init__(
        self,
        provider: Provider,
        transport: Transport | None = None,
        timing: Timing | None = None,
        state: ProviderState | None = None,
    ) -> None:
        self._provider = provider
        self._timing = timing or Timing()
        self._state = state or LocalState()
        self._gate = Gate(provider, self._state, self._timing.sleep)
        self._client = httpx.AsyncClient(
            base_url=provider.url,
            transport=transport,
            timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT, pool=CONNECT_TIMEOUT),
            # A proxy of the environment is for the way out, never for this machine.
            trust_env=not provider.is_on_this_machine,
            verify=_certificates(),
            headers={"user-agent": "tripsage"},
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(
        self, path: str, parameters: Parameters, report: Report, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Repeated after any passing failure: reading twice changes nothing.

        Raises what `send` raises.
        """
        return await self.send(
            "GET", path, report, parameters=parameters, headers=headers, effect=Effect.NONE
        )

    async def read(
        self, path: str, parameters: Parameters, report: Report, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """As `get`, unless the same was kept before and is still fresh. `keep` what turns out to be sound."""
        if not self._provider.keeps_answers:
            return await self.get(path, parameters, report, headers=headers)
        asked = "&".join(f"{name}={value}" for name, value in sorted(parameters.items()))
        key = blake2b(f"{self._provider.url}{path}?{asked}".encode(), digest_size=20).hexdigest()
        body = await self._state.recall(key)
        if body is not None:
            report.used(f"GET {self._provider.url}{path}")
            await self._state.count(self._provider.name, "kept")
            return Answer(200, {}, body)
        answer = await self.get(path, parameters, report, headers=headers)
        return replace(answer, key=key)

    async def keep(self, answer: Answer, seconds: int) -> None:
        """Answer the same question with this for so long. Only for answers that were read and believed."""
        if answer.key is not None and answer.status == 200 and len(answer.body) <= MAX_KEPT:
            await self._state.keep(answer.key, answer.body, seconds)

    async def send(
        self,
        method: str,
        path: str,
        report: Report,
        *,
        parameters: Parameters | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        read_timeout: float = READ_TIMEOUT,
        effect: Effect = Effect.WORK,
    ) -> Answer:
        """The provider's answer, whatever its status, unless that calls for another attempt.

        A request is made again when it never arrived, after 429 and, unless it binds, 503, and after any broken
        connection or 5xx if it has no effect. Raises `TOOL_TIMEOUT` when the provider does not answer in time,
        `EXTERNAL_API_ERROR` when it cannot be reached, answers without end, is left alone or its key is not
        set, and `OUTCOME_UNKNOWN` instead for what binds and may have been done.
        """
        report.used(f"{method} {self._provider.url}{path}")
        request = self._client.build_request(
            method,
            path,
            params=dict(parameters or {}),
            headers=dict(headers or {}),
            content=body,
            timeout=httpx.Timeout(
                self._timing.deadline(read_timeout), connect=CONNECT_TIMEOUT, pool=CONNECT_TIMEOUT
            ),
        )
        attempt = 1
        while True:
            await self._gate.enter(report)
            outcome = await self._attempt(request)
            closed = self._closed_for(outcome)
            is_worth_it = await self._gate.leave(answered=not outcome.is_outage, closed_for=closed)
            wait = self._wait(outcome, effect, attempt) if is_worth_it else None
            if wait is None:
                break
            attempt += 1
            await report.note(
                f"{self._provider.name} {outcome.said}; trying again in {wait:.1f} s "
                f"(attempt {attempt} of {ATTEMPTS})"
            )
            await self._timing.sleep(wait)
        if effect is Effect.BINDS and outcome.leaves_open:
            raise self.unknown(outcome.said, outcome.answer if isinstance(outcome, Answered) else None)
        if isinstance(outcome, Failure):
            raise self._unreachable(outcome)
        return outcome.answer

    def parse(
        self, answer: Answer, kind: type[T], *, unreadable: ErrorCode = ErrorCode.EXTERNAL_API_ERROR
    ) -> T:
        """The body of a successful answer.

        Raises `EXTERNAL_API_ERROR` when the status is another, and `unreadable` when the body is not what was
        expected.
        """
        if not 200 <= answer.status < 300:
            raise self.refused(answer, answer.body[: 4 * MAX_QUOTE].decode(errors="replace"))
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            said = "answered with something unexpected"
            if unreadable is ErrorCode.OUTCOME_UNKNOWN:
                raise self.unknown(said, answer, str(error)) from error
            message = f"{self._provider.name} {said}."
            raise self.error(message, answer, reason=str(error), code=unreadable) from error

    def refused(self, answer: Answer, said: str) -> TripSageError:
        """The error for an answer that is a refusal; `said` is the provider's reason."""
        return self.error(f"{self._provider.name} answered {answer.status}.", answer, reason=said)

    def unknown(self, said: str, answer: Answer | None = None, reason: str | None = None) -> TripSageError:
        """The error of what may have been done; `said` reads after the provider's name."""
        name = self._provider.name
        message = (
            f"{name} {said}, so nobody knows whether this was done, and it is not tried again. "
            f"Look at the orders with {name} before you ask for it again."
        )
        return self.error(message, answer, reason=reason, code=ErrorCode.OUTCOME_UNKNOWN)

    def error(
        self,
        message: str,
        answer: Answer | None = None,
        *,
        reason: str | None = None,
        code: ErrorCode = ErrorCode.EXTERNAL_API_ERROR,
        **more: Any,
    ) -> TripSageError:
        """An error with the provider's name, the answer's status and request id, and `reason` cut short."""
        details: dict[str, Any] = {"provider": self._provider.name, **more}
        if answer is not None:
            details["status"] = answer.status
            wait = stated_wait(answer.status, answer.headers, self._timing.now())
            if wait is not None:
                details["retry_after"] = round(wait, 1)
            if answer.request_id:
                details["request_id"] = self._without_key(answer.request_id)
        if reason:
            details["reason"] = self._quote(reason)
        return TripSageError(code, message, **details)

    async def _attempt(self, request: httpx.Request) -> Answered | Failure:
        try:
            response = await self._client.send(request, stream=True)
            try:
                body = await self._read(response)
            finally:
                await response.aclose()
        except httpx.ConnectError:
            return Failure("could not be reached", Transient.NEVER_ARRIVED)
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            return Failure("could not be reached in time", Transient.NEVER_ARRIVED, timed_out=True)
        except httpx.TimeoutException:
            return Failure("did not answer in time", Transient.NO, timed_out=True)
        except httpx.TransportError:
            return Failure("broke the connection off", Transient.BROKEN_OFF)
        except _TooMuch:
            return Failure(f"sent more than {MAX_ANSWER >> 20} MiB", Transient.NO)
        except httpx.DecodingError:
            return Failure("sent an answer that cannot be unpacked", Transient.NO)
        return Answered(Answer(response.status_code, response.headers, body))

    async def _read(self, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > MAX_ANSWER:
                raise _TooMuch
            parts.append(part)
        return b"".join(parts)

    def _wait(self, outcome: Answered | Failure, effect: Effect, attempt: int) -> float | None:
        """Seconds until the next attempt, or None when there shall be none."""
        if attempt == ATTEMPTS:
            return None
        if isinstance(outcome, Failure):
            again = outcome.transient is Transient.NEVER_ARRIVED or (
                effect is Effect.NONE and outcome.transient is Transient.BROKEN_OFF
            )
            return backoff(attempt, self._timing.jitter()) if again else None
        answer = outcome.answer
        if not is_repeatable(answer.status, effect):
            return None
        stated = stated_wait(answer.status, answer.headers, self._timing.now())
        if stated is None:
            return backoff(attempt, self._timing.jitter())
        return None if stated > MAX_WAIT else stated + backoff(1, self._timing.jitter())

    def _closed_for(self, outcome: Answered | Failure) -> float:
        if isinstance(outcome, Failure):
            return 0.0
        return closed_for(outcome.answer.status, outcome.answer.headers, self._timing.now())

    def _unreachable(self, failure: Failure) -> TripSageError:
        message = f"{self._provider.name} {failure.said}."
        if failure.timed_out:
            return TripSageError(ErrorCode.TOOL_TIMEOUT, message, provider=self._provider.name)
        return self.error(message)

    def _quote(self, text: str) -> str:
        printable = "".join(character if character.isprintable() else " " for character in text)
        return self._without_key(printable)[:MAX_QUOTE]

    def _without_key(self, text: str) -> str:
        key = self._provider.key
        return text.replace(key, "[key]") if key else text


class _TooMuch(Exception):
    """An answer is larger than any sound one."""


@cache
def _certificates() -> ssl.SSLContext:
    """Of those who may be trusted; all clients share them, because reading them takes some 30 ms."""
    return httpx.create_ssl_context()
