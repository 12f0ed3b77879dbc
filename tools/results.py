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
    """An offer for the whole party; `total` includes every passenger and slice."""

    offer_id: str
    carrier: str
    carrier_name: str
    total: Money
    slices: list[FlightSlice]
    passengers: list[dict[str, Any]]
    expires_at: datetime | None = None


class FlightSearchResult(Struct, kw_only=True):
    """Offers of every request made, cheapest first."""

    offers: list[FlightOffer]

    def summary(self) -> dict[str, Any]:
        cheapest = self.offers[0].total if self.offers else None
        return {
            "flights_found": len(self.offers),
            "cheapest_price": cheapest.amount if cheapest else None,
            "currency": cheapest.currency if cheapest else None,
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
