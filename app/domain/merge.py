"""Three-way merge of texts by words and of lists by key.

Laws, held by tests: merge(base, a, base) == a, merge(base, a, a) == a, merge(base, a, b) == merge(base, b, a).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_TOKENS = 2_000
"""Longer texts are not merged: comparing costs up to the square of their length."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """Replaces base[start:end]."""

    start: int
    end: int
    new: tuple[str, ...]


def merge_text(base: str, one: str, other: str) -> str | None:
    """Both sides' edits of the base; None where they touch the same words, or a text is too long."""
    texts = [_TOKEN.findall(text) for text in (base, one, other)]
    if max(map(len, texts)) > MAX_TOKENS:
        return None
    tokens = texts[0]
    edits = sorted({*_edits(tokens, texts[1]), *_edits(tokens, texts[2])})
    merged: list[str] = []
    at, reached = 0, -1
    for edit in edits:
        if edit.start <= reached:
            return None
        merged += [*tokens[at : edit.start], *edit.new]
        at = reached = edit.end
    return "".join([*merged, *tokens[at:]])


def merge_keys(base: Sequence[str], one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Both sides' additions, removals and moves. Each list has every key once; so has the result.

    What both add at the same place comes in alphabetical order of the two groups.
    """
    removed: set[int] = set()
    added: dict[int, list[tuple[str, ...]]] = {}
    for side in (one, other):
        for edit in _edits(base, side):
            removed.update(range(edit.start, edit.end))
            added.setdefault(edit.start, []).append(edit.new)
    gone = {key for key in base if key not in one or key not in other}
    merged: dict[str, None] = {}
    for index in range(len(base) + 1):
        for group in sorted(added.get(index, ())):
            merged.update(dict.fromkeys(key for key in group if key not in gone))
        if index < len(base) and index not in removed:
            merged[base[index]] = None
    return list(merged)


def _edits(base: Sequence[str], changed: Sequence[str]) -> list[_Edit]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [
        _Edit(start, end, tuple(changed[low:high]))
        for tag, start, end, low, high in matcher.get_opcodes()
        if tag != "equal"
    ]
