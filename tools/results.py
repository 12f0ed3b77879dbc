"""What the tools return: provider-neutral structs. The planner knows these and nothing behind them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from app.contract.turn import Money, WeatherDay


class Segment(Struct, kw_only=True):
    """One flight from take-off to landing; local times carry no offset."""

    carrier: str
    carrier_name: str
    flight_number: str
    depart_iata: str
    arrive_iata: str
    departs_local: datetime
    arrives_local: datetime
    duration_minutes: int


class FlightSlice(Struct, kw_only=True):
    """One journey of an offer: its segments in order."""

    origin: str
    destination: str
    duration_minutes: int
    segments: list[Segment]

    @property
    def stops(self) -> int:
        return len(self.segments) - 1


class FlightOffer(Struct, kw_only=True):
    """An offer for the whole party, or for a group of it; `total` includes all its passengers and slices.

    One that `can_be_held` may be reserved now and paid later; the others are paid at once.
    """

    offer_id: str
    carrier: str
    carrier_name: str
    total: Money
    slices: list[FlightSlice]
    passengers: list[dict[str, Any]]
    expires_at: datetime | None = None
    group: int = 1
    can_be_held: bool = False


class FlightSearchResult(Struct, kw_only=True):
    """Offers of every request made, cheapest first.

    `groups` is how many offers the party needs: 1, or more when it is too large for one booking. Then each
    offer is for a part of the party, named by `group`, and one of every group makes the whole.
    """

    offers: list[FlightOffer]
    groups: int = 1
    warnings: list[str] = []

    def summary(self) -> dict[str, Any]:
        """The cheapest price is the whole party's; none when a group finds nothing or currencies differ."""
        cheapest = {offer.group: offer.total for offer in reversed(self.offers)}
        currencies = {total.currency for total in cheapest.values()}
        is_whole = len(cheapest) == self.groups and len(currencies) == 1
        return {
            "flights_found": len(self.offers),
            "cheapest_price": sum((total.amount for total in cheapest.values()), Decimal())
            if is_whole
            else None,
            "currency": currencies.pop() if is_whole else None,
        }


class FlightOfferResult(Struct, kw_only=True):
    """An offer as it is sold now, and until when its seats and its price would be held."""

    offer: FlightOffer
    payment_required_by: datetime | None = None
    price_guarantee_expires_at: datetime | None = None

    def summary(self) -> dict[str, Any]:
        return {
            "price": self.offer.total.amount,
            "currency": self.offer.total.currency,
            "can_be_held": self.offer.can_be_held,
        }


class FlightHoldResult(Struct, kw_only=True):
    """Seats that are held. They are lost when they are not paid by `payment_required_by`.

    The price is certain until `price_guarantee_expires_at`, or not at all where that is None.
    """

    order_id: str
    booking_reference: str
    carrier_name: str
    total: Money
    payment_required_by: datetime
    price_guarantee_expires_at: datetime | None

    def summary(self) -> dict[str, Any]:
        return {
            "booking_reference": self.booking_reference,
            "order_id": self.order_id,
            "price": self.total.amount,
            "currency": self.total.currency,
            "payment_required_by": self.payment_required_by.isoformat(),
        }


class WeatherResult(Struct, kw_only=True):
    """Weather for a period: a forecast within 16 days, past years' averages beyond (climatology)."""

    source: Literal["forecast", "archive", "climatology"]
    start: date
    end: date
    years_averaged: int | None
    days: list[WeatherDay]

    def summary(self) -> dict[str, Any]:
        highs = [day.tmax_c for day in self.days if day.tmax_c is not None]
        return {
            "source": self.source,
            "days": len(self.days),
            "tmax_c_mean": round(sum(highs) / len(highs), 1) if highs else None,
        }


class CurrencyResult(Struct, kw_only=True):
    """`converted` of `to_currency` is what `amount` of `from_currency` is worth.

    `rate` is for one unit, as published for `date`.
    """

    from_currency: str
    to_currency: str
    amount: Decimal
    rate: Decimal
    converted: Decimal
    date: date

    def summary(self) -> dict[str, Any]:
        return {"rate": self.rate, "date": self.date.isoformat(), "converted": self.converted}


