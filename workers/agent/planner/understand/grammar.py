"""A language's words made into patterns, once a process and language."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from workers.agent.planner.understand.model import Language
from workers.agent.planner.understand.words import WORDS
from workers.agent.planner.understand.words.base import Rules, Words

Pattern = re.Pattern[str]
Rule = tuple[str, Pattern]


class Grammar(NamedTuple):
    words: Words
    dates: tuple[Rule, ...]
    lengths: tuple[Rule, ...]
    adults: tuple[Pattern, ...]
    children: tuple[Pattern, ...]
    infants: tuple[Pattern, ...]
    ages: tuple[Pattern, ...]
    months: tuple[Pattern, ...]
    together: tuple[Rule, ...]

    def whole(self, pattern: str) -> Pattern:
        """The pattern, where it stands for itself and not within a word; `{n}` and the like are filled in."""
        return _whole(self.words.language, pattern)

    def alone(self, pattern: str) -> Pattern:
        """The pattern as all that is said, but for marks and a word or two of courtesy."""
        return _bounded(rf"\A\W*(?:{pattern})(?:\W+\w+){{0,2}}\W*\Z")

    def before(self, pattern: str) -> Pattern:
        """The pattern at the very end of what stands before something."""
        opening = r"(?<!\w)" if self.words.spaced else ""
        return _bounded(rf"{opening}(?:{pattern})\s*$")

    def after(self, pattern: str) -> Pattern:
        """The pattern at the very beginning of what follows something."""
        closing = r"(?!\w)" if self.words.spaced else ""
        return _bounded(rf"\s*(?:{pattern}){closing}")


@lru_cache(maxsize=len(WORDS))
def grammar_of(language: Language) -> Grammar:
    words = WORDS[language]
    named = _placeholders(language)

    def rules(given: Rules) -> tuple[Rule, ...]:
        return tuple((name, _compiled(words.spaced, _filled(pattern, named))) for name, pattern in given)

    def patterns(given: tuple[str, ...]) -> tuple[Pattern, ...]:
        return tuple(_compiled(words.spaced, _filled(pattern, named)) for pattern in given)

    people = words.people
    return Grammar(
        words=words,
        dates=rules(words.dates),
        lengths=rules(words.lengths),
        adults=patterns(people.adults),
        children=patterns(people.children),
        infants=patterns(people.infants),
        ages=patterns(people.ages),
        months=patterns(people.months),
        together=rules(people.together),
    )


@lru_cache(maxsize=1024)
def _whole(language: Language, pattern: str) -> Pattern:
    words = WORDS[language]
    return _compiled(words.spaced, _filled(pattern, _placeholders(language)))


@lru_cache(maxsize=len(WORDS))
def _placeholders(language: Language) -> dict[str, str]:
    return _named(WORDS[language])


def _named(words: Words) -> dict[str, str]:
    shapes = words.shapes
    number = rf"\d{{1,3}}|{_any(words.numbers)}"
    named = {
        "{to}": shapes.to,
        "{y}": shapes.year,
        "{y2}": shapes.year.replace("(?P<y>", "(?P<y2>").replace("(?P<next_year>", "(?P<next_year2>"),
        "{o}": _group("o", _any(words.ordinals)),
        "{p}": _group("p", _any(words.parts)),
        "{s}": _group("s", _any(words.seasons)),
        "{h}": _group("h", _any(words.holidays)),
        "{h2}": _group("h2", _any(words.holidays)),
    }
    for name, pattern in (
        ("d", shapes.day),
        ("m", _any(words.months) + r"\.?"),
        ("n", number),
        ("w", _any(words.weekdays) + r"\.?"),
    ):
        named |= {f"{{{name}}}": _group(name, pattern), f"{{{name}2}}": _group(f"{name}2", pattern)}
    return named


def _filled(pattern: str, named: Mapping[str, str]) -> str:
    for name, meant in named.items():
        pattern = pattern.replace(name, meant)
    return pattern


def _group(name: str, pattern: str) -> str:
    return f"(?P<{name}>{pattern})"


def _any(choices: Mapping[str, object]) -> str:
    """The longest first, so that a word is not cut short by one that begins it."""
    return "(?:" + "|".join(map(_escaped, sorted(choices, key=len, reverse=True))) + ")"


def _escaped(word: str) -> str:
    return re.escape(word).replace("\\ ", " ")


def _compiled(spaced: bool, pattern: str) -> Pattern:
    return _bounded(rf"(?<!\w)(?:{pattern})(?!\w)" if spaced else pattern)


@lru_cache(maxsize=1024)
def _bounded(pattern: str) -> Pattern:
    return re.compile(pattern.replace(" ", r"\s+").replace(r"\s+?", r"\s*"))
