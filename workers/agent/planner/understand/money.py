"""Amounts of money: budgets with their scope and hardness, and questions about exchange."""

import re
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.page import Page, Span

DOLLAR = "$"
CROWN = "kr"
YEN_OR_YUAN = "¥"
PESO = "peso"
UNCERTAIN = (DOLLAR, CROWN, YEN_OR_YUAN, PESO)
"""Signs that several currencies share; whoever knows where the trip begins settles them."""

_MAX_AMOUNT = Decimal(1_000_000_000)

CODES = [
    "EUR",
    "USD",
    "GBP",
    "JPY",
    "CHF",
    "CAD",
    "AUD",
    "NZD",
    "SEK",
    "NOK",
    "DKK",
    "ISK",
    "PLN",
    "CZK",
    "HUF",
    "RON",
    "BGN",
    "TRY",
    "CNY",
    "HKD",
    "SGD",
    "TWD",
    "KRW",
    "INR",
    "IDR",
    "MYR",
    "PHP",
    "THB",
    "VND",
    "AED",
    "SAR",
    "ILS",
    "ZAR",
    "EGP",
    "MAD",
    "KES",
    "NGN",
    "BRL",
    "MXN",
    "ARS",
    "CLP",
    "COP",
    "PEN",
    "UAH",
    "RUB",
]

_SIGNS = {
    "€": "EUR", "£": "GBP", "us$": "USD", "$us": "USD", "c$": "CAD", "ca$": "CAD", "a$": "AUD",
    "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "mx$": "MXN", "$": DOLLAR,
    "¥": YEN_OR_YUAN, "円": "JPY", "元": "CNY", "₩": "KRW", "₹": "INR", "₺": "TRY", "฿": "THB", "₫": "VND",
    "₪": "ILS", "zł": "PLN", "kč": "CZK", "kr.": CROWN, "kr": CROWN, "ユーロ": "EUR", "米ドル": "USD",
    "ドル": "USD", "ポンド": "GBP", "スイスフラン": "CHF", "ウォン": "KRW",
}  # fmt: skip
_NAMES = {
    "euros": "EUR", "euro": "EUR", "us dollars": "USD", "us dollar": "USD", "us-dollar": "USD",
    "dollars us": "USD", "american dollars": "USD", "canadian dollars": "CAD", "kanadische dollar": "CAD",
    "australian dollars": "AUD", "dollars": DOLLAR, "dollar": DOLLAR, "bucks": DOLLAR, "balles": "EUR", "pavos": "EUR",
    "dólares": DOLLAR,
    "dolares": DOLLAR, "dólar": DOLLAR, "british pounds": "GBP", "pounds sterling": "GBP", "pounds": "GBP",
    "pound": "GBP", "quid": "GBP", "sterling": "GBP", "pfund": "GBP", "livres sterling": "GBP",
    "livres": "GBP", "libras": "GBP", "yen": "JPY", "yens": "JPY",
    "swiss francs": "CHF", "swiss franc": "CHF", "franc suisse": "CHF", "francs": "CHF",
    "schweizer franken": "CHF", "franken": "CHF", "francs suisses": "CHF", "francos suizos": "CHF",
    "swedish krona": "SEK", "swedish kronor": "SEK", "schwedische kronen": "SEK", "danish kroner": "DKK",
    "norwegian kroner": "NOK", "kronor": "SEK", "kronen": CROWN, "kroner": CROWN, "zloty": "PLN",
    "złoty": "PLN", "forint": "HUF", "lira": "TRY", "rupees": "INR", "rupien": "INR", "baht": "THB",
    "yuan": "CNY", "won": "KRW", "pesos": PESO, "pesos mexicanos": "MXN", "mexican pesos": "MXN",
    "pesos colombianos": "COP", "pesos argentinos": "ARS", "pesos chilenos": "CLP", "pesos filipinos": "PHP",
    "colombian pesos": "COP", "argentine pesos": "ARS", "chilean pesos": "CLP", "soles": "PEN",
    "dólares estadounidenses": "USD", "dólares canadienses": "CAD", "dólares australianos": "AUD",
    "coronas suecas": "SEK", "coronas danesas": "DKK", "coronas noruegas": "NOK", "coronas checas": "CZK",
    "dänische kronen": "DKK", "norwegische kronen": "NOK", "tschechische kronen": "CZK",
    "couronnes suédoises": "SEK", "couronnes danoises": "DKK", "couronnes norvégiennes": "NOK",
    "couronnes tchèques": "CZK", "dollars canadiens": "CAD", "dollars australiens": "AUD",
    "reais": "BRL", "rand": "ZAR", "real": "BRL",
}  # fmt: skip
_TIMES = {
    "k": 1_000, "tsd": 1_000, "tsd.": 1_000, "thousand": 1_000, "tausend": 1_000, "mille": 1_000,
    "mil": 1_000, "grand": 1_000, "million": 1_000_000, "millions": 1_000_000, "millionen": 1_000_000, "mio": 1_000_000,
    "millón": 1_000_000, "millones": 1_000_000, "千": 1_000, "万": 10_000,
}  # fmt: skip


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CURRENCY = (
    rf"(?:{_either(list(_SIGNS))}|(?<![a-zà-ÿ])(?:{_either([*_NAMES, *map(str.lower, CODES)])})(?![a-zà-ÿ]))"
)
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_CURRENCY})\s?)?"
    rf"(?<![\da-z.,])(?P<number>\d{{1,3}}(?:[.,'’\s]\d{{3}})+(?:[.,]\d{{1,2}})?|\d+(?:[.,]\d{{1,2}})?)(?!\d)"
    rf"(?:\s?(?P<times>{_either(list(_TIMES))})(?![a-zà-ÿ]))?"
    rf"(?:(?:,-|\.-)?(?:\s(?:de|d'))?[\s-]?(?P<behind>{_CURRENCY}))?"
)
_CURRENCY_ALONE = re.compile(_CURRENCY)
_SMALLEST_BARE = 50  # a smaller number without a currency counts people, days or anything
_REACH = 28
"""How many characters before and behind an amount may say what it is meant for."""


