"""Frankfurter: `/v1/latest` (European Central Bank only) and `/v2/rates`, `/v2/rate/{base}/{quote}`."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .draws import Draws
from .wire import Request, Response, json_response

_TABLE = Path(__file__).parent / "data" / "rates.tsv"
_PUBLISHED_AT = time(16)
_FRANKFURT = ZoneInfo("Europe/Berlin")
_PIVOT = "EUR"
_REFERENCE_DAY = date(2026, 11, 20)


class _Currency(NamedTuple):
    per_euro: float
    in_v1: bool


class Frankfurter:
    def __init__(self, seed: int) -> None:
        self._seed = seed

    def handle(self, request: Request, now: datetime) -> Response:
        version = 2 if request.path.startswith("/v2/") else 1
        if request.method != "GET":
            return _refusal(version, 405, "method not allowed")
        day = published_day(now)
        match request.path.strip("/").split("/"):
            case ["v1", "latest"]:
                return self._latest(request.query, day)
            case ["v2", "rates"]:
                return self._rates(request.query, day)
            case ["v2", "rate", base, quote]:
                return self._rate(base.upper(), quote.upper(), day)
            case _:
                return _refusal(version, 404, "not found")

    def _latest(self, query: Mapping[str, str], day: date) -> Response:
        known = {code for code, currency in currencies().items() if currency.in_v1} | {_PIVOT}
        base = query.get("base", query.get("from", _PIVOT)).upper()
        wanted = _codes(query.get("symbols", query.get("to")))
        if base not in known or any(code not in known for code in wanted):
            return _refusal(1, 404, "not found")
        if wanted == [base]:
            return _refusal(1, 422, "bad currency pair")
        try:
            amount = float(query.get("amount", "1"))
        except ValueError:
            amount = math.nan
        if not 0 < amount < 1e15:
            return _refusal(1, 422, "invalid amount")
        quotes = sorted((set(wanted) or known) - {base})
        rates = {quote: _rounded(amount * self._cross(base, quote, day)) for quote in quotes}
        return json_response(200, {"amount": amount, "base": base, "date": day.isoformat(), "rates": rates})

    def _rates(self, query: Mapping[str, str], day: date) -> Response:
        base = query.get("base", _PIVOT).upper()
        wanted = _codes(query.get("quotes"))
        unknown = [code for code in (base, *wanted) if not _is_known(code)]
        if unknown:
            return _refusal(2, 422, f"invalid currency: {unknown[0][:10]}")
        quotes = wanted or sorted(code for code in (*currencies(), _PIVOT) if code != base)
        return json_response(200, [self._row(base, quote, day) for quote in quotes])

    def _rate(self, base: str, quote: str, day: date) -> Response:
        unknown = [code for code in (base, quote) if not _is_known(code)]
        if unknown:
            return _refusal(2, 404, f"rate not found: {base[:10]}/{quote[:10]}")
        return json_response(200, self._row(base, quote, day))

    def _row(self, base: str, quote: str, day: date) -> dict[str, Any]:
        rate = 1.0 if base == quote else _rounded(self._cross(base, quote, day))
        return {"date": day.isoformat(), "base": base, "quote": quote, "rate": rate}

    def _cross(self, base: str, quote: str, day: date) -> float:
        return self._per_euro(quote, day) / self._per_euro(base, day)

    def _per_euro(self, code: str, day: date) -> float:
        """Wanders slowly around the table's rate: a slow wave and a small step a day, within some 4 %."""
        if code == _PIVOT:
            return 1.0
        phase = Draws(self._seed, "rate", code).between(0, 2 * math.pi)
        wave = math.sin(2 * math.pi * (day - _REFERENCE_DAY).days / 190 + phase) - math.sin(phase)
        step = Draws(self._seed, "rate", code, day.isoformat()).between(-0.004, 0.004)
        return currencies()[code].per_euro * (1 + 0.02 * wave + step)


def published_day(now: datetime) -> date:
    """The day of the latest rates: published on working days in the afternoon; weekends carry Friday's."""
    local = now.astimezone(_FRANKFURT)
    day = local.date() if local.time() >= _PUBLISHED_AT else local.date() - timedelta(1)
    return day - timedelta(max(0, day.weekday() - 4))


@lru_cache(maxsize=1)
def currencies() -> dict[str, _Currency]:
    """Every currency but the euro."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {code: _Currency(float(rate), in_v1 == "yes") for code, rate, in_v1 in rows}


def _is_known(code: str) -> bool:
    return code == _PIVOT or code in currencies()


def _codes(text: str | None) -> list[str]:
    return list(dict.fromkeys(code.strip().upper() for code in (text or "").split(",") if code.strip()))


def _rounded(rate: float) -> float:
    """Five significant digits, as the rates are published."""
    return float(f"{rate:.5g}")


def _refusal(version: int, status: int, message: str) -> Response:
    return json_response(
        status, {"message": message} if version == 1 else {"status": status, "message": message}
    )
