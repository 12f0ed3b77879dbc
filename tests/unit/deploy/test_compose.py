"""compose.yaml and the Dockerfile against the code: what they name has to exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app import settings
from app.cli.commands import tripsage
from app.cli.up.programs import WORKER_KINDS

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(set(SERVICES) - {"valkey"})


def interpolated(value: str) -> str:
    """The value as compose reads it with nothing set but the secret."""
    with_secret = re.sub(r"\$\{TRIPSAGE_JWT_SECRET:\?[^}]*\}", "s" * 32, value)
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", with_secret)


def environment(service: str) -> dict[str, str]:
    return {name: interpolated(value) for name, value in SERVICES[service]["environment"].items()}


def test_every_part_is_a_service() -> None:
    assert set(SERVICES) == {"gateway", "agents", "tools", "sandbox", "valkey"}


@pytest.mark.parametrize("service", OURS)
def test_its_command_exists(service: str) -> None:
    program, command, *arguments = SERVICES[service]["command"]
    assert program == "tripsage"
    assert command in tripsage.commands
    if command == "worker":
        assert arguments == [service]
        assert service in WORKER_KINDS


@pytest.mark.parametrize("service", OURS)
def test_its_settings_are_accepted(service: str) -> None:
    loaded = settings.load(environment(service))
    assert loaded.auth == "jwt"
    assert not loaded.embedded
    assert loaded.events_url == "redis://valkey:6379/0"
    grace = float(SERVICES[service]["stop_grace_period"].removesuffix("s"))
    assert grace > loaded.drain_seconds + 5


def test_the_gateway_is_reached_from_outside_and_nothing_else_is() -> None:
    assert settings.load(environment("gateway")).host == "0.0.0.0"
    assert SERVICES["gateway"]["ports"] == ["${TRIPSAGE_PORT:-8000}:8000"]
    assert not any("ports" in SERVICES[service] for service in SERVICES if service != "gateway")


@pytest.mark.parametrize("service", ["agents", "tools"])
def test_workers_are_free_to_scale(service: str) -> None:
    assert not {"container_name", "ports", "hostname"} & set(SERVICES[service])


@pytest.mark.parametrize("service", ["gateway", "sandbox", "valkey"])
def test_whoever_answers_has_a_health_check(service: str) -> None:
    check = SERVICES[service]["healthcheck"]["test"]
    assert check[0] == "CMD"
    if service != "valkey":
        assert check[1:4] == ["python", "-m", "app.cli.up.probe"]


def test_what_valkey_holds_survives_it() -> None:
    command = " ".join(SERVICES["valkey"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert SERVICES["valkey"]["volumes"] == ["valkey:/data"]
    assert "valkey" in COMPOSE["volumes"]


def test_the_image_is_built_from_what_is_there_with_pinned_hashes_as_nobody_special() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text()
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists()
            assert f"!{source}" in ignored
    installs = re.findall(r"^RUN .*pip install.*$", dockerfile, re.MULTILINE)
    assert installs
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE) == ["tripsage"]
