"""The request read back to the user, in one line."""

from app.contract.turn import Budget, Money, Travellers
from workers.agent.planner.speak.voice import Voice
from workers.agent.planner.understand.constraints import of_rooms
from workers.agent.planner.understand.hours import bounds_of
from workers.agent.planner.understand.model import Understanding, When


def brief(voice: Voice, asked: Understanding) -> str:
    """`**Berlin → Lisbon** · 5 days (4 nights) · leaving … · 2 adults · at most €1,500`."""
    parts = [
        f"**{route(asked)}**",
        _length(voice, asked),
        _when(voice, asked),
        party(voice, asked.party),
        _budget(voice, asked.budget) if asked.budget else "",
        *_wishes(voice, asked),
    ]
    return " · ".join(part for part in parts if part)


def route(asked: Understanding) -> str:
    """From where to where; a question mark is what is not known yet."""
    stops = [stop.place.name for stop in asked.stops] or ["?"]
    ends = [asked.home.name] if asked.home else []
    return " → ".join([asked.origin.name if asked.origin else "?", *stops, *ends])


def party(voice: Voice, travellers: Travellers) -> str:
    parts = [voice.count("adults", travellers.adults)]
    if travellers.child_ages:
        parts.append(
            voice.fill(
                voice.phrases.child_ages,
                children=len(travellers.child_ages),
                ages=", ".join(map(str, travellers.child_ages)),
            )
        )
    if travellers.infants:
        parts.append(voice.count("infants", travellers.infants))
    return voice.joined(parts)


def _length(voice: Voice, asked: Understanding) -> str:
    if asked.length is None or asked.wishes.one_way:
        return ""
    if asked.length.counted == "nights":
        return voice.count("nights", asked.nights)
    return voice.fill(voice.phrases.length_in_days, days=asked.nights + 1, nights=asked.nights)


def _when(voice: Voice, asked: Understanding) -> str:
    when: When | None = asked.when
    if when is None:
        return ""
    days = when.departures(asked.nights) or [when.earliest, when.latest]
    if days[0] == days[-1]:
        return voice.fill(voice.phrases.leaving_on, depart=days[0])
    same_year = days[0].year == days[-1].year
    first = voice.day(days[0], year=not same_year)
    return voice.fill(voice.phrases.leaving_between, first=first, last=days[-1])


def _budget(voice: Voice, budget: Budget) -> str:
    phrases = voice.phrases
    templates = {
        (True, "total"): phrases.at_most,
        (True, "per_person"): phrases.at_most_each,
        (False, "total"): phrases.about,
        (False, "per_person"): phrases.about_each,
    }
    return voice.fill(templates[budget.hard, budget.scope], amount=Money(budget.amount, budget.currency))


def _wishes(voice: Voice, asked: Understanding) -> list[str]:
    phrases, wishes = voice.phrases, asked.wishes
    said: list[str] = []
    if wishes.max_stops is not None:
        said.append(
            voice.fill(phrases.at_most_stops, stops=wishes.max_stops) if wishes.max_stops else phrases.nonstop
        )
    if wishes.cabin is not None:
        said.append(phrases.cabins[wishes.cabin])
    said += [phrases.one_way] if wishes.one_way else []
    said += [phrases.modes[mode] for mode in wishes.modes]
    said += [f"→ {phrases.modes[wishes.there_by]}"] if wishes.there_by else []
    said += [f"← {phrases.modes[wishes.home_by]}"] if wishes.home_by else []
    said += [f"↔ {phrases.modes[wishes.between_by]}"] if wishes.between_by else []
    said += [phrases.no_flights] if wishes.no_flights and not wishes.modes else []
    said += hours_wished(voice, asked)
    return said + [wish(voice, asked, name) for name in sorted(of_rooms(wishes))]


def hours_wished(voice: Voice, asked: Understanding) -> list[str]:
    """At what times of day one wants to travel."""
    return [
        voice.fill(voice.phrases.travel_hours[f"{what}_{side}"], at=f"{at:%H:%M}")
        for what, side, at in bounds_of(asked.wishes.hours)
    ]


def wish(voice: Voice, asked: Understanding, name: str) -> str:
    """What a room was to have, in words."""
    return f"{asked.wishes.stars}★" if name == "stars" else voice.phrases.wishes[name]
