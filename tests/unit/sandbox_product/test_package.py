"""The sandbox as a package of its own, used by a stranger: nothing of this repository is there."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

SANDBOX = Path(__file__).parents[3] / "tools" / "sandbox"
STRANGER = """
import importlib.util
import pathlib

import httpx
import pytest
import tripsage_sandbox


def test_only_the_package_is_here():
    assert importlib.util.find_spec("app") is None
    assert importlib.util.find_spec("tools") is None
    installed = pathlib.Path(tripsage_sandbox.__file__).parent
    assert installed.parent.name == "site-packages"
    assert (installed / "openapi" / "duffel.yaml").is_file()
    assert not (installed / "data" / "build.py").exists()


@pytest.mark.sandbox(seed=7, today="2027-03-01")
def test_search(travel_sandbox):
    body = {
        "data": {
            "slices": [{"origin": "BER", "destination": "LIS", "departure_date": "2027-05-04"}],
            "passengers": [{"type": "adult"}],
        }
    }
    headers = {"Authorization": "Bearer duffel_test_mine", "Duffel-Version": "v2"}
    answer = httpx.post("https://api.duffel.com/air/offer_requests", json=body, headers=headers)
    assert len(answer.json()["data"]["offers"]) == 20
    weather = {"latitude": 38.7, "longitude": -9.1, "daily": "temperature_2m_max", "timezone": "auto"}
    assert httpx.get("https://api.open-meteo.com/v1/forecast", params=weather).status_code == 200


def test_supplier_fails(travel_sandbox):
    travel_sandbox.fault("frankfurter", kind="timeout", times=1)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get("https://api.frankfurter.dev/v2/rate/EUR/USD")


def test_forgets_a_fault(travel_sandbox):
    travel_sandbox.fault("duffel")
"""


def _run(*command: str | Path, cwd: Path, succeeds: bool = True) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == succeeds, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_stranger_installs_the_wheel_and_uses_it(tmp_path: Path) -> None:
    """Dependencies are those of this environment, seen through a .pth file, so nothing is downloaded."""
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=SANDBOX)
    [wheel] = tmp_path.glob("*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    _run(uv, "pip", "install", "--offline", "--no-deps", "--python", python, wheel, cwd=tmp_path)
    [packages] = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "test_trips.py").write_text(STRANGER)
    told = _run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project, succeeds=False)
    assert "1 failed, 3 passed" in told
    assert "the fault 'status' for duffel any path was left unused" in told
    help_text = _run(tmp_path / "venv" / "bin" / "travel-sandbox", "--help", cwd=project)
    assert "--scenario" in help_text
