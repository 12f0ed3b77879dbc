"""The server's scenario file: played at the start and whenever it is saved."""

import asyncio
import logging
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.travel import NOW
from tools.sandbox import Sandbox, ScenarioError
from tools.sandbox.asgi import SandboxApp
from tools.sandbox.reload import ReloadingApp, ScenarioFile

RATE = "/frankfurter/v2/rate/EUR/USD"
ROOT = Path(__file__).parents[3]
DOWN = "faults: [{provider: frankfurter, status: 503}]"


async def status(app: ReloadingApp) -> int:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        return (await client.get(RATE)).status_code


def make(path: Path) -> ReloadingApp:
    sandbox = Sandbox(clock=lambda: NOW)
    file = ScenarioFile(path, sandbox)
    file.load()
    return ReloadingApp(SandboxApp(sandbox), file)


async def test_what_is_saved_holds_from_the_next_call_on(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(DOWN)
    app = make(path)
    assert await status(app) == 503
    path.write_text("seed: 2")
    assert await status(app) == 200


async def test_a_file_that_was_not_saved_does_not_begin_again(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text("faults: [{provider: frankfurter, status: 503, times: 1}]")
    app = make(path)
    assert [await status(app), await status(app)] == [503, 200]


@pytest.mark.parametrize("broken", ["colour: red", None])
async def test_a_wrong_file_is_told_once_and_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str | None
) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(DOWN)
    app = make(path)
    if broken is None:
        path.unlink()
    else:
        path.write_text(broken)
    with caplog.at_level(logging.ERROR, "sandbox"):
        assert [await status(app), await status(app)] == [503, 503]
    assert len(caplog.records) == 1
    assert "scenario.yaml" in caplog.text


def test_a_file_that_is_not_there_at_the_start_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="No such file"):
        make(tmp_path / "nothing.yaml")


async def test_the_server_does_not_start_with_a_wrong_scenario(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text("colour: red")
    command = (sys.executable, "-m", "tools.sandbox", "--port", "0", "--scenario", str(path))
    child = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = await child.communicate()
    assert child.returncode == 2
    assert b"The scenario is wrong" in output
    assert b"Traceback" not in output
