"""Which server a command talks to, and as whom."""

from dataclasses import dataclass
from typing import Self

from app.cli.errors import CannotStart
from app.cli.up.programs import reachable
from app.client import AuthenticationRefused, ClientError, ServerUnreachable
from app.client.address import is_loopback, socket_address
from app.client.link import Token
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    token: Token
    own_token: bool
    """Whether the token is made here, with the key of the data directory."""

    @classmethod
    def find(cls, settings: Settings, url: str | None, token: str | None, user: str) -> Self:
        """The server that was named, or that of `tripsage up` here, with the token given or new ones.

        Raises `CannotStart`.
        """
        url = url or _own_url(settings)
        try:
            local = is_loopback(socket_address(url))
        except ValueError as error:
            raise CannotStart(f"--url: {error}") from None
        if token:
            return cls(url, token, own_token=False)
        if not local:
            raise CannotStart(f"Who are you at {url}? Pass --token, or set TRIPSAGE_TOKEN")
        if settings.auth == "dev" and not (settings.data_dir / "dev-secret").exists():
            raise CannotStart(
                f"No TripSage has run with {settings.data_dir} yet: start it with `make up` in another shell, "
                "or pass --token"
            )
        from app.cli.tokens import make_token

        async def make() -> str:
            return make_token(settings, user=user)

        return cls(url, make, own_token=True)

    def explain(self, error: ClientError) -> str:
        """What happened and what to do, in one line."""
        if isinstance(error, ServerUnreachable) and not error.answered:
            return f"Nothing answers at {self.url}: start TripSage with `make up` in another shell"
        if isinstance(error, AuthenticationRefused):
            whose = " (is it the server of this data directory?)" if self.own_token else ""
            return f"{self.url} does not accept this token: {error}{whose}"
        return str(error)


def _own_url(settings: Settings) -> str:
    host = reachable(settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
