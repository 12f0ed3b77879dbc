"""Where to eat, where it was said what: asked for once a place, an evening each."""

from collections.abc import Sequence
from datetime import timedelta

from app.contract.events import ErrorBody
from tools.results import Activity, ActivityResult
from workers.agent.planner.context import Flow
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.trip.journeys import Nights

_MOST_DAYS = 60


def ask_meals(flow: Flow, wanted: Sequence[tuple[Nights, ...]], task: str) -> None:
    """Have the searches made, side by side with whatever else the task asks for."""
    wishes = flow.asked.wishes
    if not wishes.eats:
        return
    for stop, each in enumerate(flow.asked.stops):
        days = [nights for combination in wanted for nights in combination if nights.stop == stop]
        first, last = min(nights.check_in for nights in days), max(nights.check_out for nights in days)
        arguments: dict[str, object] = {
            "city": each.place.name,
            "latitude": each.place.latitude,
            "longitude": each.place.longitude,
            "start": first.isoformat(),
            "end": min(last, first + timedelta(_MOST_DAYS - 1)).isoformat(),
            "interests": ["restaurants"],
            "diets": list(wishes.diets),
            "cuisines": list(wishes.cuisines),
        }
        flow.script.call(_key(stop), task, "activity_search", arguments)


async def find_meals(flow: Flow) -> tuple[dict[str, tuple[int, Activity]], tuple[ErrorBody, ...]]:
    """Restaurants by their ids with their stops, every kitchen in its turn."""
    if not flow.asked.wishes.eats:
        return {}, ()
    found: dict[str, tuple[int, Activity]] = {}
    failures: list[ErrorBody] = []
    stops = range(len(flow.asked.stops))
    for stop, outcome in zip(stops, await flow.script.outcomes([_key(stop) for stop in stops]), strict=True):
        read = read_outcome(outcome, ActivityResult)
        if isinstance(read, ErrorBody):
            failures.append(read)
        else:
            tables = [each for each in read.activities if each.kind == "restaurant"]
            found |= {f"meal {stop} {each.activity_id}": (stop, each) for each in _in_turn(flow, tables)}
    return found, tuple(failures)


def _in_turn(flow: Flow, tables: Sequence[Activity]) -> list[Activity]:
    """The first of each kitchen, then the second of each, and so on."""
    cuisines = flow.asked.wishes.cuisines
    seen: dict[str, int] = {}
    ranked: list[tuple[int, int, Activity]] = []
    for number, table in enumerate(tables):
        kitchen = next((name for name in cuisines if name in table.cuisines), "")
        ranked.append((seen.get(kitchen, 0), number, table))
        seen[kitchen] = seen.get(kitchen, 0) + 1
    return [table for _, _, table in sorted(ranked, key=lambda each: each[:2])]


def _key(stop: int) -> str:
    return f"meals-{stop + 1}"
