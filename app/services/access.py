"""Who may follow which stream."""

from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import split_stream
from app.storage.sessions import Sessions
from app.storage.trip_roles import TripRoles


class Access:
    def __init__(self, sessions: Sessions, roles: TripRoles) -> None:
        self._sessions = sessions
        self._roles = roles

    async def check(self, user_id: str, stream: str) -> None:
        """Raises `TripSageError` (`NOT_FOUND`) for a stream that the user may not follow."""
        kind, owner = split_stream(stream)
        match kind:
            case "system":
                return
            case "user" if owner == user_id:
                return
            case "session":
                await self._sessions.get(owner, user_id)
            case "trip" if await self._roles.of(owner, user_id) is not None:
                return
            case _:
                raise TripSageError(
                    ErrorCode.NOT_FOUND, "There is no such stream, or it is not yours.", stream=stream
                )

    async def allows(self, user_id: str, stream: str) -> bool:
        """Whether the user may follow the stream now."""
        try:
            await self.check(user_id, stream)
        except TripSageError:
            return False
        return True
