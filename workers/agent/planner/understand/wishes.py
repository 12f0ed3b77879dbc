"""Constraints: stops, cabin, no flights, one way; and wishes that nothing here can look after."""

from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.model import Cabin, Wishes
from workers.agent.planner.understand.page import Page

_MAX_UNCHECKED = 6
_MAX_WISH = 40
_ANY_STOPS = (
    r"(?:not|need ?n[o']t be|does ?n[o']t (?:have|need) to be) (?:necessarily )?(?:non[ -]?stop|direct)|"
    r"nicht (?:unbedingt )?(?:non[ -]?stop|direkt)|pas (?:forcément |nécessairement )?directs?|"
    r"no (?:necesariamente )?directos?"
)
"""Stops are welcome: what would otherwise read as the wish for none."""


def find_wishes(page: Page, grammar: Grammar) -> Wishes:
    """What is asked besides places, dates, people and money; taken off the page."""
    wanted = grammar.words.wanted

    def said(pattern: str) -> bool:
        return any(True for _ in list(page.take(grammar.whole(pattern), lambda found: found)))

    said(_ANY_STOPS)
    one_stop, nonstop = said(wanted.one_stop), said(wanted.nonstop)
    cabins: dict[Cabin, str] = {
        "premium_economy": wanted.premium_economy,
        "business": wanted.business,
        "first": wanted.first,
        "economy": wanted.economy,
    }
    cabin: Cabin | None = next((name for name, pattern in cabins.items() if said(pattern)), None)
    no_flights, one_way = said(wanted.no_flights), said(wanted.one_way)
    unchecked = page.take(grammar.whole(wanted.unchecked), lambda found: found.group()[:_MAX_WISH].strip())
    return Wishes(
        max_stops=0 if nonstop else 1 if one_stop else None,
        cabin=cabin,
        no_flights=no_flights,
        one_way=one_way,
        unchecked=tuple(dict.fromkeys(unchecked))[:_MAX_UNCHECKED],
    )
