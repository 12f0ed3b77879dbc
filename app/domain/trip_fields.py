"""A trip as fields of JSON: what each may hold, and what they have to agree on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

import msgspec
from babel.numbers import is_currency
from msgspec import UNSET, Struct

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.explain import explain, quote
from app.contract.ids import ClientId
from app.contract.plain import plain_problem

DESTINATIONS = "destinations"
"""No value of its own: the stops' names in order. Its version moves with every stop's."""
PLAIN = (
    "name",
    "start_date",
    "end_date",
    "travellers",
    "budget",
    "currency",
    "notes",
    "tags",
    "offers",
)
ITEMS: dict[str, type[t.Item]] = {"stops": t.Stop, "days": t.Day, "activities": t.Activity}
CUSTOM = "custom"
UNKNOWN_FIELD = "`{}` is not a field of a trip."

_TYPES = {each.name: each.type for each in msgspec.structs.fields(t.Trip)}
_RESTS_ON = {"start_date": ("end_date",), "end_date": ("start_date",)}

Fields = Mapping[str, bytes]
"""JSON by field; an item that is not there is left out."""


class _Placed(Struct):
    """What is read of an item to place it."""

    position: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A trip as it was read. `version` is the newest of `versions`, or of what was removed since; they belong to
    the `epoch` of the trip's stream.
    """

    version: int
    values: dict[str, bytes]
    versions: dict[str, int] = field(default_factory=dict[str, int])
    epoch: str = ""

    def version_of(self, name: str) -> int:
        """0 for an item that is not there."""
        return self.versions.get(name, 0)

    def moved_past(self, name: str, version: int) -> bool:
        """Whether a field was written since the trip had this version; an item that was there then is gone."""
        newest = self.version_of(name)
        return newest > version if newest else version > 0


def rests_on(name: str) -> tuple[str, ...]:
    """The other fields that decide whether a value of this one is right."""
    return _RESTS_ON.get(name, ())


def is_item(name: str) -> bool:
    return "/" in name


def wrong(name: str, message: str) -> TripSageError:
    return TripSageError(ErrorCode.VALIDATION_ERROR, message, field=quote(name))


def check_name(name: str) -> None:
    """Raises `TripSageError` (`VALIDATION_ERROR`) for what is no field of a trip, there or not."""
    collection, slash, item_id = name.partition("/")
    try:
        if slash and (collection == CUSTOM or collection in ITEMS):
            msgspec.convert(item_id, ClientId)
            return
    except msgspec.ValidationError:
        pass
    if name not in PLAIN and name != DESTINATIONS:
        raise wrong(name, UNKNOWN_FIELD.format(quote(name)))


def canonical(name: str, raw: bytes) -> bytes | None:
    """The field's value as it is stored; None removes an item.

    Raises `TripSageError` (`VALIDATION_ERROR`) that names the field.
    """
    check_name(name)
    collection, slash, item_id = name.partition("/")
    if not slash:
        kind = list[t.Name] if name == DESTINATIONS else _TYPES[name]
        return encode(_checked(name, _decoded(name, raw, kind)))
    if raw.strip() == b"null":
        return None
    if collection == CUSTOM:
        return _custom(name, raw)
    item = _decoded(name, raw, ITEMS[collection])
    if item.id != item_id:
        raise wrong(name, f"`{name}`: its id is {item.id}.")
    return encode(_checked(name, item))


def check_together(values: Fields) -> None:
    """Raises `TripSageError` (`VALIDATION_ERROR`) for fields that cannot stand beside each other."""
    start, end = (msgspec.json.decode(values[name], type=date | None) for name in ("start_date", "end_date"))
    if start is not None and end is not None and end < start:
        raise wrong("end_date", "`end_date` is before `start_date`.")
    if sum(map(is_item, values)) > t.MAX_ITEMS:
        raise TripSageError(
            ErrorCode.VALIDATION_ERROR, f"A trip has at most {t.MAX_ITEMS} items.", field="trip"
        )
    check_size(values)


