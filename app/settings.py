"""Every setting of the gateway and the workers, read once from `TRIPSAGE_*` variables.

A wrong setting raises `SettingsError` with one line that names the variable and what it may be.
"""

import hashlib
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from app.environment import MIN_SECRET_BYTES as MIN_SECRET_BYTES
from app.environment import Environment
from app.environment import SettingsError as SettingsError

AuthMode = Literal["dev", "jwt"]
Travel = Literal["sandbox", "live"]
ModelKind = Literal["builtin", "openai"]
_PRICE = re.compile(r"(\S+)\s*=\s*([0-9]{1,6}(?:\.[0-9]{1,9})?)\s*/\s*([0-9]{1,6}(?:\.[0-9]{1,9})?)")
MAX_SOCKET_PATH = 100  # bytes; sun_path holds 104 on macOS and 108 on Linux, with its closing zero


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one client may cost; times in seconds, sizes in bytes."""

    frame_bytes: int = 256 * 1024
    queue_bytes: int = 1024 * 1024
    frames_per_minute: int = 120
    frame_burst: int = 30
    messages_per_minute: int = 20
    connections_per_user: int = 20
    streams_per_connection: int = 64
    authenticate_within: float = 10.0
    heartbeat_interval: float = 25.0
    bad_frames_per_minute: int = 20
    presence_seconds: float = 30.0
    idle_seconds: float = 60.0
    conflict_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """Bounds on what one turn may use: `cost` in US cents, `seconds` without waiting for people."""

    steps: int = 128
    tool_calls: int = 64
    model_tokens: int = 200_000
    cost: int = 100
    seconds: int = 600


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """US dollars for a million tokens: those that a model reads, and those that it writes."""

    tokens_in: Decimal
    tokens_out: Decimal


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which language model leads turns; with `builtin` none does. `names` are tried in this order."""

    kind: ModelKind = "builtin"
    url: str = ""
    names: tuple[str, ...] = ()
    key: str | None = field(default=None, repr=False)
    prices: Mapping[str, ModelPrice] = field(default_factory=dict[str, ModelPrice])


@dataclass(frozen=True, slots=True)
class Retention:
    """How much of a stream is kept for replay, whichever of the two ends first; and how many writes of a trip
    its history reaches back."""

    events: int = 10_000
    seconds: int = 7 * 24 * 3600
    trip_writes: int = 1_000


@dataclass(frozen=True, slots=True)
class Settings:
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    sandbox_port: int = 8001
    events_url: str = field(default="", repr=False)
    queue_url: str = field(default="", repr=False)
    embedded: bool = True
    auth: AuthMode = "dev"
    jwt_secret: str | None = field(default=None, repr=False)
    jwks_url: str | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    allowed_origins: tuple[str, ...] = ()
    today: date | None = None
    travel: Travel = "sandbox"
    agent_jobs: int = 100
    tool_jobs: int = 50
    drain_seconds: float = 10.0
    limits: Limits = field(default_factory=Limits)
    turn_limits: TurnLimits = field(default_factory=TurnLimits)
    retention: Retention = field(default_factory=Retention)
    model: ModelSettings = field(default_factory=ModelSettings)

    @property
    def socket_path(self) -> Path:
        """Where the embedded server listens."""
        return embedded_socket(self.data_dir)

    @property
    def valkey_dir(self) -> Path:
        """Where the embedded server keeps its append-only file."""
        return self.data_dir / "valkey"


def load(environ: Mapping[str, str]) -> Settings:
    """The settings that these variables describe.

    Raises `SettingsError` for the first one that cannot be used.
    """
    read = Environment(environ)
    data_dir = Path(read.text("DATA_DIR", ".tripsage")).absolute()
    shared = read.redis_url("REDIS_URL")
    events_url = read.redis_url("EVENTS_URL") or shared
    queue_url = read.redis_url("QUEUE_URL") or shared
    if bool(events_url) != bool(queue_url):
        raise SettingsError(
            "TRIPSAGE_EVENTS_URL and TRIPSAGE_QUEUE_URL go together: set both, or TRIPSAGE_REDIS_URL alone"
        )
    embedded_url = f"unix://{embedded_socket(data_dir)}"
    settings = Settings(
        data_dir=data_dir,
        host=read.text("HOST", "127.0.0.1"),
        port=read.number("PORT", 8000, 1, 65535),
        sandbox_port=read.number("SANDBOX_PORT", 8001, 1, 65535),
        events_url=events_url or embedded_url,
        queue_url=queue_url or embedded_url,
        embedded=not events_url,
        auth=read.choice("AUTH", "dev", ("dev", "jwt")),
        jwt_secret=read.secret("JWT_SECRET"),
        jwks_url=read.optional("JWKS_URL"),
        jwt_issuer=read.optional("JWT_ISSUER"),
        jwt_audience=read.optional("JWT_AUDIENCE"),
        allowed_origins=read.origins("ALLOWED_ORIGINS"),
        today=read.day("TODAY"),
        travel=read.choice("TRAVEL", "sandbox", ("sandbox", "live")),
        agent_jobs=read.number("AGENT_JOBS", 100, 1, 10_000),
        tool_jobs=read.number("TOOL_JOBS", 50, 1, 10_000),
        drain_seconds=float(read.number("DRAIN_SECONDS", 10, 0, 3600)),
        limits=Limits(
            messages_per_minute=read.number("MESSAGES_PER_MINUTE", 20, 1, 1_000_000),
            frames_per_minute=read.number("FRAMES_PER_MINUTE", 120, 1, 1_000_000),
            frame_burst=read.number("FRAME_BURST", 30, 1, 1_000_000),
            connections_per_user=read.number("CONNECTIONS_PER_USER", 20, 1, 1_000_000),
            presence_seconds=float(read.number("PRESENCE_SECONDS", 30, 2, 3600)),
            idle_seconds=float(read.number("IDLE_SECONDS", 60, 1, 86_400)),
            conflict_seconds=float(read.number("CONFLICT_SECONDS", 30, 1, 86_400)),
        ),
        turn_limits=TurnLimits(
            steps=read.number("TURN_STEPS", 128, 1, 10_000),
            tool_calls=read.number("TURN_TOOL_CALLS", 64, 0, 10_000),
            model_tokens=read.number("TURN_MODEL_TOKENS", 200_000, 1, 1_000_000_000),
            cost=read.number("TURN_COST", 100, 1, 1_000_000),
            seconds=read.number("TURN_SECONDS", 600, 1, 86_400),
        ),
        retention=Retention(
            events=read.number("RETENTION_EVENTS", 10_000, 100, 10_000_000),
            seconds=read.number("RETENTION_SECONDS", 7 * 24 * 3600, 60, 10 * 365 * 24 * 3600),
            trip_writes=read.number("RETENTION_TRIP_WRITES", 1_000, 1, 1_000_000),
        ),
        model=_model(read),
    )
    _check_auth(settings)
    return settings


