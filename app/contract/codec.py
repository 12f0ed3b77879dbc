"""How every durable byte of TripSage is written and read: JSON by msgspec, money as exact decimals."""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(value: Any) -> bytes:
    """JSON bytes of any contract value. Decimals are written as numbers, datetimes as RFC 3339."""
    return _encoder.encode(value)


def to_builtins(value: Any) -> Any:
    """The value as plain dicts, lists, strings and numbers, as it would read after JSON."""
    return msgspec.json.decode(_encoder.encode(value))
