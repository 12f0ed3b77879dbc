"""What an amount of money is worth in another currency."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from babel.numbers import get_currency_precision
from msgspec import Meta

from tools.providers.frankfurter import Rate
from tools.results import CurrencyResult
from tools.tool import ToolContext, invalid, tool

get_currency_precision("EUR")  # babel reads its table now, not while other calls wait
MAX_AMOUNT = Decimal(10) ** 15

CurrencyCode = Annotated[
    str, Meta(pattern="^[A-Z]{3}$", max_length=3, description="ISO 4217 code of a currency.")
]


@tool(timeout=20)
async def currency_convert(
    context: ToolContext, amount: Decimal, from_: CurrencyCode, to: CurrencyCode
) -> CurrencyResult:
    """Convert an amount at the latest reference rate, and say the rate and the day it was published for.

    The result is rounded to the smallest unit of the currency: cents of euros, whole yen.
    """
    if not amount.is_finite() or not 0 <= amount <= MAX_AMOUNT:
        raise invalid("amount", f"The amount is not between 0 and {MAX_AMOUNT:,}.")
    if from_ == to:
        rate = Rate(date=context.today, base=from_, quote=to, rate=Decimal(1))
    else:
        await context.progress(0.1, f"Asking for the rate from {from_} to {to}")
        rate = await context.providers.frankfurter.rate(from_, to, context)
    return CurrencyResult(
        from_currency=from_,
        to_currency=to,
        amount=amount,
        rate=rate.rate,
        converted=_rounded(amount * rate.rate, to),
        date=rate.date,
    )


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)
