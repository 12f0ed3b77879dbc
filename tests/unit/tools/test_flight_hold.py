"""Holding seats of the sandbox: what is checked before anything is ordered, and what is held."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from app.contract.errors import ErrorCode, TripSageError
from tests.support.travel import ADA, TODAY, Bench
from tools.registry import load as load_tools
from tools.results import FlightHoldResult, FlightOffer, FlightOfferResult
from tools.tool import ToolContext

UNKNOWN, CONFLICT, INVALID = ErrorCode.OUTCOME_UNKNOWN, ErrorCode.CONFLICT, ErrorCode.VALIDATION_ERROR
HOLDS = {"origin": "JFK", "destination": "EWR", "departure_date": "2027-05-04"}


def person(**changes: Any) -> dict[str, Any]:
    return {**ADA, **changes}


async def offers(bench: Bench, **more: Any) -> list[FlightOffer]:
    return (await bench.call("flight_search", {**HOLDS, **more})).offers


async def hold(bench: Bench, offer: FlightOffer, *people: dict[str, Any], **more: Any) -> FlightHoldResult:
    given = people or (person(),)
    return await bench.call("flight_hold", {"offer_id": offer.offer_id, "passengers": list(given), **more})


async def refused(bench: Bench, offer: FlightOffer, *people: dict[str, Any], **more: Any) -> TripSageError:
    with pytest.raises(TripSageError) as failed:
        await hold(bench, offer, *people, **more)
    return failed.value


def orders(bench: Bench) -> int:
    made = bench.admin("GET", "requests")
    return sum(one["path"] == "/air/orders" and one["method"] == "POST" for one in made)


async def test_seats_are_held_and_the_result_says_until_when() -> None:
    bench = Bench()
    (offer, *_) = await offers(bench)
    held = await hold(bench, offer, total={"amount": str(offer.total.amount), "currency": "EUR"})
    assert held.total == offer.total
    assert held.payment_required_by.isoformat() == "2026-11-24T12:00:00+00:00"
    assert held.price_guarantee_expires_at == held.payment_required_by
    assert held.summary()["booking_reference"] == held.booking_reference
    assert bench.endpoint == "POST http://127.0.0.1:8001/duffel/air/orders"
    assert bench.messages == [
        "Asking airlines for JFK – EWR",
        "4 offers read",
        "Asking what the offer is now",
        "Holding seats with Duffel Airways",
    ]


async def test_a_family_sits_where_its_ages_say() -> None:
    bench = Bench()
    (offer, *_) = await offers(bench, adults=2, child_ages=[9], infants=1)
    family = [
        person(given_name="Byron", born_on="2026-01-02"),
        person(given_name="Anne", born_on="2017-09-22"),
        person(),
        person(given_name="Charles", title="mr", gender="m"),
    ]
    await hold(bench, offer, *family)
    body = json.loads(bench.admin("GET", "requests")[-1]["body"])["data"]["passengers"]
    assert [one["given_name"] for one in body] == ["Anne", "Byron", "Ada", "Charles"]
    lap = next(one["id"] for one in body if one["given_name"] == "Byron")
    assert [one.get("infant_passenger_id") for one in body] == [None, None, lap, None]


async def test_who_is_not_of_the_offer_is_told_before_anything_is_ordered() -> None:
    bench = Bench()
    (offer, *_) = await offers(bench, adults=1, child_ages=[9])
    error = await refused(bench, offer, person(), person(given_name="Anne", born_on="2016-09-22"))
    assert (error.code, error.details["field"]) == (INVALID, "passengers")
    assert error.message.startswith("The offer is for 1 adult, a child of 9, of the age on 2027-05-04.")
    assert "Anne is 10" in error.message
    assert (await refused(bench, offer, person())).code is INVALID
    assert orders(bench) == 0


async def test_an_offer_that_is_paid_at_once_is_not_ordered() -> None:
    bench = Bench()
    found = await offers(bench, origin="BER", destination="LIS")
    low_cost = next(offer for offer in found if not offer.can_be_held)
    error = await refused(bench, low_cost)
    assert (error.code, error.details["field"]) == (INVALID, "offer_id")
    assert "paid at once" in error.message
    assert orders(bench) == 0


async def test_a_price_above_the_agreed_one_is_not_ordered_and_a_lower_one_is() -> None:
    bench = Bench()
    (offer, *_) = await offers(bench, origin="LHR", destination="STN")
    agreed = {"amount": str(offer.total.amount), "currency": "EUR"}
    error = await refused(bench, offer, total=agreed)
    assert (error.code, error.retryable) == (CONFLICT, False)
    assert f"{offer.total.amount} EUR were agreed to" in error.message
    assert (await refused(bench, offer, total={"amount": "9999", "currency": "USD"})).code is CONFLICT
    assert orders(bench) == 0
    held = await hold(bench, offer, total={"amount": "9999", "currency": "EUR"})
    assert held.total.amount > offer.total.amount


async def test_offers_that_are_gone_or_expired_are_said_to_be() -> None:
    bench = Bench()
    (gone, *_) = await offers(bench, origin="LGW", destination="LHR")
    assert "no longer sells" in (await refused(bench, gone)).message
    (old, *_) = await offers(bench)
    bench.admin("POST", "clock", {"advance": 1801})
    error = await refused(bench, old)
    assert (error.code, error.retryable, error.message) == (
        CONFLICT,
        False,
        "The offer has expired: search for flights again.",
    )
    assert (await refused(bench, replace(old, offer_id="off_nowhere000"))).code is CONFLICT


async def test_the_same_search_is_not_booked_twice() -> None:
    bench = Bench()
    first, second, *_ = await offers(bench)
    await hold(bench, first)
    error = await refused(bench, second)
    assert (error.code, error.details["status"]) == (CONFLICT, 422)
    assert "booked already" in error.message


async def test_an_attempt_after_one_that_came_as_far_orders_nothing() -> None:
    """As when a worker died with the order on its way."""
    bench = Bench()
    (offer, *_) = await offers(bench)

    async def once() -> bool:
        return False

    async def progress(fraction: float, message: str) -> None:
        pass

    context = ToolContext(today=TODAY, progress=progress, providers=bench.providers, once=once)
    arguments = {"offer_id": offer.offer_id, "passengers": [person()]}
    with pytest.raises(TripSageError) as failed:
        await load_tools()["flight_hold"].run(context, arguments)
    assert failed.value.code is UNKNOWN
    assert orders(bench) == 0


async def test_an_offer_can_be_looked_at_again() -> None:
    bench = Bench()
    (offer, *_) = await offers(bench, origin="LHR", destination="STN")
    now = await bench.call("flight_offer", {"offer_id": offer.offer_id})
    assert isinstance(now, FlightOfferResult)
    assert now.offer.total.amount > offer.total.amount
    assert now.offer.can_be_held
    assert now.summary() == {"price": now.offer.total.amount, "currency": "EUR", "can_be_held": True}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_name": "愛"}, "given_name"),
        ({"phone_number": "0301234567"}, "phone_number"),
        ({"email": "ada"}, "email"),
        ({"born_on": "yesterday"}, "born_on"),
        ({"title": "lord"}, "title"),
        ({"passport": "C01X"}, "passport"),
    ],
)
async def test_details_that_no_airline_takes_are_refused_before_anything_is_asked(
    changes: dict[str, Any], field: str
) -> None:
    bench = Bench()
    (offer, *_) = await offers(bench)
    error = await refused(bench, offer, person(**changes))
    assert (error.code, error.details["field"]) == (INVALID, f"passengers[0].{field}")
    assert orders(bench) == 0


@pytest.mark.parametrize("offer_id", ["", "off_../orders", "ord_1", "off_1?x=y"])
async def test_what_is_no_offer_id_goes_nowhere(offer_id: str) -> None:
    with pytest.raises(TripSageError) as failed:
        await Bench().call("flight_offer", {"offer_id": offer_id})
    assert failed.value.details["field"] == "offer_id"
