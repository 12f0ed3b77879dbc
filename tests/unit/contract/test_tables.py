"""Error codes, close codes and names: complete, distinct, and closed to hostile spelling."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract.errors import CLOSE_CODES, ERRORS, Close, ErrorCode, TripSageError
from app.contract.ids import (
    CLIENT_ID_PATTERN,
    STREAM_PATTERN,
    ClientId,
    StreamName,
    derived,
    session_stream,
    split_stream,
    trip_stream,
    user_stream,
)

CLOSES = {name: code for name, code in vars(Close).items() if name.isupper()}


def is_a(kind: object, text: str) -> bool:
    try:
        msgspec.convert(text, kind)
    except msgspec.ValidationError:
        return False
    return True


def test_every_error_code_has_a_meaning() -> None:
    assert set(ERRORS) == set(ErrorCode)
    assert all(code.value == code.name for code in ErrorCode)
    assert len({error.meaning for error in ERRORS.values()}) == len(ErrorCode)


def test_trying_again_helps_only_where_time_helps() -> None:
    assert {code.value for code in ErrorCode if TripSageError(code, "x").retryable} == {
        "RATE_LIMITED",
        "SESSION_BUSY",
        "EXTERNAL_API_ERROR",
        "TOOL_TIMEOUT",
        "INTERNAL_ERROR",
    }


def test_every_close_code_is_documented_once_and_may_be_sent() -> None:
    documented = [close.code for close in CLOSE_CODES]
    assert sorted(documented) == sorted(CLOSES.values())
    assert len(set(documented)) == len(documented)
    # RFC 6455 section 7.4: what an endpoint may send is below 1016, or 3000 to 4999.
    assert all(code in (1000, 1001, 1009) or 4000 <= code < 5000 for code in documented)


@pytest.mark.parametrize("text", ["a", "A-z_9", "x" * 64, "m-1"])
def test_client_ids(text: str) -> None:
    assert is_a(ClientId, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 65,
        "a b",
        "a.b",
        "a/b",
        "a:b",
        "é",
        "a\n",
        "\na",
        "a\x00",
        "{a}",
        "../a",
        "a\u200b",
        "1\u0661",
    ],
)
def test_what_is_no_client_id(text: str) -> None:
    assert not is_a(ClientId, text)
    assert not is_a(StreamName, f"session:{text}")
    assert not is_a(StreamName, f"trip:{text}")


@pytest.mark.parametrize(
    "text", ["system", "session:s-1", "trip:t_1", "user:ada", "user:auth0|5f-1", "user:ada@example.com+x"]
)
def test_stream_names(text: str) -> None:
    assert is_a(StreamName, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "System",
        "system:",
        "system:a",
        "system\n",
        "session",
        "session:",
        "SESSION:a",
        "session:a:b",
        "session:a}{b",
        "session:*",
        "user:",
        "user:a b",
        "user:a\n",
        "user:a:b",
        "user:{a}",
        "user:" + "x" * 129,
        "other:a",
        " session:a",
        "trip:a\r\nPUBLISH",
    ],
)
def test_what_is_no_stream_name(text: str) -> None:
    assert not is_a(StreamName, text)


@given(st.text(max_size=80))
def test_the_patterns_admit_nothing_but_their_alphabets(text: str) -> None:
    allowed = all(character.isascii() and (character.isalnum() or character in "_-") for character in text)
    assert is_a(ClientId, text) is (allowed and 0 < len(text) <= 64)


@given(
    st.from_regex(CLIENT_ID_PATTERN),
    st.lists(st.text("ab-_1", min_size=1, max_size=5) | st.integers(0), min_size=1),
)
def test_a_derived_id_is_never_one_that_a_client_chose(owner: str, parts: list[str | int]) -> None:
    made = derived(owner, *parts)
    assert not is_a(ClientId, made)
    assert made == derived(owner, *parts)
    assert made.startswith(owner)


@given(st.from_regex(CLIENT_ID_PATTERN))
def test_stream_names_are_made_and_split(owner: str) -> None:
    for name, kind in (
        (session_stream(owner), "session"),
        (trip_stream(owner), "trip"),
        (user_stream(owner), "user"),
    ):
        assert re.search(STREAM_PATTERN, name)
        assert split_stream(name) == (kind, owner)
    assert split_stream("system") == ("system", "")
