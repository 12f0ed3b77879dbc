"""`python -m tools`, and the page that shows how to add a tool: it is followed to the letter."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.travel import ADA

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "add-a-tool.md"
CLOSED_PORT = "1"


def run(
    where: Path, *command: str, stdin: int = subprocess.DEVNULL, **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(where), "TRIPSAGE_TODAY": "2026-11-22", **environ},
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=100,
    )


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The sources, with a `tools` of its own to add files to."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_page_about_adding_a_tool_can_be_followed(checkout: Path) -> None:
    tool, test = blocks("python")
    (checkout / "tools" / "daylight.py").write_text(tool)
    (checkout / "test_daylight.py").write_text(test)
    lines = [line.removeprefix("$ tripsage ").split() for line in blocks("console")[0].splitlines()]
    listed, ran = (run(checkout, "-m", *line) for line in lines)
    assert re.search(r"^daylight +Hours from sunrise to sunset", listed.stdout, flags=re.MULTILINE)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == json.loads(blocks("json")[0])
    tested = run(checkout, "-m", "pytest", "-p", "no:cacheprovider", "test_daylight.py")
    assert "2 passed" in tested.stdout, tested.stdout


def test_every_tool_is_listed_with_what_it_does() -> None:
    listed = run(ROOT, "-m", "tools", "list").stdout
    names = [line.split()[0] for line in listed.splitlines()]
    assert names == sorted(names)
    assert {
        "flight_search",
        "accommodation_search",
        "activity_search",
        "ground_transport",
        "place_lookup",
    } < set(names)


def test_lists_objects_and_switches_are_options() -> None:
    athens = '{"name":"Athens","latitude":37.98,"longitude":23.73,"country":"GR"}'
    naxos = '{"name":"Naxos","latitude":37.07,"longitude":25.48,"country":"GR"}'
    options = ["--from", athens, "--to", naxos, "--modes", "ferry", "--modes", "bus", "--travellers", "2"]
    done = run(ROOT, "-m", "tools", "run", "ground_transport", *options)
    assert [option["mode"] for option in json.loads(done.stdout)["options"]] == ["ferry"]


HOLD = ["flight_hold", "--offer-id", "off_1", "--passengers", json.dumps(ADA)]


def test_what_binds_people_is_not_done_without_a_yes() -> None:
    done = run(ROOT, "-m", "tools", "run", *HOLD, TRIPSAGE_SANDBOX_PORT=CLOSED_PORT)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "tripsage: flight_hold binds people, so nothing was done: "
        "say --yes to have it done (TRIPSAGE_TRAVEL=sandbox).\n"
    )


@pytest.mark.parametrize(
    ("typed", "code", "says"), [("n", 2, "Nothing was done."), ("y", 1, "could not be reached")]
)
def test_who_sits_at_a_terminal_is_asked(typed: str, code: int, says: str) -> None:
    master, terminal = pty.openpty()
    os.write(master, f"{typed}\n".encode())
    done = run(ROOT, "-m", "tools", "run", *HOLD, stdin=terminal, TRIPSAGE_SANDBOX_PORT=CLOSED_PORT)
    os.close(terminal)
    os.close(master)
    assert (done.returncode, done.stdout) == (code, "")
    assert "It binds people (TRIPSAGE_TRAVEL=sandbox). Do it? [y/N]" in done.stderr
    assert says in done.stderr


@pytest.mark.parametrize(
    ("options", "environ", "code", "says"),
    [
        (["flight_search", "--origin", "BER"], {}, 2, "VALIDATION_ERROR: A flight search needs destination."),
        (
            ["place_lookup", "--name", "x", "--limit", "many"],
            {},
            2,
            "VALIDATION_ERROR: place_lookup cannot use limit",
        ),
        (
            ["place_lookup", "--name", "x"],
            {"TRIPSAGE_TRAVEL": "real"},
            2,
            "TRIPSAGE_TRAVEL=real is not one of",
        ),
        (["place_lookup", "--name", "x"], {"TRIPSAGE_TODAY": "soon"}, 2, "TRIPSAGE_TODAY is not a date"),
        (
            ["currency_convert", "--amount", "1", "--from", "EUR", "--to", "USD"],
            {"TRIPSAGE_SANDBOX_PORT": CLOSED_PORT},
            1,
            "EXTERNAL_API_ERROR: Frankfurter could not be reached.",
        ),
    ],
)
def test_what_goes_wrong_is_one_line(
    options: list[str], environ: dict[str, str], code: int, says: str
) -> None:
    done = run(ROOT, "-m", "tools", "run", *options, **environ)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith(f"tripsage: {says}")
