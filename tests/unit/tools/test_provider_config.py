"""Where providers are, from the environment."""

from datetime import date

import httpx
import pytest

from app.contract.errors import ErrorCode, TripSageError
from tests.support.calls import Report
from tools.providers.allowance import Allowance
from tools.providers.config import ConfigError, load
from tools.providers.factory import Providers
from tools.providers.http import Timing
from tools.providers.open_meteo import DAILY

KEY = "duffel_live_do-not-show"
DAY = date(2027, 5, 4)


def test_everything_goes_to_the_sandbox_unless_told_otherwise() -> None:
    config = load({})
    assert config.duffel.url == "http://127.0.0.1:8001/duffel"
    assert config.open_meteo.url == "http://127.0.0.1:8001/open-meteo"
    assert config.open_meteo_archive.url == "http://127.0.0.1:8001/open-meteo-archive"
    assert config.frankfurter.url == "http://127.0.0.1:8001/frankfurter"
    assert config.duffel.key


def test_the_sandbox_can_be_elsewhere() -> None:
    assert load({"TRIPSAGE_SANDBOX_PORT": "9001"}).duffel.url == "http://127.0.0.1:9001/duffel"
    assert load({"TRIPSAGE_SANDBOX_URL": "http://box:1/"}).frankfurter.url == "http://box:1/frankfurter"


def test_live_means_the_real_addresses() -> None:
    config = load({"TRIPSAGE_TRAVEL": "live", "TRIPSAGE_DUFFEL_KEY": KEY})
    assert config.duffel.url == "https://api.duffel.com"
    assert config.duffel.key == KEY
    assert config.open_meteo.url == "https://api.open-meteo.com"
    assert config.open_meteo_archive.url == "https://archive-api.open-meteo.com"
    assert config.frankfurter.url == "https://api.frankfurter.dev"


def test_a_weather_key_means_the_paid_hosts() -> None:
    config = load({"TRIPSAGE_TRAVEL": "live", "TRIPSAGE_DUFFEL_KEY": KEY, "TRIPSAGE_OPEN_METEO_KEY": "k"})
    assert config.open_meteo.url == "https://customer-api.open-meteo.com"
    assert config.open_meteo_archive.url == "https://customer-archive-api.open-meteo.com"


