"""Values from the wire as short text for a terminal."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from rich.text import Text

# A server's text may hold what a provider or a stranger wrote; nothing in it may steer the terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LONGEST_LIST = 4
MOST_PARTS = 4
PAIRS = (
    ("origin", "destination", "{} → {}"),
    ("departure_date", "return_date", "{} – {}"),
    ("start", "end", "{} – {}"),
    ("latitude", "longitude", "{}, {}"),
    ("from_", "to", "{} → {}"),
)


def clean(text: str) -> str:
    """The text without control characters other than line ends and tabs."""
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def styled(text: str) -> Text:
    """An answer's light Markdown (bold, headings, lists) as a terminal shows it, line for line."""
    lines: list[Text] = []
    for line in clean(text).split("\n"):
        bullet = re.sub(r"^(\s*)[-*] ", r"\1• ", line)
        heading = re.fullmatch(r"#{1,6} (.+)", line)
        lines.append(Text(heading[1], "bold") if heading else _bold(bullet))
    return Text("\n").join(lines)


def _bold(line: str) -> Text:
    parts = re.split(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", line)
    return Text.assemble(*((part, "bold" if number % 2 else "") for number, part in enumerate(parts)))


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
    """The values that fit into a line: `BER → LIS · 2027-05-04 – 2027-05-09 · adults 2`."""
    left = {name: text for name, value in values.items() if (text := _value(value))}
    parts: list[str] = []
    price = values.get("cheapest_price")
    if isinstance(price, int | float) and {"cheapest_price", "currency"} <= left.keys():
        del left["cheapest_price"]
        parts.append(f"from {money(Decimal(str(price)), left.pop('currency'))}")
    for first, second, together in PAIRS:
        if first in left and second in left:
            parts.append(together.format(left.pop(first), left.pop(second)))
    said = {"passengers"}  # their text says already what they are
    parts += [text if name in said else f"{name.replace('_', ' ')} {text}" for name, text in left.items()]
    return one_line(" · ".join(parts[:MOST_PARTS]))


def _people(items: list[dict[str, Any]]) -> str:
    """Passengers as a search names them, in words: `2 adults, ages 3 and 8`; nothing for other lists."""
    if not all(item.keys() <= {"type", "age"} for item in items):
        return ""
    ages = [str(item["age"]) for item in items if "age" in item]
    adults = count(len(items) - len(ages), "adult")
    return f"{adults}, ages {' and '.join(ages)}" if ages else adults


def _value(value: Any) -> str:
    if not value:  # nothing, none of it, or not so: not worth its place in the line
        return ""
    if value is True:
        return "yes"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        if len(items) <= LONGEST_LIST and all(isinstance(item, str | int | float) for item in items):
            return ", ".join(str(item) for item in items)
        if all(isinstance(item, dict) for item in items):
            return _people(cast("list[dict[str, Any]]", items)) or f"({len(items)})"
        return f"({len(items)})"
    return ""
