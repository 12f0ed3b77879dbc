"""`python -m tools list` and `python -m tools run NAME --option value …`: a tool by hand, without a turn.

The result goes to standard output as JSON, progress to standard error. A tool that costs or binds people asks
before it does, or wants `--yes`. Exit codes: 0 done, 1 the tool failed, 2 it was called wrongly, 130 interrupted.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec

from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from tools import registry
from tools.options import add_options, arguments_given, option_names
from tools.providers.config import ConfigError, load
from tools.providers.factory import Providers
from tools.tool import Tool, ToolContext, outcome_unknown


def main(arguments: Sequence[str] | None = None) -> int:
    given, unknown = _parser().parse_known_args(arguments)
    try:
        if given.command == "list":
            for tool in registry.load().values():
                print(_listed(tool))  # noqa: T201  # what it is for
            return 0
        if not getattr(given, "tool", None):
            print(given.help(), end="")  # noqa: T201  # what can be asked
            return 0
        tool = registry.load()[given.tool]
        if unknown:
            return _complain(f"{tool.name} has no {unknown[0]}. It takes {', '.join(option_names(tool))}.", 2)
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
            result = await tool.run(context, arguments_given(tool, given))
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


def _listed(tool: Tool) -> str:
    """One line for whoever reads a pipe, and no wider than the terminal for whoever looks at one."""
    name, about = f"{tool.name:22} ", _first_line(tool)
    if not sys.stdout.isatty():
        return name + about
    width = max(60, shutil.get_terminal_size().columns)
    return textwrap.fill(about, width, initial_indent=name, subsequent_indent=" " * len(name))


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
    parser = argparse.ArgumentParser(
        prog="tripsage tools",
        description="The tools that agents call, run by hand against the sandbox or, with TRIPSAGE_TRAVEL=live, "
        "the real travel APIs.",
        epilog="Start the sandbox first (tripsage up, or tripsage sandbox). Then, for example: "
        "tripsage tools run flight_search --origin BER --destination LIS --departure-date 2027-05-04",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("list", help="name every tool")
    run = commands.add_parser("run", help="run one; tripsage tools run TOOL --help names its options")
    named = run.add_subparsers(dest="tool", metavar="TOOL")
    for tool in registry.load().values():
        about = tool.description.replace("%", "%%")
        command = named.add_parser(tool.name, help=_first_line(tool).replace("%", "%%"), description=about)
        if tool.needs_approval:
            command.add_argument("--yes", action="store_true", help="do it without asking: it binds people")
        add_options(command, tool)
    parser.set_defaults(help=parser.format_help)
    run.set_defaults(help=run.format_help)
    return parser


if __name__ == "__main__":
    sys.exit(main())
