"""What a message leaves open: the very towns of a region, where to go at all, and the day by a few."""

import re

from msgspec import structs

from tools.places import Place, Region, region_of, scan_regions
from workers.agent.planner.understand.cities import choose_cities
from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.model import OpenPlace
from workers.agent.planner.understand.page import Page
from workers.agent.planner.understand.places import Country, Mention

_MOST_SLACK = 7


def find_slack(page: Page, grammar: Grammar) -> int:
    """By how many days the dates may move either way; taken off the page."""
    return min(_counted(page, grammar, grammar.words.wanted.slack), _MOST_SLACK)


def _counted(page: Page, grammar: Grammar, pattern: str) -> int:
    """The largest number that is said with the pattern; 1 where it is said without one, 0 where it is not."""

    def number(found: re.Match[str]) -> int:
        written = found.groupdict().get("n") or found.groupdict().get("n2")
        if not written:
            return 1
        return int(written) if written.isdigit() else grammar.words.numbers[written]

    return max(page.take(grammar.whole(pattern), number), default=0)


def with_regions_as_targets(count: int | None, mentions: list[Mention]) -> list[Mention]:
    """ "Three towns of Andalusia" does not begin there, whatever the word between says elsewhere."""
    if count is None:
        return mentions
    return [structs.replace(one, role="target") if region_of(one.place) else one for one in mentions]


def regions_named(page: Page, mentions: list[Mention], countries: list[Country]) -> list[Region]:
    """States and regions to go to, then countries, where no town in them is named."""
    targets = [mention.place for mention in mentions if mention.role != "origin"]
    if targets:
        region = region_of(targets[0]) if len(targets) == 1 else None
        return [region] if region else []
    states = [regions[0] for _, _, regions in scan_regions(page.text)]
    return [*states, *(Region(country.code, "") for country in countries)]


def chosen_cities(count: int | None, regions: list[Region]) -> tuple[Place, ...] | None:
    """The towns to go to, where so many of a region are wanted; None where none are."""
    return choose_cities(regions[0], count) or None if count is not None and regions else None


def open_place(
    page: Page, grammar: Grammar, mentions: list[Mention], countries: list[Country]
) -> OpenPlace | None:
    """What is said of a place that is left open, where none is named."""
    if any(mention.role != "origin" for mention in mentions):
        return None
    if not page.says(grammar.whole(grammar.words.asks.open_place)):
        return None
    wanted = grammar.words.wanted
    warm, cold = page.says(grammar.whole(wanted.warm)), page.says(grammar.whole(wanted.cold))
    return OpenPlace(
        climate="warm" if warm else "cold" if cold else None,
        country=countries[0].code if countries else None,
    )
