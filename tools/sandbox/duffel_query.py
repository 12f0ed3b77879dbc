"""An offer request as Duffel accepts it: every problem is found and named before anything is searched."""

from datetime import date
from typing import Any, NamedTuple, cast

from .duffel_errors import Problem, Refused, malformed, not_included, required
from .duffel_json import as_items, as_object, data_of
from .fares import Cabin
from .geography import Airport, resolve

CABINS: tuple[Cabin, ...] = ("first", "business", "premium_economy", "economy")
MAX_SLICES = 6
MAX_PASSENGERS = 9
MAX_DAYS_AHEAD = 361  # airlines sell no further ahead
_TYPE_AGES = {"adult": None, "child": 8, "infant_without_seat": 1}


class Passenger(NamedTuple):
    """`age` as it was given; `fare_age` is what is charged for, None for an adult."""

    type: str | None
    age: int | None

    @property
    def fare_age(self) -> int | None:
        return self.age if self.age is not None else _TYPE_AGES[self.type or "adult"]


class SliceAsked(NamedTuple):
    origin: str
    destination: str
    departure_date: date
    origins: tuple[Airport, ...]
    destinations: tuple[Airport, ...]


class Query(NamedTuple):
    slices: tuple[SliceAsked, ...]
    passengers: tuple[Passenger, ...]
    cabin_class: Cabin
    max_connections: int


def parse(body: bytes, today: date) -> Query:
    """Raises `Refused` with 400 for what is no JSON object, with 422 for every field that is wrong."""
    data = data_of(body)
    problems: list[Problem] = []
    slices = _slices(data.get("slices"), today, problems)
    passengers = _passengers(data.get("passengers"), problems)
    cabin = data.get("cabin_class", "economy")
    if cabin is not None and cabin not in CABINS:
        problems.append(not_included("cabin_class", "/cabin_class"))
    connections = data.get("max_connections", 1)
    if isinstance(connections, bool) or connections not in (0, 1, 2):
        problems.append(not_included("max_connections", "/max_connections", "must be between 0 and 2"))
    if problems:
        raise Refused(422, *problems)
    return Query(slices, passengers, cast(Cabin, cabin or "economy"), connections)


def _slices(value: Any, today: date, problems: list[Problem]) -> tuple[SliceAsked, ...]:
    items = as_items(value)
    if not items:
        problems.append(required("slices", "/slices"))
    if len(items) > MAX_SLICES:
        problems.append(not_included("slices", "/slices", f"should have at most {MAX_SLICES} item(s)"))
    found = [_slice(as_object(item), f"/slices/{index}", today, problems) for index, item in enumerate(items)]
    for index in range(1, len(found)):
        if found[index].departure_date < found[index - 1].departure_date:
            pointer = f"/slices/{index}/departure_date"
            problems.append(
                not_included("departure_date", pointer, "must be after the previous slice's date")
            )
    return tuple(found)


def _slice(item: dict[str, Any], pointer: str, today: date, problems: list[Problem]) -> SliceAsked:
    places: list[tuple[str, tuple[Airport, ...]]] = []
    for field in ("origin", "destination"):
        code = item.get(field)
        airports = resolve(code) if isinstance(code, str) else ()
        if code is None or code == "":
            problems.append(required(field, f"{pointer}/{field}"))
        elif not airports:
            problems.append(malformed(field, f"{pointer}/{field}", "is not a valid IATA code"))
        places.append((str(code), airports))
    (origin, origins), (destination, destinations) = places
    if origins and origin == destination:
        problems.append(not_included("destination", f"{pointer}/destination", "must differ from origin"))
    day = _departure_date(item.get("departure_date"), f"{pointer}/departure_date", today, problems)
    return SliceAsked(origin, destination, day, origins, destinations)


def _departure_date(value: Any, pointer: str, today: date, problems: list[Problem]) -> date:
    field = "departure_date"
    if value is None or value == "":
        problems.append(required(field, pointer))
        return today
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        day = None
    if day is None:
        problems.append(malformed(field, pointer, "must be a date in ISO 8601 format"))
        return today
    if day < today:
        problems.append(not_included(field, pointer, "must not be in the past"))
    elif (day - today).days > MAX_DAYS_AHEAD:
        problems.append(not_included(field, pointer, "is too far in the future"))
    return day


def _passengers(value: Any, problems: list[Problem]) -> tuple[Passenger, ...]:
    items = as_items(value)
    if not items:
        problems.append(required("passengers", "/passengers"))
    if len(items) > MAX_PASSENGERS:
        problems.append(
            not_included("passengers", "/passengers", f"should have at most {MAX_PASSENGERS} item(s)")
        )
    found = tuple(
        _passenger(as_object(item), f"/passengers/{index}", problems) for index, item in enumerate(items)
    )
    infants = sum(1 for one in found if one.fare_age is not None and one.fare_age < 2)
    adults = sum(1 for one in found if one.fare_age is None or one.fare_age >= 16)
    if infants > adults:
        problems.append(not_included("passengers", "/passengers", "has more infants than adults"))
    return found


def _passenger(item: dict[str, Any], pointer: str, problems: list[Problem]) -> Passenger:
    """What is wrong with it is added to the problems, for which it counts as an adult then."""
    kind, age = item.get("type"), item.get("age")
    problem = None
    if (kind is None) == (age is None):
        problem = required("type", f"{pointer}/type") if kind is None else _both(pointer)
    elif kind is not None and not (isinstance(kind, str) and kind in _TYPE_AGES):
        problem = not_included("type", f"{pointer}/type")
    elif age is not None and (not isinstance(age, int) or isinstance(age, bool) or not 0 <= age <= 130):
        problem = malformed("age", f"{pointer}/age")
    if problem is None:
        return Passenger(kind, age)
    problems.append(problem)
    return Passenger("adult", None)


def _both(pointer: str) -> Problem:
    return not_included("age", f"{pointer}/age", "can't be given together with 'type'")
