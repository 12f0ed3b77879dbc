"""`python -m workers agents` and `python -m workers tools`."""

import logging
import sys

from app.settings import SettingsError
from tools.providers.config import ConfigError

KINDS = {"agents": "AgentWorker", "tools": "ToolWorker"}


def main(arguments: list[str]) -> int:
    """Runs one worker until a signal; 2 for a wrong call or setting."""
    if len(arguments) != 1 or arguments[0] not in KINDS:
        sys.stderr.write("usage: python -m workers agents|tools\n")
        return 2
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every request's address
    try:
        from arq.worker import run_worker

        from workers import main as workers
    except (SettingsError, ConfigError) as error:
        sys.stderr.write(f"tripsage: {error}\n")
        return 2
    run_worker(getattr(workers, KINDS[arguments[0]]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
