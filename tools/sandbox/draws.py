"""Chance that is the same every time: numbers from a hash of what they are for. Never `hash()`."""

from hashlib import blake2b

VERSION = 1  # raised when the same seed shall mean something else


class Draws:
    """Up to 16 independent fractions for one subject, taken in order."""

    __slots__ = ("_bytes", "_position")

    def __init__(self, seed: int, *subject: str | float) -> None:
        text = "|".join([str(VERSION), str(seed), *map(str, subject)])
        self._bytes = blake2b(text.encode(), digest_size=64).digest()
        self._position = 0

    def fraction(self) -> float:
        """At least 0, below 1."""
        start = self._position
        self._position = start + 4
        if self._position > 64:
            raise IndexError("a subject has 16 draws")
        return int.from_bytes(self._bytes[start : start + 4], "big") / 2**32

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.fraction()

    def below(self, limit: int) -> int:
        return int(self.fraction() * limit)


_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = [low + high for high in _DIGITS for low in _DIGITS]  # the low digit first


def identity(prefix: str, *subject: str | float) -> str:
    """An id in the style of the real APIs, the same for the same subject: `off_0000Ax…`."""
    number = int.from_bytes(blake2b("|".join(map(str, subject)).encode(), digest_size=12).digest(), "big")
    pairs: list[str] = []
    while number:
        number, rest = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[rest])
    return f"{prefix}_0000A{''.join(pairs).rstrip('0'):0>17}"
