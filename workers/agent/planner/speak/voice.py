"""Values written in a language: money, days, durations, numbers of things, places."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from app.contract.turn import Money
from tools.places import Place
from workers.agent.planner.speak.phrases import Phrases
from workers.agent.planner.understand.model import Note, Question, Value

_MAX_TEXT = 120
"""No single value from outside makes the answer longer than this."""


class Voice:
    """One language. Everything it writes is plain text with a little Markdown."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases

    def fill(self, template: str, **values: Value | float) -> str:
        """The template with its values written out; a number under the name of a noun gets that noun."""
        return template.format(**{name: self._write(name, value) for name, value in values.items()})

    def note(self, note: Note) -> str:
        return self.fill(self.phrases.notes[note.code], **note.values)

    def question(self, question: Question) -> str:
        return self.fill(self.phrases.questions[question.code], **question.values)

    def count(self, noun: str, number: int) -> str:
        one, other = self.phrases.counts[noun]
        return (one if number == 1 else other).format(self.number(number))

    def number(self, number: Decimal | float) -> str:
        if isinstance(number, int) and abs(number) < 1_000:
            return str(number)  # the same in all of our languages, and by far the most
        return format_decimal(number, "#,##0.######", locale=self.phrases.locale)

    def money(self, money: Money) -> str:
        """Exact; a whole amount without its zero cents."""
        locale = Locale.parse(self.phrases.locale)
        pattern: str = locale.currency_formats["standard"].pattern
        whole = money.amount == money.amount.to_integral_value()
        return format_currency(
            money.amount,
            money.currency,
            pattern.replace("0.00", "0") if whole else None,
            locale=locale,
            currency_digits=not whole,
        )

    def day(self, day: date, *, year: bool = True) -> str:
        pattern = self.phrases.day_of_year if year else self.phrases.day
        return format_date(day, pattern, locale=self.phrases.locale)

    def time(self, moment: datetime) -> str:
        return f"{moment:%H:%M}"

    def duration(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        parts = [(self.phrases.hours, hours), (self.phrases.minutes, rest)]
        return " ".join(template.format(number) for template, number in parts if number) or "0"

    def joined(self, parts: Sequence[str], last: str | None = None) -> str:
        """`a, b and c`, or with another word before the last."""
        if len(parts) < 2:
            return "".join(parts)
        return ", ".join(parts[:-1]) + (last or self.phrases.and_) + parts[-1]

    def place(self, place: Place) -> str:
        """The place with its region and country, for where its name alone would not do."""
        where = [place.admin1 if place.admin1 != place.name else "", self.country(place.country)]
        return f"{place.name} ({', '.join(filter(None, where))})"

    def country(self, code: str) -> str:
        names = cast(Mapping[str, str], Locale.parse(self.phrases.locale).territories)
        return names.get(code, code)

    def _write(self, name: str, value: Value | float) -> str:
        match value:
            case str():
                return self.country(value) if name == "country" else value[:_MAX_TEXT]
            case bool():
                return str(value)
            case int() if name in self.phrases.counts:
                return self.count(name, value)
            case int() | float() | Decimal():
                return self.number(value)
            case date():
                return self.day(value)
            case Money():
                return self.money(value)
            case Place():
                return self.place(value)
            case _:
                return self.joined([self.place(place) for place in value], self.phrases.or_)
