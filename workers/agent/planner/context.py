"""What a flow is given: the script that it writes, what is asked, and the voice that it speaks with."""

from datetime import date, datetime

from msgspec import Struct

from app.contract.turn import Option, TurnResult
from tools.results import GroundOption
from workers.agent.planner.script import Script
from workers.agent.planner.speak.voice import Voice
from workers.agent.planner.understand.model import Note, NoteCode, Understanding

WARNINGS: frozenset[NoteCode] = frozenset(
    {
        "quote_ignored",
        "cut_off",
        "wish_unchecked",
        "accessible_unknown",
        "meals_unpriced",
        "meals_missing",
        "ways_estimated",
        "stays_missing_by_land",
        "stays_missing",
        "party_split",
        "food_missing",
        "sights_failed",
        "far_ahead",
        "budget_soft_over",
        "nights_differ",
        "searches_failed",
        "weather_failed",
        "trip_left",
        "trip_deleted",
        "trip_closed",
        "trip_refused",
    }
)
"""The other notes are assumptions."""


class Flow(Struct, frozen=True):
    """`previous` is the turn that this one changes, if it does.

    `accepted_at` is UTC; `today` is the day of the request, which may be set apart from it.
    """

    script: Script
    voice: Voice
    asked: Understanding
    today: date
    accepted_at: datetime
    previous: TurnResult | None
    ways: dict[int, tuple[GroundOption, ...]] = {}
    """How each hop can be made other than by air, by its number; 0 is the one from home to the first stop."""

    rails: dict[int, tuple[GroundOption, ...]] = {}
    """The same, for every hop, where a train may do better than the flights; else empty."""

    options: tuple[Option, ...] = ()
    """The places that were compared, where it was left open where to go; the chosen one first."""

    def assumptions(self) -> list[str]:
        return [self.voice.note(note) for note in self.asked.notes if note.code not in WARNINGS]

    def warnings(self, *more: Note) -> list[str]:
        return [self.voice.note(note) for note in (*self.asked.notes, *more) if note.code in WARNINGS]

    def say_lines(self, *lines: str) -> None:
        self.script.say("".join(f"{line}\n" for line in lines))
