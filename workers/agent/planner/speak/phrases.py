"""What a language has to say. `{names}` in a text are filled in by `Voice.fill`."""

from msgspec import Struct

from workers.agent.planner.understand.model import Cabin, NoteCode, QuestionCode, Topic


class Phrases(Struct, frozen=True, kw_only=True):
    locale: str
    day: str
    """A day of the year as a CLDR pattern."""

    day_of_year: str
    """The same with its year."""

    counts: dict[str, tuple[str, str]]
    """Nouns with a number before them: for one, and for any other number."""

    and_: str
    or_: str
    hours: str
    minutes: str

    # The request as it was understood
    length_in_days: str
    leaving_on: str
    leaving_between: str
    from_to: str
    child_ages: str
    at_most: str
    at_most_each: str
    about: str
    about_each: str
    nonstop: str
    at_most_stops: str
    cabins: dict[Cabin, str]
    no_flights: str
    travel_hours: dict[str, str]
    """By the hour codes of a request; `{at}` is the time."""

    access_unknown: str
    one_way: str
    assumed: str

    # Flights
    flights: str
    out: str
    back: str
    onward: str
    leg: str
    best_of: str
    cheapest_of: str

    # Stays
    stays: str
    stay_line: str

    # Cost
    cost: str
    total_for: str
    left_of_budget: str
    saved: str
    converted_at: str

    # Weather
    weather: str
    forecast: str
    climate: str
    measured: str
    rain: str

    # Days
    days: str
    on_the_way: str
    arrive: str
    stay: str
    leave: str
    transfer: str
    modes: dict[str, str]
    closing: str
    changed: str
    fields: dict[str, str]

    journey: str
    options: str
    option: str
    option_anywhere: str
    wishes: dict[str, str]
    """What a room was to have, by the names of the solver's conditions."""

    # Where there is no plan
    cannot: str
    violations: dict[str, str]
    instead: str
    alternative: str
    relaxes: dict[str, str]
    in_the_past: str
    again: str
    one_question: str
    candidates: str
    capabilities: str
    topics: dict[Topic, str]
    opening: dict[str, str]
    exchange: str
    failed: dict[str, str]
    try_again: str
    not_again: str

    # What the user sees being done
    tasks: dict[str, str]
    task_descriptions: dict[str, str]
    statuses: dict[str, str]

    notes: dict[NoteCode, str]
    questions: dict[QuestionCode, str]
