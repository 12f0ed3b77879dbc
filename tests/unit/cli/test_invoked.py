"""What people are told to type is what they can type from where they are."""

import sys
from pathlib import Path

import pytest

from app.cli.invoked import tripsage


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command of an environment in `.venv`, which no PATH names."""
    made = tmp_path / ".venv/bin/tripsage"
    made.parent.mkdir(parents=True)
    made.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(made.with_name("python")))
    monkeypatch.setenv("PATH", "/usr/bin")
    return made


def test_beside_its_environment_it_is_the_short_path(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(script.parents[2])
    assert tripsage() == ".venv/bin/tripsage"


def test_elsewhere_it_is_the_whole_path(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/usr")
    assert tripsage() == str(script)


def test_where_a_shell_finds_it_it_is_its_name(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin")
    assert tripsage() == "tripsage"


def test_another_one_that_a_shell_finds_is_not_meant(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "tripsage"
    other.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert tripsage() == ".venv/bin/tripsage"
