"""What msgspec finds wrong with a frame, said to the person who wrote the client."""

import re

from msgspec import Struct, inspect

from app.contract.ids import CLIENT_ID_PATTERN, STREAM_PATTERN

LONGEST_QUOTE = 64  # characters of the client's own text that a message repeats

_PATTERNS = {
    "`str` of length >= 1": "at least one character",
    repr(r"^[A-Z]{3}$(?!\n)"): "three capital letters",
    repr(r"^[A-Z]{2}$(?!\n)"): "two capital letters",
    repr(CLIENT_ID_PATTERN): "1 to 64 of the characters A-Z, a-z, 0-9, _ and -",
    repr(STREAM_PATTERN): "session:ID, trip:ID, user:ID or system",
}
_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)


def explain(problem: str, struct: type[Struct]) -> tuple[str, str | None]:
    """A sentence, and the path of the field at fault (`streams[0].after`) where there is one.

    `problem` is the text of the `msgspec.ValidationError` that decoding a `struct` raised.
    """
    what, _, path = problem.rpartition(" - at `$")
    if not what:
        what, path = problem, ""
    path = path.removesuffix("`").removeprefix(".")
    if (match := _MISSING.fullmatch(what)) is not None:
        field = _join(path, match[1])
        return f"`{field}` is missing.", field
    if (match := _UNKNOWN.fullmatch(what)) is not None:
        field = _join(path, quote(match[1]))
        return f"`{field}` is not a known field.", field
    if not path:
        return f"{_expectation(quote(what), struct, path)}.", None
    return f"`{path}`: {_expectation(what, struct, path)}.", path


def quote(text: str) -> str:
    """A client's own text, short enough to send back."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def _expectation(what: str, struct: type[Struct], path: str) -> str:
    if path == "type":
        return "given more than once"
    if what.startswith("Invalid enum value"):
        return f"expected one of {', '.join(_choices(inspect.type_info(struct), path))}"
    for pattern, words in _PATTERNS.items():
        if pattern in what:
            return f"expected {words}"
    return f"{what[0].lower()}{what[1:]}"


def _choices(kind: inspect.Type, path: str) -> list[str]:
    """The values that the literal at this path may have."""
    for name in re.findall(r"\w+", path):
        if isinstance(kind, inspect.StructType):
            kind = next(field.type for field in kind.fields if field.encode_name == name)
        elif isinstance(kind, inspect.ListType):
            kind = kind.item_type
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
    return [str(value) for value in kind.values] if isinstance(kind, inspect.LiteralType) else []


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
