"""Duffel's test routes in the sandbox: what each of them makes of a search."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support.travel import (
    DUFFEL_HEADERS,
    OFFER_REQUESTS,
    TO_LISBON,
    ask,
    fresh_sandbox,
    offer_request,
    search,
)
from tools.sandbox.wire import Delayed, Request, Response

DAY = "2027-05-04"


def test_the_route_without_offers() -> None:
    assert search(fresh_sandbox(), ("PVD", "RAI", DAY)) == []


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("2000", 2), ("10000", 10), ("60000", 60), ("1999", 20), ("60001", 20), ("soon", 20), ("", 20)],
)
def test_the_route_on_which_no_airline_answers_ends_when_the_supplier_timeout_is_over(
    asked: str, seconds: float
) -> None:
    body = json.dumps(offer_request(("STN", "LHR", DAY))).encode()
    sandbox = fresh_sandbox()
    late = sandbox.handle(Request("POST", OFFER_REQUESTS, {"supplier_timeout": asked}, DUFFEL_HEADERS, body))
    assert isinstance(late, Delayed)
    assert isinstance(late.outcome, Response)
    assert (late.seconds, late.outcome.status) == (seconds, 504)
    problem = json.loads(late.outcome.body)["errors"][0]
    assert (problem["type"], problem["code"]) == ("api_error", "gateway_timeout_error")
    assert late.outcome.headers["date"]
    assert ask(sandbox, "GET", "/__admin/requests")[1][0]["outcome"] == "504"


def test_airlines_that_take_longer_than_the_supplier_timeout_are_not_among_the_offers() -> None:
    sandbox = fresh_sandbox()

    def found(**query: str) -> list[Any]:
        return ask(sandbox, "POST", OFFER_REQUESTS, offer_request(TO_LISBON), DUFFEL_HEADERS, **query)[1][
            "data"
        ]["offers"]

    everybody, early = found(), found(supplier_timeout="2000")
    assert 0 < len(early) < len(everybody)
    assert {one["owner"]["name"] for one in early} < {one["owner"]["name"] for one in everybody}
    assert {one["total_amount"] for one in early} < {one["total_amount"] for one in everybody}
    assert found(supplier_timeout="2000") == early
    assert found(supplier_timeout="10000") == found(supplier_timeout="1") == everybody
    status, again = ask(sandbox, "GET", f"/duffel/air/offers/{early[-1]['id']}", None, DUFFEL_HEADERS)
    assert (status, again["data"]["total_amount"]) == (200, early[-1]["total_amount"])


def test_the_route_with_connections_only() -> None:
    offers = search(fresh_sandbox(), ("LHR", "DXB", DAY))
    assert offers
    assert all(len(offer["slices"][0]["segments"]) > 1 for offer in offers)


def test_the_routes_with_holds_no_bags_and_stops() -> None:
    held = search(fresh_sandbox(), ("JFK", "EWR", DAY))
    assert held
    assert not any(offer["payment_requirements"]["requires_instant_payment"] for offer in held)
    without_bags = search(fresh_sandbox(), ("BTS", "MRU", DAY))
    assert without_bags
    for offer in without_bags:
        assert offer["slices"][0]["segments"][0]["passengers"][0]["baggages"] == []
    stopping = search(fresh_sandbox(), ("DXB", "AMS", DAY))
    assert stopping
    assert all(offer["slices"][0]["segments"][0]["stops"] for offer in stopping)


def test_the_routes_whose_offers_expire_or_change_their_price() -> None:
    sandbox = fresh_sandbox()
    dearer, gone_ones = search(sandbox, ("LHR", "STN", DAY)), search(sandbox, ("LGW", "LHR", DAY))
    assert dearer
    assert gone_ones
    for offer in dearer:
        _, again = ask(sandbox, "GET", f"/duffel/air/offers/{offer['id']}", None, DUFFEL_HEADERS)
        assert Decimal(again["data"]["total_amount"]) > Decimal(offer["total_amount"])
    for offer in gone_ones:
        status, gone = ask(sandbox, "GET", f"/duffel/air/offers/{offer['id']}", None, DUFFEL_HEADERS)
        assert (status, gone["errors"][0]["code"]) == (422, "offer_no_longer_available")
