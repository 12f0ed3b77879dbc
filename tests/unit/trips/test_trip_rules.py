"""What changes do to a trip: which are written, which conflict, which are refused."""

import itertools
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from app.contract.errors import ErrorCode, TripSageError
from app.contract.trip import Change, Strategy, Trip
from app.domain import trip_fields as f
from app.domain.trip_edit import Decision, after, decide, resulting

VALUES = f.fields_of(
    Trip(
        name="Spring",
        budget=Decimal(3000),
        tags=["food"],
        notes="See the sea",
        destinations=["Paris", "Rome"],
    ),  # type: ignore[arg-type]
    map(str, itertools.count(1)).__next__,
)
TRIP = f.Snapshot(
    9, VALUES, {**dict.fromkeys(VALUES, 2), "destinations": 2, "budget": 7, "tags": 7, "notes": 7}
)


def change(field: str, value: Any, **base: Any) -> Change:
    if "old_value" in base:
        base["old_value"] = Raw(json.dumps(base["old_value"]).encode())
    return Change(field=field, value=Raw(json.dumps(value).encode()), **base)


def decided(*changes: Change, strategy: Strategy = "reject", base: Any = None, **reads: int) -> Decision:
    known = None if base is None else json.dumps(base).encode()
    return decide(TRIP, changes, reads, strategy, lambda: "new", lambda _: known)


def written(decision: Decision) -> dict[str, Any]:
    assert decision.conflicts == []
    return {name: None if raw is None else json.loads(raw) for name, raw in decision.writes.items()}


@pytest.mark.parametrize(
    "one",
    [
        change("budget", 3500),
        change("budget", 3500, base_version=7),
        change("budget", 3500, old_value=3000.0),
    ],
)
def test_a_current_base_or_none_is_no_conflict(one: Change) -> None:
    assert written(decided(one)) == {"budget": 3500}


@pytest.mark.parametrize("values", [(1, True), (0, False), ([1, {"a": 0}], [1, {"a": False}])])
def test_a_number_is_no_truth_value(values: tuple[Any, Any]) -> None:
    for standing, wanted in (values, values[::-1]):
        trip = f.Snapshot(9, {**VALUES, "custom/it": json.dumps(standing).encode()}, {"custom/it": 3})
        decision = decide(trip, [change("custom/it", wanted, base_version=3)], {}, "reject", lambda: "new")
        assert written(decision) == {"custom/it": wanted}


def test_amounts_are_compared_as_decimals() -> None:
    one, other = "999999999999.0002", "999999999999.0003"
    assert float(one) == float(other)
    trip = f.Snapshot(9, {**VALUES, "budget": one.encode()}, {"budget": 3})
    wanted = Change(field="budget", value=Raw(other.encode()), base_version=3)
    assert decide(trip, [wanted], {}, "reject", lambda: "new").writes == {"budget": other.encode()}


@pytest.mark.parametrize("base", [{"base_version": 8}, {"base_version": 9}])
def test_a_version_since_the_fields_last_write_is_current(base: Any) -> None:
    assert written(decided(change("budget", 3500, **base), name=9)) == {"budget": 3500}


def test_an_item_that_was_there_and_is_not_has_moved_on() -> None:
    (conflict,) = decided(change("stops/gone", {"id": "gone", "name": "Gone"}, base_version=5)).conflicts
    assert (conflict.current, conflict.current_version) == (None, 0)


@pytest.mark.parametrize("base", [{"base_version": 2}, {"old_value": 2500}])
def test_a_field_that_moved_on_is_a_conflict(base: Any) -> None:
    (conflict,) = decided(change("budget", 3500, **base), change("name", "Summer")).conflicts
    assert (conflict.field, conflict.wanted, conflict.current) == ("budget", b"3500", b"3000")
    assert conflict.current_version == 7


@pytest.mark.parametrize("base", [{"base_version": 2}, {"old_value": 2500}])
def test_wanting_what_stands_is_no_conflict_and_writes_nothing(base: Any) -> None:
    decision = decided(change("budget", 3000.00, **base))
    assert written(decision) == {}
    assert decision.reads == {"budget"}


def test_other_fields_have_nothing_to_do_with_it() -> None:
    assert written(decided(change("name", "Summer", base_version=2))) == {"name": "Summer"}


def test_a_field_only_read_that_moved_on_is_a_conflict() -> None:
    assert [each.field for each in decided(change("name", "Rich"), budget=6).conflicts] == ["budget"]
    assert decided(change("name", "Rich"), budget=7).reads == {"budget"}


def test_strategies() -> None:
    stale = change("budget", 3500, base_version=2)
    name = change("name", "Summer")
    assert written(decided(stale, name, strategy="server-wins")) == {"name": "Summer"}
    assert written(decided(stale, name, strategy="client-wins")) == {"name": "Summer", "budget": 3500}
    assert decided(stale, name, strategy="merge").conflicts != []
    notes = change("notes", "Hear the blue sea", base_version=2)
    assert written(decided(notes, strategy="merge", base="Hear the sea")) == {"notes": "See the blue sea"}
    tags = change("tags", ["sun", "art"], base_version=2)
    assert written(decided(tags, strategy="merge", base=["art"])) == {"tags": ["food", "sun"]}


