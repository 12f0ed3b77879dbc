"""`python -m tools list` and `python -m tools run NAME --option value …`: a tool by hand, without a turn.

The result goes to standard output as JSON, progress to standard error. A tool that costs or binds people asks
before it does, or wants `--yes`. Exit codes: 0 done, 1 the tool failed, 2 it was called wrongly, 130 interrupted.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from tools import registry
from tools.providers.config import ConfigError, load
from tools.providers.factory import Providers
from tools.tool import Tool, ToolContext, outcome_unknown

Schema = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        if given.command == "list":
            for tool in registry.load().values():
                print(f"{tool.name:22} {_first_line(tool)}")  # noqa: T201  # what it is for
            return 0
        tool = registry.load()[given.tool]
        if tool.needs_approval and not given.yes and not _agreed(tool):
            return 2
        return asyncio.run(_run(tool, given))
    except ConfigError as error:
        return _complain(str(error), 2)
    except KeyboardInterrupt:
        return 130


async def _run(tool: Tool, given: argparse.Namespace) -> int:
    providers = Providers(load(os.environ))
    context = ToolContext(today=_today(), progress=_progress, providers=providers)
    try:
        async with asyncio.timeout(tool.timeout):
            result = await tool.run(context, _arguments(tool, given))
    except TimeoutError:
        if context.no_return:
            return _failed(outcome_unknown())
        return _complain(f"{tool.name} did not answer within {tool.timeout:g} s.", 1)
    except asyncio.CancelledError:
        if context.no_return:
            _failed(outcome_unknown())
        raise
    except TripSageError as error:
        return _failed(error)
    finally:
        await providers.close()
    print(msgspec.json.format(encode(result), indent=2).decode())  # noqa: T201  # the result
    return 0


def _failed(error: TripSageError) -> int:
    details = json.dumps(error.details, ensure_ascii=False, default=str) if error.details else ""
    code = 2 if error.code is ErrorCode.VALIDATION_ERROR else 1
    return _complain(f"{error.code}: {error.message} {details}".rstrip(), code)


def _agreed(tool: Tool) -> bool:
    """Whether the person at the terminal says yes; without one nobody does."""
    travel = f"TRIPSAGE_TRAVEL={os.environ.get('TRIPSAGE_TRAVEL', '').strip() or 'sandbox'}"
    if not sys.stdin.isatty():
        _complain(f"{tool.name} binds people, so nothing was done: say --yes to have it done ({travel}).", 2)
        return False
    question = f"{_first_line(tool)}\nIt binds people ({travel}). Do it? [y/N] "
    print(question, end="", file=sys.stderr, flush=True)  # noqa: T201  # beside the result
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    _complain("Nothing was done.", 2)
    return False


def _first_line(tool: Tool) -> str:
    return tool.description.splitlines()[0]


def _today() -> date:
    stated = os.environ.get("TRIPSAGE_TODAY", "").strip()
    try:
        return date.fromisoformat(stated) if stated else datetime.now(UTC).date()
    except ValueError:
        raise ConfigError("TRIPSAGE_TODAY is not a date like 2027-05-04") from None


async def _progress(fraction: float, message: str) -> None:
    print(f"{fraction:4.0%}  {message}", file=sys.stderr)  # noqa: T201  # beside the result


def _complain(message: str, code: int) -> int:
    print(f"tripsage: {message}", file=sys.stderr)  # noqa: T201  # one line for the person who called
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tripsage tools", description="Run a tool by hand.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name every tool")
    run = commands.add_parser("run", help="run one: tripsage tools run flight_search --help")
    named = run.add_subparsers(dest="tool", required=True, metavar="TOOL")
    for tool in registry.load().values():
        _add_tool(named, tool)
    return parser


def _add_tool(named: Any, tool: Tool) -> None:
    """One option an argument. Lists are given by repeating it, objects as JSON."""
    summary = _first_line(tool)
    about = tool.description.replace("%", "%%")
    command = named.add_parser(tool.name, help=summary.replace("%", "%%"), description=about)
    if tool.needs_approval:
        command.add_argument("--yes", action="store_true", help="do it without asking: it binds people")
    schema = tool.schema()
    for name, field in schema["properties"].items():
        command.add_argument(
            f"--{name.replace('_', '-')}",
            dest=f"argument {name}",
            action="append",
            required=name in schema.get("required", []),
            metavar=_type(field).upper() or "JSON",
            help=_help(field).replace("%", "%%"),
            **({"nargs": "?", "const": "true"} if _type(field) == "boolean" else {}),
        )


def _arguments(tool: Tool, given: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in tool.schema()["properties"].items():
        values: list[str] | None = getattr(given, f"argument {name}")
        if values is None:
            continue
        if _type(field) != "array":
            found[name] = _value(values[-1], field)
        elif len(values) == 1 and values[0].startswith("["):
            found[name] = _value(values[0], field)
        else:
            found[name] = [_value(value, field.get("items", {})) for value in values]
    return found


def _value(text: str, field: Schema) -> Any:
    """As JSON unless a text is wanted; what is no JSON stays a text, which the tool then refuses."""
    if _type(field) == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _help(field: Schema) -> str:
    choices: list[Any] = field.get("enum") or field.get("items", {}).get("enum") or []
    stated: str = field.get("description", "")
    return stated or ", ".join(str(choice) for choice in choices if choice is not None)


def _type(field: Schema) -> str:
    """The JSON type; of several (`anyOf`) the first that is not null. Empty for objects of their own name."""
    options = [field, *field.get("anyOf", [])]
    kinds = [option["type"] for option in options if option.get("type") not in (None, "null")]
    if not kinds and any("enum" in option for option in options):
        return "string"
    return str(kinds[0]) if kinds else ""


if __name__ == "__main__":
    sys.exit(main())
