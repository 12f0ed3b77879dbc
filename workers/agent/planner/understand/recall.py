"""A request as its result carries it, and back: what a follow-up starts from."""

from datetime import date

from app.contract.turn import PlaceRef, RequestSummary, TurnResult
from tools.places import Place, find_places
from workers.agent.planner.understand.constraints import value_of, wished, wishes_of
from workers.agent.planner.understand.model import (
    Language,
    Length,
    Stop,
    Understanding,
    When,
)
from workers.agent.planner.understand.words import WORDS

_BETWEEN, _BACK_BY, _ON = "depart_between:", "back_by:", "depart_on:"
_NIGHTS, _DAYS = "nights:", "days:"
_RETURN_TO = "return_to:"
TIMING = (_BETWEEN, _BACK_BY, _ON, _NIGHTS, _DAYS)
"""How the constraints begin that say when and how long."""

_CANDIDATE_NAMES = 100
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def summarised(asked: Understanding) -> RequestSummary:
    """What was understood, in the form of a result; what has no field of its own is a constraint."""
    fixed = asked.when if asked.when and asked.when.earliest == asked.when.latest else None
    back = None
    if fixed is not None and asked.length is not None and not asked.wishes.one_way:
        back = date.fromordinal(fixed.earliest.toordinal() + asked.length.nights)
    return RequestSummary(
        origin=place_ref(asked.origin) if asked.origin else None,
        destinations=[place_ref(stop.place, stop.nights) for stop in asked.stops],
        depart=fixed.earliest if fixed else None,
        return_=back,
        travellers=asked.party,
        budget=asked.budget,
        constraints=_constraints(asked),
        language=asked.language,
    )


def place_ref(place: Place, nights: int | None = None) -> PlaceRef:
    return PlaceRef(
        name=place.name,
        iata=place.iata,
        country=place.country,
        admin1=place.admin1 or None,
        nights=nights,
    )


def recalled(result: TurnResult | None) -> Understanding | None:
    """The request of an earlier turn; None where it had none that a trip could be made of."""
    request = result.request if result else None
    if request is None or request.travellers is None:
        return None
    said = request.constraints
    when, length = _timing(request, said)
    stops = [Stop(place, ref.nights) for ref in request.destinations if (place := place_of(ref)) is not None]
    return Understanding(
        asked="trip",
        language=_language(request.language),
        origin=place_of(request.origin) if request.origin else None,
        stops=tuple(stops),
        when=when,
        length=length,
        party=request.travellers,
        budget=request.budget,
        home=_home(value_of(said, _RETURN_TO)),
        wishes=wishes_of(said, (*TIMING, _RETURN_TO)),
    )


def _constraints(asked: Understanding) -> list[str]:
    when, length = asked.when, asked.length
    constraints: list[str] = []
    if when is not None and when.earliest != when.latest:
        constraints.append(f"{_BETWEEN}{when.earliest.isoformat()}..{when.latest.isoformat()}")
        constraints += [f"{_ON}{_WEEKDAYS[when.weekday]}"] if when.weekday is not None else []
        constraints += [f"{_BACK_BY}{when.back_by.isoformat()}"] if when.back_by else []
    if length is not None:
        in_days = length.counted == "days"
        constraints.append(f"{_DAYS}{length.nights + 1}" if in_days else f"{_NIGHTS}{length.nights}")
    constraints += [f"{_RETURN_TO}{asked.home.iata} {asked.home.name}"] if asked.home else []
    return [*constraints, *wished(asked.wishes)]


def _home(said: str | None) -> Place | None:
    """The place of a code and the name that the user gave it."""
    code, _, name = (said or "").partition(" ")
    places = find_places(code) if code else []
    return places[0]._replace(name=name) if places else None


def _timing(request: RequestSummary, said: list[str]) -> tuple[When | None, Length | None]:
    when = When(request.depart, request.depart) if request.depart else None
    window = value_of(said, _BETWEEN)
    if window:
        first, _, last = window.partition("..")
        back_by = value_of(said, _BACK_BY)
        when = When(
            date.fromisoformat(first),
            date.fromisoformat(last),
            weekday=_WEEKDAYS.index(on) if (on := value_of(said, _ON)) else None,
            back_by=date.fromisoformat(back_by) if back_by else None,
        )
    days, nights = value_of(said, _DAYS), value_of(said, _NIGHTS)
    length = Length(int(days) - 1, "days") if days else Length(int(nights)) if nights else None
    return when, length


def place_of(ref: PlaceRef) -> Place | None:
    """The very place, under the name that the user gave it."""
    for name in (ref.name[:_CANDIDATE_NAMES], ref.iata or ""):
        for place in find_places(name):
            if (place.iata, place.country) == (ref.iata, ref.country):
                return place._replace(name=ref.name)
    return None


def language_of(result: TurnResult | None) -> Language:
    """Of the turn before; English where there is none."""
    return _language(result.request.language) if result and result.request else "en"


def _language(code: str) -> Language:
    known: dict[str, Language] = {language: language for language in WORDS}
    return known.get(code, "en")