class Stay(Struct, kw_only=True):
    """A room, or several alike, for the whole party and all nights; `total` is for all of them.

    `sleeps` is of one room, `capacity_total` of all. `accessible` says whether the house names facilities for
    disabled guests; a house that does not may have them still, so it is None and never False.
    """

    rate_id: str
    hotel_id: str
    name: str
    city: str
    latitude: float
    longitude: float
    stars: float | None
    review_score: float | None
    room: str
    board: str
    sleeps: int
    rooms: int
    capacity_total: int
    amenities: list[str]
    accessible: bool | None
    refundable: bool
    check_in: date
    check_out: date
    nights: int
    total: Money


class AccommodationResult(Struct, kw_only=True):
    """Stays, cheapest first; every one has each amenity that was asked for."""

    stays: list[Stay]

    def summary(self) -> dict[str, Any]:
        cheapest = self.stays[0].total if self.stays else None
        return {
            "stays_found": len(self.stays),
            "cheapest_price": cheapest.amount if cheapest else None,
            "currency": cheapest.currency if cheapest else None,
        }


Matched = Literal["place", "country", "region", "nothing"]


class PlaceCandidate(Struct, kw_only=True):
    """A place that a name may mean; `airports` serve it, the busiest first. `prominence` is 0 to 1."""

    name: str
    country: str
    country_name: str
    admin1: str | None
    iata: str
    airports: list[str]
    latitude: float
    longitude: float
    time_zone: str
    prominence: float


class PlaceLookupResult(Struct, kw_only=True):
    """Candidates, the likeliest first. `matched` says what the name is of; a country's or region's lie in it."""

    matched: Matched
    candidates: list[PlaceCandidate]

    def summary(self) -> dict[str, Any]:
        first = self.candidates[0] if self.candidates else None
        return {
            "matched": self.matched,
            "candidates": len(self.candidates),
            "likeliest": f"{first.name}, {first.country_name}" if first else None,
        }


class GroundOption(Struct, kw_only=True):
    """One way to go; `price` is for all travellers. Nothing but estimates so far, and they say so."""

    mode: Literal["train", "bus", "ferry", "car"]
    minutes: int
    distance_km: float
    price: Money
    source: Literal["estimate"]


class GroundTransportResult(Struct, kw_only=True):
    """Options, the quickest first; none where no way over land or by ferry is known."""

    origin: str
    destination: str
    options: list[GroundOption]

    def summary(self) -> dict[str, Any]:
        quickest = self.options[0] if self.options else None
        return {
            "options": len(self.options),
            "quickest_mode": quickest.mode if quickest else None,
            "quickest_minutes": quickest.minutes if quickest else None,
        }


class Activity(Struct, kw_only=True):
    """Something to see or do, or a place to eat. None is "not known"; `price` is for one adult, and 0 is free.

    `open_on` are the days of the period on which it opens. Only restaurants have `cuisines` and `diets`,
    which are those it is known to serve.
    """

    activity_id: str
    name: str
    latitude: float
    longitude: float
    setting: Literal["indoor", "outdoor"] | None
    opening_hours: str | None
    open_on: list[date] | None
    accessible: bool | None
    price: Money | None
    kind: Literal["sight", "restaurant"] = "sight"
    cuisines: list[str] = []
    diets: list[str] = []


class ActivityResult(Struct, kw_only=True):
    """Activities in the provider's order; none that is known to be closed throughout."""

    city: str
    activities: list[Activity]

    def summary(self) -> dict[str, Any]:
        return {
            "activities_found": len(self.activities),
            "restaurants": sum(activity.kind == "restaurant" for activity in self.activities),
            "accessible": sum(activity.accessible is True for activity in self.activities),
            "free": sum(
                activity.price is not None and not activity.price.amount for activity in self.activities
            ),
        }
