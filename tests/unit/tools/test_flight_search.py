"""The flight search tool through the real Duffel client against the sandbox."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import airportsdata
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract.errors import ErrorCode, TripSageError
from tests.support.travel import TODAY, Bench
from tools.flight_search import (
    INFANT_AGE,
    MAX_PASSENGERS,
    _parties,  # pyright: ignore[reportPrivateUsage]  # how a party is split is a rule of its own
)
from tools.results import FlightSearchResult

LISBON: dict[str, Any] = {
    "origin": "BER",
    "destination": "LIS",
    "departure_date": "2027-05-04",
    "return_date": "2027-05-09",
    "adults": 2,
}


async def test_berlin_to_lisbon_for_two_has_offers_well_below_the_budget() -> None:
    bench = Bench()
    result: FlightSearchResult = await bench.call("flight_search", LISBON)
    totals = [offer.total.amount for offer in result.offers]
    assert totals == sorted(totals)
    assert totals[0] < 1500
    assert len(totals) >= 10
    assert len(set(totals)) >= 10
    assert {offer.slices[0].stops for offer in result.offers} == {0, 1}
    assert len({offer.slices[0].segments[0].departs_local for offer in result.offers}) >= 4
    assert bench.endpoint == "POST http://127.0.0.1:8001/duffel/air/offer_requests"
    assert result.summary() == {
        "flights_found": len(totals),
        "cheapest_price": totals[0],
        "currency": "EUR",
    }
    assert bench.reports == [
        (0.1, "Asking airlines for BER – LIS – BER"),
        (0.9, f"{len(totals)} offers read"),
    ]


async def test_an_offer_is_whole() -> None:
    offer = (await Bench().call("flight_search", LISBON)).offers[0]
    out, back = offer.slices
    assert (out.origin, out.destination, back.origin, back.destination) == ("BER", "LIS", "LIS", "BER")
    assert out.segments[0].departs_local.date().isoformat() == "2027-05-04"
    assert back.segments[0].departs_local.date().isoformat() == "2027-05-09"
    assert out.segments[0].departs_local.tzinfo is None
    assert out.segments[0].flight_number.startswith(out.segments[0].carrier)
    assert offer.passengers == [{"type": "adult"}, {"type": "adult"}]
    assert offer.total.currency == "EUR"
    assert isinstance(offer.total.amount, Decimal)
    assert offer.expires_at is not None


async def test_durations_are_what_the_clocks_at_both_ends_say() -> None:
    zones = {code: ZoneInfo(airport["tz"]) for code, airport in airportsdata.load("IATA").items()}
    result = await Bench().call("flight_search", {**LISBON, "destination": "JFK"})
    for offer in result.offers:
        for part in offer.slices:
            start = part.segments[0].departs_local.replace(tzinfo=zones[part.segments[0].depart_iata])
            end = part.segments[-1].arrives_local.replace(tzinfo=zones[part.segments[-1].arrive_iata])
            assert end.astimezone(ZoneInfo("UTC")) - start.astimezone(ZoneInfo("UTC")) == timedelta(
                minutes=part.duration_minutes
            )


async def test_everybody_is_named_and_paid_for() -> None:
    family = {**LISBON, "child_ages": [9, 4], "infants": 1}
    with_children = (await Bench().call("flight_search", family)).offers
    assert with_children[0].passengers == [
        {"type": "adult"},
        {"type": "adult"},
        {"age": 9},
        {"age": 4},
        {"age": 1},
    ]
    cheapest = (await Bench().call("flight_search", LISBON)).offers[0].total.amount
    assert with_children[0].total.amount > cheapest


async def test_passengers_may_be_named_as_duffel_names_them() -> None:
    counted = {**LISBON, "child_ages": [9, 4], "infants": 1}
    named = {name: value for name, value in LISBON.items() if name != "adults"}
    named["passengers"] = [{"type": "adult"}, {"type": "adult"}, {"age": 9}, {"age": 4}, {"age": 1}]
    offers = [(await Bench().call("flight_search", asked)).offers for asked in (counted, named)]
    assert [offer.total for offer in offers[0]] == [offer.total for offer in offers[1]]


async def test_an_open_jaw_is_searched_by_slices() -> None:
    slices = [
        {"origin": "BER", "destination": "ATH", "departure_date": "2027-05-04"},
        {"origin": "HER", "destination": "BER", "departure_date": "2027-05-14"},
    ]
    offers = (await Bench().call("flight_search", {"slices": slices})).offers
    assert offers
    assert [(part.origin, part.destination) for part in offers[0].slices] == [("BER", "ATH"), ("HER", "BER")]


async def test_nonstop_only_is_kept() -> None:
    offers = (await Bench().call("flight_search", {**LISBON, "max_stops": 0})).offers
    assert offers
    assert all(part.stops == 0 for offer in offers for part in offer.slices)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"origin": None}, "origin"),
        ({"departure_date": None}, "departure_date"),
        ({"departure_date": "2026-11-21", "return_date": None}, "departure_date"),
        ({"return_date": "2027-05-03"}, "return_date"),
        ({"destination": "BER"}, "destination"),
        ({"adults": 0}, "adults"),
        ({"adults": 1, "child_ages": [9] * 9}, "adults"),
        ({"adults": 30, "child_ages": [9] * 7}, "adults"),
        ({"infants": 3}, "infants"),
        ({"slices": [{"origin": "A" * 3, "destination": "LIS", "departure_date": "2027-05-04"}]}, "slices"),
        ({"passengers": [{"type": "adult"}]}, "passengers"),
        ({"adults": None, "passengers": [{"type": "adult", "age": 9}]}, "passengers"),
        ({"adults": None, "passengers": [{}]}, "passengers"),
        ({"destination": "QQQ"}, "destination"),
        ({"return_date": "2029-01-01"}, "departure_date"),
    ],
)
async def test_what_cannot_be_searched_is_refused_by_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(TripSageError) as refused:
        await Bench().call("flight_search", {**LISBON, **change})
    assert refused.value.code is ErrorCode.VALIDATION_ERROR
    assert refused.value.details["field"] == field


async def test_a_flight_today_is_still_ahead() -> None:
    result = await Bench().call(
        "flight_search", {"origin": "BER", "destination": "MUC", "departure_date": TODAY.isoformat()}
    )
    assert result.offers


async def test_the_same_search_reads_the_same_again() -> None:
    bench = Bench()
    assert await bench.call("flight_search", LISBON) == await bench.call("flight_search", LISBON)
    assert await Bench().call("flight_search", LISBON) == await Bench().call("flight_search", LISBON)
    assert await Bench(seed=2).call("flight_search", LISBON) != await Bench().call("flight_search", LISBON)


async def test_a_passing_failure_is_tried_again_and_told() -> None:
    bench = Bench()
    bench.fault(provider="duffel", status=503, times=1, headers={"Retry-After": "0"})
    result = await bench.call("flight_search", LISBON)
    assert result.offers
    assert any("Duffel answered 503; trying again" in message for message in bench.messages)
    assert [entry["outcome"] for entry in bench.admin("GET", "requests")] == ["503", "201"]


@pytest.mark.parametrize("status", [500, 502])
async def test_a_failure_of_duffels_own_is_not_repeated(status: int) -> None:
    bench = Bench()
    bench.fault(provider="duffel", status=status, body='{"errors":[{"code":"x","message":"Broken"}]}')
    with pytest.raises(TripSageError) as failed:
        await bench.call("flight_search", LISBON)
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert failed.value.details == {"provider": "Duffel", "status": status, "reason": "x: Broken"}
    assert len(bench.admin("GET", "requests")) == 1


@pytest.mark.parametrize("kind", ["broken_json", "truncated", "reset"])
async def test_a_broken_answer_is_an_honest_error(kind: str) -> None:
    bench = Bench()
    bench.fault(provider="duffel", kind=kind)
    with pytest.raises(TripSageError) as failed:
        await bench.call("flight_search", LISBON)
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert failed.value.details["provider"] == "Duffel"


async def test_a_silent_duffel_is_a_time_out() -> None:
    bench = Bench()
    bench.fault(provider="duffel", kind="timeout")
    with pytest.raises(TripSageError) as failed:
        await bench.call("flight_search", LISBON)
    assert failed.value.code is ErrorCode.TOOL_TIMEOUT


async def test_a_feature_refused_in_plain_text_is_quoted() -> None:
    bench = Bench()
    bench.fault(provider="duffel", status=403, body="This feature is not enabled for your account")
    with pytest.raises(TripSageError) as failed:
        await bench.call("flight_search", LISBON)
    assert failed.value.details["reason"] == "This feature is not enabled for your account"


async def test_a_key_that_duffel_echoes_is_not_passed_on() -> None:
    key = "duffel_live_do-not-show"
    bench = Bench(environ={"TRIPSAGE_DUFFEL_KEY": key})
    bench.fault(provider="duffel", status=401, body=f"no such token: {key}")
    with pytest.raises(TripSageError) as failed:
        await bench.call("flight_search", LISBON)
    assert key not in failed.value.message + str(failed.value.details) + str(bench.reports)
    assert key not in str(bench.admin("GET", "requests"))


async def test_the_rate_limit_is_waited_for_or_told() -> None:
    bench = Bench()
    bench.admin("POST", "limits", {"provider": "duffel", "requests": 1, "seconds": 60})
    await bench.call("flight_search", LISBON)
    with pytest.raises(TripSageError) as failed:
        await bench.call("flight_search", LISBON)
    assert (failed.value.details["status"], failed.value.details["retry_after"]) == (429, 60.0)
    assert bench.waits == []  # a minute is too long to wait for
    bench.admin("POST", "limits", {"provider": "duffel", "requests": 0, "seconds": 5})
    with pytest.raises(TripSageError):
        await bench.call("flight_search", LISBON)
    assert [round(wait) for wait in bench.waits] == [5, 5]


async def test_a_large_party_is_searched_for_in_groups_and_told_so() -> None:
    bench = Bench()
    result: FlightSearchResult = await bench.call(
        "flight_search", {**LISBON, "adults": 8, "child_ages": [4, 9], "infants": 1}
    )
    assert result.groups == 2
    assert {len(offer.passengers) for offer in result.offers if offer.group == 1} == {6}
    assert {len(offer.passengers) for offer in result.offers if offer.group == 2} == {5}
    assert "2 groups of 6, 5" in result.warnings[0]
    cheapest = [
        min(offer.total.amount for offer in result.offers if offer.group == group) for group in (1, 2)
    ]
    assert result.summary()["cheapest_price"] == sum(cheapest)
    assert [entry["outcome"] for entry in bench.admin("GET", "requests")] == ["201", "201"]


async def test_nine_fly_together_without_a_warning() -> None:
    result = await Bench().call("flight_search", {**LISBON, "adults": 9})
    assert (result.groups, result.warnings) == (1, [])


async def test_without_a_group_there_is_no_price_for_the_party() -> None:
    result = await Bench().call("flight_search", {**LISBON, "adults": 10})
    result.offers = [offer for offer in result.offers if offer.group == 1]
    assert result.summary()["cheapest_price"] is None


@given(st.integers(1, 36), st.lists(st.integers(2, 17), max_size=20).map(tuple), st.integers(0, 18))
def test_every_group_can_be_booked(adults: int, child_ages: tuple[int, ...], infants: int) -> None:
    try:
        parties = _parties(adults, child_ages, infants)
    except TripSageError:
        return
    assert sum(len(party) for party in parties) == adults + len(child_ages) + infants
    for party in parties:
        grown = sum("type" in passenger for passenger in party)
        assert 1 <= grown <= len(party) <= MAX_PASSENGERS
        assert sum(passenger.get("age") == INFANT_AGE for passenger in party) <= grown
    assert sum(passenger.get("age") == INFANT_AGE for party in parties for passenger in party) == infants
