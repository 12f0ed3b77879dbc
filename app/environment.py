"""`TRIPSAGE_*` variables as the values that they stand for."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
MIN_SECRET_BYTES = 32  # RFC 7518 section 3.2: a key of at least the hash's size for HS256
REDIS_SCHEMES = ("redis", "rediss", "unix")


class SettingsError(Exception):
    """A setting cannot be used; the message is one line for the person who set it."""


class Noted(dict[str, str]):
    """Variables that remember which of them were asked for, set or not."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        self.asked: set[str] = set()

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)

    def unknown(self, known: Iterable[str] = ()) -> list[str]:
        """A sentence for each `TRIPSAGE_*` variable that is set and that nothing asked for."""
        settings = self.asked.union(known)
        return [
            f"{name} is not a setting"
            + "".join(f"; is {near} meant?" for near in get_close_matches(name, settings, 1, cutoff=0.85))
            for name in sorted(self)
            if name.startswith("TRIPSAGE_") and name not in settings
        ]


class Environment:
    """Typed look-ups of `TRIPSAGE_*` variables; an empty variable counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def optional(self, name: str) -> str | None:
        return self._environ.get(f"TRIPSAGE_{name}", "").strip() or None

    def text(self, name: str, default: str) -> str:
        return self.optional(name) or default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.optional(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise SettingsError(f"TRIPSAGE_{name}={text} is not a whole number from {low} to {high}")
        return int(text)

    def choice(self, name: str, default: T, allowed: tuple[T, ...]) -> T:
        text = self.optional(name)
        if text is None:
            return default
        for option in allowed:
            if option == text:
                return option
        raise SettingsError(f"TRIPSAGE_{name}={text} is not one of: {', '.join(map(str, allowed))}")

    def day(self, name: str) -> date | None:
        text = self.optional(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise SettingsError(f"TRIPSAGE_{name}={text} is not a date like 2026-11-22") from None

    def secret(self, name: str) -> str | None:
        text = self.optional(name)
        if text is not None and len(text.encode()) < MIN_SECRET_BYTES:
            raise SettingsError(f"TRIPSAGE_{name} is too short: use at least {MIN_SECRET_BYTES} bytes")
        return text

    def redis_url(self, name: str) -> str | None:
        text = self.optional(name)
        if text is not None and urlsplit(text).scheme not in REDIS_SCHEMES:
            raise SettingsError(f"TRIPSAGE_{name} is not a redis://, rediss:// or unix:// address")
        return text

    def origins(self, name: str) -> tuple[str, ...]:
        origins = tuple(part.strip().rstrip("/") for part in self.text(name, "").split(",") if part.strip())
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
                raise SettingsError(
                    f"TRIPSAGE_{name}: {origin} is not an origin like https://trips.example.com"
                )
        return origins
