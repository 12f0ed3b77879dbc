"""What can go wrong for a user of the client."""

from app.contract.events import ErrorBody


class ClientError(Exception):
    """The base of all errors that this client raises."""


class CommandRefused(ClientError):
    """The server answered a command with an error; `error` is what it said."""

    def __init__(self, error: ErrorBody) -> None:
        super().__init__(f"{error.message} ({error.code})")
        self.error = error


class ServerUnreachable(ClientError):
    """There was no connection to begin with: nothing answers at the address, or (`answered`) it is something
    else than a TripSage server.
    """

    def __init__(self, message: str, *, answered: bool = False) -> None:
        super().__init__(message)
        self.answered = answered


class ConnectionStopped(ClientError):
    """The connection is over and this client stays away; `code` is the close code, where there was one."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class AuthenticationRefused(ConnectionStopped):
    """The server does not accept the token, and there is no other to try."""


class HistoryLost(ClientError):
    """Events between the cursor and `seq` of this stream are gone for good: read a snapshot over REST.

    Live events go on; what is iterated over afterwards begins behind `seq`.
    """

    def __init__(self, stream: str, epoch: str, seq: int) -> None:
        super().__init__(f"the history of {stream} no longer reaches back to where this client was")
        self.stream = stream
        self.epoch = epoch
        self.seq = seq
