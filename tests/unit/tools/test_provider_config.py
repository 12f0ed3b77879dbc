"""Where providers are, from the environment."""

import pytest

from tools.providers.allowance import Allowance
from tools.providers.config import ConfigError, load

KEY = "duffel_live_do-not-show"


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
