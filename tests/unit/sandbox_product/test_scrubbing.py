"""What is secret or personal does not get into a cassette; what refers to each other still does."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.sandbox.scrub import SCRUBBED, Scrubber, secrets_of

SALT = "salt of one cassette"
OFFER = "off_00009htYpSCXrwaB9DnUm0"
UUID = "9f2c1f6e-5f0c-4b52-9c7e-0b4d8a6c2a11"


def scrubbed(value: Any, *secrets: str) -> Any:
    return Scrubber(SALT, secrets).body(json.dumps(value).encode())


@pytest.mark.parametrize(
    "value",
    [
        {"given_name": "Amelia"},
        {"familyName": "Amelia"},
        {"data": {"passengers": [{"email": "Amelia"}]}},
        {"guests": [{"name": "Amelia"}]},
        {"contact": {"name": "Amelia"}},
        {"address": {"line_one": "Amelia", "lines": ["Amelia"]}},
        {"phone_number": "Amelia"},
        {"access_token": "Amelia"},
        {"note": "for Amelia@example.org, please"},
    ],
)
def test_people_and_keys_are_taken_out(value: Any) -> None:
    text = json.dumps(scrubbed(value))
    assert "Amelia" not in text
    assert SCRUBBED in text


def test_numbers_of_people_are_taken_out() -> None:
    assert scrubbed({"phone": 4915112345678, "born_on": "1987-07-24"}) == {
        "phone": SCRUBBED,
        "born_on": SCRUBBED,
    }


@pytest.mark.parametrize(
    "value",
    [
        {"total_amount": "139.20", "max_connections": 1, "partial": False, "tax_amount": None},
        {"owner": {"name": "Iberia", "iata_code": "IB"}, "airport": {"id": "arp_lis_pt", "name": "Lisbon"}},
        {"hotelId": "lp1897", "passenger_identity_documents_required": False},
        [1, 2.5, "text", None],
    ],
)
def test_what_everybody_may_know_stays(value: Any) -> None:
    assert scrubbed(value) == value


@pytest.mark.parametrize(
    "value", [{"id": OFFER}, {"note": f"see {OFFER}"}, {"trip": UUID}, {"offerId": "GE5ESNBSIVDUGQ2QKVKU"}]
)
def test_ids_become_pseudonyms(value: Any) -> None:
    once = scrubbed(value)
    assert scrubbed(once) == once
    text = json.dumps(once)
    assert not any(identity in text for identity in (OFFER[4:], UUID, "GE5ESN"))
    assert "scrubbed" in text


def test_an_id_has_one_pseudonym_in_a_cassette_and_keeps_its_kind() -> None:
    scrubber = Scrubber(SALT)
    pseudonym = scrubber.body(json.dumps({"id": OFFER}).encode())["id"]
    assert pseudonym.startswith("off_scrubbed")
    assert scrubber.text(f"/air/offers/{OFFER}") == f"/air/offers/{pseudonym}"
    assert Scrubber("another salt").text(OFFER) != pseudonym


def test_only_headers_that_say_how_to_read_the_answer_are_kept() -> None:
    kept = Scrubber(SALT).headers(
        {"Content-Type": "text/plain", "ratelimit-reset": "soon", "x-request-id": "FxYz", "set-cookie": "a=b"}
    )
    assert kept.keys() == {"content-type", "ratelimit-reset", "x-request-id"}
    assert kept["x-request-id"] != "FxYz"


def test_the_secret_of_a_request_is_taken_out_wherever_it_stands() -> None:
    secrets = secrets_of({"authorization": "Bearer hunter2"}, {"apikey": "weather7", "q": "Lisbon"})
    assert secrets == {"hunter2", "weather7"}
    assert scrubbed({"told": "hunter2 and weather7 are wrong"}, *secrets) == {
        "told": f"{SCRUBBED} and {SCRUBBED} are wrong"
    }
    assert Scrubber(SALT).query({"apikey": "weather7", "q": "Lisbon"}) == {"apikey": SCRUBBED, "q": "Lisbon"}


def test_text_that_is_no_json_is_scrubbed_as_text() -> None:
    assert Scrubber(SALT, ["hunter2"]).body(b"<p>hunter2 a@b.example</p>") == f"<p>{SCRUBBED} {SCRUBBED}</p>"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(OFFER),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_scrubbing_twice_is_scrubbing_once(value: Any) -> None:
    once = scrubbed(value)
    assert scrubbed(once) == once
