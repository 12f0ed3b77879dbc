"""What the pages name exists: links, paths, make targets, commands, every setting with its default."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app import settings
from app.api.metrics import system_metrics
from app.cli.commands import tripsage
from app.environment import Noted
from app.metrics import Metrics
from app.settings import SettingsError
from app.wiring import services
from tests.support.pages import ROOT, WRITTEN_BY_HAND, Page, missing
from tools.providers import config
from tools.providers.config import ConfigError

PAGES = [Page(path) for path in WRITTEN_BY_HAND]
OPERATING = Page(ROOT / "docs/operating.md")
FOLDERS = ("app/", "workers/", "tools/", "tests/", "docs/", "requirements/")
NOT_READ_FROM_SETTINGS = {"TRIPSAGE_TOKEN"}  # an option of `tripsage chat`
NEEDS = {
    "jwt": {"TRIPSAGE_JWT_SECRET": "s" * 32},
    "live": {"TRIPSAGE_DUFFEL_KEY": "key"},
    "openai": {"TRIPSAGE_MODEL_NAME": "some-model"},
}


def names(page: Page) -> str:
    return page.name


class Asked(Mapping[str, str]):
    """An environment that remembers which variables it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def load(environ: Mapping[str, str]) -> tuple[settings.Settings, config.ProviderConfig]:
    """All settings, as a worker reads them."""
    return settings.load(environ), config.load(environ)


def variables() -> list[tuple[str, str, str]]:
    """Name, default and what it may be, of each row about a variable."""
    rows = [row for row in OPERATING.rows() if row[0].startswith("`TRIPSAGE_")]
    return [(name.strip("`"), default.strip("`"), may_be) for name, default, may_be, _ in rows]


def test_no_setting_of_the_page_counts_as_misspelt() -> None:
    environ = Noted({name: "" for name, _, _ in variables()})
    load(environ)
    assert environ.unknown(NOT_READ_FROM_SETTINGS) == []


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Page) -> None:
    for target in page.links():
        path, _, anchor = target.partition("#")
        found = page.path.parent / path if path else page.path
        assert found.exists(), target
        assert found.resolve().is_relative_to(ROOT), target
        if anchor:
            assert anchor in Page(found).anchors(), target


TO_BE_WRITTEN = {"tools/daylight.py"}
"""What a page has its reader write."""
ROOMS = ("app", "workers", "tools", "tests", "benchmarks")


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_paths_exist(page: Page) -> None:
    paths = {text for text in page.quoted() if text.startswith(FOLDERS) and " " not in text}
    for path in paths - TO_BE_WRITTEN:
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_modules_exist(page: Page) -> None:
    """Also those that are named from the room they are in, as `gateway/hub.py`."""
    modules = {text for text in page.quoted() if re.fullmatch(r"[\w/]+\.(py|lua)", text)}
    there = [f"/{path.relative_to(ROOT)}" for room in ROOMS for path in (ROOT / room).rglob("*.*")]
    for module in modules - TO_BE_WRITTEN:
        assert any(path.endswith(f"/{module}") for path in there), module


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_commands_exist(page: Page) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    texts = [*page.quoted(), *(line for block in page.blocks() for line in block.text.splitlines())]
    for text in texts:
        made = re.match(r"(?:[A-Z_]+=\S+ )*make (?:[A-Z]+=\S+ )?([a-z]+)$", text)
        if made:
            assert made[1] in targets, text
        ours = re.match(r"(?:\.venv/bin/)?tripsage ([a-z]+)", text)
        if ours:
            assert ours[1] in tripsage.commands, text


def test_the_readme_begins_with_the_commands_of_a_new_user() -> None:
    typed = [
        line
        for block in Page(ROOT / "README.md").blocks()
        if block.language == "sh"
        for line in block.text.splitlines()
    ]
    assert typed[0] == "make up"
    assert typed[1].startswith(".venv/bin/tripsage chat ")


def test_make_up_runs_the_system() -> None:
    made = subprocess.run(
        ["make", "--dry-run", "--assume-old=.venv/.runtime", "up"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},  # nothing of the `make test` that may run this
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == "exec .venv/bin/tripsage up\n"


def test_the_table_has_every_variable() -> None:
    asked = Asked()
    load(asked)
    listed = [name for name, _, _ in variables()]
    assert sorted(listed) == sorted(asked.names | NOT_READ_FROM_SETTINGS)


@pytest.mark.parametrize(
    ("name", "default"), [(name, default) for name, default, _ in variables() if default]
)
def test_a_default_is_what_it_says(name: str, default: str) -> None:
    assert load({name: default}) == load({})


@pytest.mark.parametrize(
    ("name", "may_be"), [(name, may_be) for name, _, may_be in variables() if "–" in may_be]
)
def test_a_range_ends_where_it_says(name: str, may_be: str) -> None:
    low, high = map(int, may_be.split("–"))
    for inside in (low, high):
        load({name: str(inside)})
    for outside in (low - 1, high + 1):
        with pytest.raises((SettingsError, ConfigError), match=name):
            load({name: str(outside)})


@pytest.mark.parametrize(
    ("name", "may_be"), [(name, may_be) for name, _, may_be in variables() if "`" in may_be]
)
def test_nothing_but_what_is_listed_is_taken(name: str, may_be: str) -> None:
    with pytest.raises((SettingsError, ConfigError), match=name):
        load({name: "none of them"})
    for value in re.findall(r"`([^`]+)`", may_be):
        load({name: value, **NEEDS.get(value, {})})


async def test_metrics_that_are_named_are_there(valkey_url: str, tmp_path: Path) -> None:
    """Those of the operating page, with the labels that it names."""
    made = settings.load({"TRIPSAGE_REDIS_URL": valkey_url, "TRIPSAGE_DATA_DIR": str(tmp_path)})
    async with services(made) as parts:
        await parts.counters.add("tool_calls", "flight_search", "error")
        collected = [*await system_metrics(parts, 0), *Metrics().registry.collect()]
    known = {metric.name + ("_total" if metric.type == "counter" else "") for metric in collected}
    named = set(re.findall(r"tripsage_[a-z_]+", OPERATING.text))
    assert named == known


def test_an_output_is_missed_line_by_line() -> None:
    assert missing("one …\n…\nthree", "zero\none and a half\ntwo\n three\n") == []
    assert missing("one\ntwo", "two\none") == ["two"]
