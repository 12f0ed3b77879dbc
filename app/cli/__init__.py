"""The command line: `tripsage up`, `tripsage chat` and what else people type."""

import sys


def main() -> None:
    """The console script. Exits with 2 and one line for whatever a setting or the machine does not allow."""
    from app.cli.commands import tripsage
    from app.cli.errors import CannotStart
    from app.settings import SettingsError

    try:
        tripsage(prog_name="tripsage")
    except (SettingsError, CannotStart) as error:
        print(f"tripsage: {error}", file=sys.stderr)
        sys.exit(2)
