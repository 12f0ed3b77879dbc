"""Local clocks: exact across DST, and quick on the days around which a zone's offset does not change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_NOON = time(12)


def local_to_utc(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment when the zone's clock shows this, or None when it skips it or shows it twice."""
    offset = steady_offset(zone, local.toordinal())
    if offset is not None:
        return (local - offset).replace(tzinfo=UTC)
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    return first.astimezone(UTC) if first.utcoffset() == second.utcoffset() else None


def utc_to_local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clock shows then, without an offset."""
    offset = steady_offset(zone, moment.toordinal())
    if offset is not None:
        return moment.replace(tzinfo=None) + offset
    return moment.astimezone(zone).replace(tzinfo=None)


@lru_cache(maxsize=20_000)
def steady_offset(zone: ZoneInfo, day: int) -> timedelta | None:
    """The offset when it is the same from two days before to two days after, wide enough for any zone."""
    offsets = {
        datetime.combine(date.fromordinal(day + apart), _NOON, zone).utcoffset()
        for apart in (-2, -1, 0, 1, 2)
    }
    return offsets.pop() if len(offsets) == 1 else None
