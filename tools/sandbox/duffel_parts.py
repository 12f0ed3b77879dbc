"""Parts of Duffel's JSON that many offers share: written once and kept as bytes."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from .carriers import Aircraft, Carrier
from .draws import identity
from .fares import Cabin
from .geography import Airport
from .timetable import Flight

_CABIN_NAMES: dict[Cabin, str] = {
    "economy": "Economy",
    "premium_economy": "Premium Economy",
    "business": "Business",
    "first": "First",
}
_TERMINALS_FROM = 0.45  # rank of an airport that has several
encode = msgspec.json.Encoder().encode


@lru_cache(maxsize=5000)
def place(airport: Airport) -> msgspec.Raw:
    body = {
        "id": f"arp_{airport.iata.lower()}_{airport.country.lower()}",
        "type": "airport",
        "name": airport.name,
        "iata_code": airport.iata,
        "icao_code": airport.icao,
        "iata_country_code": airport.country,
        "iata_city_code": airport.city_code,
        "city_name": airport.city,
        "city": _city(airport),
        "latitude": airport.latitude,
        "longitude": airport.longitude,
        "time_zone": airport.time_zone,
    }
    return msgspec.Raw(encode(body))


def _city(airport: Airport) -> dict[str, Any] | None:
    """Duffel has a city only where its code is another than the airport's."""
    if airport.city_code == airport.iata:
        return None
    return {
        "id": f"cit_{airport.city_code.lower()}_{airport.country.lower()}",
        "type": "city",
        "name": airport.city,
        "iata_code": airport.city_code,
        "iata_country_code": airport.country,
    }


@lru_cache(maxsize=1000)
def carrier(carrier: Carrier) -> msgspec.Raw:
    logo = f"https://assets.duffel.com/img/airlines/for-light-background/full-color-logo/{carrier.iata}.svg"
    body = {
        "id": identity("arl", carrier.iata),
        "name": carrier.name,
        "iata_code": carrier.iata,
        "logo_symbol_url": logo,
        "logo_lockup_url": None,
        "conditions_of_carriage_url": None,
    }
    return msgspec.Raw(encode(body))


@lru_cache(maxsize=100)
def _aircraft(aircraft: Aircraft) -> msgspec.Raw:
    identifier = identity("arc", aircraft.iata)
    return msgspec.Raw(encode({"id": identifier, "name": aircraft.name, "iata_code": aircraft.iata}))


@lru_cache(maxsize=5000)
def seat(cabin: Cabin, checked: int | None, carrier: str, basis: int) -> bytes:
    """A passenger's members in a segment but for the id; `checked` bags, None for a fare without any."""
    bags = [{"type": "carry_on", "quantity": 1}, {"type": "checked", "quantity": checked}]
    members = {
        "cabin_class": cabin,
        "cabin_class_marketing_name": _CABIN_NAMES[cabin],
        "fare_basis_code": f"{cabin[0].upper()}{basis:03d}RT{carrier}",
        "baggages": bags if checked is not None else [],
    }
    return encode(members)[1:-1]


@lru_cache(
    maxsize=15_000
)  # as many as a timetable keeps flights: fewer, and the oldest are written ever again
def segment(flight: Flight) -> bytes:
    """A segment's members but for its id, stops and passengers."""
    members: dict[str, Any] = {
        "origin": place(flight.origin),
        "destination": place(flight.destination),
        "departing_at": local(flight.departs),
        "arriving_at": local(flight.arrives),
        "duration": duration(flight.minutes),
        "distance": f"{flight.km:.3f}",
        "aircraft": _aircraft(flight.aircraft),
        "marketing_carrier": carrier(flight.carrier),
        "marketing_carrier_flight_number": flight.number,
        "operating_carrier": carrier(flight.carrier),
        "operating_carrier_flight_number": flight.number,
        "origin_terminal": _terminal(flight.origin, flight.carrier),
        "destination_terminal": _terminal(flight.destination, flight.carrier),
        "media": [],
    }
    return encode(members)[1:-1]


def _terminal(airport: Airport, carrier: Carrier) -> str | None:
    if airport.rank < _TERMINALS_FROM:
        return None
    return "1" if airport in carrier.hubs else "2"


def duration(minutes: int) -> str:
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    time = "".join([f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""])
    return "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")


def local(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def moment(moment: datetime) -> str:
    """Of UTC, as Duffel writes it: `2026-11-22T12:00:00.000000Z`."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
