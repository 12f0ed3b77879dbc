"""A trip's history in a terminal: whose last change it is that `undo` takes back, and changes in words."""

from typing import Any

import pytest

from app.cli.trip.news import change_in_words
from app.cli.trip.past import last_of


def write(version: int, by: str = "alice", undoes: int | None = None) -> dict[str, Any]:
    return {"version": version, "previous": version - 1, "updated_by": by, "undoes": undoes}


@pytest.mark.parametrize(
    ("oldest_first", "version"),
    [
        ([write(1)], None),
        ([write(1), write(2), write(3, "bob")], 2),
        ([write(1), write(2), write(3), write(4, undoes=3)], 2),
        ([write(1), write(2), write(3, undoes=2)], None),
        ([write(1, "bob"), write(2, "bob")], None),
    ],
    ids=["the trip itself", "not another's", "before what is undone", "all undone", "none"],
)
def test_the_last_change_that_can_be_taken_back(
    oldest_first: list[dict[str, Any]], version: int | None
) -> None:
    assert last_of(oldest_first[::-1], "alice") == version


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("budget", 1, None), "set budget to nothing"),
        (("offers", [], ["a", "b"]), "set offers to a, b"),
        (("tags", ["a"], []), "set tags to nothing"),
        (("stops/s", None, {"id": "s", "name": "Porto"}), "added Porto to stops"),
        (("days/d", {"title": "A"}, {"title": "A", "notes": "x"}), "changed A in days"),
        (("custom/cost", {"total": 1}, {"total": 2}), "changed total 1 to total 2 in custom"),
        (("start_date", None, "2027-05-01"), "set start date to 2027-05-01"),
        (("name", "a", "b\x1b[31m\nc"), "set name to b[31m c"),
    ],
)
def test_a_change_in_words(change: tuple[str, Any, Any], words: str) -> None:
    assert change_in_words(*change) == words
