"""The sandbox's Duffel: the shape of offers, how they differ, paging, expiry and the rate limit."""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal

from tests.support.travel import (
    DUFFEL_HEADERS,
    FROM_LISBON,
    NOW,
    OFFER_REQUESTS,
    TO_LISBON,
    ask,
    fresh_sandbox,
    offer_request,
    search,
)
from tools.sandbox import Sandbox
from tools.sandbox.wire import Request, Response


def test_an_offer_has_duffels_shape() -> None:
    offer = search(fresh_sandbox(), TO_LISBON, FROM_LISBON, passengers=[{"type": "adult"}, {"age": 9}])[0]
    assert re.fullmatch(r"off_0000A\w+", offer["id"])
    assert re.fullmatch(r"\d+\.\d\d", offer["total_amount"])
    assert Decimal(offer["base_amount"]) + Decimal(offer["tax_amount"]) == Decimal(offer["total_amount"])
    assert offer["total_currency"] == "EUR"
    assert offer["expires_at"] > offer["created_at"]
    assert [(one["type"], one["age"]) for one in offer["passengers"]] == [("adult", None), ("child", 9)]
    assert offer["conditions"].keys() == {"change_before_departure", "refund_before_departure"}
    assert offer["payment_requirements"]["requires_instant_payment"] is True
    segment = offer["slices"][0]["segments"][0]
    assert re.fullmatch(r"2027-05-04T\d\d:\d\d:00", segment["departing_at"])
    assert re.fullmatch(r"PT(\d+H)?(\d+M)?", segment["duration"])
    assert segment["origin"]["id"] == "arp_ber_de"
    assert segment["origin"]["time_zone"] == "Europe/Berlin"
    assert segment["marketing_carrier_flight_number"].isdigit()
    assert [one["passenger_id"] for one in segment["passengers"]] == [
        one["id"] for one in offer["passengers"]
    ]
    assert {bag["type"] for bag in segment["passengers"][0]["baggages"]} == {"carry_on", "checked"}


def test_offers_are_many_and_differ() -> None:
    offers = search(fresh_sandbox(), TO_LISBON, FROM_LISBON)
    assert len(offers) == len({offer["id"] for offer in offers}) == 20
    assert len({offer["total_amount"] for offer in offers}) > 10
    assert len({offer["owner"]["iata_code"] for offer in offers}) > 3


def test_the_same_search_has_the_same_answer_and_another_seed_another() -> None:
    assert search(fresh_sandbox(), TO_LISBON) == search(fresh_sandbox(), TO_LISBON)
    totals = [offer["total_amount"] for offer in search(fresh_sandbox(), TO_LISBON)]
    assert [offer["total_amount"] for offer in search(Sandbox(7, clock=lambda: NOW), TO_LISBON)] != totals


def test_more_people_pay_more() -> None:
    alone = {offer["id"][-3:]: offer for offer in search(fresh_sandbox(), TO_LISBON)}
    couple = search(fresh_sandbox(), TO_LISBON, passengers=[{"type": "adult"}] * 2)
    for offer in couple:
        assert Decimal(offer["total_amount"]) == 2 * Decimal(alone[offer["id"][-3:]]["total_amount"])


def test_offers_can_be_left_out_and_paged() -> None:
    sandbox = fresh_sandbox()
    body = offer_request(TO_LISBON, FROM_LISBON)
    _, made = ask(sandbox, "POST", OFFER_REQUESTS, body, DUFFEL_HEADERS, return_offers="false")
    assert "offers" not in made["data"]
    identity = made["data"]["id"]
    seen: list[str] = []
    amounts: list[Decimal] = []
    after: dict[str, str] = {}
    while True:
        status, page = ask(
            sandbox,
            "GET",
            "/duffel/air/offers",
            None,
            DUFFEL_HEADERS,
            offer_request_id=identity,
            sort="total_amount",
            limit="7",
            **after,
        )
        assert status == 200
        assert len(page["data"]) <= 7
        seen += [offer["id"] for offer in page["data"]]
        amounts += [Decimal(offer["total_amount"]) for offer in page["data"]]
        if page["meta"]["after"] is None:
            break
        after = {"after": page["meta"]["after"]}
    assert len(seen) == len(set(seen)) == 20
    assert amounts == sorted(amounts)
    _, whole = ask(sandbox, "GET", f"{OFFER_REQUESTS}/{identity}", None, DUFFEL_HEADERS)
    assert {offer["id"] for offer in whole["data"]["offers"]} == set(seen)


def test_an_offer_can_be_read_until_it_expires() -> None:
    sandbox = fresh_sandbox()
    offer = search(sandbox, TO_LISBON)[3]
    path = f"/duffel/air/offers/{offer['id']}"
    assert ask(sandbox, "GET", path, None, DUFFEL_HEADERS) == (200, {"data": offer})
    expires = datetime.fromisoformat(offer["expires_at"])
    assert expires - NOW == timedelta(minutes=30)
    ask(sandbox, "POST", "/__admin/clock", {"advance": 1800})
    status, body = ask(sandbox, "GET", path, None, DUFFEL_HEADERS)
    assert (status, body["errors"][0]["code"]) == (422, "offer_expired")


def test_the_rate_limit_says_when_it_ends_as_a_date() -> None:
    sandbox = fresh_sandbox()
    ask(sandbox, "POST", "/__admin/limits", {"provider": "duffel", "requests": 1})
    body = json.dumps(offer_request(TO_LISBON)).encode()
    request = Request("POST", OFFER_REQUESTS, {}, DUFFEL_HEADERS, body)
    first, second = sandbox.handle(request), sandbox.handle(request)
    assert isinstance(first, Response)
    assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == ("1", "0")
    assert first.headers["ratelimit-reset"] == "Sun, 22 Nov 2026 12:01:00 GMT"
    assert first.headers["date"] == "Sun, 22 Nov 2026 12:00:00 GMT"
    assert isinstance(second, Response)
    assert (first.status, second.status) == (201, 429)
    assert second.headers["ratelimit-remaining"] == "0"
    assert second.headers["ratelimit-reset"] == "Sun, 22 Nov 2026 12:01:00 GMT"
    ask(sandbox, "POST", "/__admin/clock", {"advance": 61})
    third = sandbox.handle(request)
    assert isinstance(third, Response)
    assert third.status == 201