class Amount(Struct, frozen=True, kw_only=True):
    """`currency` is a code, one of `UNCERTAIN`, or None where none was written."""

    at: int
    end: int
    amount: Decimal
    currency: str | None


class BudgetFinding(Struct, frozen=True, kw_only=True):
    """`scope` is None where it was not said whether the amount is for all or for each."""

    amount: Amount
    hard: bool
    scope: Literal["total", "per_person"] | None


def find_amounts(page: Page) -> list[Amount]:
    """Every number, with its currency where it has one. They stay on the page."""
    return [amount for found in _AMOUNT.finditer(page.lower) if (amount := _amount(found)) is not None]


def find_currencies(page: Page) -> list[tuple[int, str]]:
    """Every currency that is named, with or without an amount, and where."""
    return [(found.start(), _code(found.group())) for found in _CURRENCY_ALONE.finditer(page.lower)]


def find_budget(page: Page, grammar: Grammar) -> BudgetFinding | None:
    """The amount that the trip may cost; taken off the page with the words that make it one.

    An amount without a currency counts only where a word like "under" or "budget" stands before it.
    """
    amounts = find_amounts(page)
    priced = [amount for amount in amounts if amount.currency]
    for amount in priced or amounts:
        cues, start = _cues_before(page, grammar, amount.at)
        more, end = _cues_behind(page, grammar, amount.end)
        cues |= more
        if amount.currency is None and (amount.amount < _SMALLEST_BARE or not cues & {"hard", "budget"}):
            continue
        page.remove(Span(start, end))
        scope = "per_person" if "each" in cues else "total" if "in_total" in cues else None
        return BudgetFinding(amount=amount, hard="soft" not in cues, scope=scope)
    return None


def _cues_before(page: Page, grammar: Grammar, at: int) -> tuple[set[str], int]:
    said = grammar.words.amounts
    patterns = {"hard": said.hard, "soft": said.soft, "budget": said.budget, "each": said.each}
    found: set[str] = set()
    while True:
        before = page.lower[max(0, at - _REACH) : at]
        for name, pattern in patterns.items():
            match = grammar.before(rf"(?:{pattern})[:,]?").search(before)
            if match and match.start() < len(before):
                found.add(name)
                at -= len(before) - match.start()
                break
        else:
            return found, at


def _cues_behind(page: Page, grammar: Grammar, end: int) -> tuple[set[str], int]:
    said = grammar.words.amounts
    patterns = {"each": said.each, "in_total": said.in_total, "soft": said.soft, "hard": said.hard}
    found: set[str] = set()
    while True:
        for name, pattern in patterns.items():
            match = grammar.after(rf"[(,]?\s?(?:{pattern})").match(page.lower[end : end + _REACH])
            if match and match.end():
                found.add(name)
                end += match.end()
                break
        else:
            return found, end


def _amount(found: re.Match[str]) -> Amount | None:
    amount = _decimal(found.group("number")) * _TIMES.get(found.group("times") or "", 1)
    if amount > _MAX_AMOUNT:
        return None
    currency = (
        found.group("behind") or found.group("before") or ("円" if found.group("times") == "万" else None)
    )
    return Amount(
        at=found.start(), end=found.end(), amount=amount, currency=_code(currency) if currency else None
    )


def _decimal(written: str) -> Decimal:
    """One or two digits after the last mark are a fraction; three are thousands."""
    parts = re.split(r"[.,'’\s]", written)
    if len(parts) > 1 and len(parts[-1]) <= 2:
        return Decimal("".join(parts[:-1]) + "." + parts[-1])
    return Decimal("".join(parts))


def _code(written: str) -> str:
    word = re.sub(r"\s+", " ", written.lower())
    return _SIGNS.get(word) or _NAMES.get(word) or word.upper()
