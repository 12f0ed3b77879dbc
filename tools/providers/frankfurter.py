"""Frankfurter v2: reference rates of central banks."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.contract.errors import ErrorCode
from tools.providers.http import HttpClient, Report
from tools.providers.outcome import Answer

FRESH = 24 * 3600  # s; rates are published once a working day, and each says its date


class Rate(Struct):
    """`rate` units of `quote` for one of `base`, as published for `date`."""

    date: date
    base: str
    quote: str
    rate: Annotated[Decimal, Meta()]


class _Refusal(Struct):
    message: str


class Frankfurter:
    def __init__(self, http: HttpClient) -> None:
        self._http = http

    async def rate(self, base: str, quote: str, report: Report) -> Rate:
        """The latest rate between two currencies (ISO 4217).

        Raises `VALIDATION_ERROR` when Frankfurter has no such rate, `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`.
        """
        answer = await self._http.read(f"/v2/rate/{base}/{quote}", {}, report)
        if answer.status in (404, 422):
            raise self._http.error(
                f"There is no exchange rate from {base} to {quote}.",
                answer,
                reason=_reason(answer),
                code=ErrorCode.VALIDATION_ERROR,
                field="to",
            )
        if answer.status >= 400:
            raise self._http.refused(answer, _reason(answer))
        rate = self._http.parse(answer, Rate)
        if (rate.base, rate.quote) != (base, quote) or not rate.rate.is_finite() or rate.rate <= 0:
            raise self._http.error(f"Frankfurter answered with no rate from {base} to {quote}.", answer)
        await self._http.keep(answer, FRESH)
        return rate


def _reason(answer: Answer) -> str:
    try:
        return msgspec.json.decode(answer.body, type=_Refusal).message
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer.body[:1000].decode(errors="replace")
