"""Whole requests and what changes them, on the sandbox: the table is `tests/data/plans.toml`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.plan_laws import check_laws
from tests.support.plan_properties import broken
from tests.support.planner_sandbox import SandboxWorld
from tests.support.planner_world import TODAY, Played, play
from tests.support.task_laws import check_tasks

ROWS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[2] / "data" / "plans.toml").read_text(encoding="utf-8")
)["request"]


@pytest.fixture(scope="module")
def sandbox() -> SandboxWorld:
    return SandboxWorld(TODAY)


@pytest.mark.parametrize("row", ROWS, ids=[row["ask"] for row in ROWS])
def test_a_request_comes_to_what_it_should(row: dict[str, Any], sandbox: SandboxWorld) -> None:
    before = _checked(row, sandbox, None)
    for change in row.get("then", ()):
        before = _checked(change, sandbox, before)


def _checked(row: dict[str, Any], sandbox: SandboxWorld, before: Played | None) -> Played:
    previous = before.result if before else None
    played = play(row["ask"], sandbox, previous=previous)
    check_laws(played.result, played.calls, played.outcomes, TODAY, previous)
    check_tasks(played)
    assert not broken(played, row, before), f"{row['ask']}\n{played.result.outcome}\n{played.text}"
    return played


def test_there_are_sixty_of_them_in_five_languages() -> None:
    assert len(ROWS) >= 66
    assert {row["language"] for row in ROWS if "language" in row} == {"en", "de", "fr", "es", "ja"}
