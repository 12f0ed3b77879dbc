"""What a trip is made of: its fields, their limits, and what may be asked of them over REST.

A trip is versioned by field. Items of `stops`, `days`, `activities` and `custom` are fields of their own,
named `stops/ID`; `destinations` is the list of the stops' names.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from app.contract.commands import FieldName, PlainValue
from app.contract.events.base import Permission
from app.contract.ids import COLLABORATOR_ID_PATTERN, ClientId

MAX_ITEMS = 500
"""Items of all lists of a trip together."""
MAX_CHANGES = 100
"""Fields that one write may name."""
MAX_TRIP_BYTES = 48 * 1024
"""All values of a trip as JSON, so that an update with the whole trip and both sides of each change fits a frame."""
MAX_COLLABORATORS = 100
MAX_POSITION = 1e12
"""So that there is a place behind any item."""
MAX_AMOUNT = Decimal(10) ** 12

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=32_768)]
Label = Annotated[str, Meta(min_length=1, max_length=64)]
Amount = Annotated[Decimal, Meta(description="0 or more, in the trip's currency.")]
Position = Annotated[
    float | None,
    Meta(description="Where it stands among its like, smallest first; without it, at the end."),
]
LocalTime = Annotated[dt.time, Meta(tz=False, description="Of the place, without a zone.")]
CountryCode = Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")]
AirportCode = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")]
CurrencyCode = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)", description="ISO 4217.")]
UserId = Annotated[
    str, Meta(pattern=COLLABORATOR_ID_PATTERN, description="The user; or the agent, `agent:planner`.")
]
ItemId = Annotated[ClientId, Meta(description="Names it within its list: the field is `stops/ID`.")]
Version = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Strategy = Literal["reject", "server-wins", "client-wins", "merge"]


EpochSeen = Annotated[
    Annotated[str, Meta(max_length=64)] | None,
    Meta(
        description="The epoch of the trip's stream that the versions are of: after a loss of history they are "
        "of another trip, and a write on them is refused with `details.resync`.",
    ),
]


class Item(Struct, kw_only=True, forbid_unknown_fields=True):
    """What all keyed items share."""

    id: ItemId
    position: Position = None


class Stop(Item, kw_only=True):
    """A place that the trip goes to."""

    name: Name
    iata: AirportCode | None = None
    country: CountryCode | None = None
    arrive: dt.date | None = None
    leave: dt.date | None = None


class Day(Item, kw_only=True):
    """A day of the itinerary."""

    date: dt.date | None = None
    title: Annotated[str, Meta(max_length=200)] = ""
    notes: Text = ""


class Activity(Item, kw_only=True):
    """Something to do."""

    name: Name
    day: Annotated[ClientId | None, Meta(description="The day of the itinerary, by its id.")] = None
    starts: LocalTime | None = None
    ends: LocalTime | None = None
    place: Annotated[str, Meta(max_length=200)] = ""
    cost: Amount | None = None
    notes: Text = ""


class Trip(Struct, kw_only=True, forbid_unknown_fields=True):
    """A whole trip, to create one or to replace what is there."""

    name: Name
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    travellers: Annotated[int, Meta(ge=1, le=99)] = 1
    budget: Amount | None = None
    currency: CurrencyCode = "EUR"
    notes: Text = ""
    tags: Annotated[list[Label], Meta(max_length=50, description="Each once.")] = []
    offers: Annotated[
        list[Label], Meta(max_length=100, description="Ids of offers of a turn's plan, each once.")
    ] = []
    destinations: Annotated[
        Annotated[list[Name], Meta(max_length=MAX_ITEMS)] | UnsetType,
        Meta(description="The stops' names; `stops` says more."),
    ] = UNSET
    stops: Annotated[list[Stop], Meta(max_length=MAX_ITEMS)] | UnsetType = UNSET
    days: Annotated[list[Day], Meta(max_length=MAX_ITEMS)] = []
    activities: Annotated[list[Activity], Meta(max_length=MAX_ITEMS)] = []
    custom: Annotated[
        dict[ClientId, PlainValue], Meta(max_length=MAX_ITEMS, description="Fields of your own.")
    ] = {}


class NewTrip(Trip, kw_only=True):
    """A trip to create; with an id of your own, asking again is harmless."""

    id: ClientId | None = None


class PastTrip(Struct, kw_only=True):
    """A trip as it stood after one of its writes."""

    id: str
    name: str
    start_date: dt.date | None
    end_date: dt.date | None
    travellers: int
    budget: Decimal | None
    currency: str
    notes: str
    tags: list[str]
    offers: list[str]
    destinations: list[str]
    stops: list[Stop]
    days: list[Day]
    activities: list[Activity]
    custom: dict[str, Any]
    version: Annotated[int, Meta(description="`seq` of its last write in the trip's stream.")]


class TripState(PastTrip, kw_only=True):
    """A trip as it stands."""

    field_versions: Annotated[dict[str, int], Meta(description="Each field's `seq` of its last write.")]


class Change(Struct, kw_only=True, forbid_unknown_fields=True):
    """One field to write. Without a base the last writer wins; null removes an item."""

    field: FieldName
    value: Annotated[Raw, Meta(description="Any JSON value that the field may have.")]
    base_version: Annotated[
        Version | UnsetType,
        Meta(
            description="The field's version that you saw, or the trip's; 0 for an item that was not there."
        ),
    ] = UNSET
    old_value: Annotated[
        Raw | UnsetType, Meta(description="The value that you saw: another way to say the base.")
    ] = UNSET


class Mutation(Struct, kw_only=True, forbid_unknown_fields=True):
    """Changes that are applied all or not at all."""

    changes: Annotated[list[Change], Meta(min_length=1, max_length=MAX_CHANGES)]
    reads: Annotated[
        dict[str, Version],
        Meta(max_length=MAX_CHANGES, description="Fields that the changes rest on, and the versions seen."),
    ] = {}
    mutation_id: Annotated[
        ClientId | None, Meta(description="Your own id of the write: a repeat has no second effect for 24 h.")
    ] = None
    client_id: Annotated[ClientId | None, Meta(description="Which of your clients writes.")] = None
    strategy: Annotated[Strategy, Meta(description="What to do about a conflict.")] = "reject"
    epoch: EpochSeen = None


class Written(Struct, kw_only=True):
    """A write's answer; the same for each repeat."""

    trip_id: str
    mutation_id: str
    version: Annotated[int, Meta(description="The trip's version after the write.")]
    written: Annotated[list[str], Meta(description="The fields that it changed; each has this version.")]


