"""Between places that are near each other one goes by train, bus or ferry; everywhere else one flies."""

from app.contract.events import ErrorBody
from app.contract.turn import PlanTransfer
from tools.places import Place
from tools.results import GroundOption, GroundTransportResult
from workers.agent.planner.context import Flow
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.solve.model import Link, Taken
from workers.agent.planner.trip.journeys import place_key
from workers.agent.planner.trip.money import Rates

TRANSPORT = "transport"
CURRENCY = "EUR"
"""Of what the tool estimates."""
MOST_MINUTES = 360
"""What takes longer is flown, where there are flights."""
_MODES = ("train", "bus", "ferry")
_AN_HOUR = 12.0
"""What an hour of one traveller's on the way is worth avoiding, in the currency of the estimates."""


def find_ways(flow: Flow) -> dict[int, GroundOption]:
    """The way over land or water to each stop that has one from the stop before it, by the stop's number.

    Raises `Waiting` until every estimate is there; where one fails, one flies.
    """
    stops = flow.asked.stops
    if len(stops) < 2:
        return {}
    phrases = flow.voice.phrases
    names = " → ".join(stop.place.name for stop in stops)
    description = flow.voice.fill(phrases.task_descriptions[TRANSPORT], route=names)
    flow.script.task(TRANSPORT, phrases.tasks[TRANSPORT], description)
    keys = [f"way-{number}" for number in range(1, len(stops))]
    for number, key in enumerate(keys, 1):
        flow.script.call(key, TRANSPORT, "ground_transport", _arguments(flow, number))
    ways: dict[int, GroundOption] = {}
    for number, outcome in enumerate(flow.script.outcomes(keys), 1):
        read = read_outcome(outcome, GroundTransportResult)
        if not isinstance(read, ErrorBody):
            fit = [
                option for option in read.options if option.mode in _MODES and option.minutes <= MOST_MINUTES
            ]
            if fit:
                ways[number] = min(
                    fit, key=lambda option: (_weight(option, flow.asked.party.count), option.mode)
                )
    flow.script.end(TRANSPORT, {"ways": [way.mode for way in ways.values()]})
    return ways


def links(flow: Flow, rates: Rates) -> list[Link]:
    found: list[Link] = []
    for number, way in flow.ways.items():
        price = rates.convert(way.price)
        if price is not None:
            found.append(
                Link(
                    id=f"way-{number}",
                    origin=place_key(number - 1),
                    destination=place_key(number),
                    minutes=way.minutes,
                    price=price,
                )
            )
    return found


def plan_transfer(flow: Flow, taken: Taken) -> PlanTransfer:
    number = int(taken.link.id.removeprefix("way-"))
    way, stops = flow.ways[number], flow.asked.stops
    return PlanTransfer(
        city=f"{stops[number - 1].place.name}->{stops[number].place.name}",
        mode=way.mode,
        minutes=way.minutes,
        distance_km=way.distance_km,
        price=way.price,
    )


def _weight(option: GroundOption, people: int) -> float:
    return float(option.price.amount) + _AN_HOUR * people * option.minutes / 60


def _arguments(flow: Flow, number: int) -> dict[str, object]:
    here, there = (flow.asked.stops[index].place for index in (number - 1, number))
    return {"from": _point(here), "to": _point(there), "travellers": max(1, flow.asked.party.count)}


def _point(place: Place) -> dict[str, object]:
    return {
        "name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "country": place.country,
    }
