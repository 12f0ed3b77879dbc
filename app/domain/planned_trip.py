"""A turn's plan as a trip that people may edit, and the plan that follows it as changes to that trip.

Items have ids made of what they are, so the same thing in the next plan is the same item, and positions made
of when they are, so one more day moves no other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from hashlib import sha256

from msgspec import Raw

from app.contract import trip as t
from app.contract.turn import Money, PlaceRef, Plan, PlanLeg, RequestSummary
from app.domain import trip_fields as f

NAME_LENGTH = 200
LABEL_LENGTH = 64
NOON = time(12)
EVENING = time(18)
"""Where a change of place and a night's lodging stand in their day; they have no time of their own."""


def trip_of(request: RequestSummary, plan: Plan) -> t.Trip:
    """What people may edit of a plan: the stops, the days, and everything that is done on them."""
    start, end = plan.date_range
    stops = _stops(request, plan)
    return t.Trip(
        name=" – ".join(dict.fromkeys(stop.name for stop in stops))[:NAME_LENGTH] or f"{start} – {end}",
        start_date=start,
        end_date=end,
        travellers=min(max(request.travellers.count, 1), 99) if request.travellers else 1,
        budget=_budget(request, plan),
        currency=plan.cost.currency,
        offers=_offers(plan),
        stops=stops,
        days=_days(plan),
        activities=_activities(plan, stops),
        custom={"cost": {"total": plan.cost.total, "currency": plan.cost.currency}},
    )


