"""Rooms for a party: who shares one, what fits, and what is said when the provider fails."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract.errors import ErrorCode, TripSageError
from tests.support.travel import Bench
from tools.accommodation_search import shared_out
from tools.places import find_places
from tools.results import AccommodationResult

LISBON = find_places("Lisbon")[0]
STAY: dict[str, Any] = {
    "city": "Lisbon",
    "latitude": LISBON.latitude,
    "longitude": LISBON.longitude,
    "check_in": "2027-05-04",
    "check_out": "2027-05-09",
}


async def found(bench: Bench | None = None, **more: Any) -> AccommodationResult:
    return await (bench or Bench()).call("accommodation_search", {**STAY, **more})


async def refused(bench: Bench | None = None, **more: Any) -> TripSageError:
    with pytest.raises(TripSageError) as refused:
        await found(bench, **more)
    return refused.value


async def test_rooms_come_cheapest_first_and_for_all_nights() -> None:
    bench = Bench()
    stays = (await found(bench)).stays
    assert len(stays) >= 10
    prices = [stay.total.amount for stay in stays]
    assert prices == sorted(prices)
    assert len({stay.rate_id for stay in stays}) == len(stays)
    for stay in stays:
        assert (stay.nights, stay.rooms, stay.total.currency) == (5, 1, "EUR")
        assert stay.capacity_total == stay.sleeps >= 2
    assert bench.endpoint == "POST http://127.0.0.1:8001/liteapi/v3.0/hotels/rates"
    assert [message for message in bench.messages if "rooms fit" in message]


async def test_the_summary_says_how_many_and_from_what_price() -> None:
    result = await found()
    assert result.summary() == {
        "stays_found": len(result.stays),
        "cheapest_price": result.stays[0].total.amount,
        "currency": "EUR",
    }
    assert AccommodationResult(stays=[]).summary()["cheapest_price"] is None


async def test_a_room_takes_everybody_who_sleeps_in_it() -> None:
    family = (await found(adults=2, child_ages=[4, 9])).stays
    assert family
    assert all(stay.sleeps >= 4 for stay in family)
    apart = (await found(adults=4, child_ages=[4, 9])).stays
    assert {stay.rooms for stay in apart} == {2}
    assert all(stay.capacity_total >= 6 for stay in apart)


@pytest.mark.parametrize("wish", ["pool", "breakfast", "parking", "kitchen"])
async def test_every_stay_has_the_amenities_that_were_asked_for(wish: str) -> None:
    every = {stay.rate_id for stay in (await found()).stays}
    stays = (await found(amenities=[wish])).stays
    assert all(wish in stay.amenities for stay in stays)
    assert {stay.rate_id for stay in stays} < every


async def test_accessible_stays_say_so_and_no_stay_says_that_it_is_not() -> None:
    every = (await found()).stays
    assert {stay.accessible for stay in every} == {True, None}
    assert {stay.accessible for stay in (await found(accessible=True)).stays} == {True}


async def test_prices_come_in_the_currency_that_was_asked_for() -> None:
    euro, yen = (await found()).stays[0], (await found(currency="JPY")).stays[0]
    assert yen.total.currency == "JPY"
    assert yen.total.amount == yen.total.amount.to_integral_value()
    assert yen.total.amount > 50 * euro.total.amount


async def test_in_the_middle_of_the_sea_there_is_nothing() -> None:
    assert (await found(latitude=30.0, longitude=-40.0)).stays == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"check_in": "2026-11-21"}, "check_in"),
        ({"check_out": "2027-05-04"}, "check_out"),
        ({"check_out": "2027-09-04"}, "check_out"),
        ({"rooms": 3}, "rooms"),
        ({"adults": 20, "child_ages": [3] * 17}, "child_ages"),
        ({"adults": 0}, "adults"),
        ({"amenities": ["butler"]}, "amenities[0]"),
        ({"latitude": 91}, "latitude"),
    ],
)
async def test_what_cannot_be_searched_for_is_named(more: dict[str, Any], field: str) -> None:
    error = await refused(**more)
    assert (error.code, error.details["field"]) == (ErrorCode.VALIDATION_ERROR, field)


async def test_an_unknown_currency_is_the_askers_error() -> None:
    error = await refused(currency="XXX")
    assert error.code == ErrorCode.VALIDATION_ERROR
    assert error.details["reason"] == "4002: invalid currency"


async def test_a_search_is_made_again_when_the_provider_stumbles() -> None:
    bench = Bench()
    bench.fault(provider="liteapi", status=502, path="/v3.0/hotels", times=1)
    assert (await found(bench)).stays
    assert any("trying again" in message for message in bench.messages)


@pytest.mark.parametrize("kind", ["broken_json", "truncated", "reset"])
async def test_a_broken_answer_is_an_error_and_no_invention(kind: str) -> None:
    bench = Bench()
    bench.fault(provider="liteapi", kind=kind)
    error = await refused(bench)
    assert (error.code, error.details["provider"]) == (ErrorCode.EXTERNAL_API_ERROR, "LiteAPI")


async def test_a_provider_that_does_not_answer_is_a_time_out() -> None:
    bench = Bench()
    bench.fault(provider="liteapi", kind="timeout")
    assert (await refused(bench)).code == ErrorCode.TOOL_TIMEOUT


async def test_a_wrong_key_is_said_and_not_shown() -> None:
    bench = Bench(environ={"TRIPSAGE_LITEAPI_KEY": "sand_do-not-show"})
    body = '{"error":{"code":4001,"message":"Unauthorized","description":"no such key sand_do-not-show"}}'
    bench.fault(provider="liteapi", status=401, body=body)
    error = await refused(bench)
    assert error.details["reason"] == "4001: no such key [key]"
    assert error.details["status"] == 401


@given(st.integers(1, 12), st.lists(st.integers(0, 17), max_size=8), st.none() | st.integers(1, 9))
def test_everybody_gets_a_room_with_an_adult(adults: int, ages: list[int], rooms: int | None) -> None:
    if rooms is not None and rooms > adults:
        with pytest.raises(TripSageError):
            shared_out(adults, tuple(ages), rooms)
        return
    shared = shared_out(adults, tuple(ages), rooms)
    assert sum(one.adults for one in shared) == adults
    assert sorted(age for one in shared for age in one.children) == sorted(ages)
    heads = [one.adults + len(one.children) for one in shared]
    assert min(one.adults for one in shared) >= 1
    assert max(heads) - min(heads) <= 2
    assert rooms is None or len(shared) == rooms


async def test_summer_costs_more_and_a_repeated_search_the_same() -> None:
    may, again = (await found()).stays, (await found()).stays
    assert may == again
    february = (await found(check_in="2027-02-02", check_out="2027-02-07")).stays
    assert sum(stay.total.amount for stay in february[:5]) < sum(
        (stay.total.amount for stay in may[:5]), Decimal()
    )


async def test_a_family_that_one_room_does_not_hold_gets_two() -> None:
    stays = (await found(adults=2, child_ages=[14, 11, 3])).stays
    assert stays
    assert all(stay.rooms == 2 and stay.capacity_total >= 5 for stay in stays)
