"""What is typed at the prompt of a trip."""

from typing import Any

import pytest

from app.cli.trip.orders import HELP, NotUnderstood, Say, Settle, Write, read_order, typed

TRIP: dict[str, Any] = {"tags": ["food"], "stops": [{"id": "s1", "name": "Lisbon"}], "activities": []}


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("name  Spring in Lisbon ", Write({"name": "Spring in Lisbon"})),
        ("notes", Write({"notes": ""})),
        ("Budget 3500", Write({"budget": 3500})),
        ("budget 99.5", Write({"budget": 99.5})),
        ("budget", Write({"budget": None})),
        ("dates 2027-05-01 – 2027-05-06", Write({"start_date": "2027-05-01", "end_date": "2027-05-06"})),
        ("dates", Write({"start_date": None, "end_date": None})),
        ("stop add Porto", Write({"stops/new": {"id": "new", "name": "Porto"}})),
        ("stop drop lisbon", Write({"stops/s1": None})),
        ("tag add sea", Write({"tags": ["food", "sea"]})),
        ("tag drop food", Write({"tags": []})),
        ("mine", Settle("client-wins")),
        ("theirs", Settle("server-wins")),
        ("keep 3350", Settle("manual", "3350")),
        ("undo", Say("undo")),
    ],
)
def test_an_order_is_understood(line: str, order: object):
    assert read_order(line, TRIP, lambda: "new") == order


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("fly to the moon", "“fly” is nothing that can be done here"),
        ("budget lots", "budget takes a number"),
        ("budget inf", "budget takes a number"),
        ("budget nan", "budget takes a number"),
        ("dates tomorrow", "dates takes two days"),
        ("stop drop Porto", "There is no Porto among the stops"),
        ("stop Lisbon", "“add” or “drop”"),
    ],
)
def test_what_is_not_understood_says_what_would_be(line: str, says: str):
    with pytest.raises(NotUnderstood, match=says):
        read_order(line, TRIP, lambda: "new")


def test_help_fits_a_terminal_of_eighty_columns():
    assert max(map(len, HELP.splitlines())) <= 80


def test_a_kept_value_has_the_type_of_its_field():
    assert (typed("budget", "3350"), typed("name", "3350")) == (3350, "3350")
    with pytest.raises(NotUnderstood, match="mine or theirs"):
        typed("stops/s1", "Porto")
