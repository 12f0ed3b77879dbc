"""What a tool is: a typed async function under `@tool`. Its signature is its schema.

    @tool(timeout=20)
    async def tide_times(context: ToolContext, harbour: str, on: date) -> TideResult:
        "High and low water at a harbour on one day."

Parameters after the context are the tool's arguments; a trailing underscore (`from_`) is not part of an
argument's name. What it returns is a struct of `tools/results.py` or one like it, with `summary()`.
"""

import inspect
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, get_type_hints

import msgspec

from app.contract.codec import to_builtins
from app.contract.errors import ErrorCode, TripSageError
from tools.providers.factory import Providers

logger = logging.getLogger("tripsage.tools")

Progress = Callable[[float, str], Awaitable[None]]
ToolFunction = Callable[..., Awaitable["ToolResult"]]

CHECK_PROVIDER = "Look at the orders with the provider before you ask for it again."

_AT_PATH = re.compile(r" - at `(?P<path>[^`]+)`$")
_NAMED_FIELD = re.compile(r"field `(?P<field>[^`]+)`")


async def _always() -> bool:
    """For calls that are made once by construction, as by hand."""
    return True


class ToolResult(Protocol):
    """A msgspec struct; its JSON is what the planner reads, its summary what people see."""

    def summary(self) -> dict[str, Any]: ...


class ToolContext:
    """What a call may use besides its arguments.

    `today` is the turn's day, so that a repeated call sees the same one. `endpoint` is the API endpoint that
    the call used last (`POST https://…/air/offer_requests`), or None when it used none.
    """

    def __init__(
        self,
        *,
        today: date,
        progress: Progress,
        providers: Providers,
        once: Callable[[], Awaitable[bool]] = _always,
    ) -> None:
        self._once = once
        self.no_return = False
        self.today = today
        self.providers = providers
        self.endpoint: str | None = None
        self._progress = progress
        self._fraction = 0.0

    async def progress(self, fraction: float, message: str) -> None:
        """Report how far the call is, 0 to 1; it never falls."""
        self._fraction = max(self._fraction, min(1.0, fraction))
        await self._progress(self._fraction, message)

    async def note(self, message: str) -> None:
        """Report something that does not bring the call further, such as a retry."""
        await self._progress(self._fraction, message)

    async def point_of_no_return(self) -> None:
        """Call it right before what must not be done twice; from here on the call is not tried again.

        Raises `OUTCOME_UNKNOWN` when an earlier attempt at this call came as far.
        """
        if not await self._once():
            raise outcome_unknown()
        self.no_return = True

    def used(self, endpoint: str) -> None:
        self.endpoint = endpoint


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as the workers see it. `timeout` is in seconds, for the whole call with its retries.

    A call of one that `needs_approval` is made only when a person has said so.
    """

    name: str
    description: str
    timeout: float
    parameters: type[msgspec.Struct]
    function: ToolFunction
    needs_approval: bool = False

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments object."""
        (schema,), components = msgspec.json.schema_components(
            [self.parameters], ref_template="#/$defs/{name}"
        )
        root = components.pop(self.parameters.__name__, schema)
        return {**root, "$defs": components} if components else dict(root)

    def validate(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments with defaults filled in, as they would read in JSON; null ones are left out.

        Raises `VALIDATION_ERROR`; `details.field` names what is missing, unknown or wrong.
        """
        values: dict[str, Any] = to_builtins(self._parse(arguments))
        return {name: value for name, value in values.items() if value is not None}

    async def run(self, context: ToolContext, arguments: dict[str, Any]) -> ToolResult:
        """Validate and call. Raises `TripSageError` only (and lets cancellation and time-outs through)."""
        parsed = self._parse(arguments)
        values = {name: getattr(parsed, name) for name in parsed.__struct_fields__}
        try:
            return await self.function(context, **values)
        except (TripSageError, TimeoutError):
            raise
        except Exception as error:
            logger.exception("The tool %s failed", self.name)
            raise TripSageError(
                ErrorCode.INTERNAL_ERROR, f"{self.name} failed because of a fault of its own.", tool=self.name
            ) from error

    def _parse(self, arguments: dict[str, Any]) -> msgspec.Struct:
        try:
            return msgspec.convert(arguments, self.parameters)
        except msgspec.ValidationError as error:
            raise _refusal(self.name, str(error)) from None


def tool(*, timeout: float, needs_approval: bool = False) -> Callable[[ToolFunction], Tool]:
    """Make a tool of a function. `timeout`, in seconds, bounds a call with all its retries.

    `needs_approval` is for what costs or binds people: each call waits until a person approves it. Such a
    function calls `context.point_of_no_return()` right before it does what must not be done twice.
    """

    def make(function: ToolFunction) -> Tool:
        description = inspect.getdoc(function)
        if not description:
            raise TypeError(f"The tool {function.__name__} needs a docstring: it is the tool's description")
        return Tool(function.__name__, description, timeout, _parameters(function), function, needs_approval)

    return make


def _parameters(function: ToolFunction) -> type[msgspec.Struct]:
    hints = get_type_hints(function, include_extras=True)
    _, *parameters = inspect.signature(function).parameters.values()
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for parameter in parameters:
        hint = hints[parameter.name]
        if parameter.default is inspect.Parameter.empty:
            fields.append((parameter.name, hint))
        else:
            fields.append((parameter.name, hint, parameter.default))
    renamed = {name: name.rstrip("_") for name in hints if name.endswith("_")}
    return msgspec.defstruct(
        function.__name__, fields, kw_only=True, forbid_unknown_fields=True, rename=renamed or None
    )


def outcome_unknown(check: str = "") -> TripSageError:
    """The error of a call that may have been made or not; `check` says where to look."""
    message = "It is not known whether this was done, and it is not tried again."
    return TripSageError(ErrorCode.OUTCOME_UNKNOWN, f"{message} {check or CHECK_PROVIDER}")


def invalid(field: str, message: str) -> TripSageError:
    """The error for an argument whose value cannot be used; `message` is for the person who asked."""
    return TripSageError(ErrorCode.VALIDATION_ERROR, message, field=field)


def _refusal(tool_name: str, problem: str) -> TripSageError:
    """msgspec's complaint as an error that names the argument: a path such as `slices[1].origin`."""
    path = _AT_PATH.search(problem)
    parts = [path["path"].removeprefix("$").lstrip(".")] if path else []
    said = _AT_PATH.sub("", problem)
    named = _NAMED_FIELD.search(said)
    if named:
        parts.append(named["field"])
    field = ".".join(filter(None, parts))
    return TripSageError(
        ErrorCode.VALIDATION_ERROR, f"{tool_name} cannot use {field or 'its arguments'}: {said}", field=field
    )
