"""Merging: the laws for any texts and lists, and what a person expects of a few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.merge import MAX_TOKENS, merge_keys, merge_text

TEXTS = st.lists(st.sampled_from(["7pm", "8pm", "dinner", " ", ",", "at", "é"]), max_size=9).map("".join)
KEYS = st.lists(st.sampled_from("abcdefg"), unique=True)


@given(TEXTS, TEXTS, TEXTS)
def test_texts_merge_by_the_laws(base: str, one: str, other: str) -> None:
    assert merge_text(base, one, base) == one
    assert merge_text(base, one, one) == one
    assert merge_text(base, one, other) == merge_text(base, other, one)


@given(KEYS, KEYS, KEYS)
def test_lists_merge_by_the_laws(base: list[str], one: list[str], other: list[str]) -> None:
    assert merge_keys(base, one, base) == one
    assert merge_keys(base, one, one) == one
    merged = merge_keys(base, one, other)
    assert merged == merge_keys(base, other, one)
    assert len(merged) == len(set(merged))


@given(KEYS, KEYS, KEYS)
def test_nothing_added_is_lost_and_nothing_removed_comes_back(
    base: list[str], one: list[str], other: list[str]
) -> None:
    added = {*one, *other} - set(base)
    kept = set(base) & set(one) & set(other)
    assert set(merge_keys(base, one, other)) == added | kept


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ("Dinner at 8pm by the sea", "Dinner at 9pm by the sea", None),
        ("Dinner at 8pm by the sea", "Dinner at 7pm by the sea, early", "Dinner at 8pm by the sea, early"),
        ("Dinner at 8pm by the sea", "Dinner at 7pm by the river", "Dinner at 8pm by the river"),
    ],
)
def test_words_are_merged_and_never_taken_apart(one: str, other: str, merged: str | None) -> None:
    base = "Dinner at 7pm by the sea"
    assert merge_text(base, one, other) == merged


def test_a_text_too_long_to_compare_is_left_to_people() -> None:
    long = "a " * MAX_TOKENS
    assert merge_text("a", "b", long) is None
