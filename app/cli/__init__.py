"""The command line: `tripsage up`, `tripsage chat` and what else people type."""

import sys


def main() -> None:
    """The console script."""
    try:
        from app.cli.commands import tripsage

        tripsage(prog_name="tripsage")
    except KeyboardInterrupt:
        sys.exit(130)
