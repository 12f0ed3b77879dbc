"""Plans become trips on a real server: once whatever crashes, and never over what people changed."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec import Raw

from app.contract import events as e
from app.contract import trip as t
from app.contract.ids import AGENT_ID, trip_stream
from app.contract.jobs import TurnJob
from app.contract.turn import TurnResult
from app.services.trip_commits import Call
from app.wiring import new_id
from tests.support.crashing import Crash, CrashingLog, CrashingTrips
from tests.support.plans import PlansAtOnce, plan_of, planned
from tests.support.replayed import replayed
from tests.support.stage import SESSION, USER, Stage, stage
from tests.support.turn_rules import check_turn
from workers import ops
from workers.agent.runner import run_turn

FIRST, LONGER = "5 days in Lisbon", "a day longer"
RESULTS = {
    FIRST: planned(plan_of("Lisbon", "Lisbon", trip_id="another-trip")),
    LONGER: planned(plan_of("Lisbon", "Lisbon", "Lisbon"), follows=True),
    "a day shorter": planned(plan_of("Lisbon"), follows=True),
    "länger": planned(plan_of("Lisbon", "Lisbon", "Lisbon"), follows=True, language="de"),
    "elsewhere": planned(plan_of("Porto", "Porto")),
    "for ever": planned(plan_of(*["x" * 200] * 300)),
}


@pytest.fixture
async def on(valkey_url: str) -> AsyncIterator[Stage]:
    async with stage(valkey_url, PlansAtOnce(RESULTS)) as running:
        yield running


async def ask(on: Stage, turn_id: str, content: str, **parts: Any) -> TurnResult:
    await on.say(turn_id, content)
    await run_turn(on.with_parts(**parts), TurnJob(session_id=SESSION, turn_id=turn_id))
    return await result_of(on, turn_id)


async def result_of(on: Stage, turn_id: str) -> TurnResult:
    stored = await on.shared.sessions.turn_result(SESSION, turn_id)
    assert stored is not None
    check_turn(await on.turn_events(turn_id), turn_id)
    assert (await replayed(on, turn_id, SESSION))[0] == ops.SAME
    return msgspec.json.decode(stored, type=TurnResult)


async def kept(on: Stage, turn_id: str = "m1", content: str = FIRST) -> str:
    result = await ask(on, turn_id, content)
    assert result.plan is not None
    assert result.plan.trip_id is not None
    return result.plan.trip_id


async def trip(on: Stage, trip_id: str) -> dict[str, Any]:
    return json.loads((await on.shared.trips.read(USER, trip_id)).json)


async def updates(on: Stage, trip_id: str) -> list[e.TripUpdateBroadcast]:
    page = await on.shared.log.read(trip_stream(trip_id), 0, limit=1000)
    events = [e.decode_event(frame) for _, frame in page.frames]
    return [event for event in events if isinstance(event, e.TripUpdateBroadcast)]


async def edit(on: Stage, trip_id: str, **values: Any) -> None:
    changes = [
        t.Change(field=name.replace("__", "/"), value=Raw(json.dumps(value).encode()))
        for name, value in values.items()
    ]
    await on.shared.trips.write(trip_id, Call(USER, new_id()), t.Mutation(changes=changes))


async def test_a_plan_is_a_trip_of_the_users_that_the_agent_may_write_to(on: Stage) -> None:
    trip_id = await kept(on)
    made = await trip(on, trip_id)
    assert (made["name"], made["start_date"], made["end_date"]) == ("Lisbon", "2027-05-01", "2027-05-02")
    assert made["custom"]["cost"] == {"total": 900.5, "currency": "EUR"}
    listed = await on.shared.trip_lists.page(USER)
    assert [(each.id, each.permissions) for each in listed.trips] == [(trip_id, ["read", "write", "admin"])]
    people = (await on.shared.trip_sharing.list(USER, trip_id)).collaborators
    assert {each.user_id: (each.permissions, each.owner) for each in people} == {
        AGENT_ID: (["read", "write"], False),
        USER: (["read", "write", "admin"], True),
    }
    assert [update.updated_by for update in await updates(on, trip_id)] == [AGENT_ID]


async def test_what_follows_changes_the_trip_and_leaves_what_people_changed(on: Stage) -> None:
    trip_id = await kept(on)
    await edit(on, trip_id, name="Our spring", end_date="2027-05-09", notes="Bring hats")
    result = await ask(on, "m2", LONGER)
    assert result.plan is not None
    assert result.plan.trip_id == trip_id
    assert result.warnings == [
        "In the trip itself these were changed meanwhile, so I left them as they are: end_date."
    ]
    assert result.response is not None
    assert result.response.text.endswith(result.warnings[0])
    now = await trip(on, trip_id)
    assert (now["name"], now["end_date"], now["notes"]) == ("Our spring", "2027-05-09", "Bring hats")
    assert [day["date"] for day in now["days"]] == ["2027-05-01", "2027-05-02", "2027-05-03"]
    assert now["stops"][0]["leave"] == "2027-05-03"


async def test_what_people_wrote_on_a_day_that_the_plan_gives_up_stays(on: Stage) -> None:
    trip_id = await kept(on)
    second = (await trip(on, trip_id))["days"][1]
    await edit(on, trip_id, **{f"days__{second['id']}": {**second, "notes": "Museum"}})
    result = await ask(on, "m2", "a day shorter")
    assert "left them as they are: 2027-05-02" in result.warnings[0]
    assert [day["notes"] for day in (await trip(on, trip_id))["days"]] == ["", "Museum"]


async def test_a_plan_of_something_else_is_another_trip(on: Stage) -> None:
    first, second = await kept(on), await kept(on, "m2", "elsewhere")
    assert first != second
    assert (await trip(on, first))["name"] == "Lisbon"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_at_the_trips_own_write_repeats_nothing(on: Stage, after: bool) -> None:
    trip_ids = set[str]()
    for turn_id, content in (("m1", FIRST), ("m2", LONGER)):
        crashing = CrashingTrips(on.agent.planned_trips, after=after)
        with pytest.raises(Crash):
            await ask(on, turn_id, content, planned_trips=crashing)
        await run_turn(on.agent, TurnJob(session_id=SESSION, turn_id=turn_id))
        plan = (await result_of(on, turn_id)).plan
        assert plan is not None
        trip_ids.add(str(plan.trip_id))
    (trip_id,) = trip_ids
    assert [update.mutation_id for update in await updates(on, trip_id)] == ["m1.plan", "m2.plan"]
    assert len((await on.shared.trip_lists.page(USER)).trips) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_nor_does_a_crash_at_any_write_of_the_turn(on: Stage, after: bool) -> None:
    trip_id = await kept(on, "m0")
    for at in range(1, 40):
        turn_id = f"m{at}"
        await on.say(turn_id, LONGER if at % 2 else "elsewhere")
        job = TurnJob(session_id=SESSION, turn_id=turn_id)
        try:
            await run_turn(on.with_parts(log=CrashingLog(on.shared.log, at, after=after)), job)
        except Crash:
            await run_turn(on.agent, job)
        else:
            assert at > 5, "the crash comes in the middle of the turn"
            break
        plan = (await result_of(on, turn_id)).plan
        assert plan is not None
        before, trip_id = trip_id, str(plan.trip_id)
        assert (trip_id == before) == bool(at % 2), "a follow-up is for the trip before it"
    listed = await on.shared.trip_lists.page(USER)
    for each in listed.trips:
        written = [update.mutation_id for update in await updates(on, each.id)]
        assert len(set(written)) == len(written) <= 2
    assert len(listed.trips) == 1 + at // 2


async def _deleted(on: Stage, trip_id: str) -> None:
    await on.shared.trip_sharing.delete(USER, trip_id)


async def _closed_to_the_agent(on: Stage, trip_id: str) -> None:
    await on.shared.trip_sharing.revoke(USER, trip_id, AGENT_ID)


async def _filled(on: Stage, trip_id: str) -> None:
    await edit(on, trip_id, notes="x" * 32_000)
    values = (await on.shared.trips.read(USER, trip_id)).snapshot.values.values()
    left = t.MAX_TRIP_BYTES - sum(map(len, values))
    await edit(on, trip_id, custom__filler="x" * (left - 20))


Refusal = Callable[[Stage, str], Awaitable[None]]


@pytest.mark.parametrize(
    ("refuse", "warning"),
    [
        (_deleted, "was deleted, so this change is not saved"),
        (_closed_to_the_agent, "may no longer write"),
        (_filled, "does not fit"),
    ],
)
async def test_a_trip_that_refuses_is_told_and_the_turn_ends_well(
    on: Stage, refuse: Refusal, warning: str
) -> None:
    trip_id = await kept(on)
    await refuse(on, trip_id)
    written = len(await updates(on, trip_id))
    result = await ask(on, "m2", LONGER)
    assert result.plan is not None
    assert (result.outcome, result.plan.trip_id, result.plan.nights) == ("plan", None, 2)
    assert warning in result.warnings[-1]
    assert len(await updates(on, trip_id)) == written
    last = (await on.turn_events("m2"))[-1]
    assert isinstance(last, e.AgentStatusUpdate)
    assert last.status == "idle"


async def test_what_was_refused_comes_with_the_next_change(on: Stage) -> None:
    trip_id = await kept(on)
    await on.shared.trip_sharing.revoke(USER, trip_id, AGENT_ID)
    await ask(on, "m2", LONGER)
    order = t.CollaboratorOrder(permissions=["read", "write"])
    await on.shared.trip_sharing.grant(USER, trip_id, AGENT_ID, order)
    german = await ask(on, "m3", "länger")
    assert german.plan is not None
    assert german.plan.trip_id == trip_id
    assert len((await trip(on, trip_id))["days"]) == 3


async def test_the_agent_writes_for_nobody_who_may_not_write(on: Stage) -> None:
    """Alice loses the trip, the agent keeps its role: her session cannot reach the trip through it."""
    trip_id = await kept(on)
    stored = await on.shared.redis.hgetall("{trip:" + trip_id + "}:roles")
    assert stored[AGENT_ID.encode()] == b"write"
    await on.shared.redis.execute_command("HSET", "{trip:" + trip_id + "}:roles", USER, "read")
    result = await ask(on, "m2", "länger")
    assert "darf ich nicht mehr schreiben" in result.warnings[-1]
    assert len(await updates(on, trip_id)) == 1


async def test_a_plan_too_large_for_a_trip_is_a_plan_all_the_same(on: Stage) -> None:
    result = await ask(on, "m1", "for ever")
    assert result.plan is not None
    assert result.plan.trip_id is None
    assert result.plan.cost.total == Decimal("900.50")
    assert "does not fit" in result.warnings[-1]
    assert (await on.shared.trip_lists.page(USER)).trips == []
