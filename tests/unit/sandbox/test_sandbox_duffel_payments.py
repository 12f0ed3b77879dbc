"""Orders that are paid, at once or later, and cancelled; each answer is held against the description."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.openapi import Description
from tests.support.travel import ADA, DUFFEL_HEADERS, NOW
from tools.sandbox import Controls, Sandbox
from tools.sandbox.wire import Request, Response

DUFFEL = Description("duffel")
HOLDS = ("JFK", "EWR")
ORDERS, PAYMENTS, CANCELLATIONS = "/air/orders", "/air/payments", "/air/order_cancellations"


class Shop:
    """A Duffel of its own, whose answers are all as described."""

    def __init__(self) -> None:
        self._sandbox = Sandbox(clock=lambda: NOW)

    def ask(self, method: str, path: str, data: Any = None, **query: str) -> tuple[int, Any]:
        body = b"" if data is None else json.dumps({"data": data}).encode()
        request = Request(method, path, query, DUFFEL_HEADERS, body)
        answer = self._sandbox.world().call("duffel", request)
        assert isinstance(answer, Response)
        assert DUFFEL.response_problems(request, answer) == []
        if answer.status < 400:
            assert DUFFEL.request_problems(request) == []
        return answer.status, json.loads(answer.body)

    def got(self, path: str, **query: str) -> Any:
        status, body = self.ask("GET", path, **query)
        assert status == 200, body
        return body["data"]

    def offers(self, origin: str = "JFK", destination: str = "EWR") -> list[Any]:
        journey = {"origin": origin, "destination": destination, "departure_date": "2027-05-04"}
        search = {"slices": [journey], "passengers": [{"type": "adult"}]}
        return self.ask("POST", "/air/offer_requests", search)[1]["data"]["offers"]

    def order(self, offer: Any, kind: str = "instant", **more: Any) -> tuple[int, Any]:
        passengers = [{**ADA, "id": one["id"]} for one in offer["passengers"]]
        asked = {"type": kind, "selected_offers": [offer["id"]], "passengers": passengers}
        paid = {"payments": [price(offer)]} if kind == "instant" else {}
        return self.ask("POST", ORDERS, {**asked, **paid, **more})

    def ordered(self, kind: str = "instant", route: tuple[str, str] = HOLDS) -> Any:
        status, body = self.order(self.offers(*route)[0], kind)
        assert status == 201, body
        return body["data"]

    def pay(self, order: Any, **changes: Any) -> tuple[int, Any]:
        return self.ask("POST", PAYMENTS, {"order_id": order["id"], "payment": {**price(order), **changes}})

    def quote(self, order: Any) -> tuple[int, Any]:
        return self.ask("POST", CANCELLATIONS, {"order_id": order["id"]})

    def confirm(self, quote: Any) -> tuple[int, Any]:
        return self.ask("POST", f"{CANCELLATIONS}/{quote['id']}/actions/confirm")

    def advance(self, **time: float) -> None:
        Controls(self._sandbox).advance(timedelta(**time).total_seconds())


def price(of: Any) -> dict[str, str]:
    return {"type": "balance", "amount": of["total_amount"], "currency": of["total_currency"]}


def refusal(answered: tuple[int, Any]) -> tuple[int, str, str]:
    status, body = answered
    first = body["errors"][0]
    return status, first["code"], first.get("source", {}).get("pointer", "")


# -- paid at once ----------------------------------------------------------------------------------------------


def test_an_instant_order_is_paid_and_has_a_ticket_for_everybody() -> None:
    shop = Shop()
    offer = next(one for one in shop.offers("BER", "LIS") if one["owner"]["iata_code"] == "FR")
    status, body = shop.order(offer)
    order = body["data"]
    assert (status, order["type"], order["total_amount"]) == (201, "instant", offer["total_amount"])
    paid = order["payment_status"]
    assert (paid["awaiting_payment"], paid["payment_required_by"]) == (False, None)
    assert paid["paid_at"] == "2026-11-22T12:00:00Z"
    assert [one["passenger_ids"] for one in order["documents"]] == [[order["passengers"][0]["id"]]]
    assert shop.got(f"{ORDERS}/{order['id']}") == order
    (payment,) = shop.got(PAYMENTS, order_id=order["id"])
    assert (payment["amount"], payment["status"]) == (offer["total_amount"], "succeeded")
    shop.advance(days=30)
    assert shop.got(f"{ORDERS}/{order['id']}")["cancelled_at"] is None


@pytest.mark.parametrize(
    ("payments", "code", "pointer"),
    [
        ([], "validation_required", "/payments"),
        ("all of it", "validation_required", "/payments"),
        ([{"amount": "1.00", "currency": "EUR"}], "validation_required", "/payments/0/type"),
        ([{"type": "gold", "amount": "1.00", "currency": "EUR"}], "validation_inclusion", "/payments/0/type"),
        ([{"type": "balance", "amount": 1, "currency": "EUR"}], "validation_format", "/payments/0/amount"),
        (
            [{"type": "balance", "amount": "1.00", "currency": "€"}],
            "validation_format",
            "/payments/0/currency",
        ),
        (
            [{"type": "balance", "amount": "1.00", "currency": "EUR"}],
            "payment_amount_does_not_match_order_amount",
            "/payments/0/amount",
        ),
        (
            [{"type": "balance", "amount": "1.00", "currency": "USD"}],
            "payment_currency_does_not_match_order_currency",
            "/payments/0/currency",
        ),
    ],
)
def test_what_is_not_the_price_pays_nothing(payments: Any, code: str, pointer: str) -> None:
    shop = Shop()
    assert refusal(shop.order(shop.offers()[0], payments=payments)) == (422, code, pointer)
    assert shop.got(ORDERS) == []


def test_whoever_pays_the_price_of_before_pays_too_little() -> None:
    shop = Shop()
    offer = shop.offers("LHR", "STN")[0]
    assert refusal(shop.order(offer))[1] == "payment_amount_does_not_match_order_amount"
    now = shop.got(f"/air/offers/{offer['id']}")
    status, body = shop.order(offer, payments=[price(now)])
    assert (status, body["data"]["total_amount"]) == (201, now["total_amount"])


@pytest.mark.parametrize(
    ("route", "status", "code"),
    [(("LHR", "LGW"), 502, "airline_unknown"), (("LGW", "STN"), 422, "insufficient_balance")],
)
def test_duffels_test_routes_on_which_an_order_fails(route: tuple[str, str], status: int, code: str) -> None:
    shop = Shop()
    assert refusal(shop.order(shop.offers(*route)[0]))[:2] == (status, code)
    assert shop.got(ORDERS) == []


# -- held, and paid later --------------------------------------------------------------------------------------


def test_an_order_that_was_held_is_paid_once() -> None:
    shop = Shop()
    order = shop.ordered("hold")
    assert order["documents"] == []
    status, body = shop.pay(order)
    payment = body["data"]
    assert (status, payment["order_id"], payment["amount"]) == (201, order["id"], order["total_amount"])
    assert shop.got(f"{PAYMENTS}/{payment['id']}") == payment
    shop.advance(days=30)
    paid = shop.got(f"{ORDERS}/{order['id']}")
    assert (paid["payment_status"]["awaiting_payment"], paid["cancelled_at"]) == (False, None)
    assert paid["documents"]
    assert refusal(shop.pay(order))[:2] == (422, "already_paid")
    assert len(shop.got(PAYMENTS, order_id=order["id"])) == 1
    assert shop.got(ORDERS, awaiting_payment="true") == []


def test_what_cannot_be_paid_says_why() -> None:
    shop = Shop()
    instant, held = shop.ordered(), shop.ordered("hold")
    assert refusal(shop.pay(instant)) == (422, "order_type_not_eligible_for_payment", "/order_id")
    assert refusal(shop.pay(held, amount="1.00"))[1:] == (
        "payment_amount_does_not_match_order_amount",
        "/payment/amount",
    )
    assert refusal(shop.pay(held, currency="USD"))[1] == "payment_currency_does_not_match_order_currency"
    assert refusal(shop.pay(held, type="card"))[1:] == ("validation_inclusion", "/payment/type")
    assert refusal(shop.pay({**held, "id": "ord_0000A"}))[0] == 404
    assert refusal(shop.ask("POST", PAYMENTS, {}))[1:] == ("validation_required", "/order_id")
    assert refusal(shop.ask("GET", PAYMENTS))[1:] == ("validation_required", "/order_id")
    assert refusal(shop.ask("GET", f"{PAYMENTS}/pay_1"))[0] == 404
    shop.advance(days=3)
    assert refusal(shop.pay(held))[:2] == (422, "past_payment_required_by_date")


# -- cancelled -------------------------------------------------------------------------------------------------


def test_an_order_is_cancelled_when_its_quote_is_confirmed() -> None:
    shop = Shop()
    order = shop.ordered()
    status, body = shop.quote(order)
    quote = body["data"]
    assert (status, quote["refund_amount"], quote["refund_to"]) == (201, order["total_amount"], "balance")
    assert quote["confirmed_at"] is None
    assert shop.got(f"{ORDERS}/{order['id']}")["cancelled_at"] is None
    status, body = shop.confirm(quote)
    assert (status, body["data"]["confirmed_at"]) == (200, "2026-11-22T12:00:00.000000Z")
    ended = shop.got(f"{ORDERS}/{order['id']}")
    assert ended["cancelled_at"] == "2026-11-22T12:00:00Z"
    assert (ended["cancellation"], ended["available_actions"]) == (body["data"], ["update"])
    assert shop.got(f"{CANCELLATIONS}/{quote['id']}") == body["data"]
    assert refusal(shop.confirm(quote))[:2] == refusal(shop.quote(order))[:2] == (422, "already_cancelled")


def test_an_order_that_was_held_and_not_paid_gives_nothing_back_and_cannot_be_paid_after() -> None:
    shop = Shop()
    order = shop.ordered("hold")
    quote = shop.quote(order)[1]["data"]
    assert (quote["refund_amount"], quote["refund_to"]) == ("0.00", "awaiting_payment")
    assert shop.confirm(quote)[0] == 200
    assert refusal(shop.pay(order))[:2] == (422, "already_cancelled")
    assert shop.got(ORDERS, awaiting_payment="true") == []


def test_what_comes_back_follows_the_conditions_of_the_offer() -> None:
    shop = Shop()
    found = shop.offers("BER", "LIS")
    by_terms = {one["conditions"]["refund_before_departure"]["allowed"]: one for one in found}
    assert by_terms.keys() == {True, False}
    for allowed, offer in by_terms.items():
        shop.offers("BER", "LIS")  # each search is booked once
        quote = shop.quote(shop.order(offer)[1]["data"])[1]["data"]
        penalty = offer["conditions"]["refund_before_departure"]["penalty_amount"]
        left = round(float(offer["total_amount"]) - float(penalty or 0), 2)
        assert float(quote["refund_amount"]) == (left if allowed else 0.0)


def test_only_the_latest_quote_is_confirmed_and_within_the_hour() -> None:
    shop = Shop()
    order = shop.ordered()
    first, second = (shop.quote(order)[1]["data"] for _ in range(2))
    assert [one["id"] for one in shop.got(CANCELLATIONS, order_id=order["id"])] == [second["id"], first["id"]]
    assert refusal(shop.confirm(first))[:2] == (422, "order_cancellation_expired")
    shop.advance(hours=1)
    assert refusal(shop.confirm(second))[:2] == (422, "order_cancellation_expired")
    assert shop.got(f"{ORDERS}/{order['id']}")["cancelled_at"] is None
    assert shop.confirm(shop.quote(order)[1]["data"])[0] == 200


def test_what_is_not_there_is_not_cancelled() -> None:
    shop = Shop()
    assert refusal(shop.quote({"id": "ord_0000A"}))[0] == 404
    assert refusal(shop.ask("POST", CANCELLATIONS, {}))[1:] == ("validation_required", "/order_id")
    assert refusal(shop.ask("GET", f"{CANCELLATIONS}/ore_1"))[0] == 404
    assert refusal(shop.confirm({"id": "ore_1"}))[0] == 404
    assert shop.got(CANCELLATIONS) == []
