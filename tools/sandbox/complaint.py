"""What is wrong with a fault, a scenario or a control, for the person who wrote it: with what it could be."""

import re
from typing import get_args

from .faults import Kind, Provider

_CHOICES = {"kind": get_args(Kind), "provider": get_args(Provider)}
_NO_CHOICE = re.compile(r"Invalid enum value '.*' - at `(?P<place>[^`]*)`")


def complaint(error: Exception) -> str:
    """One line."""
    said = str(error)
    found = _NO_CHOICE.match(said)
    field = found["place"].rpartition(".")[2] if found else ""
    field = "provider" if field == "key" else field  # latencies and limits are by provider
    return f"{said} (one of: {', '.join(_CHOICES[field])})" if field in _CHOICES else said
