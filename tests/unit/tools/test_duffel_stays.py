"""Rooms of Duffel Stays by the same tool: what is the same as with LiteAPI, and what this provider says itself."""

from typing import Any

import pytest

from app.contract.errors import ErrorCode, TripSageError
from tests.support.travel import Bench
from tools.results import AccommodationResult

STAY: dict[str, Any] = {
    "city": "Lisbon",
    "latitude": 38.7167,
    "longitude": -9.1333,
    "check_in": "2027-05-04",
    "check_out": "2027-05-09",
}


def bench(**environ: str) -> Bench:
    return Bench(environ={"TRIPSAGE_STAYS": "duffel", **environ})


async def found(one: Bench, **more: Any) -> AccommodationResult:
    return await one.call("accommodation_search", {**STAY, **more})


async def test_rooms_of_the_cheapest_houses_come_cheapest_first() -> None:
    one = bench()
    stays = (await found(one, child_ages=[4])).stays
    prices = [stay.total.amount for stay in stays]
    assert prices
    assert prices == sorted(prices)
    assert len({stay.hotel_id for stay in stays}) <= 6
    assert {(stay.nights, stay.rooms, stay.sleeps) for stay in stays} == {(5, 1, 3)}
    assert one.endpoint is not None
    assert one.endpoint.endswith("/actions/fetch_all_rates")
    assert any("hotels found, asking the 6 cheapest" in message for message in one.messages)


async def test_both_providers_agree_on_the_price_of_a_room() -> None:
    asked = {"child_ages": [4, 9]}
    duffel, liteapi = (await found(bench(), **asked)).stays[0], (await found(Bench(), **asked)).stays[0]
    assert (duffel.name, duffel.room, duffel.total) == (liteapi.name, liteapi.room, liteapi.total)


async def test_wishes_are_met() -> None:
    breakfasts = (await found(bench(), amenities=["breakfast"])).stays
    assert {stay.board for stay in breakfasts} == {"breakfast"}
    assert {stay.accessible for stay in (await found(bench(), accessible=True)).stays} == {True}


async def test_an_account_without_stays_is_told_so_in_duffels_words() -> None:
    one = bench(TRIPSAGE_DUFFEL_KEY="duffel_test_without_stays")
    with pytest.raises(TripSageError) as refused:
        await found(one)
    assert refused.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert refused.value.details["status"] == 403
    assert refused.value.details["reason"].startswith("This feature is not enabled for your account.")
    assert refused.value.details["request_id"]


async def test_a_house_that_fails_fails_the_search_and_is_not_left_out_silently() -> None:
    one = bench()
    one.fault(provider="duffel", path="/stays/search_results", status=500, after=2)
    with pytest.raises(TripSageError) as refused:
        await found(one)
    assert refused.value.details["provider"] == "Duffel"


async def test_in_the_middle_of_the_sea_there_is_nothing() -> None:
    assert (await found(bench(), latitude=30.0, longitude=-40.0)).stays == []
