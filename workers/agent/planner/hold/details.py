"""Passengers as people write them: `Ms Ada Lovelace, 1985-12-10, ada@example.com, +44 20 7946 0958`.

A title begins a passenger, so several may stand in one line. An address or number that is written once is
everybody's.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

import msgspec
from msgspec import Struct

from tools.passengers import NamedPassenger
from workers.agent.planner.understand.model import Language
from workers.agent.planner.understand.words import WORDS
from workers.agent.planner.understand.words.base import listed

MAX_CHARACTERS = 4000
_TITLES = {
    "mr": ("mr", "m"), "herr": ("mr", "m"), "monsieur": ("mr", "m"), "m": ("mr", "m"), "sr": ("mr", "m"),
    "señor": ("mr", "m"), "ms": ("ms", "f"), "frau": ("ms", "f"), "mrs": ("mrs", "f"), "mme": ("mrs", "f"),
    "madame": ("mrs", "f"), "sra": ("mrs", "f"), "señora": ("mrs", "f"), "miss": ("miss", "f"),
    "mlle": ("miss", "f"), "mademoiselle": ("miss", "f"), "srta": ("miss", "f"), "señorita": ("miss", "f"),
    "dr": ("dr", None),
}  # fmt: skip
_SAID = "|".join(sorted((word for word in _TITLES if word != "m"), key=len, reverse=True))
_TITLE = re.compile(rf"(?<!\w)(?P<title>(?i:{_SAID})|M)\.?\s+(?=[^\W\d_])")
_EMAIL = re.compile(r"[^\s@,;:<>()]+@[^\s@,;:<>()]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+\d[\d ()./-]{5,22}\d")
_GENDERS = {
    "f": r"female|woman|f|weiblich|w|femme|féminin|mujer|femenino|女性?",
    "m": r"male|man|m|männlich|homme|masculin|hombre|masculino|男性?",
}
_NAME = re.compile(r"[^\d,;:()\n<>+/]+")
_NOT_OF_THE_NAME = listed("born on and with geboren geb am und mit né née le et avec nacido nacida el y con")
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})(?:[-/.]|年)(?P<m>\d{1,2})(?:[-/.]|月)(?P<d>\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<by>[./-])(?P<b>\d{1,2})(?P=by)(?P<y>\d{4})(?!\d)")


class Details(Struct, frozen=True):
    """What was written of one passenger: all that is needed, or the fields that are missing."""

    name: str
    named: NamedPassenger | None
    missing: tuple[str, ...] = ()


def read_passengers(content: str, language: Language) -> list[Details]:
    text = unicodedata.normalize("NFKC", content[:MAX_CHARACTERS])
    emails, phones = _EMAIL.findall(text), _PHONE.findall(text)
    contact = {"email": _first(emails), "phone_number": _digits(_first(phones))}
    return [_read(title, own, contact, language) for title, own in _parts(text)]


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Each title with what follows it, up to the next."""
    found = list(_TITLE.finditer(text))
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        yield match["title"].lower(), text[match.end() : end]


def _read(title: str, own: str, contact: dict[str, str | None], language: Language) -> Details:
    email, phone = _EMAIL.search(own), _PHONE.search(own)
    bare = _PHONE.sub(",", _EMAIL.sub(",", own))
    name, rest = _name(bare)
    *given, family = name or [""]
    title, gender = _TITLES[title]
    born = _born(rest, language)
    fields = {
        "title": title,
        "given_name": " ".join(given),
        "family_name": family,
        "gender": gender or _gender(rest),
        "born_on": born.isoformat() if born else None,
        "email": email.group() if email else contact["email"],
        "phone_number": _digits(phone.group()) if phone else contact["phone_number"],
    }
    called = " ".join(name)
    missing = tuple(field for field, value in fields.items() if not value)
    if missing:
        return Details(called, None, missing)
    try:
        return Details(called, msgspec.convert(fields, NamedPassenger))
    except msgspec.ValidationError as error:
        wrong = next((field for field in fields if f"$.{field}`" in str(error)), "given_name")
        return Details(called, None, (wrong,))


def _name(bare: str) -> tuple[list[str], str]:
    """The words of the name, and what stands after it."""
    match = _NAME.match(bare)
    words = match.group().split() if match else []
    while words and words[-1].lower().strip(".") in _NOT_OF_THE_NAME:
        words.pop()
    return words, bare[match.end() :] if match else bare


def _gender(text: str) -> str | None:
    found = (kind for kind, words in _GENDERS.items() if re.search(rf"(?<!\w)(?:{words})(?!\w)", text, re.I))
    return next(found, None)


def _born(text: str, language: Language) -> date | None:
    """Written as numbers or with a month's name. 3/4 is read the way the language does; English has two."""
    iso = _ISO.search(text)
    if iso:
        return _day(iso["y"], iso["m"], iso["d"])
    numbers = _NUMBERS.search(text)
    if numbers:
        first, second = int(numbers["a"]), int(numbers["b"])
        if numbers["by"] == "/" and language == "en" and max(first, second) <= 12 and first != second:
            return None
        day, month = (second, first) if second > 12 else (first, second)
        return _day(numbers["y"], month, day)
    months = WORDS[language].months
    named = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    for pattern in (
        rf"(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er)?,? (?:of |de )?(?P<m>{named})\.?,? (?:de |of )?(?P<y>\d{{4}})",
        rf"(?P<m>{named})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})",
    ):
        found = re.search(pattern, text.lower())
        if found:
            return _day(found["y"], months[found["m"]], found["d"])
    return None


def _day(year: str, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _first(found: list[str]) -> str | None:
    return found[0] if found else None


def _digits(phone: str | None) -> str | None:
    return "+" + re.sub(r"\D", "", phone) if phone else None
