"""What a message was understood to ask, before anything is searched for.

Nothing here is text for a reader: notes and questions are codes with typed values, and `speak` words them.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.contract.turn import Budget, Money, Travellers
from tools.places import Place

Language = Literal["en", "de", "fr", "es", "ja"]
Cabin = Literal["economy", "premium_economy", "business", "first"]
Mode = Literal["train", "bus", "ferry", "car"]
RoomKind = Literal["single", "double", "triple", "family", "suite", "apartment"]
Sight = Literal["museum", "church", "hiking"]
Pace = Literal["relaxed", "full"]
Climate = Literal["warm", "cold"]
Kept = Literal["flights", "stays"]
Topic = Literal["entry", "health", "opening", "thanks", "greeting"]
Amenity = Literal[
    "wifi",
    "breakfast",
    "pool",
    "parking",
    "gym",
    "spa",
    "kitchen",
    "air_conditioning",
    "pets",
    "family_rooms",
]
"""Of a house, under the names that `accommodation_search` takes; likewise those below, of `activity_search`."""

Diet = Literal["vegetarian", "vegan", "halal", "kosher", "gluten_free"]
Cuisine = Literal[
    "regional",
    "american",
    "chinese",
    "french",
    "greek",
    "indian",
    "italian",
    "japanese",
    "korean",
    "lebanese",
    "mexican",
    "pizza",
    "portuguese",
    "seafood",
    "spanish",
    "sushi",
    "tapas",
    "thai",
    "turkish",
    "vietnamese",
]
CABINS: tuple[Cabin, ...] = ("economy", "premium_economy", "business", "first")
Asked = Literal["trip", "weather", "opening", "exchange", "other"]
Value = str | int | date | Decimal | Money | Place | tuple[Place, ...]

NoteCode = Literal[
    "assumed_adults",
    "assumed_child_ages",
    "assumed_length",
    "assumed_total_budget",
    "assumed_currency",
    "assumed_place",
    "assumed_islands",
    "assumed_cities",
    "assumed_stop_nights",
    "chosen_place",
    "chosen_of",
    "length_over_dates",
    "accessible_unknown",
    "meals_unpriced",
    "meals_missing",
    "ways_estimated",
    "stays_missing_by_land",
    "assumed_date_order",
    "assumed_split",
    "assumed_shorter",
    "assumed_room",
    "dates_over_length",
    "season_north",
    "kept_before",
    "days_around",
    "assumed_origin",
    "quote_ignored",
    "cut_off",
    "wish_unchecked",
    "stays_missing",
    "party_split",
    "food_missing",
    "sights_failed",
    "far_ahead",
    "budget_soft_over",
    "nights_differ",
    "searches_failed",
    "weather_failed",
    "rail_better",
    "rail_alone",
    "trip_left",
    "trip_deleted",
    "trip_closed",
    "trip_refused",
]
QuestionCode = Literal[
    "origin_missing",
    "destination_missing",
    "destination_open",
    "dates_missing",
    "place_ambiguous",
    "place_unknown",
    "date_invalid",
    "return_before_departure",
    "length_does_not_fit",
    "too_short_for_stops",
    "nights_do_not_add_up",
    "same_place",
    "party_too_large",
    "infants_over_adults",
    "adults_too_few",
    "adult_missing",
    "weather_place_missing",
    "nonstop_with_stop",
]


class Note(Struct, frozen=True):
    """Something that the user should know: an assumption or a warning."""

    code: NoteCode
    values: dict[str, Value] = {}


class Question(Struct, frozen=True):
    """Something that only the user can settle; `field` is the part of the request that it is about."""

    field: str
    code: QuestionCode
    values: dict[str, Value] = {}
    candidates: tuple[Place, ...] = ()


class Length(Struct, frozen=True):
    """How long: `days` counts calendar days, both ends included; `nights` counts nights at the place."""

    nights: int
    counted: Literal["days", "nights"] = "nights"


class When(Struct, frozen=True):
    """The days on which the trip may begin, both included.

    `weekday` (Monday is 0) leaves only such days; `back_by` is the last day on which it may end.
    """

    earliest: date
    latest: date
    weekday: int | None = None
    back_by: date | None = None

    def departures(self, nights: int) -> list[date]:
        """Every day on which a trip of so many nights can begin."""
        latest = self.latest
        if self.back_by is not None:
            latest = min(latest, self.back_by - timedelta(nights))
        days = (self.earliest + timedelta(n) for n in range((latest - self.earliest).days + 1))
        return [day for day in days if self.weekday is None or day.weekday() == self.weekday]


class Stop(Struct, frozen=True):
    """A place to be in; `nights` is None where the user left them open."""

    place: Place
    nights: int | None = None


class Rejection(Struct, frozen=True):
    """Why the request cannot be taken as it stands: it lies in the past. `again` are later dates for it."""

    code: Literal["date_in_past"]
    earliest: date
    latest: date
    again: tuple[tuple[date, date], ...]


class OpenPlace(Struct, frozen=True):
    """Anywhere, or in a country (two-letter code); wherever it is warm or cold at the time, if that was said."""

    climate: Climate | None = None
    country: str | None = None


class Exchange(Struct, frozen=True):
    amount: Decimal
    currency: str
    into: str


class Wishes(Struct, frozen=True, kw_only=True):
    """What else was asked. `unchecked` are wishes that this planner cannot look after.

    `modes` are the ways over land and water that are wanted; without any, all but the car are.
    """

    max_stops: int | None = None
    cabin: Cabin | None = None
    no_flights: bool = False
    by_air: bool = False
    one_way: bool = False
    modes: tuple[Mode, ...] = ()
    there_by: Mode | None = None
    home_by: Mode | None = None
    """How to go to the first place and home from the last, where the other of the two is flown."""

    between_by: Mode | None = None

    no_driving: bool = False
    accessible: bool = False
    amenities: tuple[Amenity, ...] = ()
    stars: int | None = None
    rooms: int | None = None
    room_kind: RoomKind | None = None
    diets: tuple[Diet, ...] = ()
    cuisines: tuple[Cuisine, ...] = ()
    pace: Pace | None = None
    hours: tuple[str, ...] = ()
    """As `find_hours` gives them."""

    avoid: tuple[str, ...] = ()
    """Kinds of sights, or names of some, that are left out."""

    unchecked: tuple[str, ...] = ()

    @property
    def eats(self) -> bool:
        """Whether it was said what to eat."""
        return bool(self.diets or self.cuisines)


class Understanding(Struct, frozen=True, kw_only=True):
    asked: Asked
    language: Language
    origin: Place | None = None
    stops: tuple[Stop, ...] = ()
    home: Place | None = None
    """Where it ends, if not where it begins."""

    when: When | None = None
    length: Length | None = None
    party: Travellers
    budget: Budget | None = None
    wishes: Wishes = Wishes()
    exchange: Exchange | None = None
    unknown: str | None = None
    """A name that stands where a place to go to would, and is none that is known."""

    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    rejection: Rejection | None = None
    cheaper_than: Money | None = None
    """What the plan before this one cost, where a cheaper one is asked for."""

    continues: bool = False
    """Whether it changes the plan before it."""

    keep: frozenset[Kept] = frozenset()
    """What of the plan before must stay the very same."""

    better_stay: bool = False
    other_stay: bool = False
    """Whether the rooms have to be better than those of the plan before."""

    open_place: OpenPlace | None = None
    """Where it was left to the planner where to go."""

    topic: Topic | None = None
    named: tuple[str, ...] = ()
    """The words that may name what is asked about, as `words_of` writes them."""

    @property
    def ends_at(self) -> Place | None:
        """Where one comes home to."""
        return self.home or self.origin

    @property
    def nights(self) -> int:
        """Nights in all; 0 where nothing is known of them."""
        return self.length.nights if self.length else 0
