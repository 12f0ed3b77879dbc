"""The commands as people type them: help, tokens, and one line for what cannot be."""

import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from app.settings import dev_secret
from tests.support.processes import ROOT, environment

KEY = "a secret of thirty-two bytes or more"


def tripsage(data_dir: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        env=environment(data_dir, **variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = tripsage(tmp_path, "--help").stdout
    for command in ("up", "chat", "gateway", "worker", "sandbox", "tools", "token", "docs"):
        assert f" {command} " in shown


@pytest.mark.parametrize("command", ["up", "chat", "gateway", "worker", "sandbox", "token", "docs"])
def test_every_command_has_help(command: str, tmp_path: Path) -> None:
    done = tripsage(tmp_path, command, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout or "usage:" in done.stdout


@pytest.mark.parametrize("command", ["up", "chat", "gateway", "worker", "sandbox", "token", "docs"])
def test_help_loads_nothing_that_only_a_running_command_needs(command: str, tmp_path: Path) -> None:
    script = f"""
import sys
sys.argv = ["tripsage", "{command}", "--help"] if "{command}" != "sandbox" else ["tripsage", "--help"]
from app.cli import main
try:
    main()
except SystemExit:
    pass
print("loaded", sorted({{"asyncio", "litestar", "arq", "redis", "websockets", "httpx", "jwt"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "loaded []"


def test_the_supervisor_loads_neither_framework_nor_queue(tmp_path: Path) -> None:
    script = """
import sys, app.cli.commands, app.cli.up.run
print(sorted({"litestar", "arq", "redis", "websockets", "httpx", "jwt", "msgspec", "valkey"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    "command", [("up",), ("gateway",), ("worker", "agents"), ("sandbox",), ("chat", "x")]
)
def test_a_wrong_setting_is_one_line(command: tuple[str, ...], tmp_path: Path) -> None:
    done = tripsage(tmp_path, *command, TRIPSAGE_PORT="eighty")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "tripsage: TRIPSAGE_PORT=eighty is not a whole number from 1 to 65535\n"


def test_replaying_a_turn_without_a_system_says_how_to_start_one(tmp_path: Path) -> None:
    done = tripsage(tmp_path, "ops", "replay", "m1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tripsage: the events are out of reach")
    assert "`tripsage up` starts it" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_data_directory_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = tripsage(tmp_path / "file" / "data", "up")
    assert done.returncode == 2
    assert done.stderr.startswith("tripsage: TRIPSAGE_DATA_DIR ")
    assert done.stderr.count("\n") == 1


def test_a_development_token_is_signed_with_the_key_of_the_data_directory(tmp_path: Path) -> None:
    made = tripsage(tmp_path, "token", "--user", "ada_lovelace", "--minutes", "5").stdout.strip()
    claims = jwt.decode(made, dev_secret(tmp_path), ["HS256"])
    assert (claims["sub"], claims["name"]) == ("ada_lovelace", "Ada Lovelace")
    assert claims["exp"] - claims["iat"] == 300


def test_a_token_in_jwt_mode_is_signed_with_the_secret(tmp_path: Path) -> None:
    variables = {"TRIPSAGE_AUTH": "jwt", "TRIPSAGE_JWT_SECRET": KEY, "TRIPSAGE_JWT_AUDIENCE": "trips"}
    made = tripsage(tmp_path, "token", "--name", "Ada", **variables).stdout.strip()
    claims = jwt.decode(made, KEY, ["HS256"], audience="trips")
    assert (claims["sub"], claims["name"]) == ("alice", "Ada")
    assert not list(tmp_path.iterdir())


def test_without_a_key_there_is_no_token(tmp_path: Path) -> None:
    variables = {"TRIPSAGE_AUTH": "jwt", "TRIPSAGE_JWKS_URL": "https://id.example.com/keys"}
    done = tripsage(tmp_path, "token", **variables)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Tokens come from your identity provider" in done.stderr


def test_a_command_that_does_not_exist_is_said(tmp_path: Path) -> None:
    done = tripsage(tmp_path, "plan")
    assert done.returncode == 2
    assert "No such command 'plan'" in done.stderr


def test_somebody_elses_packages_in_the_current_directory_are_not_ours(tmp_path: Path) -> None:
    for name in ("app", "workers", "tools"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise SystemExit('{name} of somebody else')")
    script = """
import os, subprocess, sys
from app.cli.up.programs import child_environment
child = [sys.executable, "-c", "import app, workers, tools; print(app.__file__)"]
subprocess.run(child, env=child_environment(os.environ))
"""
    shown = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert shown.stdout.strip() == str(ROOT / "app" / "__init__.py"), shown.stderr
