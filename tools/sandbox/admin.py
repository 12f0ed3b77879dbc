"""`/__admin/`: what a test or a developer changes about a running sandbox, and what it can see of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from .complaint import complaint
from .conditions import Latency, Limit
from .faults import Provider, ProviderName, Rule
from .journal import Expected, verify
from .scenario import ScenarioError, parse
from .wire import Request, Response, json_response
from .world import World

T = TypeVar("T")


class _Seed(Struct, forbid_unknown_fields=True):
    seed: Annotated[int, Meta(ge=-(2**62), le=2**62)]


class _Clock(Struct, forbid_unknown_fields=True):
    """One of them; `advance` is in seconds."""

    today: date | None = None
    now: Annotated[datetime, Meta(tz=True)] | None = None
    advance: Annotated[float, Meta(ge=-1e9, le=1e9)] | None = None


class ProviderLatency(Latency, frozen=True, forbid_unknown_fields=True, kw_only=True):
    provider: Provider


class ProviderLimit(Struct, forbid_unknown_fields=True):
    """`requests` of null takes the limit away."""

    provider: Provider
    requests: Annotated[int, Meta(ge=0)] | None
    seconds: Annotated[float, Meta(gt=0, le=86400)] = 60.0


class _Hold(Struct, forbid_unknown_fields=True):
    provider: ProviderName = "*"
    path: Annotated[str, Meta(max_length=200)] = ""
    times: Annotated[int, Meta(ge=1)] | None = None


class _Release(Struct, forbid_unknown_fields=True):
    provider: ProviderName = "*"


class Admin:
    def __init__(self, world: World) -> None:
        self._world = world

    def handle(self, request: Request) -> Response:
        name = request.path.strip("/")
        try:
            handler = self._handlers().get((request.method, name))
            if handler is None and not name:
                return json_response(200, {"controls": [" /__admin/".join(one) for one in self._handlers()]})
            if handler is None:
                known = ", ".join(" ".join(one) for one in self._handlers())
                message = f"There is no {request.method} /__admin/{name[:100]}, but {known}"
                return json_response(404, {"message": message})
            answer = handler(request)
            return answer if isinstance(answer, Response) else json_response(200, answer)
        except (msgspec.DecodeError, ScenarioError) as error:
            return json_response(422, {"message": complaint(error)})

    def _handlers(self) -> dict[tuple[str, str], Callable[[Request], Any]]:
        return {
            ("GET", "state"): lambda _: self._state(),
            ("POST", "reset"): self._reset,
            ("POST", "seed"): self._set_seed,
            ("POST", "clock"): self._set_clock,
            ("POST", "latency"): self._set_latency,
            ("POST", "limits"): self._set_limit,
            ("GET", "faults"): lambda _: [one.body() for one in self._world.active_rules],
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._remove_faults,
            ("POST", "scenario"): self._play,
            ("POST", "hold"): self._hold,
            ("POST", "release"): self._release,
            ("GET", "requests"): self._requests,
            ("DELETE", "requests"): self._forget_requests,
            ("POST", "verify"): self._verify,
        }

    def _state(self) -> dict[str, Any]:
        world = self._world
        return {
            "seed": world.seed,
            "now": world.now,
            "faults": [one.body() for one in world.active_rules if not one.is_spent],
            "latency": world.latency,
            "held": len(world.held),
            "step": world.step,
        }

    def _reset(self, request: Request) -> dict[str, Any]:
        self._world.reset()
        return self._state()

    def _set_seed(self, request: Request) -> dict[str, Any]:
        self._world.set_seed(_parse(request, _Seed).seed)
        return self._state()

    def _set_clock(self, request: Request) -> dict[str, Any]:
        clock = _parse(request, _Clock)
        if clock.today is not None:
            self._world.set_today(clock.today)
        if clock.now is not None:
            self._world.set_now(clock.now.astimezone(UTC))
        if clock.advance is not None:
            self._world.advance(clock.advance)
        return self._state()

    def _set_latency(self, request: Request) -> dict[str, Any]:
        asked = _parse(request, ProviderLatency)
        self._world.latency[asked.provider] = Latency(asked.seconds, asked.p95)
        return self._state()

    def _set_limit(self, request: Request) -> dict[str, Any]:
        asked = _parse(request, ProviderLimit)
        self._world.limits.pop(asked.provider, None)
        if asked.requests is not None:
            self._world.limits[asked.provider] = Limit(asked.requests, asked.seconds)
        return self._state()

    def _add_fault(self, request: Request) -> dict[str, Any]:
        self._world.add_rule(_parse(request, Rule))
        return self._state()

    def _remove_faults(self, request: Request) -> dict[str, Any]:
        self._world.remove_rules()
        return self._state()

    def _play(self, request: Request) -> dict[str, Any]:
        self._world.play(parse(request.body))
        return self._state()

    def _hold(self, request: Request) -> dict[str, Any]:
        hold = _parse(request, _Hold)
        self._world.add_rule(Rule(provider=hold.provider, kind="hold", path=hold.path, times=hold.times))
        return self._state()

    def _release(self, request: Request) -> dict[str, Any]:
        return {"released": self._world.release(_parse(request, _Release).provider)}

    def _requests(self, request: Request) -> list[Any]:
        provider = request.query.get("provider")
        return [entry for entry in self._world.journal if provider in (None, entry.provider)]

    def _forget_requests(self, request: Request) -> dict[str, Any]:
        self._world.journal.clear()
        return self._state()

    def _verify(self, request: Request) -> Response:
        verdict = verify(_parse(request, Expected), self._world.journal)
        return json_response(200 if verdict.verified else 409, verdict)


def _parse(request: Request, kind: type[T]) -> T:
    """The body; nothing at all counts as an empty object. Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(request.body or b"{}", type=kind)
