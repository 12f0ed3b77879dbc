"""Places and countries that a text names, with where in the text they stand."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

from tools.places.countries import Country, country_keys, country_name
from tools.places.gazetteer import Place, abbreviations, codes, find_places, index
from tools.places.names import fold, is_wide
from tools.places.regions import Region, region_names
from tools.places.words import cautious, leads, never, not_codes

T = TypeVar("T")

_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*\.?")
_GAP = re.compile(r"\A[ \t]*[-‐‑–/]?[ \t]*\Z")
_QUALIFIER = re.compile(r"\A\s*[,(]\s*([^\W\d_][^,.;:()\d]{0,40})")
_MAX_WORDS = 5
_MAX_WIDE = 12
_BLANKED = "\x00"
_SHORT = 4  # letters; a name this short has to be well known
_WELL_KNOWN = 0.1
_CODE_RANK = 0.15
_ALSO_WORDS = ("LA", "BA")


class Found(NamedTuple):
    """`text[start:end]` names one of `places`, the likeliest first."""

    start: int
    end: int
    places: list[Place]


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    key: str


def scan(text: str) -> list[Found]:
    """The places that the text names, in its order, without overlaps; the longest name wins.

    A name that is also an everyday word ("Nice", "Reading", "Bath") counts only with a capital and after a
    word such as "to" or "in". A country or region that follows a name after a comma narrows its places and
    belongs to the span.
    """
    spans: list[Found] = []
    for found in sorted([*_scan_words(text), *_scan_wide(text)]):
        if not spans or found.start >= spans[-1].end:  # the LA of "New Orleans, LA" is taken
            spans.append(_narrowed(text, found))
    return spans


def scan_countries(text: str) -> list[tuple[int, int, Country]]:
    """The countries that the text names, in its order."""
    words = _words(text)
    keys = country_keys()
    spans: list[tuple[int, int, Country]] = []
    taken = -1
    for first, last, code in _matches(text, words, keys):
        start, end = words[first].start, words[last].end
        written = text[start:end]
        if start >= taken and (len(written) > 3 or written.isupper()):
            spans.append((start, end, Country(code, country_name(code))))
            taken = end
    spans += [
        (start, end, Country(code, country_name(code))) for start, end, code in _wide_matches(text, keys)
    ]
    return sorted(spans)


def scan_regions(text: str) -> list[tuple[int, int, tuple[Region, ...]]]:
    """The states and regions that the text names, each with those that it may be, in its order."""
    words, names = _words(text), region_names()
    found = [
        (words[first].start, words[last].end, regions)
        for first, last, regions in _matches(text, words, names)
    ]
    return sorted([*found, *_wide_matches(text, names)])


def _scan_words(text: str) -> Iterator[Found]:
    words = _words(text)
    has_capitals = text != text.lower() or any(map(is_wide, text))
    taken = -1
    for first, last, places in _matches(text, words, index()):
        if first <= taken:
            continue
        if _is_name(text, words, first, last, places, has_capitals):
            yield Found(words[first].start, words[last].end, list(places))
            taken = last
    for position, word in enumerate(words):
        short = _abbreviated(text, words, position)
        places = short or (_of_code(word.text) if not _inside(position, text, words) else [])
        if places:
            yield Found(word.start, word.end, places)


def _matches(text: str, words: list[_Word], keys: Mapping[str, T]) -> Iterator[tuple[int, int, T]]:
    """At each word the longest run of words that is a key: its first and last word and its value."""
    position = 0
    while position < len(words):
        for last in range(_run_end(text, words, position), position - 1, -1):
            key = " ".join(word.key for word in words[position : last + 1])
            if key in keys:
                yield position, last, keys[key]
                break
        position += 1


def _run_end(text: str, words: list[_Word], first: int) -> int:
    last = first
    while (
        last + 1 < len(words)
        and last + 1 < first + _MAX_WORDS
        and _GAP.match(text[words[last].end : words[last + 1].start])
    ):
        last += 1
    return last


def _is_name(
    text: str, words: list[_Word], first: int, last: int, places: tuple[Place, ...], has_capitals: bool
) -> bool:
    key = " ".join(word.key for word in words[first : last + 1])
    if first == last and (key in never() or _is_code_like(words[first].text)):
        return False
    capital = words[first].text[0].isupper() or words[first].text[:2] in ("d'", "l'")
    if key in cautious():
        return (capital or not has_capitals) and _has_lead(text, words, first)
    if (
        has_capitals
        and not capital
        and not (_has_lead(text, words, first) or _follows_what_was_read(text, words, first))
    ):
        return False
    if len(key) <= _SHORT or not capital:
        return places[0].prominence >= _WELL_KNOWN
    return True


def _has_lead(text: str, words: list[_Word], first: int) -> bool:
    if first == 0:
        rest = text[words[0].end :].lstrip()
        return rest[:1] in (",", "→", ">") or rest.startswith(
            ("- ", "– ", "from ", "ab ", "depuis ", "desde ")
        )
    before = text[words[first - 1].end : words[first].start]
    if before.strip() in (",", "→", "->", "-", "–", "&", "+", "/"):
        return True
    return not before.strip() and words[first - 1].key in leads()


def _follows_what_was_read(text: str, words: list[_Word], first: int) -> bool:
    """Whether a part that the caller has read and blanked ends before it: "Tokyo 4 nights kyoto 3 nights"."""
    return text[: words[first].start].rstrip().endswith(_BLANKED)


def _of_code(word: str) -> list[Place]:
    """The place of a code in capitals that is well enough known to be meant."""
    if len(word) != 3 or not word.isascii() or not word.isupper() or word in not_codes():
        return []
    known = codes().get(word)
    return find_places(word)[:1] if known and known[0].prominence >= _CODE_RANK else []


def _abbreviated(text: str, words: list[_Word], position: int) -> list[Place]:
    """In a text in capitals only what no language has as a word, "SF" but not "LA"."""
    word = words[position].text
    places = abbreviations().get(word, ())
    if not places or not _has_lead(text, words, position):
        return []
    return [] if word in _ALSO_WORDS and _inside(position, text, words) else list(places)


def _is_code_like(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isupper() and word not in ("NYC",)


def _inside(position: int, text: str, words: list[_Word]) -> bool:
    """Whether the word is part of a text in capitals, where a code cannot be told from a word."""
    neighbours = words[max(position - 2, 0) : position] + words[position + 1 : position + 3]
    shouted = [word for word in neighbours if word.text.isupper() and len(word.text) > 3]
    return len(shouted) > 1


def _scan_wide(text: str) -> Iterator[Found]:
    for start, end, places in _wide_matches(text, index()):
        yield Found(start, end, list(places))


def _wide_matches(text: str, keys: Mapping[str, T]) -> Iterator[tuple[int, int, T]]:
    """Names in scripts without spaces: at each character the longest key of two or more characters."""
    position = 0
    while position < len(text):
        if not is_wide(text[position]):
            position += 1
            continue
        for end in range(min(len(text), position + _MAX_WIDE), position + 1, -1):
            key = fold(text[position:end])
            if key in keys:
                yield position, end, keys[key]
                position = end
                break
        else:
            position += 1


def _narrowed(text: str, found: Found) -> Found:
    """With "Paris, Texas" only the Paris in Texas, and the span reaches to the end of "Texas"."""
    match = _QUALIFIER.match(text[found.end :])
    if not match:
        return found
    words = match[1].split()
    for count in range(min(len(words), 4), 0, -1):
        qualifier = " ".join(words[:count])
        name = text[found.start : found.end]
        places = [place for place in find_places(f"{name}, {qualifier}") if place in found.places]
        if places:
            end = (
                found.end + text[found.end :].index(words[count - 1], match.start(1)) + len(words[count - 1])
            )
            return Found(found.start, end, places)
    return found


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for match in _WORD.finditer(text):
        if is_wide(match[0][0]):
            continue
        written = match[0]
        end = match.end()
        if (
            written.endswith(".")
            and written.count(".") == 1
            and fold(written) not in ("st", "ste", "mt", "ft")
        ):
            written, end = written[:-1], end - 1
        words.append(_Word(match.start(), end, written, fold(written)))
    return words
