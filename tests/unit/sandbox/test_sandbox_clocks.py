"""Local times are what zoneinfo says, and none is shown by no clock or by two."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.sandbox.clocks import local_to_utc, utc_to_local

zones = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "America/Nuuk",
        "Australia/Lord_Howe",
        "Asia/Beirut",
        "Africa/Cairo",
    ]
)


@given(zone=zones, local=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)))
def test_local_times_convert_as_zoneinfo_does(zone: str, local: datetime) -> None:
    place = ZoneInfo(zone)
    moment = local_to_utc(local, place)
    shown = [moment for moment in _around(local) if moment.astimezone(place).replace(tzinfo=None) == local]
    assert moment == (shown[0] if len(shown) == 1 else None)
    for one in shown:
        assert utc_to_local(one, place) == local


def _around(local: datetime) -> list[datetime]:
    """Every moment, by quarters of an hour, at which a clock somewhere may show this."""
    return [local.replace(tzinfo=UTC) + timedelta(minutes=15 * step) for step in range(-14 * 4, 12 * 4 + 1)]


@pytest.mark.parametrize(
    "local", [datetime(2027, 3, 28, 2, 30), datetime(2027, 10, 31, 2, 0), datetime(2027, 10, 31, 2, 30)]
)
def test_an_hour_that_the_clocks_skip_or_repeat_is_no_time(local: datetime) -> None:
    assert local_to_utc(local, ZoneInfo("Europe/Berlin")) is None
