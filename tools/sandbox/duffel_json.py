"""What Duffel's requests have in common: a JSON object with `data`."""

from typing import Any, cast

import msgspec

from .duffel_errors import UNREADABLE


def data_of(body: bytes) -> dict[str, Any]:
    """Raises `Refused` with 400 for what is no JSON object with `data`."""
    try:
        document: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UNREADABLE from None
    if not isinstance(document, dict) or "data" not in document:
        raise UNREADABLE
    return as_object(cast("dict[str, Any]", document)["data"])


def as_object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_items(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
