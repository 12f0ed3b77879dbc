"""No link leaves with an answer, however its text is cut; and nothing else is taken out of it."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workers.agent.links import REMOVED, LinkGuard, has_link, without_links

LINKS = [
    "https://attacker.example/?d=secret",
    "HTTP://attacker.example",
    "http:attacker.example/x",
    "//attacker.example/p.png",
    "\\\\attacker.example\\x",
    "/\\attacker.example",
    "www.attacker.example",
    "attacker.example/collect?d=1",
    "a.b-c.attacker.example?d=1",
    "javascript:fetch(1)",
    "mailto:eve@attacker.example",
    "data:text/html,x",
    "&#47;&#47;attacker.example/x",
    "&sol;&sol;attacker.example/x",
]
HARMLESS = [
    "",
    "Take the train at 10:05, it is 12.50 EUR.",
    "Zürich–Genf: 2 h 40 min and/or by bus (1/2 price).",
    "See St. Mark's, e.g. in the morning. Then: lunch!",
    "フライトは10:05発です。",
    "Whether, why, how; from A to B & back.",
]


def guarded(pieces: list[str]) -> str:
    guard = LinkGuard()
    shown = "".join([*map(guard.add, pieces), guard.rest()])
    assert shown == guard.text
    return shown


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(edges)]


@given(
    link=st.sampled_from(LINKS),
    before=st.sampled_from(["", "Look: ", "![x](", "[x]: ", "<a href=", "見て", "noch "]),
    places=st.lists(st.integers(0, 80), max_size=12),
)
@example(link="attacker.example/collect?d=1", before="", places=[8])
def test_no_link_comes_through_wherever_it_is_cut(link: str, before: str, places: list[int]) -> None:
    shown = guarded(cut(f"{before}{link} and more", places))
    assert not has_link(shown)
    assert REMOVED in shown
    assert shown.endswith("and more")
    assert "//" not in shown
    assert "secret" not in shown


@given(text=st.sampled_from(HARMLESS), places=st.lists(st.integers(0, 80), max_size=12))
def test_what_is_no_link_is_shown_as_it_is(text: str, places: list[int]) -> None:
    assert guarded(cut(text, places)) == text


@example(pieces=["aW", "s", ":4"])
@given(pieces=st.lists(st.text(alphabet="htps:/.wWa&#4;\\ é", max_size=6), max_size=10))
def test_cut_or_whole_a_text_holds_no_link_in_the_end(pieces: list[str]) -> None:
    assert not has_link(guarded(pieces))


def test_words_are_not_kept_back() -> None:
    guard = LinkGuard()
    assert guard.add("Lisbon") == "Lisbon"
    assert guard.add(" in May") == " in May"
    assert guard.add(" costs 12.") == " costs "
    assert guard.add(" All") == "12. All"


@pytest.mark.parametrize(
    "value", [{"a": ["x", {"b": "https://x.example"}]}, {"https://x.example": 1}, "//x.example"]
)
def test_a_link_is_found_wherever_it_stands(value: object) -> None:
    assert has_link(value)
    assert not has_link({"a": ["x", {"b": 1.5, "c": None}], "at": "2027-05-01T10:05:00"})
    assert without_links("a b") == "a b"
