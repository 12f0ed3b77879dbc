"""docs/mock-travel-apis.md: every snippet of the page is run, in the order of the page."""

import contextlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytest_plugins = "pytester"

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mock-travel-apis.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8001"


def of_kind(*kinds: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind in kinds]


def write_files(folder: Path) -> None:
    """Python and YAML begin with a comment that names their file."""
    for text in of_kind("python", "yaml"):
        name = text.split("\n", 1)[0].removeprefix("# ")
        assert re.fullmatch(r"\w+\.(py|yaml)", name)
        (folder / name).write_text(text)


def test_the_page_has_no_snippet_that_is_not_run() -> None:
    assert {kind for kind, _ in BLOCKS} == {"sh", "python", "yaml", "console"}
    install, run = of_kind("sh")
    assert run == "pytest\n"
    assert (ROOT / install.split("path/to/tripsage/")[1].strip() / "pyproject.toml").is_file()


def test_the_tests_of_the_page_pass(pytester: pytest.Pytester) -> None:
    write_files(pytester.path)
    pytester.syspathinsert()
    result = pytester.runpytest_inprocess(
        "-p", "tools.sandbox.pytest_plugin", "-oasyncio_default_fixture_loop_scope=function"
    )
    result.assert_outcomes(passed=6)


@pytest.mark.parametrize("without", ["times=1", "status=503", '"duffel", 30'])
def test_the_tests_of_the_page_would_fail_without_their_faults(
    pytester: pytest.Pytester, without: str
) -> None:
    changed = {"times=1": "times=3", "status=503": "status=404", '"duffel", 30': '"duffel", 3'}[without]
    write_files(pytester.path)
    tests = pytester.path / "test_flights.py"
    text = tests.read_text()
    assert without in text
    tests.write_text(text.replace(without, changed, 1))
    pytester.syspathinsert()
    result = pytester.runpytest_inprocess(
        "-p", "tools.sandbox.pytest_plugin", "-oasyncio_default_fixture_loop_scope=function"
    )
    result.assert_outcomes(passed=5, failed=1)


@contextlib.contextmanager
def running(block: str, folder: Path, **replaced: str) -> Iterator[str]:
    """The address of a server that a block starts, on a free port, once it has said what the block shows."""
    typed, shown = block.split("\n", 1)
    command = shlex.split(typed)
    assert command[:2] == ["$", "travel-sandbox"]
    arguments = [replaced.get(one, one) for one in command[2:]]
    arguments[arguments.index("--port") + 1] = "0"
    program = "import sys; from tools.sandbox.server import main; sys.exit(main())"
    child = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        line = child.stdout.readline()
        address = re.search(r"http://\S+", line)
        assert address
        assert line.replace(address[0], ADDRESS) == shown
        yield address[0]
    finally:
        child.kill()
        child.communicate()


def test_the_server_says_and_does_what_the_page_shows(tmp_path: Path) -> None:
    start, calls = of_kind("console")[:2]
    write_files(tmp_path)
    shown: list[str] = []
    with running(start, tmp_path) as address:
        for text in calls.splitlines():
            if text.startswith("$ curl -s "):
                assert not shown
                shown = curl(shlex.split(text)[3:], address)
            else:
                assert text == shown.pop(0)
    assert not shown


def test_recording_and_replaying_as_the_page_shows(tmp_path: Path) -> None:
    start, _, record, replay = of_kind("console")
    calm = start.replace(" --scenario bad_day.yaml", "")  # stands in for the live API
    path = "/air/offers/off_0000A"
    with running(calm, tmp_path) as live:
        live_api = {"duffel=https://api.duffel.com": f"duffel={live}/duffel"}
        with running(record, tmp_path, **live_api) as proxy:
            recorded = httpx.get(f"{proxy}/duffel{path}", trust_env=False)
    with running(replay, tmp_path) as tape:
        replayed = httpx.get(f"{tape}/duffel{path}", trust_env=False)
        assert httpx.get(f"{tape}/duffel/air/offers", trust_env=False).status_code == 501
    assert recorded.status_code == replayed.status_code == 401
    assert recorded.json()["errors"] == replayed.json()["errors"]


def curl(arguments: list[str], address: str) -> list[str]:
    """What curl would print: the body unless it goes to a file, and the status if that is asked for."""
    options = {"-d": "", "-o": "", "-w": ""}
    url = ""
    rest = iter(arguments)
    for argument in rest:
        if argument in options:
            options[argument] = next(rest)
        else:
            url = argument.replace(ADDRESS, address)
    method = "POST" if options["-d"] else "GET"
    answer = httpx.request(method, url, content=options["-d"], trust_env=False)
    body = "" if options["-o"] else answer.text
    return [line for line in (body, str(answer.status_code) if options["-w"] else "") if line]
