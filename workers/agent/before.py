"""What a session came to before a turn, read once at its beginning."""

import asyncio
from dataclasses import dataclass

from app.contract.turn import PastTurn, TurnResult
from app.storage.sessions import Sessions

RESULTS = 12  # a result may be tens of kB
SAID = 64


@dataclass(frozen=True, slots=True)
class Before:
    """Newest first."""

    results: tuple[TurnResult, ...] = ()
    said: tuple[PastTurn, ...] = ()


async def before(sessions: Sessions, session_id: str) -> Before:
    results, said = await asyncio.gather(
        sessions.recent_results(session_id, RESULTS), sessions.history(session_id, SAID)
    )
    return Before(tuple(results), tuple(said))
