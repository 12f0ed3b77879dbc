"""What is missing from a request: assumed where that is harmless and can be said, else asked for."""

from msgspec import structs

from tools.places import Place, places_like
from workers.agent.planner.understand.model import Length, Note, Question, Stop, Understanding, When
from workers.agent.planner.understand.timing import ASSUMED_NIGHTS

SEATS_A_BOOKING = 9
"""Airlines sell at most so many seats in one booking."""
MAX_PEOPLE = 36
"""What a flight search takes: four bookings."""
_ASSUMED_NIGHTS_A_STOP = 3


def complete(asked: Understanding) -> Understanding:
    """A trip that can be planned, or one with the questions that stand in the way."""
    notes, questions = [*asked.notes], [*asked.questions]
    fields = {question.field for question in questions}
    if not asked.stops and not asked.open_place and "destination" not in fields:
        questions.append(_where_to(asked))
    if asked.origin is not None and "destination" not in fields:
        questions += _going_nowhere(asked.origin, asked.stops)
    if asked.origin is None and "origin" not in fields:
        questions.append(Question("origin", "origin_missing"))
    if asked.when is None and asked.rejection is None and "dates" not in fields:
        questions.append(Question("dates", "dates_missing"))
    questions += _party_questions(asked)
    length = _length(asked, notes)
    unsettled = any((each.field, each.code) == ("destination", "place_ambiguous") for each in questions)
    stops = _shared(asked.stops, length.nights, notes) if length and not unsettled else asked.stops
    if length is not None and stops is None:
        questions.append(_too_short(asked, length))
    when = _with_room(asked.when, length, notes)
    return structs.replace(
        asked,
        length=length,
        when=when,
        stops=stops or asked.stops,
        notes=tuple(notes),
        questions=tuple(questions),
    )


def _where_to(asked: Understanding) -> Question:
    if asked.unknown is not None:
        alike = tuple(places_like(asked.unknown))
        return Question("destination", "place_unknown", {"written": asked.unknown}, alike)
    return Question("destination", "destination_missing")


def _going_nowhere(origin: Place, stops: tuple[Stop, ...]) -> list[Question]:
    if all((stop.place.iata, stop.place.country) != (origin.iata, origin.country) for stop in stops):
        return []
    return [Question("destination", "same_place", {"place": origin})]


def _party_questions(asked: Understanding) -> list[Question]:
    party = asked.party
    if party.count > MAX_PEOPLE:
        return [Question("travellers", "party_too_large", {"people": party.count, "most": MAX_PEOPLE})]
    if party.adults == 0:
        return [Question("travellers", "adult_missing")]
    if party.infants > party.adults:
        return [Question("travellers", "infants_over_adults")]
    bookings = -(-party.count // SEATS_A_BOOKING)
    if party.adults < bookings and not asked.wishes.no_flights:
        return [Question("travellers", "adults_too_few", {"people": party.count, "bookings": bookings})]
    return []


def _length(asked: Understanding, notes: list[Note]) -> Length | None:
    if asked.wishes.one_way and len(asked.stops) < 2:
        return None
    length = asked.length
    dated = asked.when is not None and not any(question.field == "dates" for question in asked.questions)
    if length is None and dated:
        nights = ASSUMED_NIGHTS if len(asked.stops) < 2 else _ASSUMED_NIGHTS_A_STOP * len(asked.stops)
        length = Length(nights)
        notes.append(Note("assumed_length", {"nights": nights}))
    return length


def _with_room(when: When | None, length: Length | None, notes: list[Note]) -> When | None:
    """Without an end that the length, assumed or changed since, does not keep."""
    if when is None or length is None or when.back_by is None or when.departures(length.nights):
        return when
    notes.append(Note("assumed_room"))
    return structs.replace(when, back_by=None)


def _shared(stops: tuple[Stop, ...], nights: int, notes: list[Note]) -> tuple[Stop, ...] | None:
    """Every stop with its nights, the open ones shared evenly; None where there are too few."""
    open_stops = [stop for stop in stops if stop.nights is None]
    left = nights - sum(stop.nights or 0 for stop in stops)
    if len(stops) == 1:
        return (structs.replace(stops[0], nights=nights),)
    if not open_stops:
        return stops
    if left < len(open_stops):
        return None
    notes.append(Note("assumed_split"))
    share, rest = divmod(left, len(open_stops))
    shared: list[Stop] = []
    for stop in stops:
        if stop.nights is None:
            shared.append(structs.replace(stop, nights=share + (rest > 0)))
            rest -= 1
        else:
            shared.append(stop)
    return tuple(shared)


def _too_short(asked: Understanding, length: Length) -> Question:
    return Question("nights", "too_short_for_stops", {"nights": length.nights, "places": len(asked.stops)})
