"""`python -m benchmarks [name ...] [--quick | --full]`: all of them, or those named."""

import argparse
import importlib
import sys

from benchmarks.options import Options
from benchmarks.report import console, machine

NAMES = ("gateway", "log", "queue", "chat", "takeover", "trips", "sandbox", "planner", "models")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=sys.modules[__name__].__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES), default=[])
    thoroughness = parser.add_mutually_exclusive_group()
    thoroughness.add_argument("--quick", action="store_true", help="a minute in all, rough figures")
    thoroughness.add_argument("--full", action="store_true", help="5,000 connections too")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}: there are {', '.join(NAMES)}")
    console.print(f"[dim]{machine()}[/]\n", highlight=False)
    for name in chosen.names or NAMES:
        importlib.import_module(f"benchmarks.{name}").run(Options(quick=chosen.quick, full=chosen.full))


if __name__ == "__main__":
    main(sys.argv[1:])