def changes_between(before: t.Trip, after: t.Trip) -> list[t.Change]:
    """What makes the one the other, each change on the value that it was before."""
    old, new = (f.fields_of(trip, _no_new_ids) for trip in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    return [
        t.Change(
            field=name,
            value=Raw(new.get(name, b"null")),
            old_value=Raw(old.get(name, b"null")),
        )
        for name in names
        if new.get(name) != old.get(name)
    ]


def _no_new_ids() -> str:
    raise AssertionError("every stop of a plan has its id")


def _budget(request: RequestSummary, plan: Plan) -> Decimal | None:
    """What there is to spend for everybody, where the trip counts in that currency."""
    budget = request.budget
    if budget is None or budget.currency != plan.cost.currency:
        return None
    heads = request.travellers.count if request.travellers and budget.scope == "per_person" else 1
    return budget.amount * heads


def _offers(plan: Plan) -> list[str]:
    ids = [leg.source_offer_id for leg in plan.legs]
    ids += [stay.source_rate_id for stay in plan.stays or ()]
    return [each for each in dict.fromkeys(ids) if 0 < len(each) <= LABEL_LENGTH][:100]


def _stops(request: RequestSummary, plan: Plan) -> list[t.Stop]:
    """The places in the order in which one is there; a morning that begins at home is none."""
    known = {place.name: place for place in request.destinations}
    runs: list[tuple[str, date, date]] = []
    for day in plan.days:
        if runs and runs[-1][0] == day.city:
            runs[-1] = (day.city, runs[-1][1], day.date)
        else:
            runs.append((day.city, day.date, day.date))
    home = request.origin.name if request.origin else ""
    there = [run for run in runs if run[0] and (run[0] in known or run[0] != home)]
    numbers: Counter[str] = Counter()
    stops: list[t.Stop] = []
    for at, (city, first, last) in enumerate(there):
        place = known.get(city, PlaceRef(name=city))
        leave = there[at + 1][1] if at + 1 < len(there) else last
        stops.append(
            t.Stop(
                id=_id(numbers, "stop", place.iata or city),
                name=city[:NAME_LENGTH],
                iata=place.iata,
                country=place.country,
                arrive=first,
                leave=leave,
                position=float(at),
            )
        )
    return stops


def _days(plan: Plan) -> list[t.Day]:
    return [
        t.Day(id=_day_id(day.date), date=day.date, title=day.city[:NAME_LENGTH], position=_position(day.date))
        for day in plan.days
    ]


def _activities(plan: Plan, stops: Sequence[t.Stop]) -> list[t.Activity]:
    """Flights, changes of place, nights and sights; each where it stands in its day."""
    numbers: Counter[str] = Counter()
    return [
        *_flights(plan, numbers),
        *_transfers(plan, stops, numbers),
        *_stays(plan, numbers),
        *_sights(plan, numbers),
    ]


def _flights(plan: Plan, numbers: Counter[str]) -> Iterable[t.Activity]:
    """A flight once, however many offers it is booked with. What an offer costs stands at its first flight."""
    priced: set[str] = set()
    flights: dict[tuple[str, str], list[PlanLeg]] = {}
    for leg in plan.legs:
        flights.setdefault((leg.flight_number, leg.departs_local.isoformat()), []).append(leg)
    for legs in flights.values():
        new = [leg.price for leg in legs if leg.source_offer_id not in priced]
        priced.update(leg.source_offer_id for leg in legs)
        leg = legs[0]
        same_day = leg.arrives_local_date == leg.departs_local_date
        later = leg.arrives_local.time() >= leg.departs_local.time()
        yield t.Activity(
            id=_id(numbers, "flight", f"{leg.flight_number} {leg.departs_local_date}"),
            name=f"{leg.flight_number} {leg.depart_iata} – {leg.arrive_iata}",
            day=_day_id(leg.departs_local_date),
            starts=leg.departs_local.time(),
            ends=leg.arrives_local.time() if same_day and later else None,
            place=leg.depart_iata,
            cost=_cost(plan, new),
            position=_position(leg.departs_local_date, leg.departs_local.time()),
        )


def _transfers(plan: Plan, stops: Sequence[t.Stop], numbers: Counter[str]) -> Iterable[t.Activity]:
    arrivals = {stop.name: stop.arrive for stop in reversed(stops)}
    for transfer in plan.transfers or ():
        day = arrivals.get(transfer.city.rpartition("->")[2])
        yield t.Activity(
            id=_id(numbers, "transfer", transfer.city),
            name=f"{transfer.city.replace('->', ' – ')}, {transfer.mode}"[:NAME_LENGTH],
            day=None if day is None else _day_id(day),
            cost=_cost(plan, [transfer.price] if transfer.price else []),
            position=_position(day or plan.date_range[1], NOON),
        )


def _stays(plan: Plan, numbers: Counter[str]) -> Iterable[t.Activity]:
    for stay in plan.stays or ():
        yield t.Activity(
            id=_id(numbers, "stay", f"{stay.name} {stay.check_in}"),
            name=stay.name[:NAME_LENGTH] or stay.city,
            day=_day_id(stay.check_in),
            place=stay.city[:NAME_LENGTH],
            cost=_cost(plan, [stay.price]),
            position=_position(stay.check_in, EVENING),
        )


def _sights(plan: Plan, numbers: Counter[str]) -> Iterable[t.Activity]:
    for day in plan.days:
        for activity in day.activities:
            starts = _time(activity.start)
            yield t.Activity(
                id=_id(numbers, "sight", activity.name),
                name=activity.name[:NAME_LENGTH],
                day=_day_id(day.date),
                starts=starts,
                place=day.city[:NAME_LENGTH],
                cost=_cost(plan, [activity.price] if activity.price else []),
                position=_position(day.date, starts or NOON),
            )


def _cost(plan: Plan, prices: Sequence[Money]) -> Decimal | None:
    """Together, where the trip counts in that currency."""
    own = [price.amount for price in prices if price.currency == plan.cost.currency]
    return sum(own, Decimal()) if own else None


def _time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text or "").replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:  # "morning", which a trip has no field for
        return None


def _position(day: date, at: time = time()) -> float:
    return day.toordinal() + (at.hour * 60 + at.minute) / 1440


def _day_id(day: date) -> str:
    return day.isoformat()


def _id(numbers: Counter[str], kind: str, what: str) -> str:
    """The same for the same thing in each plan; what comes twice is numbered."""
    name = f"{kind}-{sha256(what.encode()).hexdigest()[:10]}"
    numbers[name] += 1
    return name if numbers[name] == 1 else f"{name}-{numbers[name]}"
