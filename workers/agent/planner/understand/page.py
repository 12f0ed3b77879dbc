"""The message as the recognisers read it: each takes what it understood away, so none reads it twice."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct

MAX_CHARACTERS = 2_000
TAKEN = "\x00"  # neither a letter nor white space, so nothing is matched across it

T = TypeVar("T")

_REIWA, _REIWA_BEGAN = re.compile(r"令和 ?(?P<n>\d{1,2}|元)年"), 2019
_GAPS = re.compile(r"\s{2,}")
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|「[^」\n]*」|『[^』\n]*』")
_NOTHING = " \t\n.,:;!?"
_MARKS_OF_A_QUOTATION = 18
"""Shorter quoted text is a name or a word that the user means, not somebody else's words."""


class Span(Struct, frozen=True):
    start: int
    end: int


class Page:
    """`text` is the message in normal form, at most `MAX_CHARACTERS` of it; `lower` has the same length."""

    def __init__(self, content: str) -> None:
        normal = unicodedata.normalize("NFKC", content[: MAX_CHARACTERS * 2]).replace("’", "'")
        normal = _REIWA.sub(lambda year: f"{_REIWA_BEGAN - 1 + int(year['n'].replace('元', '1'))}年", normal)
        normal = _GAPS.sub(lambda gap: "\n" if "\n" in gap.group() else " ", normal)
        self.cut_off = len(normal) > MAX_CHARACTERS or len(content) > MAX_CHARACTERS * 2
        self.text = normal[:MAX_CHARACTERS]
        self.lower = "".join(map(_lower, self.text))
        self.quoted = self._drop_quotations()

    def _drop_quotations(self) -> bool:
        """Take other people's words away, unless nothing would be left: then the user quotes themself."""
        spans = _quoted(self.text)
        left = self.lower
        for span in spans:
            left = _blank(left, span)
        if not spans or not left.strip(TAKEN + _NOTHING):
            return False
        self.lower = left
        self.text = _masked(self.text, left)
        return True

    def take(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], T | None]) -> Iterator[T]:
        """What `read` makes of each match, in order; a match that it refuses (None) stays on the page."""
        for found in list(pattern.finditer(self.lower)):
            value = read(found)
            if value is not None:
                self.remove(Span(*found.span()))
                yield value

    def remove(self, span: Span) -> None:
        self.lower = _blank(self.lower, span)
        self.text = _blank(self.text, span)

    def says(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.lower) is not None


def quotations(text: str) -> list[tuple[int, int]]:
    """Where other people's words stand in a message, from start to end, in order and apart.

    None where nothing else is said: then the user quotes themself.
    """
    apart: list[tuple[int, int]] = []
    for span in sorted(_quoted(text), key=lambda span: span.start):
        if apart and span.start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(span.end, apart[-1][1]))
        else:
            apart.append((span.start, span.end))
    own, end = "", 0
    for start, stop in apart:
        own, end = own + text[end:start], stop
    return apart if (own + text[end:]).strip(_NOTHING) else []


def _quoted(text: str) -> list[Span]:
    return [
        Span(*found.span())
        for pattern in (_FENCED, _QUOTED_LINE, _QUOTED)
        for found in pattern.finditer(text)
        if len(found.group()) >= _MARKS_OF_A_QUOTATION
    ]


def _lower(character: str) -> str:
    """One character for one, so that places in `lower` are places in `text`."""
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


def _blank(text: str, span: Span) -> str:
    return text[: span.start] + TAKEN * (span.end - span.start) + text[span.end :]


def _masked(text: str, mask: str) -> str:
    return "".join(TAKEN if taken == TAKEN else own for own, taken in zip(text, mask, strict=True))
