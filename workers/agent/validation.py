"""What planners and people want called, as the tools understand it."""

from collections.abc import Mapping

from msgspec import structs

from app.contract.errors import TripSageError
from app.contract.events.base import error_body
from app.storage.approvals import Decided
from tools.tool import Tool
from workers.agent.journal import Verdict
from workers.agent.model import Call, Step


def validated(step: Step, tools: Mapping[str, Tool]) -> Step:
    """The step with its calls' arguments as their tools understand them, defaults filled in.

    Raises `TripSageError` for arguments that a tool cannot use, `KeyError` for a tool that there is not.
    """
    if not step.calls:
        return step
    return structs.replace(step, calls=tuple(_validated(call, tools[call.tool]) for call in step.calls))


def verdict_of(decided: Decided, call: Call, tools: Mapping[str, Tool]) -> Verdict:
    """What a decision to make the call means: its arguments, or why they cannot be used."""
    try:
        arguments = tools[call.tool].validate(decided.parameters or call.arguments)
    except TripSageError as error:
        return Verdict(key=call.key, arguments=call.arguments, error=error_body(error))
    return Verdict(key=call.key, arguments=arguments)


def _validated(call: Call, tool: Tool) -> Call:
    arguments = tool.validate(call.arguments)
    return structs.replace(call, arguments=arguments, needs_approval=tool.needs_approval)
