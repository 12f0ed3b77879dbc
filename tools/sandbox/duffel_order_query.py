"""An order as Duffel accepts it: every problem is found and named before anything is booked."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from .duffel_body import Offers
from .duffel_errors import Problem, Refused, malformed, not_included, required
from .duffel_json import as_items, as_object, data_of
from .duffel_payments import Payment, payment_of_order

_NAME = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ .'’-]{0,49}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_ADULT_AGE, _INFANT_AGE = 18, 2


class OrderAsked(NamedTuple):
    """`payment` is None for seats to be held, and else what they are paid with at once."""

    offer_id: str
    passengers: tuple[dict[str, Any], ...]
    metadata: dict[str, Any]
    payment: Payment | None = None

    def check_against(self, offers: Offers) -> None:
        """Raises `Refused` when these are not the passengers whom the offer is for."""
        wanted = {one["id"]: one for one in offers.passengers()}
        given = Counter(one["id"] for one in self.passengers)
        if given != Counter(wanted.keys()):
            why = "must be the passengers of the selected offer"
            raise Refused(422, not_included("passengers", "/passengers", why))
        infants = {key for key, one in wanted.items() if one["type"] == "infant_without_seat"}
        carried = Counter(
            one["infant_passenger_id"] for one in self.passengers if one.get("infant_passenger_id")
        )
        if carried != Counter(infants) or any(
            one["id"] in infants and one.get("infant_passenger_id") for one in self.passengers
        ):
            pointer = "/passengers/0/infant_passenger_id"
            raise Refused(
                422, not_included("infant_passenger_id", pointer, "must name each infant for one adult")
            )
        flown_on = offers.query.slices[-1].departure_date
        problems = [
            not_included("born_on", f"/passengers/{index}/born_on", "does not match the passenger's age")
            for index, one in enumerate(self.passengers)
            if not _is_of_age(one["born_on"], wanted[one["id"]], flown_on)
        ]
        if problems:
            raise Refused(422, *problems)

    def named(self, offers: Offers) -> list[dict[str, Any]]:
        """The passengers as an order has them."""
        types = {one["id"]: one["type"] for one in offers.passengers()}
        return [
            {
                **{name: one[name] for name in _CHECKS},
                "type": types[one["id"]],
                "infant_passenger_id": one.get("infant_passenger_id"),
                "loyalty_programme_accounts": [],
            }
            for one in self.passengers
        ]


def parse(body: bytes, today: date) -> OrderAsked:
    """Raises `Refused` with 400 for what is no JSON object, with 422 for every field that is wrong."""
    data = data_of(body)
    problems = _order_problems(data)
    payment = payment_of_order(data.get("payments"), problems) if data.get("type") == "instant" else None
    passengers = [as_object(one) for one in as_items(data.get("passengers"))]
    for index, one in enumerate(passengers):
        _check_passenger(one, f"/passengers/{index}", today, problems)
    if problems:
        raise Refused(422, *problems)
    return OrderAsked(data["selected_offers"][0], tuple(passengers), as_object(data.get("metadata")), payment)


def _order_problems(data: dict[str, Any]) -> list[Problem]:
    """Of everything but the passengers' details."""
    problems: list[Problem] = []
    if data.get("type") not in ("hold", "instant"):
        problems.append(not_included("type", "/type", "must be 'hold' or 'instant'"))
    if data.get("type") == "hold" and data.get("payments"):
        problems.append(not_included("payments", "/payments", "must be left out of a hold order"))
    if data.get("services"):
        problems.append(not_included("services", "/services", "must be left out: the sandbox sells none"))
    offers = as_items(data.get("selected_offers"))
    if not offers:
        problems.append(required("selected_offers", "/selected_offers"))
    elif len(offers) > 1 or not isinstance(offers[0], str):
        problems.append(not_included("selected_offers", "/selected_offers", "should have 1 item(s)"))
    if not as_items(data.get("passengers")):
        problems.append(required("passengers", "/passengers"))
    if not isinstance(data.get("metadata"), dict | None):
        problems.append(malformed("metadata", "/metadata"))
    return problems


def _check_passenger(one: dict[str, Any], pointer: str, today: date, problems: list[Problem]) -> None:
    for field, is_good in _CHECKS.items():
        value, where = one.get(field), f"{pointer}/{field}"
        if value is None or value == "":
            problems.append(required(field, where))
        elif not (isinstance(value, str) and is_good(value)):
            problems.append(_invalid_phone(where) if field == "phone_number" else malformed(field, where))
    born = _day(one["born_on"]) if isinstance(one.get("born_on"), str) else None
    if born is not None and born > today:
        problems.append(not_included("born_on", f"{pointer}/born_on", "must not be in the future"))
    if not isinstance(one.get("infant_passenger_id"), str | None):
        problems.append(malformed("infant_passenger_id", f"{pointer}/infant_passenger_id"))


def _invalid_phone(pointer: str) -> Problem:
    return Problem(
        "validation_error",
        "invalid_phone_number",
        "Invalid phone number",
        "Field 'phone_number' must be in E.164 format, such as +442080160508",
        "phone_number",
        pointer,
    )


def _is_of_age(born_on: str, wanted: dict[str, Any], day: date) -> bool:
    born = date.fromisoformat(born_on)
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if wanted["age"] is not None and _INFANT_AGE <= wanted["age"] < _ADULT_AGE:
        return age == wanted["age"]
    match wanted["type"]:
        case "infant_without_seat":
            return 0 <= age < _INFANT_AGE
        case "child":
            return _INFANT_AGE <= age < _ADULT_AGE
        case _:
            return age >= _ADULT_AGE


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


_CHECKS: dict[str, Callable[[str], object]] = {
    "id": bool,
    "title": frozenset({"mr", "ms", "mrs", "miss", "dr"}).__contains__,
    "given_name": _NAME.fullmatch,
    "family_name": _NAME.fullmatch,
    "gender": frozenset({"m", "f"}).__contains__,
    "born_on": _day,
    "email": _EMAIL.fullmatch,
    "phone_number": _PHONE.fullmatch,
}
"""Whether what is written in a passenger's field can be meant; all of them are needed."""
