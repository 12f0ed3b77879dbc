"""Every wrong setting is one line that names the variable and what it may be."""

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.environment import Noted
from app.settings import MAX_SOCKET_PATH, Settings, SettingsError, dev_secret, embedded_socket, load

SECRET = "s" * 32


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"PORT": "0"}, "TRIPSAGE_PORT=0 is not a whole number from 1 to 65535"),
        ({"PORT": "８０"}, "TRIPSAGE_PORT=８０ is not a whole number from 1 to 65535"),
        ({"SANDBOX_PORT": "x"}, "TRIPSAGE_SANDBOX_PORT=x is not a whole number from 1 to 65535"),
        ({"AUTH": "none"}, "TRIPSAGE_AUTH=none is not one of: dev, jwt"),
        ({"TRAVEL": "real"}, "TRIPSAGE_TRAVEL=real is not one of: sandbox, live"),
        ({"TODAY": "tomorrow"}, "TRIPSAGE_TODAY=tomorrow is not a date like 2026-11-22"),
        ({"REDIS_URL": "localhost"}, "TRIPSAGE_REDIS_URL is not a redis://, rediss:// or unix:// address"),
        (
            {"EVENTS_URL": "redis://a"},
            "TRIPSAGE_EVENTS_URL and TRIPSAGE_QUEUE_URL go together: set both, or TRIPSAGE_REDIS_URL alone",
        ),
        ({"AUTH": "jwt"}, "TRIPSAGE_AUTH=jwt needs TRIPSAGE_JWT_SECRET or TRIPSAGE_JWKS_URL"),
        (
            {"AUTH": "jwt", "JWT_SECRET": "short"},
            "TRIPSAGE_JWT_SECRET is too short: use at least 32 bytes",
        ),
        (
            {"JWT_SECRET": SECRET},
            "TRIPSAGE_JWT_SECRET and TRIPSAGE_JWKS_URL are for TRIPSAGE_AUTH=jwt; the mode is dev",
        ),
        (
            {"HOST": "0.0.0.0"},
            "TRIPSAGE_HOST=0.0.0.0 is not a loopback address and TRIPSAGE_AUTH=dev lets anybody in: "
            "set TRIPSAGE_AUTH=jwt, or bind to 127.0.0.1",
        ),
        (
            {"ALLOWED_ORIGINS": "https://a.example/path"},
            "TRIPSAGE_ALLOWED_ORIGINS: https://a.example/path is not an origin like https://trips.example.com",
        ),
    ],
)
def test_what_cannot_be_used(variables: dict[str, str], line: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({f"TRIPSAGE_{name}": value for name, value in variables.items()})
    assert str(refused.value) == line


@given(st.dictionaries(st.sampled_from(["PORT", "HOST", "TODAY", "AUTH", "TRAVEL"]), st.text()))
def test_whatever_is_set_is_used_or_refused_in_one_line(variables: dict[str, str]) -> None:
    try:
        load({f"TRIPSAGE_{name}": value for name, value in variables.items()})
    except SettingsError as error:
        assert "TRIPSAGE_" in str(error)


def test_what_is_left_out_or_empty_has_a_default(tmp_path: Path) -> None:
    loaded = load({"TRIPSAGE_DATA_DIR": str(tmp_path), "TRIPSAGE_PORT": " "})
    assert (loaded.host, loaded.port, loaded.auth, loaded.travel) == ("127.0.0.1", 8000, "dev", "sandbox")
    assert loaded.embedded
    assert loaded.events_url == loaded.queue_url == f"unix://{tmp_path}/valkey.sock"


def test_what_is_set_is_read(tmp_path: Path) -> None:
    loaded = load(
        {
            "TRIPSAGE_REDIS_URL": "redis://shared",
            "TRIPSAGE_QUEUE_URL": "rediss://queue",
            "TRIPSAGE_TODAY": "2026-11-22",
            "TRIPSAGE_TRAVEL": "live",
            "TRIPSAGE_ALLOWED_ORIGINS": "https://a.example, https://b.example/",
        }
    )
    assert (loaded.events_url, loaded.queue_url) == ("redis://shared", "rediss://queue")
    assert not loaded.embedded
    assert loaded.today == date(2026, 11, 22)
    assert loaded.travel == "live"
    assert loaded.allowed_origins == ("https://a.example", "https://b.example")


def test_a_misspelt_variable_is_told_with_the_one_that_may_be_meant() -> None:
    environ = Noted({"TRIPSAGE_PROT": "1", "TRIPSAGE_XYZZY": "1", "TRIPSAGE_TOKEN": "1", "HOME": "/"})
    load(environ)
    assert environ.unknown(known=["TRIPSAGE_TOKEN"]) == [
        "TRIPSAGE_PROT is not a setting; is TRIPSAGE_PORT meant?",
        "TRIPSAGE_XYZZY is not a setting",
    ]


def test_secrets_are_in_no_repr() -> None:
    loaded = load(
        {"TRIPSAGE_AUTH": "jwt", "TRIPSAGE_JWT_SECRET": SECRET, "TRIPSAGE_REDIS_URL": "redis://:pw@h"}
    )
    assert SECRET not in repr(loaded)
    assert "pw" not in repr(loaded)


@given(st.text("abcdefgh/", min_size=1, max_size=300))
def test_the_embedded_socket_has_a_path_that_a_socket_can_have(name: str) -> None:
    data_dir = Path("/srv") / name.strip("/")
    socket = embedded_socket(data_dir)
    assert len(os.fsencode(socket)) <= MAX_SOCKET_PATH
    assert socket == embedded_socket(data_dir) == Settings(data_dir=data_dir).socket_path
    assert socket.parent == data_dir or socket.parent == Path(f"/tmp/tripsage-{os.getuid()}")


def test_long_directories_do_not_share_a_socket() -> None:
    one, two = (embedded_socket(Path("/srv") / (letter * 200)) for letter in "ab")
    assert one != two


def test_the_development_key_is_made_once_and_is_this_users_alone(tmp_path: Path) -> None:
    key = dev_secret(tmp_path / "data")
    assert key == dev_secret(tmp_path / "data")
    assert len(key) == 64
    assert (tmp_path / "data" / "dev-secret").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["dev-secret"]
