"""No link leaves with an answer: an address that a name or a page smuggled in could carry out what was said here."""

import re
from collections.abc import Iterator
from typing import Any, cast

import msgspec

from app.contract.codec import encode

REMOVED = "[link removed]"

_SCHEMES = ("http", "https", "ftp", "ws", "wss", "file", "data", "blob", "javascript", "vbscript", "mailto")
_LINK = re.compile(
    rf"(?:{'|'.join(_SCHEMES)}):[!-~]+"
    r"|[/\\]{2,}[!-~]+"
    r"|www\.[!-~]+"
    r"|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?[/\\?#][!-~]*"
    r"|&(?:#x?[0-9a-f]+|[a-z]+);",  # Markdown reads entities in addresses
    re.IGNORECASE,
)
_BEGINNINGS = sorted({name[:end] for name in (*_SCHEMES, "www") for end in range(1, len(name) + 1)})
_MAY_GO_ON = re.compile(rf"(?:[!-~]*[/\\:&.][!-~]*|(?<![a-z])(?:{'|'.join(_BEGINNINGS)}))$", re.IGNORECASE)

_LABEL = re.compile(r"[a-z0-9-]*$", re.IGNORECASE)
_LONGEST_LABEL = 63  # RFC 1035, section 2.3.4


def without_links(text: str) -> str:
    return _LINK.sub(REMOVED, text)


def has_link(value: Any) -> bool:
    """Whether a text has one, or any text in what JSON can hold."""
    return any(_LINK.search(text) for text in _texts(msgspec.json.decode(encode(value))))


class LinkGuard:
    """Text in pieces, without links. Only a tail that may yet become one is kept back until more comes."""

    def __init__(self) -> None:
        self.text = ""
        """All that was let through."""
        self._kept_back = ""

    def add(self, piece: str) -> str:
        """What may be shown now."""
        text = self._kept_back + piece
        tail = _MAY_GO_ON.search(text)
        end = len(text) if tail is None else tail.start()
        self._kept_back = text[end:]
        return self._through(text[:end])

    def rest(self) -> str:
        """What was kept back, now that nothing more comes."""
        kept, self._kept_back = self._kept_back, ""
        return self._through(kept)

    def _through(self, text: str) -> str:
        """Without links, also where one began in what was let through already: it looked like any word."""
        label = cast("re.Match[str]", _LABEL.search(self.text[-_LONGEST_LABEL:])).group()
        link = _LINK.search(label + text) if label else None
        if link is not None and link.start() < len(label):
            text = text[link.end() - len(label) :]
            safe = REMOVED + without_links(text)
        else:
            safe = without_links(text)
        self.text += safe
        return safe


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for name, part in cast("dict[str, Any]", value).items():
                yield name
                yield from _texts(part)
        case list():
            for part in cast("list[Any]", value):
                yield from _texts(part)
        case _:
            pass