def check_size(values: Fields) -> None:
    """Raises `TripSageError` (`PAYLOAD_TOO_LARGE`)."""
    size = sum(map(len, values.values()))
    if size > t.MAX_TRIP_BYTES:
        raise TripSageError(
            ErrorCode.PAYLOAD_TOO_LARGE, f"The trip is over the {t.MAX_TRIP_BYTES} bytes that one may have."
        )


def fields_of(trip: t.Trip, new_id: Callable[[], str]) -> dict[str, bytes]:
    """A whole trip as fields. `new_id` names the stops of a list of destinations."""
    values = {name: encode(_checked(name, getattr(trip, name))) for name in PLAIN}
    items: dict[str, list[Any]] = {"days": list(trip.days), "activities": list(trip.activities)}
    items["stops"] = _stops(trip, new_id)
    for collection, members in items.items():
        for number, item in enumerate(members):
            name = f"{collection}/{item.id}"
            if name in values:
                raise wrong(collection, f"`{collection}` has two items of the id {item.id}.")
            if item.position is None:
                item = msgspec.structs.replace(item, position=float(number))
            values[name] = encode(_checked(name, item))
    for key, value in trip.custom.items():
        if value is not None:
            values[f"{CUSTOM}/{key}"] = _custom(f"{CUSTOM}/{key}", encode(value))
    check_together(values)
    return values


def destinations(values: Fields) -> list[str]:
    return [stop.name for stop in stops(values)]


def stops(values: Fields) -> list[t.Stop]:
    """In order."""
    found = [msgspec.json.decode(values[name], type=t.Stop) for name in values if name.startswith("stops/")]
    return sorted(found, key=lambda stop: (stop.position or 0.0, stop.id))


def position(name: str, value: bytes) -> float | None:
    """Where an item stands; None for custom fields, which have no order."""
    collection = name.partition("/")[0]
    return msgspec.json.decode(value, type=_Placed).position if collection in ITEMS else 0.0


def _stops(trip: t.Trip, new_id: Callable[[], str]) -> list[t.Stop]:
    if trip.stops is UNSET:
        names = [] if trip.destinations is UNSET else trip.destinations
        return [t.Stop(id=new_id(), name=name) for name in names]
    return list(trip.stops)


def _custom(name: str, raw: bytes) -> bytes:
    value = _decoded(name, raw, Any)
    problem = plain_problem(value)
    if problem is not None:
        raise wrong(name, f"`{name}` {problem}.")
    return encode(value)


def _decoded(name: str, raw: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        struct = kind if isinstance(kind, type) and issubclass(kind, Struct) else t.Trip
        message, inner = explain(str(error), cast(type[Struct], struct))
        where = name if inner is None else f"{name}.{inner}"
        raise wrong(where, f"`{quote(where)}`: {message}") from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise wrong(name, f"`{name}` cannot be read.") from error


def _checked(name: str, value: Any) -> Any:
    """What types cannot say; amounts come back in their one spelling."""
    if name == "budget":
        return _amount(name, value)
    if name == "currency" and not is_currency(value):
        raise wrong(name, f"`{name}`: {value} is no currency of ISO 4217.")
    if name in ("tags", "offers") and len(set(value)) != len(value):
        raise wrong(name, f"`{name}` has something twice.")
    if isinstance(value, t.Item) and abs(value.position or 0.0) > t.MAX_POSITION:
        raise wrong(name, f"`{name}`: expected a position within {t.MAX_POSITION:.0f} of 0.")
    if isinstance(value, t.Activity):
        return msgspec.structs.replace(value, cost=_amount(name, value.cost))
    if isinstance(value, t.Stop) and value.arrive and value.leave and value.leave < value.arrive:
        raise wrong(name, f"`{name}`: it is left before it is reached.")
    return value


def _amount(name: str, amount: Decimal | None) -> Decimal | None:
    if amount is None:
        return None
    if not amount.is_finite() or not 0 <= amount <= t.MAX_AMOUNT:
        raise wrong(name, f"`{name}`: expected an amount from 0 to {t.MAX_AMOUNT}.")
    exponent = cast(int, amount.as_tuple().exponent)
    if exponent < -4:
        raise wrong(name, f"`{name}`: expected at most 4 decimals.")
    return Decimal(f"{amount.normalize():f}")
