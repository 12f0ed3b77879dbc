"""Words of everyday language that are also names of places; the lists are files of `data/`."""

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def never() -> frozenset[str]:
    """Never a place in running text: numbers, dates, money, and words that open or join sentences."""
    return _words("never")


@cache
def cautious() -> frozenset[str]:
    """A place only after one of `leads`, and written with a capital."""
    return _words("cautious")


@cache
def leads() -> frozenset[str]:
    """What stands before the name of a place, in the languages of the planner."""
    return _words("leads")


@cache
def not_codes() -> frozenset[str]:
    """Currency codes and words in capitals that are airports' codes too."""
    return _words("not_codes")


def _words(name: str) -> frozenset[str]:
    return frozenset((_DATA / f"{name}.txt").read_text(encoding="utf-8").split())
