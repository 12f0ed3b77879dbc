"""Who travels: adults, children with their ages, infants."""

import re

from msgspec import Struct, structs

from app.contract.turn import Travellers
from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.page import Page, Span
from workers.agent.planner.understand.words.base import Relative

INFANT_BELOW = 2
ADULT_FROM = 18
ASSUMED_CHILD_AGE = 8
_BARE = re.compile(r"\([^a-z]*\)")
"""Numbers in brackets with nothing that says what they are."""
_NEAR = 30
"""Characters between people and their ages."""
_MOST_JOINING = 20
_MONTHS_A_YEAR = 12


class PartyFinding(Struct, frozen=True, kw_only=True):
    """`said` is false where nobody was named; `ages_assumed` counts children without an age."""

    travellers: Travellers
    said: bool
    ages_assumed: int = 0
    grown_assumed: bool = False
    """Whether it is a family of which nobody was said to be a child, or somebody who is said to be there."""


class _Tally:
    def __init__(self, ages: list[int]) -> None:
        self.adults: int | None = None
        self.people: int | None = None
        self.whole = False
        self.is_family = False
        self.children: int | None = None
        self.infants: int | None = None
        self.ages = ages
        self.companion = False


class Joining(Struct, frozen=True):
    """Who comes along besides those before."""

    adults: int = 0
    child_ages: tuple[int, ...] = ()
    infants: int = 0
    ages_assumed: int = 0

    def added_to(self, party: Travellers) -> Travellers:
        return Travellers(
            adults=party.adults + self.adults,
            child_ages=[*party.child_ages, *self.child_ages],
            infants=party.infants + self.infants,
        )


NOBODY = Joining()


def find_joining(page: Page, grammar: Grammar) -> Joining:
    """Who comes along besides, by number or by name ("add my mother (72)"); taken off the page."""
    words = grammar.words
    counted = page.take(grammar.whole(words.changes.joining), lambda found: _number(found, grammar))
    joining = Joining(adults=min(max(counted, default=0), _MOST_JOINING))
    for kind, relatives in words.people.relatives.items():
        for pattern in words.changes.bring:
            named = pattern.replace("{r}", f"(?:{relatives})").replace("{a}", words.people.aged)
            for age in page.take(grammar.whole(named), lambda found: found.groupdict().get("age") or ""):
                joining = _with_relative(joining, kind, int(age) if age else None)
    return joining


def _with_relative(joining: Joining, kind: Relative, age: int | None) -> Joining:
    if kind == "adults":
        return structs.replace(joining, adults=joining.adults + 2)
    if age is None:
        age = {"adult": ADULT_FROM, "child": ASSUMED_CHILD_AGE, "infant": 0}[kind]
        joining = structs.replace(joining, ages_assumed=joining.ages_assumed + (kind == "child"))
    if age >= ADULT_FROM:
        return structs.replace(joining, adults=joining.adults + 1)
    if age < INFANT_BELOW:
        return structs.replace(joining, infants=joining.infants + 1)
    return structs.replace(joining, child_ages=(*joining.child_ages, age))


def find_ages(page: Page, grammar: Grammar) -> list[int]:
    """Ages in years; they alone are taken off the page: whose they are is still to be read.

    To be read before dates, which "4 and 9" could be as well.
    """
    ages = [
        int(months) // _MONTHS_A_YEAR
        for pattern in grammar.months
        for months in page.take(pattern, lambda found: found.group("ages"))
    ]
    for pattern in grammar.ages:
        for found in list(pattern.finditer(page.lower)):
            read = _ages(found["ages"])
            if read is not None and (not _BARE.fullmatch(found.group()) or _of_people(page, grammar, found)):
                page.remove(Span(*found.span("ages")))
                ages += read
    return ages


def _of_people(page: Page, grammar: Grammar, found: re.Match[str]) -> bool:
    """Whether people stand before it: the nights of "Florence (2)" are no age."""
    before = page.lower[max(0, found.start() - _NEAR) : found.start()]
    together = [pattern for _, pattern in grammar.together]
    people = (*grammar.children, *grammar.infants, *grammar.adults, *together)
    return any(pattern.search(before) for pattern in people)


def find_party(page: Page, grammar: Grammar, ages: list[int]) -> PartyFinding:
    """Everybody who is said to travel; taken off the page. One adult where nobody is."""
    tally = _Tally(ages)
    for name, pattern in grammar.together:
        for number in page.take(pattern, lambda found, name=name: _together(name, found, grammar)):
            if name == "companion":
                tally.companion = True
                continue
            tally.people = max(tally.people or 0, number)
            tally.whole = tally.whole or name in ("family", "all")
            tally.is_family = tally.is_family or name == "family"
    tally.whole = tally.whole or page.says(grammar.whole(grammar.words.people.among))
    tally.infants = _sum(page, grammar, grammar.infants)
    tally.children = _sum(page, grammar, grammar.children)
    explicit, *others = grammar.adults
    tally.adults = _sum(page, grammar, (explicit,))
    for pattern in others:
        for number in page.take(pattern, lambda found: _number(found, grammar)):
            tally.people = max(tally.people or 0, number)
    return _settled(tally)


def _settled(tally: _Tally) -> PartyFinding:
    child_ages = [age for age in tally.ages if INFANT_BELOW <= age < ADULT_FROM]
    infants = max(tally.infants or 0, sum(age < INFANT_BELOW for age in tally.ages))
    unaged = max(0, (tally.children or 0) - len(tally.ages))
    child_ages += [ASSUMED_CHILD_AGE] * unaged
    counted = any((tally.adults, tally.people, tally.children, tally.infants, tally.ages))
    said = counted or tally.companion
    return PartyFinding(
        travellers=Travellers(
            adults=_adults(tally, len(child_ages) + infants), child_ages=child_ages, infants=infants
        ),
        said=said,
        ages_assumed=unaged,
        grown_assumed=(tally.is_family and not (child_ages or infants)) or said != counted,
    )


def _adults(tally: _Tally, young: int) -> int:
    if tally.adults is not None:
        return tally.adults
    if tally.people is not None:
        return max(0, tally.people - young) if tally.whole else tally.people
    grown = sum(age >= ADULT_FROM for age in tally.ages)
    return (2 if young or tally.companion else 1) if not grown else 1 + grown


def _sum(page: Page, grammar: Grammar, patterns: tuple[re.Pattern[str], ...]) -> int | None:
    numbers = [
        number for pattern in patterns for number in page.take(pattern, lambda found: _number(found, grammar))
    ]
    return sum(numbers) if numbers else None


def _number(found: re.Match[str], grammar: Grammar) -> int:
    """A plural without a number ("with kids") counts as one: how many is then asked by their ages."""
    groups = found.groupdict()
    written = groups.get("n") or groups.get("n2")
    if written is None:
        return 1
    return int(written) if written.isdigit() else grammar.words.numbers[written]


def _together(name: str, found: re.Match[str], grammar: Grammar) -> int:
    match name:
        case "one":
            return 1
        case "two" | "companion":
            return 2
        case "family" | "all":
            return _number(found, grammar)
        case "couples":
            return _number(found, grammar) * 2
        case "others":
            return _number(found, grammar) + 1
        case _:
            raise KeyError(name)


def _ages(written: str) -> list[int] | None:
    ages = [int(number) for number in re.findall(r"\d{1,2}", written)]
    return ages if ages and all(age < 100 for age in ages) else None
