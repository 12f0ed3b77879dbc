"""Fencing tokens: of several attempts at the same thing, only the newest may write."""

from datetime import timedelta
from pathlib import Path

from app.domain.ports import CLOSED
from app.settings import Retention
from app.streams.commands import Commands
from app.streams.keys import StreamKeys

_DAY_MS = timedelta(days=1) // timedelta(milliseconds=1)


class Fences:
    def __init__(self, client: Commands, retention: Retention) -> None:
        self._claim = client.register_script((Path(__file__).parent / "claim.lua").read_text())
        self._life = max(retention.seconds * 1000, _DAY_MS)

    async def claim(self, stream: str, scope: str) -> int:
        """A token above every earlier one of the scope, from 1, or `CLOSED` for a scope that is over.

        From here on the writes of earlier attempts are refused. Raises what the event log raises.
        """
        return int(await self._claim([StreamKeys(stream).fence(scope)], [self._life, CLOSED]))
