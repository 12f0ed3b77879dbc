"""Where each travel API is and the key for it, from `TRIPSAGE_*` variables.

`TRIPSAGE_TRAVEL=sandbox` (the default) sends every call to the sandbox at `TRIPSAGE_SANDBOX_URL`;
`live` to the real APIs. `TRIPSAGE_DUFFEL_URL` and the like move one provider alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SANDBOX_KEY = "duffel_test_sandbox"
_KEY = re.compile(r"[\x21-\x7e]{1,512}")


class ConfigError(Exception):
    """A setting cannot be used; the message is one line for the person who set it. It never holds a key."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`url` has no slash at its end. `key` is None where the API needs none."""

    name: str
    url: str
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    duffel: Provider
    open_meteo: Provider
    open_meteo_archive: Provider
    frankfurter: Provider


def load(environ: Mapping[str, str]) -> ProviderConfig:
    """The providers that these variables describe.

    Raises `ConfigError` for the first variable that cannot be used.
    """
    read = _Reader(environ)
    travel = read.text("TRAVEL") or "sandbox"
    if travel not in ("sandbox", "live"):
        raise ConfigError(f"TRIPSAGE_TRAVEL={travel} is not one of: sandbox, live")
    live = travel == "live"
    port = read.text("SANDBOX_PORT") or "8001"
    sandbox = read.url("SANDBOX_URL", f"http://127.0.0.1:{port}")
    weather_key = read.key("OPEN_METEO_KEY")
    paid = "customer-" if weather_key else ""

    def url(variable: str, real: str, prefix: str) -> str:
        return read.url(variable, real if live else f"{sandbox}/{prefix}")

    duffel_url = url("DUFFEL_URL", "https://api.duffel.com", "duffel")
    duffel_key = read.key("DUFFEL_KEY")
    if live and not duffel_key:
        raise ConfigError("TRIPSAGE_TRAVEL=live needs TRIPSAGE_DUFFEL_KEY, an access token of Duffel")
    return ProviderConfig(
        duffel=Provider("Duffel", duffel_url, duffel_key or SANDBOX_KEY),
        open_meteo=Provider(
            "Open-Meteo",
            url("OPEN_METEO_URL", f"https://{paid}api.open-meteo.com", "open-meteo"),
            weather_key,
        ),
        open_meteo_archive=Provider(
            "Open-Meteo",
            url("OPEN_METEO_ARCHIVE_URL", f"https://{paid}archive-api.open-meteo.com", "open-meteo-archive"),
            weather_key,
        ),
        frankfurter=Provider(
            "Frankfurter", url("FRANKFURTER_URL", "https://api.frankfurter.dev", "frankfurter")
        ),
    )


class _Reader:
    """Look-ups of `TRIPSAGE_*` variables; an empty one counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str | None:
        return self._environ.get(f"TRIPSAGE_{name}", "").strip() or None

    def url(self, name: str, default: str) -> str:
        url = (self.text(name) or default).rstrip("/")
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ConfigError(f"TRIPSAGE_{name} is not an address like http://127.0.0.1:8001")
        return url

    def key(self, name: str) -> str | None:
        key = self.text(name)
        if key and not _KEY.fullmatch(key):
            raise ConfigError(f"TRIPSAGE_{name} is not a key: it has spaces or letters beyond ASCII")
        return key
