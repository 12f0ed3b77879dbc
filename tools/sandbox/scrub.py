"""Takes out of a recorded exchange what is secret or personal, so that it can be kept beside tests.

Ids become pseudonyms: the same id the same pseudonym, so an offer that is read again is found again, and a
pseudonym stays as it is. They are keyed with the cassette's salt, against looking them up in other cassettes;
against someone who has the cassette and a list of possible ids they do not protect.
"""

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, cast

SCRUBBED = "SCRUBBED"
_MARK = "scrubbed"
_SECRET_NAMES = re.compile(r"key|token|secret|password|authorization|signature|card|cookie|session", re.I)
_PERSONAL_NAMES = re.compile(
    r"(given|family|first|last|middle|full|guest|holder|contact|passenger)_?name"
    r"|e_?mail|phone|mobile|born_on|birth|gender|passport|address|street|unique_identifier|account_number",
    re.I,
)
_PEOPLE = re.compile(r"(passenger|guest|holder|customer|contact|travell?er|user)s?", re.I)
_ALL_PRIVATE = "*"  # the context of what is in an object that is private as a whole
_ID_NAMES = re.compile(r"(^|_)ids?$|[a-z]Ids?$")
_LONGEST_PLAIN_ID = 15  # shorter ones are names of things that everybody has: airports, aircraft, hotels
_PREFIX = re.compile(r"[a-z]{3,4}_")  # says what kind of thing it is
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_ID = re.compile(
    r"\b[a-z]{3,4}_(?=\w*\d)(?!" + _MARK + r")[0-9A-Za-z]{12,}\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
)
_KEPT_HEADERS = re.compile(r"content-type|x-request-id|retry-after|(x-)?rate-?limit-.*", re.I)
_BEARER = re.compile(r"^(bearer|basic|token)\s+", re.I)


class Scrubber:
    """`secrets` are texts that are taken out wherever they stand."""

    def __init__(self, salt: str, secrets: Iterable[str] = ()) -> None:
        self._key = salt.encode()[:64]
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def text(self, text: str) -> str:
        """Any text: secrets, addresses of people and ids by what they look like."""
        for secret in self._secrets:
            text = text.replace(secret, SCRUBBED)
        return _ID.sub(lambda found: self._pseudonym(found[0]), _EMAIL.sub(SCRUBBED, text))

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Those that say how to read the answer and when to come back; no others."""
        kept = {name.lower(): value for name, value in headers.items() if _KEPT_HEADERS.fullmatch(name)}
        return {
            name: self._pseudonym(value) if name == "x-request-id" else self.text(value)
            for name, value in kept.items()
        }

    def query(self, query: Mapping[str, str]) -> dict[str, str]:
        return {name: self._named(name, value) for name, value in query.items()}

    def body(self, body: bytes) -> Any:
        """JSON with its members scrubbed by their names, too; other text as a string."""
        text = body.decode(errors="replace")
        try:
            return self._value("", json.loads(text))
        except (ValueError, RecursionError):
            return self.text(text)

    def _value(self, name: str, value: Any, context: str = "") -> Any:
        """`context` is the name of the object that the member is in."""
        private = _is_private(name, context)
        match value:
            case dict():
                inner = name if not private else _ALL_PRIVATE
                members = cast("dict[str, Any]", value).items()
                return {self.text(key): self._value(key, one, inner) for key, one in members}
            case list():
                return [self._value(name, one, context) for one in cast("list[Any]", value)]
            case bool() | None:
                return value
            case str() if not private:
                return self._named(name, value)
            case _:
                return SCRUBBED if private else value

    def _named(self, name: str, value: str) -> str:
        if _is_private(name):
            return SCRUBBED
        scrubbed = self.text(value)
        is_id = _ID_NAMES.search(name) and len(value) > _LONGEST_PLAIN_ID
        return self._pseudonym(value) if is_id and scrubbed == value else scrubbed

    def _pseudonym(self, identity: str) -> str:
        if _MARK in identity:
            return identity
        prefix = _PREFIX.match(identity)
        digest = blake2b(identity.encode(), key=self._key, digest_size=9).hexdigest()
        return f"{prefix[0] if prefix else ''}{_MARK}{digest}"


def _is_private(name: str, context: str = "") -> bool:
    if context == _ALL_PRIVATE or _SECRET_NAMES.search(name) or _PERSONAL_NAMES.search(name):
        return True
    return name == "name" and bool(_PEOPLE.fullmatch(context))


def secrets_of(headers: Mapping[str, str], query: Mapping[str, str]) -> set[str]:
    """The values that prove who calls: they may be quoted in an answer."""
    values = (value for name, value in (*headers.items(), *query.items()) if _SECRET_NAMES.search(name))
    return {_BEARER.sub("", value) for value in values}
