"""Where to sleep: rooms asked for on the days that the flights leave, and what came back."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.contract.events import ErrorBody
from app.contract.turn import PlanStay
from tools.results import AccommodationResult, Stay
from workers.agent.planner.context import Flow
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.solve.model import Lodging
from workers.agent.planner.trip.conditions import AS_BEFORE, broken_by, was_stayed_at
from workers.agent.planner.trip.journeys import Nights, place_key
from workers.agent.planner.trip.money import Rates, in_units

STAYS = "stays"
MOST_GUESTS = 36
_MOST_NIGHTS = 60
_STARS = 0.03
_REVIEW = 0.02
"""What a star above three, and a point of the guests' score above seven, are worth as a share of the price."""


class Beds(Struct, frozen=True):
    """Rooms by their rate ids, with the stop that they are for; and the searches that failed."""

    stays: dict[str, tuple[int, Stay]] = {}
    failures: tuple[ErrorBody, ...] = ()

    def joined(self, other: "Beds") -> "Beds":
        return Beds({**self.stays, **other.stays}, (*self.failures, *other.failures))


def can_be_lodged(flow: Flow) -> bool:
    """Whether there are nights to look for rooms for, and few enough people for one search."""
    asked = flow.asked
    return not asked.wishes.one_way and 0 < asked.nights <= _MOST_NIGHTS and asked.party.count <= MOST_GUESTS


async def find_stays(flow: Flow, wanted: Iterable[tuple[Nights, ...]], currency: str) -> Beds:
    """Rooms for all these nights."""
    script, phrases = flow.script, flow.voice.phrases
    places = ", ".join(stop.place.name for stop in flow.asked.stops)
    script.task(STAYS, phrases.tasks[STAYS], flow.voice.fill(phrases.task_descriptions[STAYS], route=places))
    script.status(phrases.statuses[STAYS])
    beds = await rooms(flow, wanted, currency, STAYS)
    if beds.failures and not beds.stays:
        script.end(STAYS, error=beds.failures[0])
    else:
        cheapest = min((stay.total.amount for _, stay in beds.stays.values()), default=None)
        priced = {} if cheapest is None else {"from": cheapest, "currency": currency}
        script.end(STAYS, {"stays": len(beds.stays), **priced})
    return beds


async def rooms(
    flow: Flow, wanted: Iterable[tuple[Nights, ...]], currency: str, task: str, *, eased: bool = False
) -> Beds:
    """What the searches of a task find for all these nights; `eased`, also rooms that are not as wished."""
    nights = sorted({each for days in wanted for each in days})
    for each in nights:
        arguments = _arguments(flow, each, currency) | ({} if eased else _wished(flow))
        flow.script.call(_key(each, eased=eased), task, "accommodation_search", arguments)
    stays: dict[str, tuple[int, Stay]] = {}
    failures: list[ErrorBody] = []
    for each, outcome in zip(
        nights, await flow.script.outcomes([_key(each, eased=eased) for each in nights]), strict=True
    ):
        read = read_outcome(outcome, AccommodationResult)
        if isinstance(read, ErrorBody):
            failures.append(read)
        else:
            stays |= {stay.rate_id: (each.stop, stay) for stay in read.stays if _fits(flow, each, stay)}
    return Beds(stays, tuple(failures))


def lodgings(flow: Flow, beds: Beds, rates: Rates) -> list[Lodging]:
    """Rooms whose currency has no rate are left out."""
    before = [_merit(stay) for _, stay in beds.stays.values() if was_stayed_at(flow, stay)]
    moves = flow.asked.better_stay or flow.asked.other_stay
    like_before = AS_BEFORE if flow.asked.cheaper_than is None and not moves else 0.0
    found: list[Lodging] = []
    for rate_id, (stop, stay) in beds.stays.items():
        price = rates.convert(stay.total)
        if price is not None:
            found.append(
                Lodging(
                    id=rate_id,
                    place=place_key(stop),
                    check_in=stay.check_in,
                    check_out=stay.check_out,
                    price=price,
                    burden=-float(price) * (_merit(stay) + like_before * was_stayed_at(flow, stay)),
                    breaks=broken_by(flow, stay, max(before, default=None), _merit(stay)),
                )
            )
    return found


def plan_stays(flow: Flow, beds: Beds, chosen: Sequence[Lodging]) -> list[PlanStay]:
    found: list[PlanStay] = []
    for lodging in chosen:
        stop, stay = beds.stays[lodging.id]
        found.append(
            PlanStay(
                city=flow.asked.stops[stop].place.name,
                name=stay.name,
                check_in=stay.check_in,
                check_out=stay.check_out,
                nights=stay.nights,
                source_rate_id=stay.rate_id,
                sleeps=stay.sleeps,
                rooms=stay.rooms,
                capacity_total=stay.capacity_total,
                amenities=stay.amenities,
                price=in_units(stay.total),
            )
        )
    return found


def _arguments(flow: Flow, nights: Nights, currency: str) -> dict[str, object]:
    place, party = flow.asked.stops[nights.stop].place, flow.asked.party
    wanted = flow.asked.wishes.rooms
    rooms: dict[str, object] = {"rooms": min(wanted, party.adults)} if wanted else {}
    return {
        "city": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "check_in": nights.check_in.isoformat(),
        "check_out": nights.check_out.isoformat(),
        "adults": party.adults,
        "child_ages": [*party.child_ages, *[0] * party.infants],
        "currency": currency,
    } | rooms


def _wished(flow: Flow) -> dict[str, object]:
    wishes = flow.asked.wishes
    wished: dict[str, object] = {"amenities": list(wishes.amenities)} if wishes.amenities else {}
    return wished | ({"accessible": True} if wishes.accessible else {})


def _fits(flow: Flow, nights: Nights, stay: Stay) -> bool:
    """Whether it is a bed for everybody on these nights, whatever else a provider may send along."""
    days = (stay.check_in, stay.check_out) == (nights.check_in, nights.check_out)
    return days and stay.capacity_total >= flow.asked.party.count - flow.asked.party.infants


def _merit(stay: Stay) -> float:
    stars = _STARS * (stay.stars - 3) if stay.stars else 0.0
    return stars + (_REVIEW * (stay.review_score - 7) if stay.review_score else 0.0)


def _key(nights: Nights, *, eased: bool) -> str:
    days = f"{nights.check_in.isoformat()}-{nights.check_out.isoformat()}"
    return f"stays-{nights.stop + 1}-{days}" + ("-eased" if eased else "")
