"""Geoapify Places: `GET /v2/places?categories=…&conditions=…&filter=circle:lon,lat,metres`, as GeoJSON."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .cities import City, city_near, kilometres
from .draws import identity
from .geoapify_categories import is_category
from .restaurants import restaurants_in
from .sights import Sight, sights_in
from .wire import Request, Response, json_response

_REACH_KM = 15.0

_DIETS = ("vegetarian", "vegan", "halal", "kosher")
_CONDITIONS = frozenset(
    {"wheelchair", "wheelchair.yes", "wheelchair.limited", "named", "no_fee", "gluten_free"}
    | {f"{diet}{only}" for diet in _DIETS for only in ("", ".only")}
)


class _Refused(Exception):
    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


class Geoapify:
    def __init__(self, seed: int) -> None:
        self._seed = seed

    def handle(self, request: Request, now: datetime) -> Response:
        try:
            if request.path.rstrip("/") != "/v2/places" or request.method != "GET":
                raise _Refused(404, "Not Found", f"Cannot {request.method} {request.path[:100]}")
            if not request.query.get("apiKey"):
                raise _Refused(401, "Unauthorized", "Invalid apiKey")
            return json_response(200, self._places(request.query))
        except _Refused as refused:
            body = {"statusCode": refused.status, "error": refused.error, "message": str(refused)}
            return json_response(refused.status, body)

    def _places(self, query: Mapping[str, str]) -> dict[str, Any]:
        categories = _categories(query.get("categories", ""))
        conditions = _conditions(query.get("conditions", ""))
        longitude, latitude, metres = _circle(query.get("filter", ""))
        limit, offset = _count(query, "limit", 20, 500), _count(query, "offset", 0, 10_000)
        city = city_near(latitude, longitude, max(_REACH_KM, metres / 1000))
        found = [
            (away, sight)
            for sight in ((*sights_in(self._seed, city), *restaurants_in(self._seed, city)) if city else ())
            if (away := 1000 * kilometres(latitude, longitude, sight.latitude, sight.longitude)) <= metres
            and any(_is_within(own, asked) for own in sight.categories for asked in categories)
            and all(any(_is_within(own, asked) for own in _met_by(sight)) for asked in conditions)
        ]
        page = found[offset : offset + limit]
        features = [_feature(city, sight, round(away)) for away, sight in page if city]
        return {"type": "FeatureCollection", "features": features}


def _feature(city: City, sight: Sight, away: int) -> dict[str, Any]:
    tags = {"opening_hours": sight.hours, "wheelchair": sight.wheelchair, "charge": sight.charge}
    raw: dict[str, Any] = {"name": sight.name, "osm_type": "n"}
    raw |= {tag: value for tag, value in tags.items() if value}
    if sight.is_restaurant:
        raw |= {"amenity": "restaurant", "cuisine": sight.categories[0].rpartition(".")[2]}
        raw |= {
            f"diet:{diet}": only or "yes" for diet, _, only in (one.partition(".") for one in sight.diets)
        }
    else:
        raw["fee"] = "yes" if sight.charge else "no"
    properties: dict[str, Any] = {
        "name": sight.name,
        "country": city.country,
        "country_code": city.country.lower(),
        "city": city.name,
        "lon": sight.longitude,
        "lat": sight.latitude,
        "formatted": f"{sight.name}, {city.name}",
        "categories": _with_parents((*sight.categories, *_met_by(sight))),
        "details": ["details"],
        "datasource": {
            "sourcename": "openstreetmap",
            "attribution": "© OpenStreetMap contributors",
            "license": "Open Database License",
            "raw": raw,
        },
        "distance": away,
        "place_id": identity("place", sight.name, city.line),
    }
    if sight.hours:
        properties["opening_hours"] = sight.hours
    geometry = {"type": "Point", "coordinates": [sight.longitude, sight.latitude]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _with_parents(categories: tuple[str, ...]) -> list[str]:
    """`leisure.park.garden` is in `leisure` and `leisure.park`, too."""
    found: dict[str, None] = {}
    for category in categories:
        parts = category.split(".")
        found.update(dict.fromkeys(".".join(parts[: end + 1]) for end in range(len(parts))))
    return list(found)


def _met_by(sight: Sight) -> tuple[str, ...]:
    """The conditions it is known to meet; the real API names them among the categories."""
    is_free = not sight.charge and not sight.is_restaurant
    access = {"yes": ("wheelchair.yes",), "limited": ("wheelchair.limited",)}.get(sight.wheelchair or "", ())
    return ("named", *(("no_fee",) if is_free else ()), *access, *sight.diets)


def _is_within(own: str, asked: str) -> bool:
    return own == asked or own.startswith(f"{asked}.")


def _categories(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    if not names:
        raise _Refused(400, "Bad Request", '"categories" is required')
    for name in names:
        if not is_category(name):
            raise _Refused(400, "Bad Request", f'Category "{name[:60]}" is not supported')
    return names


def _conditions(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in _CONDITIONS:
            raise _Refused(400, "Bad Request", f'Condition "{name[:60]}" is not supported')
    return names


def _circle(text: str) -> tuple[float, float, float]:
    """Longitude, latitude, metres."""
    parts = text.removeprefix("circle:").split(",")
    try:
        longitude, latitude, metres = (float(part) for part in parts)
    except ValueError:
        longitude = latitude = metres = math.nan
    if not (
        text.startswith("circle:") and abs(longitude) <= 180 and abs(latitude) <= 90 and 0 < metres <= 1e5
    ):
        raise _Refused(400, "Bad Request", '"filter" is not valid')
    return longitude, latitude, metres


def _count(query: Mapping[str, str], name: str, default: int, limit: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= limit):
        raise _Refused(400, "Bad Request", f'"{name}" must be a number up to {limit}')
    return int(text)
