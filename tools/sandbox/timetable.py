"""When flights leave and arrive: block times with wind, local clocks, DST and the date line."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from .carriers import Aircraft, Carrier
from .clocks import local_to_utc, steady_offset, utc_to_local
from .draws import Draws
from .geography import Airport
from .network import Service

_STEP = 5  # minutes that times are rounded to
_FIRST, _LAST = 6 * 60, 22 * 60 + 30  # when flights leave, in minutes of the local day
_SHIFTS = (0, 60, -60, 120, -120, 180, -180, 240, -240, 300, -300, 360)
_MINUTE, _DAY = timedelta(minutes=1), 24 * 60
_NIGHT = (30, 5 * 60)  # minutes of the local day when no flight lands, if it can be helped
_PROPELLER_SPEED = 700
_WIDEBODY_KM = 4500


@dataclass(slots=True, eq=False)  # not frozen, for there are many and that takes twice as long
class Flight:
    """A take-off and a landing. Local times carry no offset; `departs_utc` and `arrives_utc` are aware."""

    carrier: Carrier
    number: str
    origin: Airport
    destination: Airport
    departs: datetime
    arrives: datetime
    departs_utc: datetime
    arrives_utc: datetime
    minutes: int
    km: float
    aircraft: Aircraft


def block_minutes(origin: Airport, destination: Airport, km: float, speed: int = 850) -> int:
    """Gate to gate. Westerly winds make eastbound flights quicker by up to 55 km/h and westbound slower."""
    if speed < _PROPELLER_SPEED:
        minutes = 30 + 60 * km / speed
    else:
        east = (destination.longitude - origin.longitude + 540) % 360 - 180
        eastward = max(-1.0, min(1.0, east / (km / 111))) if km else 0.0
        minutes = 45 + 60 * km / (speed + 55 * eastward)
    return _STEP * round(minutes / _STEP)


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """What is the same every day of a flight: `wish` is the minute of the day it likes to leave."""

    number: str
    wish: int
    minutes: int
    aircraft: Aircraft
    days: tuple[bool, ...]


class _Timing(NamedTuple):
    """When a slot's flight leaves and lands, after midnight of its day on the clock at its origin.

    `arrives` is what the destination's clock shows, `lands` what the origin's would. It is the same on every day
    on which neither clock changes.
    """

    slot: _Slot
    departs: timedelta
    arrives: timedelta
    lands: timedelta


class Timetable:
    """The flights of a seed, day by day."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._slots = lru_cache(maxsize=10_000)(self._make_slots)
        self._timings = lru_cache(maxsize=10_000)(self._time)
        self.flights = lru_cache(maxsize=15_000)(self._flights)

    def _flights(self, service: Service, day: date) -> tuple[Flight, ...]:
        """The service's flights that leave on this local day, in order of departure."""
        weekday, ordinal = day.weekday(), day.toordinal()
        here = steady_offset(service.origin.zone, ordinal)
        there = steady_offset(service.destination.zone, ordinal)
        if here is None or there is None:
            slots = (slot for slot in self._slots(service) if slot.days[weekday])
            return tuple(
                sorted((_flight_when_clocks_change(service, day, slot) for slot in slots), key=_when)
            )
        midnight = datetime.combine(day, time())
        in_utc = (midnight - here).replace(tzinfo=UTC)
        return tuple(
            Flight(
                service.carrier,
                timing.slot.number,
                service.origin,
                service.destination,
                midnight + timing.departs,
                midnight + timing.arrives,
                in_utc + timing.departs,
                in_utc + timing.lands,
                timing.slot.minutes,
                service.km,
                timing.slot.aircraft,
            )
            for timing in self._timings(service, there - here)
            if timing.slot.days[weekday]
        )

    def _time(self, service: Service, ahead: timedelta) -> list[_Timing]:
        """All slots of a service in order of departure, where its destination's clock is so far ahead."""
        timings: list[_Timing] = []
        for slot in self._slots(service):
            departs, flown = _departure_minute(slot, ahead), timedelta(minutes=slot.minutes)
            timings.append(_Timing(slot, departs, departs + flown + ahead, departs + flown))
        return sorted(timings, key=lambda timing: timing.departs)

    def _make_slots(self, service: Service) -> tuple[_Slot, ...]:
        count = math.ceil(service.frequency)
        return tuple(self._make_slot(service, index, count) for index in range(count))

    def _make_slot(self, service: Service, index: int, count: int) -> _Slot:
        carrier, origin, destination = service.carrier, service.origin, service.destination
        draws = Draws(self._seed, "slot", carrier.iata, origin.iata, destination.iata, index)
        aircraft = _aircraft(service, draws.fraction())
        width = (_LAST - _FIRST) / count
        wish = _FIRST + (index + 0.5 + draws.between(-0.4, 0.4)) * width
        return _Slot(
            number=_number(self._seed, service, index),
            wish=_STEP * round(wish / _STEP),
            minutes=block_minutes(origin, destination, service.km, aircraft.speed),
            aircraft=aircraft,
            days=_days(service.frequency - index, draws.below(7)),
        )


