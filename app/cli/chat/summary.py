"""What a turn came to, laid out once at its end."""

from collections.abc import Iterable
from typing import Any

import msgspec
from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.cli.chat.words import clean, count, day, days, minutes, money, one_line, time_of_day
from app.cli.invoked import tripsage
from app.contract.turn import Outcome, Plan, PlanLeg, TurnResult, Weather

TITLES: dict[Outcome, tuple[str, str]] = {
    "plan": ("Your trip", "green"),
    "clarify": ("One question first", "yellow"),
    "infeasible": ("Not possible as asked", "red"),
    "reject": ("Not planned", "red"),
    "answer": ("In short", "cyan"),
}
CHANGED = {"return": "way back", "constraints": "conditions", "legs": "flights", "stays": "places to stay"}
"""What people call the fields of a plan whose names say less."""
WIDEST = 100


def summarise(result: dict[str, Any]) -> RenderableType | None:
    """A panel with the parts that the result has; None when there is nothing beyond the answer's text.

    A result in a shape that this version does not know shows nothing: the text has said it.
    """
    try:
        parsed = msgspec.convert(result, TurnResult)
    except msgspec.ValidationError:
        return None
    parts = [part for section in SECTIONS for part in section(parsed)]
    if not parts:
        return None
    title, style = TITLES[parsed.outcome]
    spaced = [part for each in parts for part in (each, Text())][:-1]
    return Panel(
        Group(*spaced),
        title=Text(f" {title} ", f"bold {style}"),
        title_align="left",
        border_style=style,
        box=box.ROUNDED,
        padding=(1, 2),
        width=WIDEST,
    )


def _head(result: TurnResult) -> Iterable[RenderableType]:
    plan, request = result.plan, result.request
    if plan is None:
        return
    places = " – ".join(place.name for place in request.destinations) if request else ""
    facts = [places, days(*plan.date_range), count(plan.nights, "night")]
    if request and request.travellers:
        facts.append(count(request.travellers.count, "traveller"))
    yield Text(one_line(" · ".join(fact for fact in facts if fact)), "bold")


def _legs(result: TurnResult) -> Iterable[RenderableType]:
    if result.plan is None or not result.plan.legs:
        return
    table = _table()
    for leg in result.plan.legs:
        table.add_row(*_leg(leg))
    yield table


def _leg(leg: PlanLeg) -> Iterable[RenderableType]:
    later = f" +{leg.arrival_day_offset}" if leg.arrival_day_offset else ""
    yield Text(day(leg.departs_local_date), "bold")
    yield Text(
        f"{time_of_day(leg.departs_local)} {leg.depart_iata} → "
        f"{time_of_day(leg.arrives_local)}{later} {leg.arrive_iata}"
    )
    yield Text(one_line(f"{leg.carrier} {leg.flight_number}"))
    stops = count(leg.stops, "stop") if leg.stops else "direct"
    yield Text(f"{minutes(leg.duration_minutes)}, {stops}", "dim")


def _stays(result: TurnResult) -> Iterable[RenderableType]:
    plan = result.plan
    if plan is None:
        return
    table = _table()
    for stay in plan.stays or ():
        table.add_row(
            Text(days(stay.check_in, stay.check_out), "bold"),
            Text(one_line(f"{stay.name}, {stay.city}")),
            Text(f"{count(stay.nights, 'night')}, {count(stay.rooms, 'room')}", "dim"),
            Text(money(stay.price.amount, stay.price.currency), justify="right"),
        )
    for transfer in plan.transfers or ():
        price = money(transfer.price.amount, transfer.price.currency) if transfer.price else ""
        table.add_row(
            Text(transfer.mode, "bold"),
            Text(one_line(transfer.city)),
            Text(minutes(transfer.minutes), "dim"),
            Text(price, justify="right"),
        )
    if table.row_count:
        yield table


def _cost(result: TurnResult) -> Iterable[RenderableType]:
    if result.plan is None:
        return
    cost = result.plan.cost
    table = _table()
    for item in cost.items:
        table.add_row(Text(one_line(item.label)), Text(money(item.amount, item.currency), justify="right"))
    total = Text(money(cost.total, cost.currency), "bold green", justify="right")
    table.add_row(Text("Total", "bold"), total, Text(_budget(result, result.plan), "dim"))
    yield table


