"""A gateway that is killed with a conflict in its hands: `python -m tests.support.dying_gateway lapse|told`.

As the kernel kills it, right before it would end the conflict, or after it has told of it.
"""

import os
import signal
import sys

from app.cli import main
from app.storage.trip_conflicts import KeptConflicts


async def killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    setattr(KeptConflicts, sys.argv.pop(), killed)
    sys.argv.append("gateway")
    main()
