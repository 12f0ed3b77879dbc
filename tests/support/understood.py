"""An understanding in one line, so that a table of requests can be read."""

from workers.agent.planner.understand.constraints import wished
from workers.agent.planner.understand.model import Understanding


def in_one_line(asked: Understanding) -> str:
    """`en trip BER > LIS:4 | 2027-05-01..2027-05-10 | 2 | 1500 EUR | nonstop | ?origin_missing`."""
    parts = [f"{asked.language} {asked.asked}"]
    if asked.asked == "exchange" and asked.exchange is not None:
        return f"{parts[0]} {asked.exchange.amount} {asked.exchange.currency} > {asked.exchange.into}"
    if asked.asked == "other":
        return parts[0]
    if asked.asked == "trip" or asked.stops:
        parts[0] += f" {_route(asked)}"
    parts += [_when(asked), _party(asked), _budget(asked), _wishes(asked)]
    parts += ["past"] if asked.rejection else []
    parts += [f"?{question.code}" for question in asked.questions]
    return " | ".join(part for part in parts if part)


def _route(asked: Understanding) -> str:
    origin = [asked.origin.iata] if asked.origin else [] if asked.asked == "weather" else ["?"]
    stops = [
        stop.place.iata if stop.nights is None else f"{stop.place.iata}:{stop.nights}" for stop in asked.stops
    ]
    return " > ".join([*origin, *(stops or [_anywhere(asked)])])


def _anywhere(asked: Understanding) -> str:
    where = asked.open_place
    if where is None:
        return "?"
    return " ".join(filter(None, ["anywhere", where.climate, where.country]))


def _when(asked: Understanding) -> str:
    when = asked.when
    if when is None:
        return ""
    days = when.departures(asked.nights) or [when.earliest, when.latest]
    friday = " fri" if when.weekday == 4 else ""
    return (f"{days[0]}..{days[-1]}" if days[0] != days[-1] else f"{days[0]}") + friday


def _party(asked: Understanding) -> str:
    if asked.asked != "trip":
        return ""
    party = asked.party
    ages = f" + {','.join(map(str, party.child_ages))}y" if party.child_ages else ""
    return f"{party.adults}{ages}" + (f" + {party.infants} infant" if party.infants else "")


def _budget(asked: Understanding) -> str:
    budget = asked.budget
    if budget is None:
        return ""
    each = " each" if budget.scope == "per_person" else ""
    return f"{'' if budget.hard else '~'}{budget.amount} {budget.currency}{each}"


def _wishes(asked: Understanding) -> str:
    wishes = asked.wishes
    stops = {None: "", 0: "nonstop"}.get(wishes.max_stops, f"max {wishes.max_stops} stop")
    words = [stops, wishes.cabin or "", "no flights" * wishes.no_flights, "one way" * wishes.one_way]
    flying = (
        f"max_stops:{wishes.max_stops}",
        "nonstop",
        f"cabin:{wishes.cabin}",
        "no_flights",
        "one_way",
        "by_air",
    )
    return ", ".join([word for word in words if word] + [one for one in wished(wishes) if one not in flying])