@pytest.mark.parametrize("version", [10, 2**53 - 1])
def test_a_version_that_never_was_asks_for_a_new_start(version: int) -> None:
    with pytest.raises(TripSageError) as refused:
        decided(change("budget", 1, base_version=version))
    assert refused.value.code is ErrorCode.CONFLICT
    assert refused.value.details["resync"] is True


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ([change("colour", "red")], "colour"),
        ([change("version", 3)], "version"),
        ([change("budget", -1)], "budget"),
        ([change("budget", "much")], "budget"),
        ([change("budget", 10**13)], "budget"),
        ([change("currency", "XXY")], "currency"),
        ([change("currency", "eur")], "currency"),
        ([change("name", None)], "name"),
        ([change("travellers", 0)], "travellers"),
        ([change("tags", ["a", "a"])], "tags"),
        ([change("notes", "x" * 32_769)], "notes"),
        ([change("start_date", "2026-05-02"), change("end_date", "2026-05-01")], "end_date"),
        ([change("stops/1", {"id": "2", "name": "Rome"})], "stops/1"),
        ([change("stops/a/b", {"id": "2", "name": "Rome"})], "stops/a/b"),
        ([change("stops/x", {"id": "x", "name": "Rome", "colour": 1})], "stops/x.colour"),
        (
            [change("stops/x", {"id": "x", "name": "R", "arrive": "2026-05-02", "leave": "2026-05-01"})],
            "stops/x",
        ),
        ([change("budget", 1), change("budget", 2)], "changes"),
        ([change("destinations", []), change("stops/1", None)], "destinations"),
        ([change("custom/deep", json.loads("[" * 40 + "]" * 40))], "custom/deep"),
    ],
)
def test_what_cannot_stand_is_refused_by_name(changes: list[Change], field: str) -> None:
    with pytest.raises(TripSageError) as refused:
        decided(*changes)
    assert refused.value.code is ErrorCode.VALIDATION_ERROR
    assert refused.value.details["field"] == field


def test_a_trip_too_large_is_refused() -> None:
    with pytest.raises(TripSageError) as refused:
        decided(*(change(f"custom/{number}", "x" * 20_000) for number in range(3)))
    assert refused.value.code is ErrorCode.PAYLOAD_TOO_LARGE


def test_a_date_rests_on_the_other() -> None:
    assert decided(change("start_date", "2026-05-02")).reads == {"end_date"}


def test_names_become_stops_that_stay_themselves() -> None:
    decision = decided(change("destinations", ["Rome", "Oslo"]))
    writes = written(decision)
    assert writes["stops/1"] is None
    assert writes["stops/2"]["name"] == "Rome"
    assert writes["stops/new"]["name"] == "Oslo"
    assert decision.reads == {"destinations"}
    assert f.destinations(resulting(VALUES, decision.writes)) == ["Rome", "Oslo"]


def test_an_item_goes_to_the_end_or_stays_where_it_is() -> None:
    added = written(decided(change("stops/x", {"id": "x", "name": "Oslo"})))
    assert added["stops/x"]["position"] == 2
    changed = written(decided(change("stops/1", {"id": "1", "name": "Nice"})))
    assert changed["stops/1"]["position"] == 0
    assert written(decided(change("stops/1", None))) == {"stops/1": None}


@given(st.lists(st.sampled_from(["Paris", "Rome", "Oslo", "Nice"]), max_size=6))
def test_destinations_become_what_they_were_set_to(names: list[str]) -> None:
    ids = map("n{}".format, itertools.count())
    decision = decide(TRIP, [change("destinations", names)], {}, "reject", ids.__next__)
    assert f.destinations(resulting(VALUES, decision.writes)) == names


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_an_amount_has_one_spelling(amount: Any) -> None:
    one = f.canonical("budget", str(amount).encode())
    assert one == f.canonical("budget", f"{amount:f}00".encode())
    assert msgspec.json.decode(one or b"", type=type(amount)) == amount


def test_what_a_write_leaves_is_the_trip_with_it() -> None:
    left = after(TRIP, {"notes": b'"By the sea"', "days/one": b'{"id":"one"}', "stops/1": None}, 12)
    assert left.version == 12
    assert left.values == {
        **{name: value for name, value in VALUES.items() if name != "stops/1"},
        "notes": b'"By the sea"',
        "days/one": b'{"id":"one"}',
    }
    assert left.versions == {
        **{name: version for name, version in TRIP.versions.items() if name != "stops/1"},
        **dict.fromkeys(("notes", "days/one", "destinations"), 12),
    }
    assert after(TRIP, {"budget": b"1"}, 12).versions == {**TRIP.versions, "budget": 12}
