"""What a plan is as a trip, and how the trip follows the next plan without touching what people changed."""

import json
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.turn import Budget, Diff, Money, Plan, PlanActivity, Travellers, TurnResult
from app.domain import trip_fields as f
from app.domain.planned_trip import changes_between, trip_of
from app.domain.trip_edit import decide, resulting
from app.domain.trip_fields import Snapshot
from tests.support.planner_sandbox import SandboxWorld
from tests.support.planner_world import TODAY, play
from tests.support.plans import START, plan_of, request_of
from workers.agent.keeping import kept_before


def fields(trip: t.Trip) -> dict[str, bytes]:
    return f.fields_of(trip, lambda: "new")


def test_the_planners_plans_are_trips_as_clients_may_send_them() -> None:
    result = play(
        "Rome 3 nights and Athens 4 nights from Munich, leaving 3 May 2027, for 2, budget 2500 EUR",
        SandboxWorld(TODAY),  # type: ignore[arg-type]
    ).result
    assert result.plan is not None
    assert result.request is not None
    trip = trip_of(result.request, result.plan)
    assert fields(msgspec.json.decode(encode(trip), type=t.Trip)) == fields(trip)
    assert (trip.name, trip.travellers, trip.budget, trip.currency) == ("Rome – Athens", 2, 2500, "EUR")
    assert isinstance(trip.stops, list)
    assert [(stop.name, stop.iata, stop.arrive, stop.leave) for stop in trip.stops] == [
        ("Rome", "ROM", date(2027, 5, 3), date(2027, 5, 6)),
        ("Athens", "ATH", date(2027, 5, 6), date(2027, 5, 10)),
    ]
    assert len(trip.days) == 8
    traced = {leg.source_offer_id for leg in result.plan.legs}
    traced |= {stay.source_rate_id for stay in result.plan.stays or ()}
    assert set(trip.offers) == traced
    sights = [each.name for day in result.plan.days for each in day.activities]
    named = [activity.name for activity in trip.activities]
    assert set(sights) <= set(named)
    assert sum(name.startswith(result.plan.legs[0].flight_number) for name in named) == 1
    days = {day.id for day in trip.days}
    assert all(activity.day in days for activity in trip.activities)
    flights = [each for each in trip.activities if each.id.startswith("flight")]
    assert sum(each.cost or 0 for each in flights) == result.plan.legs[0].price.amount, "an offer counts once"


def test_the_day_on_the_way_is_no_stop() -> None:
    trip = trip_of(request_of("Lisbon"), plan_of("Berlin", "Lisbon", "Lisbon"))
    assert isinstance(trip.stops, list)
    assert [(stop.name, stop.arrive) for stop in trip.stops] == [("Lisbon", START + timedelta(1))]


def test_a_budget_each_is_everybodys_and_another_currency_is_none() -> None:
    each = Budget(amount=Decimal(500), currency="EUR", scope="per_person")
    party = Travellers(adults=2, child_ages=[4])
    assert trip_of(request_of("Lisbon", budget=each, travellers=party), plan_of("Lisbon")).budget == 1500
    dollars = structs.replace(each, currency="USD")
    assert trip_of(request_of("Lisbon", budget=dollars), plan_of("Lisbon")).budget is None


def sight(name: str, start: str | None = None) -> PlanActivity:
    return PlanActivity(name=name, start=start, price=Money(Decimal(5), "EUR"))


def test_hostile_text_stays_within_its_field() -> None:
    plan = plan_of("x" * 300, "Lisbon")
    plan.days[0].activities = [sight("y" * 300, "morning"), sight('"}],"owner":"mallory', "09:00")]
    trip = trip_of(request_of("Lisbon"), plan)
    names = [activity.name for activity in msgspec.json.decode(encode(trip), type=t.Trip).activities]
    assert names == ["y" * 200, '"}],"owner":"mallory']


