"""One currency for all prices: rates asked for where offers come in another."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision
from msgspec import Struct

from app.contract.events import ErrorBody
from app.contract.turn import Budget, FxRate, Money, Travellers
from tools.results import CurrencyResult
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.script import Script

BUDGET = "budget"
EXCHANGE = "exchange"
_MAX_RATES = 4


class Rates(Struct, frozen=True):
    """`into` is the currency that counts; `rates` are those of the others."""

    into: str
    rates: dict[str, FxRate] = {}

    def convert(self, money: Money) -> Decimal | None:
        """In the currency that counts, rounded to its smallest unit; None where no rate is known."""
        if money.currency == self.into:
            return in_units(money).amount
        rate = self.rates.get(money.currency)
        return rounded(money.amount * rate.rate, self.into) if rate else None


def other_currencies(currencies: Sequence[str], into: str) -> list[str]:
    """Those that a rate is asked for, each once."""
    return list(dict.fromkeys(currency for currency in currencies if currency != into))[:_MAX_RATES]


async def find_rates(script: Script, currencies: Sequence[str], into: str, task: str) -> Rates | ErrorBody:
    """The rate of every other currency, or why one cannot be had."""
    others = other_currencies(currencies, into)
    keys = {currency: f"rate-{currency}-{into}" for currency in others}
    for currency, key in keys.items():
        arguments = {"amount": 1, "from": currency, "to": into}
        script.call(key, task, "currency_convert", arguments)
    rates: dict[str, FxRate] = {}
    for currency, outcome in zip(others, await script.outcomes(list(keys.values())), strict=True):
        read = read_outcome(outcome, CurrencyResult)
        if isinstance(read, ErrorBody):
            return read
        rates[currency] = FxRate(from_=currency, to=into, rate=read.rate, date=read.date)
    return Rates(into, rates)


def ceiling(budget: Budget | None, party: Travellers) -> Decimal | None:
    """What the whole party may spend at most, where there is a hard limit."""
    return limit(budget, party) if budget is not None and budget.hard else None


def limit(budget: Budget, party: Travellers) -> Decimal:
    """The budget of the whole party."""
    return budget.amount * party.count if budget.scope == "per_person" else budget.amount


def in_units(money: Money) -> Money:
    """The same amount without decimals that its currency has not: 79072 and not 79072.0 yen."""
    exact = rounded(money.amount, money.currency)
    return Money(exact, money.currency) if exact == money.amount else money


def rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)
