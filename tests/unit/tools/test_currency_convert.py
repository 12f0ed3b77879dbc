"""The currency tool: rates, rounding and refusals."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.contract.errors import ErrorCode, TripSageError
from tests.support.travel import TODAY, Bench
from tools.results import CurrencyResult


async def convert(bench: Bench, amount: Any, base: str, quote: str) -> CurrencyResult:
    return await bench.call("currency_convert", {"amount": amount, "from": base, "to": quote})


async def test_an_amount_is_worth_its_rate_rounded_to_cents() -> None:
    bench = Bench()
    result = await convert(bench, "1500", "EUR", "USD")
    assert result.converted == (Decimal(1500) * result.rate).quantize(Decimal("0.01"))
    assert result.date == date(2026, 11, 20)  # Friday's rate on a Sunday
    assert bench.endpoint == "GET http://127.0.0.1:8001/frankfurter/v2/rate/EUR/USD"
    assert result.summary() == {"rate": result.rate, "date": "2026-11-20", "converted": result.converted}


@pytest.mark.parametrize(("quote", "digits"), [("JPY", 0), ("USD", 2), ("KRW", 0), ("VND", 0)])
async def test_yen_are_whole(quote: str, digits: int) -> None:
    exponent = (await convert(Bench(), "10.55", "EUR", quote)).converted.as_tuple().exponent
    assert exponent == -digits


async def test_a_half_cent_is_rounded_up() -> None:
    bench = Bench()
    rate = '{"date":"2026-11-20","base":"EUR","quote":"USD","rate":1.5}'
    bench.fault(provider="frankfurter", status=200, body=rate)
    assert (await convert(bench, "0.03", "EUR", "USD")).converted == Decimal("0.05")


async def test_a_currency_into_itself_needs_no_call() -> None:
    bench = Bench()
    result = await convert(bench, "12.5", "EUR", "EUR")
    assert (result.rate, result.converted, result.date) == (1, Decimal("12.50"), TODAY)
    assert bench.endpoint is None
    assert bench.admin("GET", "requests") == []


@pytest.mark.parametrize(
    ("amount", "base", "quote", "field"),
    [
        ("-1", "EUR", "USD", "amount"),
        ("NaN", "EUR", "USD", "amount"),
        ("Infinity", "EUR", "USD", "amount"),
        ("1e99999", "EUR", "USD", "amount"),
        ("lots", "EUR", "USD", "amount"),
        ("1", "eur", "USD", "from"),
        ("1", "EUR", "../..", "to"),
        ("1", "EUR", "XXX", "to"),
    ],
)
async def test_what_cannot_be_converted_is_refused_by_its_field(
    amount: str, base: str, quote: str, field: str
) -> None:
    with pytest.raises(TripSageError) as refused:
        await convert(Bench(), amount, base, quote)
    assert refused.value.code is ErrorCode.VALIDATION_ERROR
    assert refused.value.details["field"] == field


@pytest.mark.parametrize(
    "body",
    [
        '{"date":"2026-11-20","base":"EUR","quote":"GBP","rate":0.8}',
        '{"date":"2026-11-20","base":"EUR","quote":"USD","rate":0}',
        '{"date":"2026-11-20","base":"EUR","quote":"USD","rate":-1}',
        '{"date":"2026-11-20","base":"EUR","quote":"USD","rate":"NaN"}',
        '{"date":"soon","base":"EUR","quote":"USD","rate":1}',
        "[]",
    ],
)
async def test_a_rate_that_is_none_is_a_surprise(body: str) -> None:
    bench = Bench()
    bench.fault(provider="frankfurter", status=200, body=body)
    with pytest.raises(TripSageError) as failed:
        await convert(bench, "1", "EUR", "USD")
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR


async def test_a_provider_that_stays_away_is_an_error_not_a_guess() -> None:
    bench = Bench()
    bench.fault(provider="frankfurter", status=503, headers={"retry-after": "0"})
    with pytest.raises(TripSageError) as failed:
        await convert(bench, "1", "EUR", "USD")
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert failed.value.details["status"] == 503
    assert len(bench.admin("GET", "requests")) == 3
