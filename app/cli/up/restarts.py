"""When a process that died is started again: at once, then ever more slowly while it keeps dying."""

from dataclasses import dataclass

FIRST_DELAY = 0.5
LONGEST_DELAY = 15.0
HEALTHY_AFTER = 20.0


@dataclass(slots=True)
class Restarts:
    """Counts the deaths of one process that came too soon after its start. Times are in seconds."""

    failures: int = 0

    def delay_after(self, uptime: float) -> float:
        """How long to wait before starting again a process that lived for `uptime`."""
        self.failures = 1 if uptime >= HEALTHY_AFTER else self.failures + 1
        if self.failures == 1:
            return 0.0
        return min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(self.failures - 2, 16))
