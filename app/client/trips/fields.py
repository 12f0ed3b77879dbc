"""A trip as fields, as the server versions them, and as the whole that people look at.

An item of a list is a field of its own (`stops/ID`); a removed item is a field that is not there.
"""

from collections.abc import Iterable, Mapping
from typing import Any

LISTS = ("stops", "days", "activities")
CUSTOM = "custom"
DESTINATIONS = "destinations"

Fields = Mapping[str, Any]
"""JSON values by field."""

_LANES = {DESTINATIONS: "stops", "start_date": "dates", "end_date": "dates"}


def lane(field: str) -> str:
    """Fields of one lane decide about each other: their writes go to the server one at a time, in order.

    `destinations` is the stops' names, and neither date may pass the other.
    """
    return "stops" if field.startswith("stops/") else _LANES.get(field, field)


def fields_of(trip: Mapping[str, Any]) -> dict[str, Any]:
    """A trip as `full_trip_data` or `GET` has it, by field."""
    fields: dict[str, Any] = {}
    for name, value in trip.items():
        if name in LISTS:
            fields |= {f"{name}/{item['id']}": item for item in value}
        elif name == CUSTOM:
            fields |= {f"{CUSTOM}/{key}": each for key, each in value.items()}
        elif name not in ("id", "version", "field_versions", DESTINATIONS):
            fields[name] = value
    return fields


def whole(fields: Fields) -> dict[str, Any]:
    """The inverse: lists in order, `destinations` as the stops' names unless it is written itself."""
    trip: dict[str, Any] = {name: value for name, value in fields.items() if "/" not in name}
    for collection in LISTS:
        items = [value for name, value in fields.items() if name.startswith(f"{collection}/")]
        trip[collection] = sorted(items, key=_place)
    trip[CUSTOM] = {
        name.partition("/")[2]: value for name, value in fields.items() if name.startswith(f"{CUSTOM}/")
    }
    trip.setdefault(DESTINATIONS, [stop["name"] for stop in trip["stops"]])
    return trip


def value_of(fields: Fields, name: str) -> Any:
    """A field's value; None for an item that is not there."""
    return whole(fields)[DESTINATIONS] if name == DESTINATIONS else fields.get(name)


def write(fields: dict[str, Any], changes: Iterable[tuple[str, Any]]) -> None:
    """Lays changes over fields; None removes an item."""
    for name, value in changes:
        if value is None and "/" in name:
            fields.pop(name, None)
        else:
            fields[name] = value


def _place(item: Mapping[str, Any]) -> tuple[bool, float, str]:
    """As the server sorts; an item that has no position yet stands at the end."""
    position = item.get("position")
    return position is None, position or 0.0, item["id"]
