"""Plans of a model's own: whatever one holds it is lawful or goes back, and a follow-up is tied to its plan."""

import copy
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from app.contract.codec import encode, to_builtins
from app.contract.turn import TurnResult
from app.domain.planned_trip import trip_of
from tests.support.planner_world import TODAY, play, request_of
from tests.support.scripted_model import asks, led_by, says, submitted
from workers.agent.laws import broken_laws
from workers.agent.model import View
from workers.agent.modelled.submitted import Refused, judged

REQUEST = "5 days in Lisbon from Berlin in early May for 2 under 5000 EUR"
PLAYED = play(REQUEST)
LAWFUL = to_builtins(submitted(PLAYED.result)[1])
SEARCHES = asks(*[(call.tool, call.arguments) for call in PLAYED.calls])

HOSTILE: list[Any] = [
    *("0001-01-01", "9999-12-31", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "2027-05-01T00:00:00+14:00"),
    *(
        "NaN",
        "sNaN",
        "-Infinity",
        "1E+999999",
        "1E-999999",
        "-0",
        "",
        " ",
        "\0",
        "🗼" * 300,
        "https://x.example",
    ),
    *(0, -1, 2**31, 2**63 - 1, 2**64, -(2**63), 10**40, 1e308, -1e308, 5e-324, True, None),
    *([], {}, [[]], [None], {"amount": "NaN", "currency": "EUR"}, {"": None}),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to each part of a JSON value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in parts for found in places(part, (*path, key)))]


PLACES = [path for path in places(LAWFUL) if path]


def mutated(changes: list[tuple[tuple[Any, ...], Any]]) -> dict[str, Any]:
    plan = copy.deepcopy(LAWFUL)
    for path, value in changes:
        inside: Any = plan
        try:
            for key in path[:-1]:
                inside = inside[key]
            inside[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue  # another change has taken that part away
    return plan


def view_of(recent: tuple[TurnResult, ...] = ()) -> View:
    return View(
        request=request_of(REQUEST),
        today=TODAY,
        recent=recent,
        steps=tuple(PLAYED.steps),
        outcomes=PLAYED.outcomes,
    )


VIEW, AFTER_A_PLAN = view_of(), view_of((PLAYED.result,))


@settings(max_examples=200)
@given(
    changes=st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(HOSTILE)), min_size=1, max_size=3),
    view=st.sampled_from([VIEW, AFTER_A_PLAN]),
)
def test_a_hostile_plan_is_lawful_or_goes_back(
    changes: list[tuple[tuple[Any, ...], Any]], view: View
) -> None:
    try:
        result = judged(encode(mutated(changes)).decode(), view)
    except Refused as refused:
        assert str(refused)
        return
    calls = PLAYED.calls
    before = view.recent[0] if view.recent and result.diff is not None else None
    assert broken_laws(result, calls, PLAYED.outcomes, TODAY, before) == []
    assert msgspec.json.decode(encode(result), type=TurnResult) == result
    assert result.plan is not None
    assert result.request is not None
    trip_of(result.request, result.plan)


@pytest.mark.parametrize(
    "path",
    [
        ("plan", "date_range", 1),
        ("plan", "legs", 0, "arrives_local"),
        ("plan", "legs", 0, "price", "amount"),
        ("plan", "outbound", "price", "amount"),
        ("plan", "stays", 0, "check_in"),
        ("plan", "cost", "total"),
        ("plan", "cost", "items", 0, "amount"),
    ],
)
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:24])
def test_no_hostile_value_passes_where_a_law_looks(path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(Refused):
        judged(encode(mutated([(path, value)])).decode(), VIEW)


@pytest.mark.parametrize(
    "arguments",
    ["", "{", "[]", "null", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "[" * 100_000],
)
def test_what_is_no_plan_goes_back(arguments: str) -> None:
    with pytest.raises(Refused):
        judged(arguments, VIEW)


def test_a_plan_nested_without_end_goes_back() -> None:
    text = encode(mutated([(("plan", "legs", 0, "passengers"), "DEEP")])).decode()
    for depth in (500, 900, 5_000, 100_000):
        with pytest.raises(Refused):
            judged(text.replace('"DEEP"', '[{"x":' + "[" * depth + "]" * depth + "}]"), VIEW)


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "-1E+999999"])
def test_a_budget_that_is_no_number_goes_back(amount: str) -> None:
    with pytest.raises(Refused):
        judged(encode(mutated([(("request", "budget", "amount"), amount)])).decode(), VIEW)


def test_it_goes_back_as_a_retry_prompt() -> None:
    hostile = ("submit_plan", mutated([(("plan", "legs", 0, "arrives_local"), "0001-01-01T00:00:00")]))
    played, model = led_by(SEARCHES, asks(hostile), asks(submitted(PLAYED.result)), content=REQUEST)
    assert "a date is not of these centuries" in model.told[2][-1].content
    assert played.result.plan == PLAYED.result.plan


def cheaper() -> TurnResult:
    """The plan without anything that is done on its days for money."""
    plan = PLAYED.result.plan
    assert plan is not None
    items = [item for item in plan.cost.items if item.kind != "activity"]
    assert len(items) < len(plan.cost.items)
    days = [
        structs.replace(
            day, activities=[one for one in day.activities if not one.price or not one.price.amount]
        )
        for day in plan.days
    ]
    total = sum((item.amount for item in items), Decimal())
    cost = structs.replace(plan.cost, items=items, total=total)
    return structs.replace(PLAYED.result, plan=structs.replace(plan, days=days, cost=cost))


def test_a_follow_up_rests_on_the_plan_in_force_and_says_what_it_changed() -> None:
    question = TurnResult(outcome="clarify", request=PLAYED.result.request)
    changed = asks(submitted(cheaper(), changes=True))
    for recent in ([PLAYED.result], [question, PLAYED.result]):
        played, _ = led_by(changed, content="leave out the museums", recent=recent)
        assert played.result.diff is not None
        assert played.result.diff.changed == ["cost"]


def test_a_plan_of_another_trip_has_no_diff_and_rests_on_nothing_before() -> None:
    played, model = led_by(
        asks(submitted(PLAYED.result)), says("Sorry."), content=REQUEST, recent=[PLAYED.result]
    )
    assert "is not as an offer" in model.told[1][-1].content
    assert played.result.diff is None


def test_nothing_can_be_changed_where_there_is_no_plan() -> None:
    _, model = led_by(SEARCHES, asks(submitted(PLAYED.result, changes=True)), says("Sorry."), content=REQUEST)
    assert "no plan in force" in model.told[2][-1].content


def test_a_plan_needs_words() -> None:
    _, model = led_by(SEARCHES, asks(submitted(PLAYED.result, explanation="")), says("x"), content=REQUEST)
    assert "explanation" in model.told[2][-1].content
