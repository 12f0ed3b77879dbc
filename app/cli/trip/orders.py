"""What people type to edit a trip, and what it asks for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

HELP = """\
name, notes or currency VALUE       budget 3500       travellers 2
dates 2027-05-01 2027-05-06         notes, budget or dates alone: cleared
stop add Lisbon                     stop drop Lisbon
activity add Castle                 activity drop Castle
tag add food                        tag drop food
mine, theirs, merge or keep VALUE   settles the first conflict
undo                                takes back your last edit
show   who   help   quit"""

TEXTS = ("name", "notes", "currency")
NUMBERS = ("budget", "travellers")
LISTS = {"stop": "stops", "activity": "activities"}
CHOICES: dict[str, Literal["client-wins", "server-wins", "merge", "manual"]] = {
    "mine": "client-wins",
    "theirs": "server-wins",
    "merge": "merge",
    "keep": "manual",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class NotUnderstood(Exception):
    """Says what would be."""


@dataclass(frozen=True, slots=True)
class Write:
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settle:
    choice: Literal["client-wins", "server-wins", "merge", "manual"]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Nothing of the trip changes."""

    what: Literal["show", "who", "undo", "help", "quit"]


Order = Write | Settle | Say


def read_order(line: str, trip: Mapping[str, Any], new_id: Callable[[], str]) -> Order:
    """Raises `NotUnderstood`."""
    word, _, rest = line.strip().partition(" ")
    word, rest = word.casefold(), rest.strip()
    match word:
        case "show" | "who" | "undo" | "help" | "quit":
            return Say(word)
        case _ if word in CHOICES:
            return Settle(CHOICES[word], rest)
        case "dates":
            return Write(_dates(rest))
        case "tag":
            return Write({"tags": _tags(rest, trip["tags"])})
        case _ if word in LISTS:
            return Write(_item(LISTS[word], rest, trip, new_id))
        case _ if word in TEXTS:
            return Write({word: rest})
        case _ if word in NUMBERS:
            return Write({word: _number(word, rest)})
        case _:
            raise NotUnderstood(f"“{word}” is nothing that can be done here; help says what is.")


def typed(field: str, text: str) -> Any:
    """A value for a field from what was typed for it. Raises `NotUnderstood`."""
    if field in ("tags", "offers", "destinations") or field.partition("/")[0] in LISTS.values():
        raise NotUnderstood(f"{field} is no text that can be typed here: mine or theirs?")
    return _number(field, text) if field in NUMBERS else text


def _number(word: str, text: str) -> int | float | None:
    try:
        number = Decimal(text) if text else None
        if number is None:
            return None
        if not number.is_finite():
            raise ValueError
        return int(number) if number == number.to_integral_value() else float(number)
    except (ArithmeticError, ValueError):
        raise NotUnderstood(f"{word} takes a number, as in “{word} 3”.") from None


def _dates(text: str) -> dict[str, Any]:
    found = _DATE.findall(text)
    if text and len(found) != 2:
        raise NotUnderstood("dates takes two days, as in “dates 2027-05-01 2027-05-06”.")
    start, end = found or (None, None)
    return {"start_date": start, "end_date": end}


def _tags(text: str, tags: list[str]) -> list[str]:
    how, tag = _what(text, "tag")
    if how == "add":
        return [*tags, tag]
    return [each for each in tags if each != tag]


def _item(collection: str, text: str, trip: Mapping[str, Any], new_id: Callable[[], str]) -> dict[str, Any]:
    how, name = _what(text, collection)
    if how == "add":
        item_id = new_id()[:12]
        return {f"{collection}/{item_id}": {"id": item_id, "name": name}}
    named = [item["id"] for item in trip[collection] if item["name"].casefold() == name.casefold()]
    if not named:
        raise NotUnderstood(f"There is no {name} among the {collection}.")
    return {f"{collection}/{named[0]}": None}


def _what(text: str, word: str) -> tuple[str, str]:
    how, _, name = text.partition(" ")
    if how not in ("add", "drop") or not name.strip():
        raise NotUnderstood(f"“add” or “drop”, and a name, as in “{word} add Lisbon”.")
    return how, name.strip()
