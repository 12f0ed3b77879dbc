"""The fixture and the marker, in the tests of somebody else."""

import pytest

pytest_plugins = "pytester"

HEAD = """
import httpx, pytest

RATE = "https://api.frankfurter.dev/v2/rate/EUR/USD"
"""
KEPT = """
client = httpx.Client()  # made before the sandbox was there
"""


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Run a test file with the plugin and nothing of this repository's settings."""

    def run(text: str) -> pytest.RunResult:
        pytester.makepyfile(HEAD + text)
        return pytester.runpytest_inprocess(
            "-p",
            "tools.sandbox.pytest_plugin",
            "--strict-markers",
            "-q",
            "-oasyncio_mode=auto",
            "-oasyncio_default_fixture_loop_scope=function",
        )

    return run


def test_clients_of_every_kind_meet_the_sandbox(run) -> None:
    run(
        KEPT
        + """
def test_sync(travel_sandbox):
    assert httpx.get(RATE).json()["quote"] == "USD"
    assert client.get(RATE).status_code == 200
    assert httpx.get("http://sandbox/frankfurter/v2/rate/EUR/USD").status_code == 200

async def test_async(travel_sandbox):
    async def body():
        yield b"{}"

    async with httpx.AsyncClient() as client:
        assert (await client.get(RATE)).status_code == 200
        answer = await client.post("https://api.duffel.com/air/offer_requests", content=body())
        assert answer.status_code == 401
    assert [one.outcome for one in travel_sandbox.calls()] == ["200", "401"]
"""
    ).assert_outcomes(passed=2)


def test_a_call_that_nothing_mocks_fails_the_test_even_when_it_is_swallowed(run) -> None:
    result = run("""
def test_swallows(travel_sandbox):
    with pytest.raises(Exception):
        httpx.get("https://example.org/path?key=hidden")
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*nothing mocks GET https://example.org/path"])
    assert "hidden" not in str(result.outlines[-3:])


def test_hosts_can_be_let_through_and_this_machine_is(run) -> None:
    run("""
@pytest.mark.sandbox(allow_hosts=["nobody.invalid"])
def test_allowed(travel_sandbox):
    for url in ("http://nobody.invalid/", "http://127.0.0.1:1/", "http://localhost:1/"):
        with pytest.raises(httpx.ConnectError):
            httpx.get(url)
""").assert_outcomes(passed=1)


def test_a_fault_that_no_call_met_fails_the_test(run) -> None:
    result = run("""
def test_unused(travel_sandbox):
    travel_sandbox.fault("duffel", kind="timeout")

def test_used_up(travel_sandbox):
    travel_sandbox.fault("frankfurter", status=500, times=1)
    assert httpx.get(RATE).status_code == 500

@pytest.mark.sandbox(allow_unused_faults=True)
def test_may_be_unused(travel_sandbox):
    travel_sandbox.fault("duffel", kind="timeout")
""")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*the fault 'timeout' for duffel any path was left unused"])


def test_a_test_that_failed_itself_is_told_as_it_failed(run) -> None:
    result = run("""
def test_fails(travel_sandbox):
    travel_sandbox.fault("duffel", kind="timeout")
    assert 1 == 2
""")
    result.assert_outcomes(failed=1)
    assert "left unused" not in result.stdout.str()


def test_latency_and_silence_take_no_time(run) -> None:
    run("""
def test_slow(travel_sandbox):
    travel_sandbox.latency("frankfurter", 3600)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(RATE, timeout=3599)
    assert httpx.get(RATE, timeout=3601).status_code == 200
""").assert_outcomes(passed=1)


def test_the_marker_says_seed_day_and_scenario_and_the_nearest_one_wins(
    run, pytester: pytest.Pytester
) -> None:
    (pytester.path / "down.yaml").write_text("faults: [{provider: frankfurter, status: 503}]")
    run("""
@pytest.mark.sandbox(seed=7, today="2027-03-01")
class TestMarked:
    def test_class(self, travel_sandbox):
        assert travel_sandbox.world.seed == 7
        assert travel_sandbox.now.isoformat() == "2027-03-01T12:00:00+00:00"

    @pytest.mark.sandbox(seed=8)
    def test_own(self, travel_sandbox):
        assert travel_sandbox.world.seed == 8
        assert travel_sandbox.now.year == 2027

@pytest.mark.sandbox(scenario="down.yaml")
def test_file():
    assert httpx.get(RATE).status_code == 503

@pytest.mark.sandbox(scenario="latency: {frankfurter: 9}")
def test_text(travel_sandbox):
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(RATE, timeout=5)
""").assert_outcomes(passed=4)


@pytest.mark.parametrize(
    "marker", ["colour='red'", "1", "scenario='nothing.yaml'", "scenario='colour: red'", "today='soon'"]
)
def test_a_wrong_marker_is_an_error_that_says_so(run, marker: str) -> None:
    result = run(f"""
@pytest.mark.sandbox({marker})
def test_never():
    pass
""")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*marker sandbox: *"])


def test_tests_do_not_meet_and_leave_nothing(run) -> None:
    run(
        KEPT
        + """
def test_first(travel_sandbox):
    travel_sandbox.fault("frankfurter", status=500)
    assert client.get(RATE).status_code == 500

def test_second(travel_sandbox):
    assert client.get(RATE).status_code == 200
    assert len(travel_sandbox.calls()) == 1

def test_none():
    assert "in_process" not in httpx.HTTPTransport.handle_request.__code__.co_filename
"""
    ).assert_outcomes(passed=3)
