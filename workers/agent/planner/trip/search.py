"""Flight searches made side by side, and what came back of them."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from app.contract.events import ErrorBody
from tools.results import FlightOffer, FlightSearchResult
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.script import Script
from workers.agent.planner.trip.variants import Variant
from workers.agent.planner.understand.model import Understanding

FLIGHTS = "flights"


class Found(Struct, frozen=True):
    """Offers by what tells them apart, `offer_key`; the days searched, and how the searches that failed did."""

    offers: dict[str, FlightOffer]
    searches: int
    failures: tuple[ErrorBody, ...]
    groups: int = 1
    """How many offers, one of each group, the party needs."""

    @property
    def all_failed(self) -> bool:
        return len(self.failures) == self.searches

    @property
    def departure_days(self) -> int:
        """On how many days the offers begin."""
        return len({offer.slices[0].segments[0].departs_local.date() for offer in self.offers.values()})

    @property
    def currencies(self) -> list[str]:
        """Of the offers, the commonest first."""
        counted = Counter(offer.total.currency for offer in self.offers.values())
        return sorted(counted, key=lambda currency: (-counted[currency], currency))

    def joined(self, other: "Found") -> "Found":
        return Found(
            {**other.offers, **self.offers},
            self.searches + other.searches,
            (*self.failures, *other.failures),
            max(self.groups, other.groups),
        )


def ask(
    script: Script,
    asked: Understanding,
    variants: Sequence[Variant],
    max_stops: int | None,
    task: str = FLIGHTS,
) -> None:
    """Have the searches made, side by side with whatever else is asked for before the first is needed."""
    for variant in variants:
        script.call(variant.key(max_stops), task, "flight_search", variant.arguments(asked, max_stops))


async def search(
    script: Script,
    asked: Understanding,
    variants: Sequence[Variant],
    max_stops: int | None,
    task: str = FLIGHTS,
) -> Found:
    """The offers of all these variants."""
    ask(script, asked, variants, max_stops, task)
    outcomes = await script.outcomes([variant.key(max_stops) for variant in variants])
    offers: dict[str, FlightOffer] = {}
    failures: list[ErrorBody] = []
    groups = 1
    for variant, outcome in zip(variants, outcomes, strict=True):
        read = read_outcome(outcome, FlightSearchResult)
        if isinstance(read, ErrorBody):
            failures.append(read)
        else:
            offers |= {offer_key(offer): offer for offer in read.offers if _answers(offer, variant)}
            groups = max(groups, read.groups)
    return Found(offers, len(variants), tuple(failures), groups)


def end_search(script: Script, found: Found) -> None:
    """The end of the task of flights: what was found, before anything is chosen of it."""
    if found.all_failed:
        script.end(FLIGHTS, error=found.failures[0])
        return
    result: dict[str, object] = {"flights": len(found.offers), "searches": found.searches}
    if found.currencies:
        currency = found.currencies[0]
        own = [offer for offer in found.offers.values() if offer.total.currency == currency]
        ranked = sorted(own, key=lambda offer: (offer.total.amount, offer.offer_id))
        low, high = ranked[0].total.amount, ranked[-1].total.amount
        result |= {"price_range": f"{low} - {high} {currency}", "best_option": ranked[0].offer_id}
    script.end(FLIGHTS, result)


def offer_key(offer: FlightOffer) -> str:
    """Its id, with the group that it is for: two groups may be offered the very same."""
    return offer.offer_id if offer.group == 1 else f"{offer.offer_id} {offer.group}"


def _answers(offer: FlightOffer, variant: Variant) -> bool:
    """Whether it is an offer for these journeys on these days, whatever else a provider may send along."""
    return len(offer.slices) == len(variant.hops) and all(
        part.segments and part.segments[0].departs_local.date() == hop.on
        for part, hop in zip(offer.slices, variant.hops, strict=True)
    )
