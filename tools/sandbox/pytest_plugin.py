"""pytest's fixture `travel_sandbox` and its marker `sandbox`. What it needs is read when a test first uses it."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .in_process import TravelSandbox

_SANDBOX = pytest.StashKey["TravelSandbox"]()
_OPTIONS = frozenset({"seed", "today", "scenario", "allow_hosts", "allow_unused_faults"})


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "sandbox(seed=1, today=None, scenario=None, allow_hosts=(), allow_unused_faults=False): run with the "
        "travel sandbox; a scenario is the path of a .yaml file beside the test, or YAML itself.",
    )


@pytest.fixture
def travel_sandbox(request: pytest.FixtureRequest) -> Iterator["TravelSandbox"]:
    """The travel APIs faked for every httpx client, with a state of the test's own."""
    from .in_process import TravelSandbox, installed

    options = _options(request.node)
    options.pop("allow_unused_faults", None)
    scenario = _scenario(options.pop("scenario", None), request.path)
    try:
        sandbox = TravelSandbox(scenario=scenario, **options)
    except ValueError as error:
        raise pytest.UsageError(f"marker sandbox: {error}") from None
    request.node.stash[_SANDBOX] = sandbox
    with installed(sandbox):
        yield sandbox


@pytest.fixture(autouse=True)
def _sandbox_of_the_marker(request: pytest.FixtureRequest) -> None:  # pyright: ignore[reportUnusedFunction]  # pytest calls it
    """The marker alone is enough to be sure that no travel API is called."""
    if request.node.get_closest_marker("sandbox"):
        request.getfixturevalue("travel_sandbox")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test that passed fails for what its sandbox complains of."""
    result = yield
    sandbox = item.stash.get(_SANDBOX, None)
    if sandbox:
        wanted = not _options(item).get("allow_unused_faults", False)
        complaints = sandbox.complaints(unused_faults=wanted)
        if complaints:
            pytest.fail("travel_sandbox: " + "; ".join(complaints), pytrace=False)
    return result


def _options(node: pytest.Item) -> dict[str, Any]:
    """Of all markers, those nearest to the test first."""
    options: dict[str, Any] = {}
    for marker in node.iter_markers("sandbox"):
        unknown = marker.kwargs.keys() - _OPTIONS
        if marker.args or unknown:
            wrong = ", ".join([*map(repr, marker.args), *sorted(unknown)])
            raise pytest.UsageError(
                f"marker sandbox: what is {wrong}? It takes {', '.join(sorted(_OPTIONS))}"
            )
        options = {**marker.kwargs, **options}
    return options


def _scenario(given: Path | str | None, test_file: Path) -> Path | str | None:
    """A path is one beside the test's file; other text is YAML."""
    if isinstance(given, str) and not given.endswith((".yaml", ".yml")):
        return given
    return test_file.parent / given if given else None
