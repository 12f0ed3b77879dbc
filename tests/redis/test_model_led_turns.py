"""Turns that a scripted model leads on a real server: approvals over restarts, memory, and the trip of its plan."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from app.contract import events as e
from app.contract.commands import DecideToolCall
from app.contract.turn import TurnResult
from tests.redis.test_approvals import until_parked
from tests.support.replayed import replayed
from tests.support.scripted_model import Answer, ScriptedModel, asks, says, submitted
from tests.support.stage import SESSION, USER, Gate, Stage, stage, workers
from tests.support.turn_rules import check_turn
from tools import registry
from tools.sandbox import Sandbox
from tools.sandbox.transports import mock_transport
from workers import ops
from workers.agent.before import RESULTS
from workers.agent.modelled import ModelPlanner
from workers.agent.planner import BuiltinPlanner
from workers.models.model import Message

TODAY = date(2026, 11, 22)
LISBON = "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR"
CALL = "m1.call.model.0.0"


def planner_of(model: ScriptedModel) -> ModelPlanner:
    return ModelPlanner(model, Gate().tools(), BuiltinPlanner())


async def result_of(on: Stage, turn_id: str) -> TurnResult:
    """The result of a turn that is over, that kept the rules, and that its journal makes again."""
    await on.until_over(turn_id)
    check_turn(await on.turn_events(turn_id), turn_id)
    code, said = await replayed(on, turn_id, SESSION)
    assert code == ops.SAME, said
    stored = await on.shared.sessions.turn_result(SESSION, turn_id)
    assert stored is not None
    return msgspec.json.decode(stored, type=TurnResult)


async def decide(on: Stage, decision: Any, **parameters: Any) -> None:
    order = DecideToolCall(
        id="d1", session_id=SESSION, tool_call_id=CALL, decision=decision, parameters=parameters or None
    )
    assert await on.shared.decisions.decide(USER, order) == "accepted"


@pytest.mark.parametrize(
    ("decision", "parameters", "made", "told"),
    [
        ("approve", {}, ["booked 1"], {"number": 1}),
        ("change", {"number": 7}, ["booked 7"], {"number": 7}),
        ("reject", {}, [], "The call failed: It was not done, since it was not approved."),
    ],
)
async def test_a_call_that_needs_approval_waits_for_people_over_a_restart(
    valkey_url: str, decision: str, parameters: dict[str, Any], made: list[str], told: Any
) -> None:
    first = ScriptedModel(asks(("booked", {"number": 1})))
    async with stage(valkey_url, planner_of(first)) as on, workers(on):
        on.gate.open.set()
        await on.say("m1")
        await until_parked(on)
        asked = await on.until(lambda event: isinstance(event, e.ToolCallApprovalRequired))
        assert isinstance(asked, e.ToolCallApprovalRequired)
        assert (asked.tool_call_id, asked.tool_name, asked.parameters) == (CALL, "booked", {"number": 1})
        assert on.gate.calls == []
    first.assert_complete()
    # Everything of the process is gone: what comes is on the server only.
    second = ScriptedModel(says("That is that."))
    async with stage(valkey_url, planner_of(second)) as on:
        on.gate.open.set()
        await decide(on, decision, **parameters)
        async with workers(on):
            result = await result_of(on, "m1")
        assert result.response is not None
        assert result.response.text == "That is that."
        assert on.gate.calls == made
    second.assert_complete()
    _, _, said, outcome = second.told[0]
    assert msgspec.json.decode(outcome.content)["untrusted"] == told
    assert said.calls[0].id == outcome.tool_call_id
    if made:
        assert msgspec.json.decode(said.calls[0].arguments) == told, "as people would have it"


async def test_a_model_cannot_say_that_its_call_needs_no_approval(valkey_url: str) -> None:
    refused = asks(("booked", {"number": 1, "needs_approval": False}))
    model = ScriptedModel(refused, says("Sorry."))
    async with stage(valkey_url, planner_of(model)) as on, workers(on):
        await on.say("m1")
        await result_of(on, "m1")
        assert on.gate.calls == []
    model.assert_complete()


async def test_what_was_said_is_told_newest_first_with_what_was_cut_off(valkey_url: str) -> None:
    model = ScriptedModel(says("One."), says("Two."), asks(("held", {"number": 1})), says("Four."))
    async with stage(valkey_url, planner_of(model)) as on, workers(on):
        for turn_id, content in (("m1", "first?"), ("m2", "second?")):
            await on.say(turn_id, content)
            await result_of(on, turn_id)
        await on.say("m3", "third?")
        await on.gate.started.wait()
        await on.shared.chat.cancel(USER, SESSION, "m3", "f1")
        await result_of(on, "m3")
        await on.say("m4", "fourth?")
        await result_of(on, "m4")
        history = await on.shared.sessions.history(SESSION, 3)
        assert [turn.asked for turn in history] == ["fourth?", "third?", "second?"]
        assert history[0].answered == "Four."
    remembered = before(model.told[3])
    assert [turn["user"] for turn in remembered["turns"]] == ["third?", "second?", "first?"]
    assert [turn["assistant"] for turn in remembered["turns"][1:]] == ["Two.", "One."]
    assert remembered["older_turns_left_out"] == 0
    assert model.told[3][1].content.endswith("fourth?")


def before(told: Any) -> dict[str, Any]:
    """What the model is told of the session so far."""
    messages: tuple[Message, ...] = told
    return msgspec.json.decode(messages[1].content.splitlines()[0])["untrusted"]


@asynccontextmanager
async def travelling(valkey_url: str, *answers: Answer) -> AsyncGenerator[tuple[Stage, ScriptedModel]]:
    """A stage with the real tools on the sandbox, and the model that leads its turns."""
    model, tools = ScriptedModel(*answers), registry.load()
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    transport = mock_transport(Sandbox(1, TODAY, clock=lambda: noon))
    planner = ModelPlanner(model, tools, BuiltinPlanner())
    async with stage(valkey_url, planner, tools, transport) as on:
        on.agent = on.with_parts(settings=replace(on.agent.settings, today=TODAY))
        async with workers(on):
            yield on, model


async def said(on: Stage, turn_id: str, content: str) -> TurnResult:
    await on.say(turn_id, content)
    return await result_of(on, turn_id)


async def test_a_plan_stays_in_force_whole_however_many_turns_have_passed(valkey_url: str) -> None:
    async with travelling(valkey_url, asks(("plan_trip", {}))) as (on, model):
        made = await said(on, "m0", LISBON)
        assert made.plan is not None
        for number in range(1, RESULTS + 3):
            model.then(says(f"Yes, {number}."))
            await said(on, f"m{number}", f"Is it nice there, {number}?")
        model.then(says("It is."))
        await said(on, "last", "Is it?")
        model.assert_complete()
    in_force = before(model.told[-1])["plan_in_force"]
    assert msgspec.convert(in_force, TurnResult, strict=False).plan == made.plan


async def test_a_models_follow_up_edits_the_trip_of_the_plan_in_force(valkey_url: str) -> None:
    async with travelling(valkey_url, asks(("plan_trip", {}))) as (on, model):
        made = await said(on, "m0", LISBON)
        assert made.plan is not None
        assert made.plan.trip_id is not None
        days = [msgspec.structs.replace(day, activities=[]) for day in made.plan.days]
        items = [item for item in made.plan.cost.items if item.kind != "activity"]
        total = sum(item.amount for item in items)
        cost = msgspec.structs.replace(made.plan.cost, items=items, total=total)
        bare = msgspec.structs.replace(made, plan=msgspec.structs.replace(made.plan, days=days, cost=cost))
        model.then(asks(submitted(bare, changes=True)))
        changed = await said(on, "m1", "leave the days free")
        assert changed.plan is not None
        assert changed.diff is not None
        assert changed.plan.trip_id == made.plan.trip_id
        trip = msgspec.json.decode((await on.shared.trips.read(USER, made.plan.trip_id)).json)
        assert not [each for each in trip["activities"] if each["id"].startswith("sight-")]
        assert len((await on.shared.trip_lists.page(USER)).trips) == 1
