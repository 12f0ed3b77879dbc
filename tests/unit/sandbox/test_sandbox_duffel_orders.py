"""The sandbox's hold orders: what is held, what is refused, and what becomes of an order that nobody pays."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.travel import (
    ADA,
    DUFFEL_HEADERS,
    TO_LISBON,
    ask,
    fresh_sandbox,
    offer_request,
    search,
)
from tools.sandbox import Controls, Sandbox

HOLDS = ("JFK", "EWR", "2027-05-04")
ORDERS = "/duffel/air/orders"


def post(sandbox: Sandbox, offer: Any, passengers: list[Any] | None = None, **more: Any) -> tuple[int, Any]:
    if passengers is None:
        passengers = [{**ADA, "id": one["id"]} for one in offer["passengers"]]
    order = {"type": "hold", "selected_offers": [offer["id"]], "passengers": passengers, **more}
    return ask(sandbox, "POST", ORDERS, {"data": order}, DUFFEL_HEADERS)


def refusal(answered: tuple[int, Any]) -> tuple[int, str, str]:
    status, body = answered
    first = body["errors"][0]
    return status, first["code"], first.get("source", {}).get("pointer", "")


def get(sandbox: Sandbox, path: str, **query: str) -> Any:
    status, body = ask(sandbox, "GET", f"{ORDERS}{path}", None, DUFFEL_HEADERS, **query)
    assert status == 200, body
    return body["data"]


def test_an_order_holds_the_offer_until_the_deadline_that_it_stated() -> None:
    sandbox = fresh_sandbox()
    offer = search(sandbox, HOLDS)[0]
    status, body = post(sandbox, offer)
    order = body["data"]
    assert (status, order["type"], order["offer_id"]) == (201, "hold", offer["id"])
    same = ("total_amount", "total_currency", "owner", "slices")
    assert [order[name] for name in same] == [offer[name] for name in same]
    payment = order["payment_status"]
    required = offer["payment_requirements"]["payment_required_by"]
    assert (payment["awaiting_payment"], payment["payment_required_by"]) == (True, required)
    assert order["passengers"][0]["given_name"] == "Ada"
    assert get(sandbox, f"/{order['id']}") == order
    assert get(sandbox, "", booking_reference=order["booking_reference"]) == [order]
    assert get(sandbox, "", awaiting_payment="false") == []


def test_what_nobody_pays_is_cancelled_at_the_deadline() -> None:
    sandbox = fresh_sandbox()
    order = post(sandbox, search(sandbox, HOLDS)[0])[1]["data"]
    Controls(sandbox).advance(timedelta(days=2).total_seconds() - 1)
    assert get(sandbox, f"/{order['id']}")["cancelled_at"] is None
    Controls(sandbox).advance(1)
    lapsed = get(sandbox, f"/{order['id']}")
    assert lapsed["cancelled_at"] == order["payment_status"]["payment_required_by"]
    assert lapsed["payment_status"]["awaiting_payment"] is False


def test_who_can_be_held_says_the_offer() -> None:
    """Low fares are paid at once; network carriers hold, not all with a price, and none at the last minute."""
    offers = [*search(fresh_sandbox(), TO_LISBON), *search(fresh_sandbox(), ("BER", "CDG", "2027-05-04"))]
    terms = [offer["payment_requirements"] for offer in offers]
    at_once = {offer["owner"]["iata_code"] for offer in offers if _is_paid_at_once(offer)}
    held = {offer["owner"]["iata_code"] for offer in offers} - at_once
    assert "FR" in at_once
    assert {"LH", "TP"} <= held
    assert all((one["payment_required_by"] is None) == one["requires_instant_payment"] for one in terms)
    assert all(map(_is_paid_at_once, search(fresh_sandbox(), ("BER", "LIS", "2026-11-25"))))


def _is_paid_at_once(offer: Any) -> bool:
    return offer["payment_requirements"]["requires_instant_payment"]


def test_an_offer_that_is_paid_at_once_is_not_held() -> None:
    sandbox = fresh_sandbox()
    offer = next(offer for offer in search(sandbox, TO_LISBON) if _is_paid_at_once(offer))
    assert refusal(post(sandbox, offer))[:2] == (422, "order_type_not_available")
    assert get(sandbox, "") == []


def test_an_offer_request_is_booked_once_and_a_new_search_sells_again() -> None:
    sandbox = fresh_sandbox()
    first, second, *_ = search(sandbox, HOLDS)
    assert post(sandbox, first)[0] == 201
    assert refusal(post(sandbox, second))[:2] == (422, "offer_request_already_booked")
    assert post(sandbox, search(sandbox, HOLDS)[1])[0] == 201
    assert len({order["id"] for order in get(sandbox, "")}) == 2


def test_offers_that_are_gone_expired_or_dearer_are_not_held() -> None:
    sandbox = fresh_sandbox()
    gone, dearer = (
        search(sandbox, ("LGW", "LHR", "2027-05-04"))[0],
        search(sandbox, ("LHR", "STN", "2027-05-04"))[0],
    )
    assert refusal(post(sandbox, gone))[:2] == (422, "offer_no_longer_available")
    assert refusal(post(sandbox, dearer))[:2] == (422, "price_changed")
    read = ask(sandbox, "GET", f"/duffel/air/offers/{dearer['id']}", None, DUFFEL_HEADERS)[1]["data"]
    order = post(sandbox, dearer)[1]["data"]
    assert order["total_amount"] == read["total_amount"] > dearer["total_amount"]
    old = search(sandbox, HOLDS)[0]
    Controls(sandbox).advance(31 * 60)
    assert refusal(post(sandbox, old))[:2] == (422, "offer_expired")
    assert refusal(post(sandbox, {**old, "id": "off_nowhere000"}))[:2] == (404, "not_found")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", None, "validation_required"),
        ("title", "lord", "validation_format"),
        ("given_name", "", "validation_required"),
        ("given_name", "愛", "validation_format"),
        ("family_name", "x" * 51, "validation_format"),
        ("gender", "f or m", "validation_format"),
        ("born_on", "10.12.1985", "validation_format"),
        ("born_on", "2027-12-10", "validation_inclusion"),
        ("born_on", "2015-12-10", "validation_inclusion"),
        ("email", "ada at example.com", "validation_format"),
        ("phone_number", "020 7946 0958", "invalid_phone_number"),
        ("phone_number", 442079460958, "invalid_phone_number"),
    ],
)
def test_a_wrong_detail_of_a_passenger_is_named(field: str, value: Any, code: str) -> None:
    sandbox = fresh_sandbox()
    offer = search(sandbox, HOLDS)[0]
    person = {**ADA, "id": offer["passengers"][0]["id"], field: value}
    assert refusal(post(sandbox, offer, [person])) == (422, code, f"/passengers/0/{field}")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"type": "someday"}, "/type"),
        ({"payments": [{"type": "balance"}]}, "/payments"),
        ({"services": [{"id": "ase_1"}]}, "/services"),
        ({"selected_offers": []}, "/selected_offers"),
        ({"selected_offers": ["off_1", "off_2"]}, "/selected_offers"),
        ({"passengers": "me"}, "/passengers"),
        ({"metadata": "x"}, "/metadata"),
    ],
)
def test_a_wrong_field_of_an_order_is_named(change: dict[str, Any], pointer: str) -> None:
    sandbox = fresh_sandbox()
    status, _, where = refusal(post(sandbox, search(sandbox, HOLDS)[0], **change))
    assert (status, where) == (422, pointer)


def test_an_order_names_just_the_passengers_of_the_offer_and_each_infant_with_an_adult() -> None:
    sandbox = fresh_sandbox()
    party = [{"type": "adult"}, {"age": 9}, {"age": 1}]
    offer = search(sandbox, HOLDS, passengers=party)[0]
    adult, child, infant = (one["id"] for one in offer["passengers"])
    people = [
        {**ADA, "id": adult, "infant_passenger_id": infant},
        {**ADA, "id": child, "born_on": "2017-09-22"},
        {**ADA, "id": infant, "born_on": "2026-01-02"},
    ]
    assert refusal(post(sandbox, offer, people[:2]))[1:] == ("validation_inclusion", "/passengers")
    alone = [{**people[0], "infant_passenger_id": None}, *people[1:]]
    assert refusal(post(sandbox, offer, alone))[2].endswith("infant_passenger_id")
    older = [people[0], {**people[1], "born_on": "2016-09-22"}, people[2]]
    assert refusal(post(sandbox, offer, older))[2] == "/passengers/1/born_on"
    status, body = post(sandbox, offer, people)
    assert status == 201
    assert body["data"]["passengers"][0]["infant_passenger_id"] == infant


def test_sessions_do_not_see_each_others_orders() -> None:
    sandbox = fresh_sandbox()
    post(sandbox, search(sandbox, HOLDS)[0])
    headers = {**DUFFEL_HEADERS, "x-sandbox-session": "other"}
    assert ask(sandbox, "GET", ORDERS, None, headers)[1]["data"] == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["type", "selected_offers", "passengers", "payments", "services", "metadata"]),
        json_values
        | st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(ADA, json_values)), max_size=2),
    )
)
def test_whatever_is_posted_is_answered(order: dict[str, Any]) -> None:
    status, body = ask(fresh_sandbox(), "POST", ORDERS, {"data": order}, DUFFEL_HEADERS)
    assert status in (404, 422)
    assert body["errors"]


def test_an_order_that_is_no_json_is_refused() -> None:
    assert ask(fresh_sandbox(), "POST", ORDERS, b"[", DUFFEL_HEADERS)[0] == 400
    assert ask(fresh_sandbox(), "POST", ORDERS, offer_request(HOLDS), DUFFEL_HEADERS)[0] == 422
