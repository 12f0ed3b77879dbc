"""Values that any client may have made: which of them every format we write can carry."""

from math import isfinite
from typing import Any, cast

MAX_DEPTH = 32
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1  # what MessagePack can write


def plain_problem(value: Any) -> str | None:
    """Why a decoded value cannot be stored and sent on as JSON and as MessagePack; None when it can.

    Plain are null, booleans, text, whole numbers within 64 bits, finite numbers, and lists and objects of
    these, nested at most `MAX_DEPTH` deep.
    """
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if item is None or isinstance(item, bool | str):
            continue
        if isinstance(item, int | float):
            problem = _number_problem(item)
        elif depth == MAX_DEPTH:
            return f"is nested more than {MAX_DEPTH} deep"
        else:
            problem = _open(item, depth + 1, waiting)
        if problem is not None:
            return problem
    return None


def _number_problem(number: float) -> str | None:
    if isinstance(number, int):
        return None if _SMALLEST <= number <= _LARGEST else "holds a whole number beyond 64 bits"
    return None if isfinite(number) else "holds a number that is not finite"


def _open(item: Any, depth: int, waiting: list[tuple[Any, int]]) -> str | None:
    if isinstance(item, list):
        waiting.extend((inner, depth) for inner in cast("list[Any]", item))
        return None
    if not isinstance(item, dict):
        return "holds a value that JSON does not have"
    entries = cast("dict[Any, Any]", item)
    if not all(isinstance(key, str) for key in entries):
        return "holds an object with a key that is not text"
    waiting.extend((inner, depth) for inner in entries.values())
    return None
