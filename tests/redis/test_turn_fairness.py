"""Many messages of one user do not keep another user waiting."""

import asyncio

from app.contract import events as e
from app.contract.ids import session_stream
from tests.support.stage import stage, workers


async def test_one_user_with_many_messages_does_not_keep_another_waiting(valkey_url: str) -> None:
    sessions = [*(f"a{number}" for number in range(10)), "b0"]
    async with stage(valkey_url) as on:
        for session in sessions:
            user = "alice" if session.startswith("a") else "bob"
            await on.shared.sessions.open(session, user)
            for number in range(1 if user == "bob" else 2):
                await on.shared.chat.say(user, session, f"m{number}", "hello")
        async with workers(on, slots=1):
            while any([await on.shared.sessions.running_turn(session) for session in sessions]):
                await asyncio.sleep(0.01)
        began: list[tuple[object, str]] = []
        for session in sessions:
            page = await on.shared.log.read(session_stream(session), 0, limit=1000)
            events = [e.decode_event(frame) for _, frame in page.frames]
            began += [
                (event.timestamp, session)
                for event in events
                if isinstance(event, e.AgentStatusUpdate) and event.id.endswith(".status.1")
            ]
        order = [session for _, session in sorted(began)]  # type: ignore[type-var]
        assert len(order) == 21
        assert order.index("b0") <= 2
