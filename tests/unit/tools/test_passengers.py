"""Who sits where: named passengers and the ages that an offer was made for."""

from datetime import date

import pytest
from msgspec import convert

from app.contract.errors import TripSageError
from tests.support.travel import ADA
from tools.passengers import NamedPassenger, seated
from tools.providers.duffel_orders import OfferedPassenger


def seat(kind: str, age: int | None = None) -> OfferedPassenger:
    return OfferedPassenger(f"pas_{kind}{age}", kind, age)


def born(year: int, name: str = "Ada") -> NamedPassenger:
    return convert({**ADA, "given_name": name, "born_on": f"{year}-05-04"}, NamedPassenger)


def test_a_child_without_an_age_takes_who_is_left() -> None:
    seats = [seat("child"), seat("child", 9), seat("adult")]
    named = seated(seats, [born(2018, "Nine"), born(2015, "Twelve"), born(1985)], date(2027, 5, 4))
    assert {one.id: one.given_name for one in named} == {
        "pas_child9": "Nine",
        "pas_childNone": "Twelve",
        "pas_adultNone": "Ada",
    }


def test_on_the_birthday_one_is_a_year_older() -> None:
    assert born(2009).age_on(date(2027, 5, 3)) == 17
    assert seated([seat("adult")], [born(2009)], date(2027, 5, 4))
    with pytest.raises(TripSageError):
        seated([seat("adult")], [born(2009)], date(2027, 5, 3))
    with pytest.raises(TripSageError):
        seated([seat("adult")], [born(1985), born(1986)], date(2027, 5, 3))
