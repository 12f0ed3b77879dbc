"""Passengers as people write them, and what is taken for none."""

from collections.abc import Sequence
from datetime import date

import pytest

from workers.agent.planner.hold.details import read_passengers
from workers.agent.planner.understand.model import Language

ADA = "Ms Ada Lovelace, 1985-12-10, ada@example.com, +44 20 7946 0958"


@pytest.mark.parametrize(
    ("content", "language"),
    [
        (ADA, "en"),
        ("ms ada lovelace ada@example.com +44.20.7946.0958, 10 December 1985", "en"),
        ("Ms. Ada Lovelace, born on December 10th, 1985, +442079460958, ada@example.com", "en"),
        ("Frau Ada Lovelace, geboren am 10.12.1985, ada@example.com, +44 20 7946 0958", "de"),
        ("Frau Ada Lovelace, 10. Dezember 1985, ada@example.com, +44 (20) 7946-0958", "de"),
        ("Mme Ada Lovelace, née le 10/12/1985, ada@example.com, +44 20 7946 0958", "fr"),
        ("Madame Ada Lovelace, 10 décembre 1985, ada@example.com, +44 20 7946 0958", "fr"),
        ("Sra. Ada Lovelace, 10 de diciembre de 1985, ada@example.com, +44 20 7946 0958", "es"),
        ("Ms Ada Lovelace 1985年12月10日 ada@example.com +44 20 7946 0958", "ja"),
    ],
)
def test_a_passenger_is_read_as_people_write_them(content: str, language: Language) -> None:
    (one,) = read_passengers(content, language)
    assert one.named is not None, one
    assert (one.named.given_name.title(), one.named.family_name.title()) == ("Ada", "Lovelace")
    assert (one.named.gender, one.named.born_on) == ("f", date(1985, 12, 10))
    assert (one.named.email, one.named.phone_number) == ("ada@example.com", "+442079460958")


def test_several_passengers_may_stand_in_one_line() -> None:
    line = f"{ADA} and Dr Charles Babbage, male, 1981-12-26; M. Jean-Luc d'Arc 1990-01-02"
    found = read_passengers(line, "en")
    assert _names(found) == [("Ada", "Lovelace"), ("Charles", "Babbage"), ("Jean-Luc", "d'Arc")]
    assert [one.named.title for one in found if one.named] == ["ms", "dr", "mr"]


def _names(found: Sequence[object]) -> list[tuple[str, str]]:
    return [(one.named.given_name, one.named.family_name) for one in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "content", ["", "make it cheaper", "I miss the sea", "x" * 10_000, "Ms", "\x00Ms \x00"]
)
def test_what_names_nobody_names_nobody_in_full(content: str) -> None:
    assert all(one.named is None for one in read_passengers(content, "en"))
