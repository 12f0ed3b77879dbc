"""What tools answer alike in every small world of the planner: the weather, rates, and the ways by land."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.contract.turn import WeatherDay
from tests.support.travel import TODAY
from tools import registry
from tools.results import (
    CurrencyResult,
    GroundTransportResult,
    WeatherResult,
)

RATES = {"EUR": Decimal(1), "USD": Decimal("1.08"), "GBP": Decimal("0.86"), "JPY": Decimal("163.2")}


def ground(arguments: dict[str, Any]) -> GroundTransportResult:
    """The tool itself: its estimates need no provider."""
    tool = registry.load()["ground_transport"]
    context: Any = None
    result: Any = asyncio.run(tool.run(context, tool.validate(arguments)))
    return result


def weather(arguments: dict[str, Any]) -> WeatherResult:
    start, end = date.fromisoformat(arguments["start"]), date.fromisoformat(arguments["end"])
    forecast = end < TODAY + timedelta(16)
    days = [start + timedelta(offset) for offset in range((end - start).days + 1)]
    return WeatherResult(
        source="forecast" if forecast else "climatology",
        start=start,
        end=end,
        years_averaged=None if forecast else 5,
        days=[
            WeatherDay(date=day, tmax_c=15 + day.day % 7, tmin_c=8 + day.day % 3, precipitation_mm=0.4)
            for day in days
        ],
    )


def convert(arguments: dict[str, Any]) -> CurrencyResult:
    source, target = arguments["from"], arguments["to"]
    rate = (per_euro(target) / per_euro(source)).quantize(Decimal("0.0001"))
    amount = Decimal(str(arguments["amount"]))
    return CurrencyResult(
        from_currency=source,
        to_currency=target,
        amount=amount,
        rate=rate,
        converted=(amount * rate).quantize(unit(target)),
        date=date(2026, 11, 20),
    )


def per_euro(currency: str) -> Decimal:
    return RATES.get(currency, Decimal("7.5"))


def unit(currency: str) -> Decimal:
    return Decimal(1) if currency == "JPY" else Decimal("0.01")
