"""Passengers by name, and which seat of an offer each of them takes."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from tools.providers.duffel_orders import OfferedPassenger, OrderPassenger
from tools.tool import invalid

ADULT_AGE, INFANT_UNTIL = 18, 2  # years, on the last day of flying

Name = Annotated[
    str,
    Meta(
        pattern="^[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ .'’-]*$",
        max_length=50,
        description="As in the passport, in Latin letters.",
    ),
]


class NamedPassenger(Struct, forbid_unknown_fields=True, frozen=True):
    """What an airline wants to know of a passenger."""

    title: Literal["mr", "ms", "mrs", "miss", "dr"]
    given_name: Name
    family_name: Name
    gender: Annotated[Literal["m", "f"], Meta(description="As in the passport.")]
    born_on: date
    email: Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
    phone_number: Annotated[
        str, Meta(pattern=r"^\+[1-9][0-9]{6,14}$", description="With its country code: +442080160508")
    ]

    def age_on(self, day: date) -> int:
        born = self.born_on
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def seated(
    seats: Sequence[OfferedPassenger], passengers: Sequence[NamedPassenger], flown_on: date
) -> list[OrderPassenger]:
    """Every passenger on a seat of their age; each infant with an adult.

    Raises `VALIDATION_ERROR` when these are not the people whom the seats are for.
    """
    taken, left = _taken(seats, passengers, flown_on)
    if left or len(taken) < len(seats):
        ages = ", ".join(f"{one.given_name} is {one.age_on(flown_on)}" for one in passengers)
        raise invalid(
            "passengers",
            f"The offer is for {_described(seats)}, of the age on {flown_on}. Of those named then, {ages}. "
            "Correct the names and dates of birth, or search for flights for this party.",
        )
    infants = iter([seat.id for seat, one in taken if one.age_on(flown_on) < INFANT_UNTIL])
    return [
        OrderPassenger(
            id=seat.id,
            title=one.title,
            given_name=one.given_name,
            family_name=one.family_name,
            gender=one.gender,
            born_on=one.born_on,
            email=one.email,
            phone_number=one.phone_number,
            infant_passenger_id=next(infants, None) if one.age_on(flown_on) >= ADULT_AGE else None,
        )
        for seat, one in taken
    ]


def shared_out(
    groups: Sequence[Sequence[OfferedPassenger]], passengers: Sequence[NamedPassenger], flown_on: date
) -> list[list[NamedPassenger]] | None:
    """The passengers of each group's seats; None when they are not the people whom the seats are for."""
    shares: list[list[NamedPassenger]] = []
    for seats in groups:
        taken, passengers = _taken(seats, passengers, flown_on)
        if len(taken) < len(seats):
            return None
        shares.append([one for _, one in taken])
    return None if passengers else shares


def _taken(
    seats: Sequence[OfferedPassenger], passengers: Sequence[NamedPassenger], flown_on: date
) -> tuple[list[tuple[OfferedPassenger, NamedPassenger]], list[NamedPassenger]]:
    """Who takes which seat, exact ages first, and who is left."""
    left = list(passengers)
    taken: list[tuple[OfferedPassenger, NamedPassenger]] = []
    for seat in sorted(seats, key=lambda seat: seat.age is None):
        fitting = next((one for one in left if _fits(seat, one.age_on(flown_on))), None)
        if fitting is not None:
            left.remove(fitting)
            taken.append((seat, fitting))
    return taken, left


def _fits(seat: OfferedPassenger, age: int) -> bool:
    if _is_infant(seat):
        return 0 <= age < INFANT_UNTIL
    if seat.age is not None and seat.age < ADULT_AGE:
        return age == seat.age
    if seat.type == "child":
        return INFANT_UNTIL <= age < ADULT_AGE
    return age >= ADULT_AGE


def _is_infant(seat: OfferedPassenger) -> bool:
    return seat.type == "infant_without_seat" or (seat.age is not None and seat.age < INFANT_UNTIL)


def _described(seats: Sequence[OfferedPassenger]) -> str:
    adults = sum(_fits(seat, ADULT_AGE) for seat in seats)
    infants = sum(map(_is_infant, seats))
    children = [
        f"a child of {seat.age}" if seat.age is not None else "a child"
        for seat in seats
        if not _is_infant(seat) and not _fits(seat, ADULT_AGE)
    ]
    counted = [("adult", adults), ("infant", infants)]
    named = [f"{count} {noun}{'s' if count > 1 else ''}" for noun, count in counted if count]
    return ", ".join([*named[:1], *children, *named[1:]])