def _budget(result: TurnResult, plan: Plan) -> str:
    budget = result.request.budget if result.request else None
    if budget is None or budget.currency != plan.cost.currency:
        return ""
    scope = " a person" if budget.scope == "per_person" else ""
    return f"of {money(budget.amount, budget.currency)}{scope}"


def _weather(result: TurnResult) -> Iterable[RenderableType]:
    if result.weather is None or not result.weather.days:
        return
    highs = [each.tmax_c for each in result.weather.days if each.tmax_c is not None]
    lows = [each.tmin_c for each in result.weather.days if each.tmin_c is not None]
    span = f"{min(lows):.0f} to {max(highs):.0f} °C" if highs and lows else ""
    rain = sum(each.precipitation_mm or 0 for each in result.weather.days)
    text = f"{days(*result.weather.period)}: {span}, {rain:.0f} mm of rain ({_source(result.weather)})"
    yield _labelled("Weather", Text(text))


def _source(weather: Weather) -> str:
    if weather.source == "climatology" and weather.years_averaged:
        return f"average of {count(weather.years_averaged, 'year')}"
    return weather.source


def _options(result: TurnResult) -> Iterable[RenderableType]:
    if not result.options:
        return
    table = _table()
    for option in result.options:
        climate = f"{option.climate.tmax_c_mean:.0f} °C" if option.climate else ""
        table.add_row(
            Text(one_line(option.destination), "bold"),
            Text(option.iata, "dim"),
            Text(climate),
            Text(money(option.total.amount, option.total.currency), justify="right"),
        )
    yield table


def _questions(result: TurnResult) -> Iterable[RenderableType]:
    for question in result.clarifications or ():
        yield Text(one_line(question.question), "bold")
        for place in question.candidates:
            where = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
            yield _bullet(where, place.iata or "")


def _why_not(result: TurnResult) -> Iterable[RenderableType]:
    if result.error is not None:
        yield Text(one_line(result.error.message), "red")
    for violation in result.violations or ():
        yield _bullet(violation.detail, style="red")
    for other in result.alternatives or ():
        parts = [days(other.depart, other.return_)] if other.depart and other.return_ else []
        parts += [money(other.total.amount, other.total.currency)] if other.total else []
        relaxes = f"gives up: {', '.join(other.relaxes)}" if other.relaxes else ""
        yield _labelled("Instead", Text(one_line(" · ".join([*parts, relaxes]).strip(" ·"))))


def _changes(result: TurnResult) -> Iterable[RenderableType]:
    if result.diff is not None and result.diff.changed:
        yield _labelled(
            "Changed", Text(one_line(", ".join(CHANGED.get(name, name) for name in result.diff.changed)))
        )


def _notes(result: TurnResult) -> Iterable[RenderableType]:
    lines = [_bullet(warning, mark="!", style="yellow") for warning in result.warnings]
    lines += [_bullet(assumption, style="dim") for assumption in result.assumptions]
    if lines:
        yield Group(*lines)


def _trip(result: TurnResult) -> Iterable[RenderableType]:
    if result.plan is not None and result.plan.trip_id is not None:
        command = one_line(f"{tripsage()} trip edit {result.plan.trip_id}")
        yield _labelled("Saved", Text.assemble((command, "cyan"), " opens it, also for others"))


SECTIONS = (
    _head, _legs, _stays, _cost, _options, _questions, _why_not, _changes, _weather, _notes, _trip,
)  # fmt: skip


def _table() -> Table:
    return Table(box=None, show_header=False, pad_edge=False, padding=(0, 3, 0, 0))


def _labelled(label: str, text: Text) -> Text:
    return Text.assemble((f"{label}  ", "bold"), text)


def _bullet(text: str, note: str = "", *, mark: str = "·", style: str = "") -> RenderableType:
    line = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    line.add_row(Text(mark, style), Text(clean(text), style), Text(note, "dim"))
    return Padding(line, (0, 0, 0, 0))
