"""Money in a currency that is one: budgets, and amounts to be had in another currency."""

from decimal import Decimal

from babel.numbers import get_territory_currencies

from app.contract.turn import Budget, Travellers
from tools.places import Place
from workers.agent.planner.understand.model import Exchange, Note
from workers.agent.planner.understand.money import (
    CROWN,
    DOLLAR,
    PESO,
    UNCERTAIN,
    BudgetFinding,
    find_amounts,
    find_currencies,
)
from workers.agent.planner.understand.page import Page

_USUAL: dict[str, str] = {DOLLAR: "USD", CROWN: "SEK", PESO: "MXN", "¥": "JPY"}


def find_exchange(page: Page) -> Exchange | None:
    """An amount, or a currency, and then another currency to have it in."""
    currencies = find_currencies(page)
    if len(currencies) < 2:
        return None
    amounts = [amount for amount in find_amounts(page) if amount.currency]
    amount = amounts[0].amount if amounts else Decimal(1)
    first = amounts[0].currency if amounts else currencies[0][1]
    assert first is not None
    into = next((code for _, code in currencies if code != first), None)
    if into is None:
        return None
    return Exchange(amount, _USUAL.get(first, first), _USUAL.get(into, into))


def settle_budget(
    found: BudgetFinding | None, origin: Place | None, party: Travellers, notes: list[Note]
) -> Budget | None:
    """The budget in a currency that is one, with a note for everything that had to be assumed."""
    if found is None:
        return None
    currency = found.amount.currency
    if currency is None or currency in UNCERTAIN:
        currency = _currency_at(origin, currency)
        notes.append(Note("assumed_currency", {"currency": currency}))
    if found.scope is None and party.count > 1:
        notes.append(Note("assumed_total_budget"))
    return Budget(
        amount=found.amount.amount, currency=currency, scope=found.scope or "total", hard=found.hard
    )


def _currency_at(origin: Place | None, sign: str | None) -> str:
    """The money of the country that the trip begins in, if the sign can mean it; else the usual one."""
    local = get_territory_currencies(origin.country)[0] if origin and origin.country else None
    if local is None:
        return _USUAL.get(sign or "", "EUR")
    meant = {
        DOLLAR: ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"),
        CROWN: ("SEK", "NOK", "DKK", "ISK"),
        PESO: ("MXN", "COP", "ARS", "CLP", "PHP"),
    }
    if sign is None or local in meant.get(sign, ("JPY", "CNY")):
        return local
    return _USUAL[sign]