class Duplicate(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What the new trip is to be; with an id of your own, asking again is harmless."""

    id: ClientId | None = None
    name: Annotated[Name | None, Meta(description="Without it, that of the trip.")] = None


class PastChange(Struct, kw_only=True):
    """One field of a write; null where an item was not there, before or after."""

    field: str
    old_value: Annotated[Raw, Meta(description="Before the write.")]
    new_value: Annotated[Raw, Meta(description="After it.")]


class PastWrite(Struct, kw_only=True):
    """A write of a trip, as its history tells it."""

    version: Annotated[int, Meta(description="The trip's version after the write.")]
    previous: Annotated[int, Meta(description="And before it; 0 where it made the trip.")]
    updated_by: Annotated[str, Meta(description="Who wrote.")]
    timestamp: Annotated[dt.datetime, Meta(description="When.")]
    changes: list[PastChange]
    undoes: Annotated[int | None, Meta(description="The version whose write it takes back.")] = None
    mutation_id: str | None = None
    client_id: str | None = None


class TripHistory(Struct, kw_only=True):
    """A page of a trip's writes, newest first."""

    writes: list[PastWrite]
    before: Annotated[
        int | None, Meta(description="Ask with this for the writes before; null where none is kept.")
    ]


class Undo(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which write to take back."""

    version: Annotated[Version, Meta(description="The version that the write made.")]
    mutation_id: Annotated[ClientId | None, Meta(description="Your own id of this write.")] = None
    client_id: Annotated[ClientId | None, Meta(description="Which of your clients writes.")] = None
    epoch: EpochSeen = None


class Resolution(Struct, kw_only=True, forbid_unknown_fields=True):
    """How to settle a conflict, against the version that you saw."""

    strategy: Literal["server-wins", "client-wins", "manual", "merge"]
    base_version: Version
    value: Annotated[Raw | UnsetType, Meta(description="What is to stand, with `manual`.")] = UNSET
    epoch: EpochSeen = None


class CollaboratorOrder(Struct, kw_only=True, forbid_unknown_fields=True):
    """What somebody may do: `read`; `read`, `write`; or `read`, `write`, `admin`."""

    permissions: Annotated[list[Permission], Meta(min_length=1, max_length=3)]


class NewCollaborator(CollaboratorOrder, kw_only=True):
    """Whom to share with."""

    user_id: UserId


class CollaboratorState(Struct, kw_only=True):
    """Somebody who may open the trip."""

    user_id: str
    permissions: list[Permission]
    owner: bool = False


class CollaboratorList(Struct, kw_only=True):
    collaborators: list[CollaboratorState]


class TripSummary(Struct, kw_only=True):
    """A trip in a list."""

    id: str
    name: str
    start_date: dt.date | None
    end_date: dt.date | None
    version: int
    permissions: list[Permission]
    owner: bool


class TripList(Struct, kw_only=True):
    """A page of the trips, those that came last first."""

    trips: list[TripSummary]
    after: Annotated[
        str | None, Meta(description="Ask with this for the trips after; null at the end of the list.")
    ]