def _flight_when_clocks_change(service: Service, day: date, slot: _Slot) -> Flight:
    """On such days every time is converted by itself."""
    origin, destination = service.origin, service.destination
    departs, departs_utc = _departure_when_clocks_change(origin, destination, day, slot)
    arrives_utc = departs_utc + timedelta(minutes=slot.minutes)
    return Flight(
        carrier=service.carrier,
        number=slot.number,
        origin=origin,
        destination=destination,
        departs=departs,
        arrives=utc_to_local(arrives_utc, destination.zone),
        departs_utc=departs_utc,
        arrives_utc=arrives_utc,
        minutes=slot.minutes,
        km=service.km,
        aircraft=slot.aircraft,
    )


def _when(flight: Flight) -> datetime:
    return flight.departs


def _days(frequency_left: float, shift: int) -> tuple[bool, ...]:
    """On which weekdays a slot runs: daily, or on as many as is left of the frequency, spread out."""
    count = min(7, max(2, round(7 * frequency_left)))
    return tuple((weekday * 3 + shift) % 7 < count for weekday in range(7))


def _departure_minute(slot: _Slot, ahead: timedelta) -> timedelta:
    """The minute of the day nearest to the wish that lands outside the night of the destination."""
    later = slot.minutes + ahead // _MINUTE
    possible = [slot.wish + shift for shift in _SHIFTS if _FIRST <= slot.wish + shift <= _LAST + 60]
    by_day = (minute for minute in possible if not _NIGHT[0] <= (minute + later) % _DAY < _NIGHT[1])
    return timedelta(minutes=next(by_day, possible[0]))


def _departure_when_clocks_change(
    origin: Airport, destination: Airport, day: date, slot: _Slot
) -> tuple[datetime, datetime]:
    """The time nearest to the wish that the clock shows once and that lands outside the night, also in UTC."""
    midnight = datetime.combine(day, time())
    possible: list[tuple[datetime, datetime]] = []
    for shift in _SHIFTS:
        minute = slot.wish + shift
        if not _FIRST <= minute <= _LAST + 60:
            continue
        departs = midnight + timedelta(minutes=minute)
        in_utc = local_to_utc(departs, origin.zone)
        if in_utc is None:
            continue
        possible.append((departs, in_utc))
        lands = utc_to_local(in_utc + timedelta(minutes=slot.minutes), destination.zone)
        if not _NIGHT[0] <= lands.hour * 60 + lands.minute < _NIGHT[1]:
            return departs, in_utc
    return possible[0]


def _aircraft(service: Service, chance: float) -> Aircraft:
    carrier, km = service.carrier, service.km
    rank = min(service.origin.rank, service.destination.rank)
    fleets = (
        (carrier.long_haul, carrier.short_haul)
        if km > _WIDEBODY_KM
        else (carrier.short_haul, carrier.long_haul)
    )
    for fleet in fleets:
        fitting = [one for one in fleet if _fits(one, km, rank)]
        if fitting:
            return fitting[int(chance * len(fitting))]
    return max((*carrier.short_haul, *carrier.long_haul), key=lambda one: one.speed)


def _fits(aircraft: Aircraft, km: float, rank: float) -> bool:
    if aircraft.speed < _PROPELLER_SPEED:
        return km <= 900
    if aircraft.iata == "388":
        return km > 5000 and rank > 0.5
    if aircraft.iata in ("CR9", "E75", "E90", "E95", "717"):
        return km <= 2800
    return True


def _number(seed: int, service: Service, slot: int) -> str:
    """Out and back have neighbouring numbers; long flights have short ones."""
    ends = sorted((service.origin.iata, service.destination.iata))
    draws = Draws(seed, "number", service.carrier.iata, *ends, slot)
    low, high = (1, 450) if service.km > 5000 else (500, 4500)
    odd = service.origin.iata == ends[0]
    return str(2 * int(draws.between(low, high) / 2) + (1 if odd else 2))
