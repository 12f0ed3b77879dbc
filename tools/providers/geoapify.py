"""Geoapify Places: things to see and do and places to eat around a point, as OpenStreetMap knows them."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.contract.errors import ErrorCode, TripSageError
from tools.providers.http import HttpClient, Report
from tools.providers.outcome import Answer

FRESH = 7 * 24 * 3600  # s; sights stay where they are, and their hours change with the season
MAX_PLACES = 100

Text = Annotated[str, Meta(max_length=1000)]


class Tags(Struct):
    """Of OpenStreetMap, as they were entered by people; nothing about them is certain."""

    opening_hours: Text | None = None
    wheelchair: Text | None = None
    fee: Text | None = None
    charge: Text | None = None


class _Source(Struct):
    raw: Tags | None = None


class _Properties(Struct):
    place_id: Annotated[str, Meta(min_length=1, max_length=500)]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    name: Text | None = None
    categories: list[Text] = []
    datasource: _Source | None = None


class _Feature(Struct):
    properties: _Properties


class _Collection(Struct):
    features: list[_Feature]


class _Refusal(Struct):
    message: str


class Sight(Struct, frozen=True):
    id: str
    name: str
    latitude: float
    longitude: float
    categories: list[str]
    tags: Tags


class Geoapify:
    def __init__(self, http: HttpClient, key: str | None) -> None:
        self._http = http
        self._key = key or ""

    async def places(
        self,
        categories: Sequence[str],
        latitude: float,
        longitude: float,
        metres: int,
        report: Report,
        conditions: Sequence[str] = (),
    ) -> list[Sight]:
        """Those in any of the categories that have a name.

        What is known to meet a condition (`vegan`) names it among its categories. Raises `VALIDATION_ERROR` for
        what Geoapify cannot search for, `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`.
        """
        parameters: dict[str, str | int] = {
            "categories": ",".join(categories),
            "filter": f"circle:{longitude:.4f},{latitude:.4f},{metres}",
            "limit": MAX_PLACES,
            "apiKey": self._key,
        }
        if conditions:
            parameters["conditions"] = ",".join(conditions)
        answer = await self._http.read("/v2/places", parameters, report)
        if answer.status >= 400:
            raise self._refused(answer)
        features = self._http.parse(answer, _Collection).features
        await self._http.keep(answer, FRESH)
        return [_sight(one.properties, one.properties.name) for one in features if one.properties.name]

    def _refused(self, answer: Answer) -> TripSageError:
        try:
            said = msgspec.json.decode(answer.body, type=_Refusal).message
        except (msgspec.DecodeError, UnicodeDecodeError):
            said = answer.body[:1000].decode(errors="replace")
        if answer.status == 400:
            return self._http.error(
                "Geoapify cannot search for that.", answer, reason=said, code=ErrorCode.VALIDATION_ERROR
            )
        return self._http.refused(answer, said)


def _sight(found: _Properties, name: str) -> Sight:
    source = found.datasource
    return Sight(
        id=found.place_id,
        name=name[:200],
        latitude=found.lat,
        longitude=found.lon,
        categories=found.categories[:40],
        tags=(source.raw if source else None) or Tags(),
    )
