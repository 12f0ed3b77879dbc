"""Offers in Duffel's JSON."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from .draws import Draws, identity
from .duffel_parts import carrier, duration, encode, local, moment, place, seat, segment
from .duffel_query import Passenger, Query, SliceAsked
from .duffel_terms import TEST_ROUTE, Terms, terms_of
from .fares import passenger_fare
from .geography import Airport, airports
from .itineraries import Journey
from .timetable import Flight

CURRENCY = "EUR"
OFFER_MINUTES = 30
_TAX = 0.19


class Traits(NamedTuple):
    """What Duffel's test routes change about offers."""

    always_holdable: bool = False
    bags: bool = True
    stop: Airport | None = None
    lifetime: timedelta = timedelta(minutes=OFFER_MINUTES)


class _Written(NamedTuple):
    """An offer's own members. The terms are those of the day of the search, which the request's id is of, too."""

    terms: Terms
    own: bytes


class Offers(NamedTuple):
    """An offer request's offers; the same query in the same world has the same ids and prices."""

    request_id: str
    query: Query
    trips: Sequence[tuple[Journey, ...]]
    created_at: datetime
    traits: Traits
    seed: int
    written: dict[int, "_Written"]
    """Offers as they were written before, but for their times: kept for whoever asks the same again."""

    def request_body(self) -> dict[str, Any]:
        return {
            "id": self.request_id,
            "live_mode": False,
            "created_at": moment(self.created_at),
            "cabin_class": self.query.cabin_class,
            "slices": [_slice_asked(part) for part in self.query.slices],
            "passengers": self.passengers(),
        }

    def bodies(self) -> msgspec.Raw:
        """All of them, as a list."""
        common = self._common()
        before: dict[Terms, bytes] = {}
        parts = [b"["]
        for index in range(len(self.trips)):
            terms, own = self._written(index)
            if terms not in before:
                before[terms] = common + self._payment(terms)
            parts += (before[terms], own, b",")
        return msgspec.Raw(b"".join([*parts[:-1], b"]"]) if len(parts) > 1 else b"[]")

    def totals(self) -> list[int]:
        """In cents, one an offer."""
        return [sum(self._fares(trip)) for trip in self.trips]

    def offer_id(self, index: int) -> str:
        return f"off_{self.request_id[4:]}{index:03d}"

    def offer(self, index: int, price_factor: float = 1.0) -> msgspec.Raw:
        terms, own = self._written(index)
        if price_factor != 1.0:
            own = encode(self._offer(index, self.trips[index], price_factor))[1:]
        return msgspec.Raw(self._common() + self._payment(terms) + own)

    def terms(self, index: int) -> Terms:
        if self.traits.always_holdable:
            return TEST_ROUTE
        return terms_of(self.trips[index], self.created_at.date())

    @property
    def expires_at(self) -> datetime:
        return self.created_at + self.traits.lifetime

    def passengers(self) -> list[dict[str, Any]]:
        return [
            {
                "id": self._passenger_id(index),
                "type": one.type or _type_of(one),
                "age": one.age,
                "given_name": None,
                "family_name": None,
                "loyalty_programme_accounts": [],
            }
            for index, one in enumerate(self.query.passengers)
        ]

    def _fares(self, trip: Sequence[Journey]) -> Iterator[int]:
        low_cost = trip[0].owner.is_low_cost
        adult = sum(journey.fare for journey in trip)
        if len(trip) > 1:
            adult = round(adult * 0.97)  # there and back is sold a little cheaper than twice one way
        for one in self.query.passengers:
            yield passenger_fare(adult, one.fare_age, low_cost)

    def _written(self, index: int) -> "_Written":
        found = self.written.get(index)
        if found is None:
            own = encode(self._offer(index, self.trips[index], 1.0))[1:]
            found = self.written[index] = _Written(self.terms(index), own)
        return found

    def _common(self) -> bytes:
        """What all offers of the request have in common, up to where what differs begins."""
        created = moment(self.created_at)
        members = {
            "created_at": created,
            "updated_at": created,
            "expires_at": moment(self.expires_at),
            "passengers": self.passengers(),
        }
        return encode(members)[:-1] + b',"payment_requirements":'

    def _payment(self, terms: Terms) -> bytes:
        """The requirements, up to where the offer's own members begin."""
        return encode(terms.requirements(self.created_at)) + b","

    def _offer(self, index: int, trip: tuple[Journey, ...], price_factor: float) -> dict[str, Any]:
        offer_id = self.offer_id(index)
        total = round(sum(self._fares(trip)) * price_factor)
        tax = round(total * _TAX)
        return {
            "id": offer_id,
            "live_mode": False,
            "total_amount": _money(total),
            "total_currency": CURRENCY,
            "base_amount": _money(total - tax),
            "base_currency": CURRENCY,
            "tax_amount": _money(tax),
            "tax_currency": CURRENCY,
            "owner": carrier(trip[0].owner),
            "partial": False,
            "total_emissions_kg": str(_emissions(trip, len(self.query.passengers))),
            "conditions": _conditions(self.seed, trip, total),
            "passenger_identity_documents_required": False,
            "supported_passenger_identity_document_types": [],
            "supported_loyalty_programmes": [],
            "available_services": None,
            "private_fares": [],
            "slices": [self._slice(offer_id, position, journey) for position, journey in enumerate(trip)],
        }

    def _slice(self, offer_id: str, position: int, journey: Journey) -> dict[str, Any]:
        own_id = f"{offer_id[4:]}{position}"
        flown = self._flown_by(journey)
        first, last = journey.flights[0], journey.flights[-1]
        return {
            "id": f"sli_{own_id}",
            "origin_type": "airport",
            "origin": place(first.origin),
            "destination_type": "airport",
            "destination": place(last.destination),
            "duration": duration(journey.minutes),
            "fare_brand_name": _brand(journey),
            "conditions": {"change_before_departure": None},
            "segments": [
                msgspec.Raw(
                    b'{"id":"seg_%s%d",%s,"stops":%s,"passengers":%s}'
                    % (own_id.encode(), number, segment(flight), self._stops(flight), flown)
                )
                for number, flight in enumerate(journey.flights)
            ],
        }

    def _flown_by(self, journey: Journey) -> bytes:
        """What each passenger has in a segment of this journey."""
        cabin = self.query.cabin_class
        checked = 0 if journey.owner.is_low_cost and cabin == "economy" else 1
        seat_bytes = seat(
            cabin, checked if self.traits.bags else None, journey.owner.iata, journey.fare % 1000
        )
        ids = (self._passenger_id(index).encode() for index in range(len(self.query.passengers)))
        return b"[" + b",".join(b'{"passenger_id":"%s",%s}' % (one, seat_bytes) for one in ids) + b"]"

    def _passenger_id(self, index: int) -> str:
        return f"pas_{self.request_id[4:]}{index}"

    def _stops(self, flight: Flight) -> bytes:
        if self.traits.stop is None:
            return b"[]"
        arrives = flight.departs_utc + timedelta(minutes=flight.minutes // 2 - 30)
        zone = self.traits.stop.zone
        stop = {
            "id": f"sto_{self.request_id[4:]}",
            "airport": place(self.traits.stop),
            "arriving_at": local(arrives.astimezone(zone)),
            "departing_at": local((arrives + timedelta(hours=1)).astimezone(zone)),
            "duration": "PT1H",
        }
        return encode([stop])


def request_identity(seed: int, now: datetime, body: bytes, patience: int) -> str:
    """An offer request's id: the same for the same search on the same day, so a repeat reads the same."""
    return identity("orq", seed, now.date().isoformat(), body.hex(), patience)


def _slice_asked(part: SliceAsked) -> dict[str, Any]:
    origin_type, origin = _asked_place(part.origin, part.origins)
    destination_type, destination = _asked_place(part.destination, part.destinations)
    return {
        "origin_type": origin_type,
        "origin": origin,
        "destination_type": destination_type,
        "destination": destination,
        "departure_date": part.departure_date.isoformat(),
    }


def _asked_place(code: str, found: tuple[Airport, ...]) -> tuple[str, object]:
    """Whether it is an airport or a city, and what it is."""
    if code in airports():
        return "airport", place(found[0])
    main = found[0]
    return "city", {
        "id": f"cit_{code.lower()}_{main.country.lower()}",
        "type": "city",
        "name": main.city,
        "iata_code": code,
        "iata_country_code": main.country,
        "airports": [place(airport) for airport in found],
    }


def _conditions(seed: int, trip: Sequence[Journey], total: int) -> dict[str, Any]:
    """Low fares can be changed for a fee at best; who pays much can have the money back."""
    draws = Draws(seed, "conditions", trip[0].owner.iata, trip[0].fare)
    flexible = not trip[0].owner.is_low_cost and draws.fraction() < 0.3
    penalty = _money(round(total * draws.between(0.15, 0.4)))
    return {
        "change_before_departure": {
            "allowed": True,
            "penalty_amount": penalty,
            "penalty_currency": CURRENCY,
        },
        "refund_before_departure": {
            "allowed": flexible,
            "penalty_amount": penalty if flexible else None,
            "penalty_currency": CURRENCY if flexible else None,
        },
    }


def _brand(journey: Journey) -> str:
    return "Basic" if journey.owner.is_low_cost else "Classic"


def _type_of(passenger: Passenger) -> str:
    age = passenger.fare_age
    if age is None or age >= 18:
        return "adult"
    return "infant_without_seat" if age < 2 else "child"


def _emissions(trip: Sequence[Journey], travellers: int) -> int:
    return round(sum(flight.km for journey in trip for flight in journey.flights) * 0.075 * travellers)


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