cities = st.lists(st.sampled_from(("Lisbon", "Porto", "Faro")), min_size=1, max_size=6)
sights = st.lists(st.sampled_from(("Castle", "Tower", "Castle")).map(sight), max_size=3)
plans = st.builds(
    lambda names, shift, seen: _with_sights(plan_of(*names, start=START + timedelta(shift)), seen),
    cities,
    st.integers(-2, 2),
    sights,
)


def _with_sights(plan: Plan, seen: list[PlanActivity]) -> Plan:
    plan.days[-1].activities = seen
    return plan


@given(plans, plans)
def test_the_changes_make_the_next_trip_of_the_one_before(before: Plan, after: Plan) -> None:
    request = request_of("Lisbon", "Porto", "Faro")
    old, new = trip_of(request, before), trip_of(request, after)
    decision = decide(Snapshot(1, fields(old)), changes_between(old, new), {}, "reject", lambda: "new")
    assert not decision.conflicts
    assert resulting(fields(old), decision.writes) == fields(new)
    assert not changes_between(new, new)


@given(plans, plans, st.data())
def test_what_people_changed_stays(before: Plan, after: Plan, data: st.DataObject) -> None:
    request = request_of("Lisbon", "Porto", "Faro")
    old, new = trip_of(request, before), trip_of(request, after)
    standing = fields(old)
    name = data.draw(st.sampled_from(sorted(name for name in standing if "/" in name)))
    value = json.loads(standing[name])
    mine = encode({**value, "notes": "mine"}) if "notes" in value else encode({**value, "name": "mine"})
    edited = {**standing, name: f.canonical(name, mine) or b""}
    decision = decide(Snapshot(1, edited), changes_between(old, new), {}, "server-wins", lambda: "new")
    assert name not in decision.writes
    assert resulting(edited, decision.writes) == {**fields(new), name: edited[name]}


def test_one_more_day_moves_nothing_else() -> None:
    request = request_of("Lisbon")
    changes = changes_between(
        trip_of(request, plan_of("Lisbon", "Lisbon")), trip_of(request, plan_of("Lisbon", "Lisbon", "Lisbon"))
    )
    assert {change.field.partition("/")[0] for change in changes} == {"end_date", "stops", "days"}
    assert sum(change.field.startswith("days/") for change in changes) == 1


def result(plan: Plan | None, trip_id: str | None = None, diff: bool = False) -> TurnResult:
    return TurnResult(
        outcome="plan" if plan else "answer",
        request=request_of("Lisbon"),
        plan=None if plan is None else structs.replace(plan, trip_id=trip_id),
        diff=Diff(changed=["nights"]) if diff else None,
    )


PLAN = plan_of("Lisbon")


@pytest.mark.parametrize(
    ("recent", "trip_id"),
    [
        ([], None),
        ([result(PLAN, "t1")], "t1"),
        ([result(None), result(PLAN, "t2"), result(PLAN, "t1")], "t2"),
        ([result(PLAN, diff=True), result(PLAN, "t1")], "t1"),
        ([result(PLAN), result(PLAN, "t1")], None),
    ],
    ids=["nothing", "the last", "the last of two", "one that was not kept", "a new one that was not kept"],
)
def test_a_plan_follows_the_newest_that_is_in_a_trip(recent: list[TurnResult], trip_id: str | None) -> None:
    before = kept_before(result(PLAN, diff=True), recent)
    assert (before and before.plan.trip_id) == trip_id
    assert kept_before(result(PLAN), recent) is None


def test_a_flight_that_is_booked_twice_is_one_item() -> None:
    planned = play("5 days in Lisbon from Berlin in early May for 2 under 1500 EUR").result.plan
    assert planned is not None
    again = [structs.replace(leg, source_offer_id="another") for leg in planned.legs]
    trip = trip_of(request_of("Lisbon"), structs.replace(planned, legs=[*planned.legs, *again]))
    flights = [each for each in trip.activities if each.id.startswith("flight")]
    assert len(flights) == len(planned.legs)
    assert flights[0].cost == 2 * planned.legs[0].price.amount