def origin_allowed(origin: str, settings: Settings) -> bool:
    """Whether a page of this origin may talk to this server.

    Those on the list may; in development mode so may every page that this machine serves itself. A page's
    own host name is not asked: it proves nothing when the name is made to point here (DNS rebinding).
    """
    if origin.rstrip("/") in settings.allowed_origins:
        return True
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    return settings.auth == "dev" and _is_loopback(host)


def embedded_socket(data_dir: Path) -> Path:
    """The embedded server's socket: in the data directory, or for a path that a socket address cannot hold
    in a directory of this user's own, under a name that every process derives alike from `data_dir`.
    """
    path = data_dir / "valkey.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(f"/tmp/tripsage-{os.getuid()}") / f"{name}.sock"  # noqa: S108  # `up` checks whose it is


def dev_secret(data_dir: Path) -> str:
    """The key that signs development tokens: made on first use and kept with the data.

    Raises `SettingsError` when the directory cannot be written.
    """
    path = data_dir / "dev-secret"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32))
            try:
                path.hardlink_to(draft)
            except FileExistsError:
                pass  # another process of this system was first; its key is the key
            finally:
                draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"TRIPSAGE_DATA_DIR {data_dir} cannot be used: {error.strerror}") from error


def _model(read: "Environment") -> ModelSettings:
    kind: ModelKind = read.choice("MODEL", "builtin", ("builtin", "openai"))
    url = read.text("MODEL_URL", "https://api.openai.com/v1").rstrip("/")
    names = tuple(name.strip() for name in read.text("MODEL_NAME", "").split(",") if name.strip())
    key = read.optional("MODEL_KEY")
    prices = _prices(read, names)
    if kind == "builtin":
        return ModelSettings()
    if urlsplit(url).scheme not in ("http", "https"):
        raise SettingsError("TRIPSAGE_MODEL_URL is not an http:// or https:// address")
    if not names:
        raise SettingsError("TRIPSAGE_MODEL=openai needs TRIPSAGE_MODEL_NAME, the model's name on its server")
    if key is not None and not (key.isascii() and key.isprintable()):
        raise SettingsError("TRIPSAGE_MODEL_KEY holds characters that no header can carry")
    return ModelSettings(kind=kind, url=url, names=names, key=key, prices=prices)


def _prices(read: "Environment", names: Sequence[str]) -> dict[str, ModelPrice]:
    """From `name=in/out, name=in/out`."""
    prices: dict[str, ModelPrice] = {}
    for entry in filter(None, map(str.strip, read.text("MODEL_PRICE", "").split(","))):
        found = _PRICE.fullmatch(entry)
        if found is None:
            raise SettingsError(
                f"TRIPSAGE_MODEL_PRICE: {entry} is not NAME=IN/OUT, US dollars for a million tokens each way"
            )
        name, *amounts = found.groups()
        if name not in names:
            raise SettingsError(f"TRIPSAGE_MODEL_PRICE names {name}, which TRIPSAGE_MODEL_NAME does not")
        prices[name] = ModelPrice(*map(Decimal, amounts))
    return prices


def _check_auth(settings: Settings) -> None:
    if settings.auth == "jwt":
        if not settings.jwt_secret and not settings.jwks_url:
            raise SettingsError("TRIPSAGE_AUTH=jwt needs TRIPSAGE_JWT_SECRET or TRIPSAGE_JWKS_URL")
        return
    if settings.jwt_secret or settings.jwks_url:
        raise SettingsError(
            "TRIPSAGE_JWT_SECRET and TRIPSAGE_JWKS_URL are for TRIPSAGE_AUTH=jwt; the mode is dev"
        )
    if not _is_loopback(settings.host):
        raise SettingsError(
            f"TRIPSAGE_HOST={settings.host} is not a loopback address and TRIPSAGE_AUTH=dev lets anybody in: "
            "set TRIPSAGE_AUTH=jwt, or bind to 127.0.0.1"
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
