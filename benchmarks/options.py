"""How thorough to be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`quick` shows that all works, with figures to be taken lightly; `full` adds what takes long."""

    quick: bool = False
    full: bool = False

    def choose(self, quick: int, usual: int) -> int:
        return quick if self.quick else usual
