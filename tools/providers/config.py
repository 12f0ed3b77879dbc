"""Where each travel API is and the key for it, from `TRIPSAGE_*` variables.

`TRIPSAGE_TRAVEL=sandbox` (the default) sends every call to the sandbox at `TRIPSAGE_SANDBOX_URL`;
`live` to the real APIs. `TRIPSAGE_DUFFEL_URL` and the like move one provider alone, and
`TRIPSAGE_DUFFEL_PER_MINUTE` sets how often all workers together call it (0: as often as they like).
`TRIPSAGE_STAYS` says who finds hotel rooms: `liteapi` (the default) or `duffel`.
`TRIPSAGE_KEEP_ANSWERS` (on or off) says whether answers are kept while they are fresh; by default those of the
real APIs are, and those of the sandbox are not, since its seed, clock and faults may change at any time.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from tools.providers.allowance import Allowance

Choice = TypeVar("Choice", bound=str)

SANDBOX_KEY = "duffel_test_sandbox"
_KEY = re.compile(r"[\x21-\x7e]{1,512}")


class ConfigError(Exception):
    """A setting cannot be used; the message is one line for the person who set it. It never holds a key."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`url` has no slash at its end. `key` is None where the API needs none, `allowance` where none is known.

    `missing_key` names the variable that a needed key is missing from; then the provider is never called.
    """

    name: str
    url: str
    key: str | None = field(default=None, repr=False)
    allowance: Allowance | None = None
    keeps_answers: bool = False
    missing_key: str | None = None

    @property
    def is_on_this_machine(self) -> bool:
        host = urlsplit(self.url).hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    duffel: Provider
    liteapi: Provider
    geoapify: Provider
    open_meteo: Provider
    open_meteo_archive: Provider
    frankfurter: Provider
    stays: Literal["liteapi", "duffel"] = "liteapi"

    @property
    def missing_keys(self) -> list[str]:
        """Variables without which some tool fails."""
        stays = self.liteapi if self.stays == "liteapi" else self.duffel
        used = dict.fromkeys(one.missing_key for one in (self.duffel, stays, self.geoapify))
        return [variable for variable in used if variable]


@dataclass(frozen=True, slots=True)
class _Api:
    """What is known of a real API. Its variables begin with `variable`; `per_minute` are calls it allows."""

    name: str
    variable: str
    url: str
    per_minute: float
    key: Literal["needed", "possible", "none"] = "needed"


_DUFFEL = _Api("Duffel", "DUFFEL", "https://api.duffel.com", 60)
_LITEAPI = _Api("LiteAPI", "LITEAPI", "https://api.liteapi.travel", 120)
_GEOAPIFY = _Api("Geoapify", "GEOAPIFY", "https://api.geoapify.com", 300)
_OPEN_METEO = _Api("Open-Meteo", "OPEN_METEO", "https://api.open-meteo.com", 600, "possible")
_FRANKFURTER = _Api("Frankfurter", "FRANKFURTER", "https://api.frankfurter.dev", 120, "none")
_ARCHIVE = ("OPEN_METEO_ARCHIVE_URL", "https://archive-api.open-meteo.com")
_STAYS: tuple[Literal["liteapi", "duffel"], ...] = ("liteapi", "duffel")


def load(environ: Mapping[str, str]) -> ProviderConfig:
    """The providers that these variables describe.

    Raises `ConfigError` for the first variable that cannot be used. A key that is missing is missed when the
    provider is called, so that nobody needs keys for APIs that they do not use; all trips need flights, so
    Duffel's is needed at once.
    """
    read = _Reader(environ)
    if read.choice("TRAVEL", ("sandbox", "live")) == "live" and not read.key("DUFFEL_KEY"):
        raise ConfigError("TRIPSAGE_TRAVEL=live needs TRIPSAGE_DUFFEL_KEY, an access token of Duffel")
    open_meteo = read.provider(_OPEN_METEO)
    variable, archive = _ARCHIVE
    return ProviderConfig(
        duffel=read.provider(_DUFFEL),
        liteapi=read.provider(_LITEAPI),
        geoapify=read.provider(_GEOAPIFY),
        open_meteo=open_meteo,
        # Another host: it is down apart from the forecasts, so its breaker is its own.
        open_meteo_archive=replace(
            open_meteo, name="Open-Meteo archive", url=read.api_url(variable, archive)
        ),
        frankfurter=read.provider(_FRANKFURTER),
        stays=read.choice("STAYS", _STAYS),
    )


class _Reader:
    """Look-ups of `TRIPSAGE_*` variables; an empty one counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def provider(self, api: _Api) -> Provider:
        is_live = self.choice("TRAVEL", ("sandbox", "live")) == "live"
        variable = f"{api.variable}_KEY"
        key = self.key(variable) if api.key != "none" else None
        if api.key == "needed" and not is_live:
            key = key or SANDBOX_KEY
        keeps = self.choice("KEEP_ANSWERS", ("on", "off") if is_live else ("off", "on"))
        return Provider(
            api.name,
            self.api_url(f"{api.variable}_URL", api.url),
            key,
            self.allowance(f"{api.variable}_PER_MINUTE", api.per_minute if is_live else 0),
            keeps == "on",
            f"TRIPSAGE_{variable}" if api.key == "needed" and key is None else None,
        )

    def api_url(self, variable: str, real: str) -> str:
        """Where an API is; in the sandbox its address begins with the variable's name."""
        if self.choice("TRAVEL", ("sandbox", "live")) == "live":
            if variable.startswith("OPEN_METEO") and self.key("OPEN_METEO_KEY"):
                real = real.replace("https://", "https://customer-")
            return self.url(variable, real)
        sandbox = self.url("SANDBOX_URL", f"http://127.0.0.1:{self.text('SANDBOX_PORT') or '8001'}")
        prefix = variable.removesuffix("_URL").lower().replace("_", "-")
        return self.url(variable, f"{sandbox}/{prefix}")

    def choice(self, name: str, choices: tuple[Choice, ...]) -> Choice:
        """One of the choices; the first when it is unset."""
        value = self.text(name) or choices[0]
        found = next((one for one in choices if one == value), None)
        if found is None:
            raise ConfigError(f"TRIPSAGE_{name}={value[:40]} is not one of: {', '.join(sorted(choices))}")
        return found

    def allowance(self, name: str, default: float) -> Allowance | None:
        """A tenth of a minute's calls may be made at once."""
        text = self.text(name) or str(default)
        try:
            per_minute = float(text)
        except ValueError:
            per_minute = -1.0
        if not 0 <= per_minute <= 1_000_000:
            raise ConfigError(
                f"TRIPSAGE_{name} is not a number of calls a minute, such as 60, or 0 for no limit"
            )
        return Allowance(per_minute, max(1, int(per_minute / 10))) if per_minute else None

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
