"""What a message does that comes while a turn runs: decided in the step that accepts it, whoever else is accepting."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from app.contract import events as e
from app.contract.errors import TripSageError
from app.services.chat import Chat
from app.services.limits import MessageLimit
from app.wiring import Services, services
from tests.support.crashing import Crash, CrashingLog
from tests.support.gateway import connected, gateway, with_limits
from tests.support.stage import SESSION, USER, ScriptedPlanner, Stage, stage, workers
from tests.support.turn_rules import check_turn
from tests.support.wire import Frame, Wire

MANY = with_limits(messages_per_minute=1000)
RACERS = 8


async def say(wire: Wire, message_id: str, when_busy: str) -> Frame:
    metadata = {"when_busy": when_busy}
    await wire.send("chat_message", id=message_id, session_id=SESSION, content="hello", metadata=metadata)
    return await wire.reply_to(message_id)


@asynccontextmanager
async def wires_of_two_gateways(url: str) -> AsyncGenerator[list[Wire], None]:
    async with AsyncExitStack() as stack:
        gateways = [await stack.enter_async_context(gateway(url, limits=MANY)) for _ in range(2)]
        yield [
            await stack.enter_async_context(await connected(gateways[number % 2], USER, SESSION))
            for number in range(RACERS)
        ]


async def test_of_messages_that_would_not_wait_one_is_accepted(valkey_url: str) -> None:
    async with wires_of_two_gateways(valkey_url) as wires:
        ids = [f"m{number}" for number in range(RACERS)]
        first = await asyncio.gather(
            *(say(wire, message_id, "reject") for wire, message_id in zip(wires, ids, strict=True))
        )
        [winner] = [number for number, answer in enumerate(first) if answer["type"] == "ack"]
        assert (first[winner]["status"], first[winner]["seq"]) == ("accepted", 1)
        refusals = [answer["error"] for number, answer in enumerate(first) if number != winner]
        assert {(error["code"], error["retryable"]) for error in refusals} == {("SESSION_BUSY", True)}
        elsewhere = wires[1:] + wires[:1]
        for number, wire in enumerate(elsewhere):
            again = await say(wire, ids[number], "reject")
            if number == winner:
                assert (again["status"], again["seq"]) == ("duplicate", 1)
            else:
                assert again["error"]["code"] == "SESSION_BUSY"


async def test_one_message_sent_over_many_connections_at_once_is_accepted_once(valkey_url: str) -> None:
    async with wires_of_two_gateways(valkey_url) as wires:
        answers = await asyncio.gather(*(say(wire, "m1", "reject") for wire in wires))
        assert {answer.get("seq") for answer in answers} == {1}
        statuses = sorted(answer["status"] for answer in answers)
        assert statuses == ["accepted"] + ["duplicate"] * (RACERS - 1)


async def ends(on: Stage) -> dict[str, str]:
    """How each turn ended, in the order in which they did."""
    return {
        str(event.turn_id): event.finish_reason
        for event in await on.events()
        if isinstance(event, e.ChatMessageComplete)
    }


async def accepted(on: Stage) -> list[str]:
    return [
        event.id for event in await on.events() if isinstance(event, e.ChatMessage) and event.role == "user"
    ]


async def test_of_messages_that_interrupt_the_last_one_runs(valkey_url: str) -> None:
    async with (
        stage(valkey_url, ScriptedPlanner("held")) as on,
        workers(on),
        services(on.shared.settings) as two,
    ):
        await on.say("m0")
        await on.gate.started.wait()
        gateways: list[Services] = [on.shared, two]
        await asyncio.gather(
            *(
                gateways[number % 2].chat.say(USER, SESSION, f"m{number}", "hello", "interrupt")
                for number in range(1, RACERS + 1)
            )
        )
        order = await accepted(on)
        assert len(order) == RACERS + 1
        for turn_id in order[:-1]:
            await on.until_over(turn_id)
        on.gate.open.set()
        await on.until_over(order[-1])
        assert list((await ends(on)).items()) == [
            *((turn_id, "cancelled") for turn_id in order[:-1]),
            (order[-1], "stop"),
        ]
        for turn_id in order:
            check_turn(await on.turn_events(turn_id), turn_id)


async def test_a_message_that_interrupts_waits_for_none_that_waits(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        await on.say("m2")
        await on.say("m3", when_busy="interrupt")
        await on.say("m4")
        await on.until_over("m2")
        on.gate.open.set()
        await on.until_over("m4")
        assert await ends(on) == {"m1": "cancelled", "m2": "cancelled", "m3": "stop", "m4": "stop"}


class Dies:
    """The real Redis, for a process that dies before its first command that names this."""

    def __init__(self, redis: Any, word: str) -> None:
        self._redis = redis
        self._word = word

    def __getattr__(self, name: str) -> Any:
        command = getattr(self._redis, name)

        async def run(*arguments: Any, **named: Any) -> Any:
            if self._word in f"{name} {arguments}":
                raise Crash
            return await command(*arguments, **named)

        return run


def chat_of(on: Stage, *, log: Any = None, redis: Any = None) -> Chat:
    shared = on.shared
    return Chat(
        log or shared.log,
        redis or shared.redis,
        shared.sessions,
        shared.queue,
        MessageLimit(redis or shared.redis, 1000, shared.clock),
        shared.clock,
    )


async def test_an_interruption_outlives_the_gateway_that_accepted_it(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        dying = chat_of(on, log=CrashingLog(on.shared.log, 1, after=True))
        with pytest.raises(Crash):
            await dying.say(USER, SESSION, "m2", "hello", "interrupt")
        await on.until_over("m1")
        on.gate.open.set()
        await on.until_over("m2")
        assert await ends(on) == {"m1": "cancelled", "m2": "stop"}


async def test_a_message_that_was_not_accepted_interrupts_nothing(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        dying = chat_of(on, log=CrashingLog(on.shared.log, 1, after=False))
        with pytest.raises(Crash):
            await dying.say(USER, SESSION, "m2", "hello", "interrupt")
        on.gate.open.set()
        await on.until_over("m1")
        assert await ends(on) == {"m1": "stop"}


async def test_a_turn_that_waits_for_people_is_interrupted_though_the_gateway_dies(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("booked")) as on, workers(on):
        await on.say("m1")
        while not await on.shared.redis.exists("{session:s1}:turn:m1:parked"):
            await asyncio.sleep(0)
        dying = chat_of(on, log=CrashingLog(on.shared.log, 1, after=True))
        with pytest.raises(Crash):
            await dying.say(USER, SESSION, "m2", "hello", "interrupt")
        await on.shared.chat.recover(0)
        await on.until_over("m1")
        assert await ends(on) == {"m1": "cancelled"}


async def test_a_stop_sent_again_is_obeyed_though_the_gateway_died_over_the_first(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        dying = chat_of(on, redis=Dies(on.shared.redis, "turn:m1:cancel"))
        with pytest.raises(Crash):
            await dying.cancel(USER, SESSION, None, "f1")
        assert await on.shared.chat.cancel(USER, SESSION, None, "f1") == "duplicate"
        await on.until_over("m1")
        assert await ends(on) == {"m1": "cancelled"}


async def test_a_stop_sent_again_does_not_stop_the_turn_after(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        await on.shared.chat.cancel(USER, SESSION, None, "f1")
        await on.until_over("m1")
        on.gate.started.clear()
        await on.say("m2")
        await on.gate.started.wait()
        assert await on.shared.chat.cancel(USER, SESSION, None, "f1") == "duplicate"
        on.gate.open.set()
        await on.until_over("m2")
        assert await ends(on) == {"m1": "cancelled", "m2": "stop"}


async def test_a_refused_message_leaves_nothing_and_may_come_again(valkey_url: str) -> None:
    async with stage(valkey_url) as on:
        await on.say("m1")
        before = set(await on.shared.redis.execute_command("KEYS", "{session:s1}*"))
        with pytest.raises(TripSageError) as refusal:
            await on.say("m2", when_busy="reject")
        assert refusal.value.code == "SESSION_BUSY"
        assert set(await on.shared.redis.execute_command("KEYS", "{session:s1}*")) == before
        async with workers(on):
            await on.until_over("m1")
            await on.say("m2", when_busy="reject")
            await on.until_over("m2")