def test_one_provider_can_be_moved_alone() -> None:
    config = load({"TRIPSAGE_DUFFEL_URL": "https://duffel.test/", "TRIPSAGE_DUFFEL_KEY": KEY})
    assert config.duffel.url == "https://duffel.test"
    assert config.frankfurter.url.endswith("/frankfurter")


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"TRIPSAGE_TRAVEL": "real"}, "TRIPSAGE_TRAVEL"),
        ({"TRIPSAGE_TRAVEL": "live"}, "TRIPSAGE_DUFFEL_KEY"),
        ({"TRIPSAGE_SANDBOX_URL": "ftp://x"}, "TRIPSAGE_SANDBOX_URL"),
        ({"TRIPSAGE_SANDBOX_PORT": "many"}, "TRIPSAGE_SANDBOX_URL"),
        ({"TRIPSAGE_DUFFEL_PER_MINUTE": "often"}, "TRIPSAGE_DUFFEL_PER_MINUTE"),
        ({"TRIPSAGE_DUFFEL_PER_MINUTE": "nan"}, "TRIPSAGE_DUFFEL_PER_MINUTE"),
        ({"TRIPSAGE_KEEP_ANSWERS": "maybe"}, "TRIPSAGE_KEEP_ANSWERS"),
        ({"TRIPSAGE_STAYS": "tents"}, "TRIPSAGE_STAYS"),
        ({"TRIPSAGE_FRANKFURTER_URL": "nonsense"}, "TRIPSAGE_FRANKFURTER_URL"),
        ({"TRIPSAGE_DUFFEL_KEY": f"{KEY} with spaces"}, "TRIPSAGE_DUFFEL_KEY"),
        ({"TRIPSAGE_DUFFEL_KEY": f"{KEY}\nX-Other: 1"}, "TRIPSAGE_DUFFEL_KEY"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(environ: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(environ)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert KEY not in str(refused.value)


def test_no_key_shows_in_a_representation() -> None:
    config = load({"TRIPSAGE_DUFFEL_KEY": KEY, "TRIPSAGE_OPEN_METEO_KEY": "weather-secret"})
    assert KEY not in repr(config)
    assert "weather-secret" not in repr(config)


def test_real_apis_are_called_within_their_allowance_and_their_answers_are_kept() -> None:
    live = {"TRIPSAGE_TRAVEL": "live", "TRIPSAGE_DUFFEL_KEY": KEY}
    assert load(live).duffel.allowance == Allowance(60, 6)
    assert load(live).frankfurter.keeps_answers
    assert not load({**live, "TRIPSAGE_KEEP_ANSWERS": "off"}).frankfurter.keeps_answers


def test_the_sandbox_may_be_called_without_end_and_changes_its_answers() -> None:
    assert load({}).duffel.allowance is None
    assert not load({}).frankfurter.keeps_answers
    assert load({"TRIPSAGE_DUFFEL_PER_MINUTE": "5"}).duffel.allowance == Allowance(5, 1)
    assert load({"TRIPSAGE_KEEP_ANSWERS": "on"}).frankfurter.keeps_answers


def test_keys_that_are_missing_are_named_once_each_and_only_those_that_are_needed() -> None:
    live = {"TRIPSAGE_TRAVEL": "live", "TRIPSAGE_DUFFEL_KEY": KEY}
    assert load({}).missing_keys == []
    assert load(live).missing_keys == ["TRIPSAGE_LITEAPI_KEY", "TRIPSAGE_GEOAPIFY_KEY"]
    assert load({**live, "TRIPSAGE_STAYS": "duffel"}).missing_keys == ["TRIPSAGE_GEOAPIFY_KEY"]
    assert load({**live, "TRIPSAGE_LITEAPI_KEY": "a", "TRIPSAGE_GEOAPIFY_KEY": "b"}).missing_keys == []


async def test_a_call_without_its_key_fails_before_it_is_sent_and_names_the_setting() -> None:
    def sent(request: httpx.Request) -> httpx.Response:
        raise AssertionError("a call without a key went out")

    live = load({"TRIPSAGE_TRAVEL": "live", "TRIPSAGE_DUFFEL_KEY": KEY})
    providers = Providers(live, httpx.MockTransport(sent))
    with pytest.raises(TripSageError) as refused:
        await providers.geoapify.places(["tourism"], 38.7, -9.1, 5000, Report())
    assert refused.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert refused.value.message == "Geoapify cannot be asked: TRIPSAGE_GEOAPIFY_KEY is not set."
    assert refused.value.details == {"provider": "Geoapify", "setting": "TRIPSAGE_GEOAPIFY_KEY"}


async def test_forecasts_are_asked_for_while_the_archive_is_left_alone() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/open-meteo-archive"):
            return httpx.Response(500)
        columns = {name: [1.0] for name in DAILY.split(",")}
        return httpx.Response(200, json={"daily": {"time": [DAY.isoformat()], **columns}})

    async def no_wait(seconds: float) -> None:
        pass

    weather = Providers(load({}), httpx.MockTransport(answer), Timing(no_wait)).open_meteo
    for _ in range(2):
        with pytest.raises(TripSageError):
            await weather.archive(38.7, -9.1, DAY, DAY, Report())
    with pytest.raises(TripSageError, match="left alone"):
        await weather.archive(38.7, -9.1, DAY, DAY, Report())
    assert await weather.forecast(38.7, -9.1, DAY, DAY, Report())


def test_an_api_without_keys_reads_none() -> None:
    assert load({"TRIPSAGE_FRANKFURTER_KEY": "k"}).frankfurter.key is None
