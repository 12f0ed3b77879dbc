"""A search for stays as Duffel accepts it: every problem is found and named before anything is searched."""

from datetime import date
from typing import Any, NamedTuple, cast

from .duffel_errors import Problem, Refused, malformed, not_included, required
from .duffel_json import as_object, data_of

MAX_ROOMS = 9
MAX_GUESTS = 50
MAX_NIGHTS = 99
MAX_DAYS_AHEAD = 330
MAX_RADIUS = 100  # km


class Query(NamedTuple):
    """`radius` is in km; `guests` are as they were given."""

    latitude: float
    longitude: float
    radius: float
    check_in: date
    check_out: date
    rooms: int
    guests: list[dict[str, Any]]

    @property
    def children(self) -> int:
        return sum(guest["type"] == "child" for guest in self.guests)

    @property
    def adults(self) -> int:
        return len(self.guests) - self.children


def parse(body: bytes, today: date) -> Query:
    """Raises `Refused` with 400 for what is no JSON object, with 422 for every field that is wrong."""
    data = data_of(body)
    problems: list[Problem] = []
    check_in = _day(data, "check_in_date", problems)
    check_out = _day(data, "check_out_date", problems)
    if check_in and not 0 <= (check_in - today).days <= MAX_DAYS_AHEAD:
        problems.append(not_included("check_in_date", "/check_in_date", "must be within the next 330 days"))
    if check_in and check_out and not 1 <= (check_out - check_in).days <= MAX_NIGHTS:
        problems.append(
            not_included("check_out_date", "/check_out_date", "must be 1 to 99 days after check in")
        )
    guests = _guests(data.get("guests"), problems)
    rooms = _number(data, "rooms", "", 1, MAX_ROOMS, problems)
    location = as_object(data.get("location"))
    if not location:
        problems.append(required("location", "/location"))
    point = as_object(location.get("geographic_coordinates"))
    at = "/location/geographic_coordinates"
    latitude, longitude, radius = (
        (
            _number(point, "latitude", at, -90, 90, problems),
            _number(point, "longitude", at, -180, 180, problems),
            _number({"radius": 5, **location}, "radius", "/location", 1, MAX_RADIUS, problems),
        )
        if location
        else (0.0, 0.0, 0.0)
    )
    if problems or check_in is None or check_out is None:
        raise Refused(422, *problems)
    return Query(latitude, longitude, radius, check_in, check_out, int(rooms), guests)


def _day(data: dict[str, Any], field: str, problems: list[Problem]) -> date | None:
    value = data.get(field)
    if value in (None, ""):
        problems.append(required(field, f"/{field}"))
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "")
    except ValueError:
        problems.append(malformed(field, f"/{field}", "must be a date in ISO 8601 format"))
        return None


def _number(
    data: dict[str, Any], field: str, at: str, low: float, high: float, problems: list[Problem]
) -> float:
    value = data.get(field)
    if value is None:
        problems.append(required(field, f"{at}/{field}"))
    elif isinstance(value, bool) or not isinstance(value, int if field == "rooms" else int | float):
        problems.append(malformed(field, f"{at}/{field}", "must be a number"))
    elif not low <= value <= high:
        problems.append(not_included(field, f"{at}/{field}", f"must be {low} to {high}"))
    else:
        return value
    return 0.0


def _guests(value: Any, problems: list[Problem]) -> list[dict[str, Any]]:
    guests = [as_object(item) for item in cast("list[Any]", value)] if isinstance(value, list) else []
    if not guests:
        problems.append(required("guests", "/guests"))
    if len(guests) > MAX_GUESTS:
        problems.append(not_included("guests", "/guests", f"should have at most {MAX_GUESTS} item(s)"))
    for index, guest in enumerate(guests[:MAX_GUESTS]):
        age = guest.get("age")
        if guest.get("type") not in ("adult", "child"):
            problems.append(not_included("type", f"/guests/{index}/type"))
        elif age is None and guest["type"] == "child":
            problems.append(required("age", f"/guests/{index}/age"))
        elif age is not None and (not isinstance(age, int) or isinstance(age, bool) or not 0 <= age <= 130):
            problems.append(malformed("age", f"/guests/{index}/age"))
    return guests
