"""Values from the wire as short text for a terminal."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

# A server's text may hold what a provider or a stranger wrote; nothing in it may steer the terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LONGEST_LIST = 4


def clean(text: str) -> str:
    """The text without control characters other than line ends and tabs."""
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def money(amount: Decimal, currency: str) -> str:
    """Cents only where there are any: `888 EUR`, `12.50 EUR`."""
    number = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return f"{number} {clean(currency)}"


def day(value: date) -> str:
    return f"{value:%a} {value.day} {value:%b}"


def days(first: date, last: date) -> str:
    """`4 – 9 May 2027`, with as much of the first date as differs from the last."""
    start = f"{first.day}"
    if (first.year, first.month) != (last.year, last.month):
        start += f" {first:%b}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} – {last.day} {last:%b %Y}"


def time_of_day(value: datetime) -> str:
    return f"{value:%H:%M}"


def minutes(total: int) -> str:
    hours, rest = divmod(total, 60)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


def count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def brief(values: dict[str, Any]) -> str:
    """The values that fit into a line: `BER → LIS · departure date 2027-05-04 · adults 2`."""
    left = dict(values)
    parts: list[str] = []
    if isinstance(left.get("origin"), str) and isinstance(left.get("destination"), str):
        parts.append(f"{left.pop('origin')} → {left.pop('destination')}")
    for name, value in left.items():
        text = _value(value)
        if text:
            parts.append(f"{name.replace('_', ' ')} {text}")
    return one_line(" · ".join(parts))


def _value(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        if len(items) <= LONGEST_LIST and all(isinstance(item, str | int | float) for item in items):
            return ", ".join(str(item) for item in items)
        return f"({len(items)})"
    return ""
