"""A cassette: exchanges with live APIs, scrubbed, in a file that people can read and keep."""

import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from .scrub import Scrubber, secrets_of
from .wire import Request, Response, json_response


class CassetteError(ValueError):
    """The file is no cassette or cannot be used; the message is one line."""


class Exchange(Struct, frozen=True):
    """A request and its answer. Bodies are JSON, or text where they were none."""

    provider: str
    method: str
    path: str
    query: dict[str, str]
    sent: Any
    status: int
    headers: dict[str, str]
    body: Any

    @property
    def question(self) -> bytes:
        """What makes two requests the same."""
        return _question(self.provider, self.method, self.path, self.query, self.sent)


class Cassette(Struct):
    salt: str
    exchanges: list[Exchange] = []

    def record(self, provider: str, request: Request, response: Response) -> Exchange:
        """Scrubbed before it is kept, with the secrets of this request taken out wherever they stand."""
        scrubber = Scrubber(self.salt, secrets_of(request.headers, request.query))
        headers = {"content-type": response.content_type, **response.headers}
        exchange = Exchange(
            provider=provider,
            method=request.method,
            path=scrubber.text(request.path),
            query=scrubber.query(request.query),
            sent=scrubber.body(request.body),
            status=response.status,
            headers=scrubber.headers(headers),
            body=scrubber.body(response.body),
        )
        self.exchanges.append(exchange)
        return exchange


class Replay:
    """Answers recorded requests: the same one several times in the order of the recording, then the last."""

    def __init__(self, cassette: Cassette) -> None:
        self._salt = cassette.salt
        self._answers: defaultdict[bytes, list[Exchange]] = defaultdict(list)
        for exchange in cassette.exchanges:
            self._answers[exchange.question].append(exchange)

    def answer(self, provider: str, request: Request) -> Response:
        """501 when the request was not recorded."""
        scrubber = Scrubber(self._salt, secrets_of(request.headers, request.query))
        path, query = scrubber.text(request.path), scrubber.query(request.query)
        answers = self._answers.get(
            _question(provider, request.method, path, query, scrubber.body(request.body))
        )
        if not answers:
            told = f"The cassette has no {request.method} {provider} {path[:200]} with this query and body."
            return json_response(501, {"message": told})
        exchange = answers.pop(0) if len(answers) > 1 else answers[0]
        headers = dict(exchange.headers)
        kind = headers.pop("content-type", "application/json")
        body = exchange.body
        raw = body.encode() if isinstance(body, str) and "json" not in kind else msgspec.json.encode(body)
        return Response(exchange.status, raw, headers, kind)


def read(path: Path) -> Cassette:
    """Raises `CassetteError`."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Cassette)
    except OSError as error:
        raise CassetteError(f"{path}: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CassetteError(f"{path}: {error}") from None


def write(cassette: Cassette, path: Path) -> None:
    """All or nothing. Raises `CassetteError`."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(cassette), indent=1) + b"\n")
        os.replace(unfinished, path)
    except OSError as error:
        raise CassetteError(f"{path}: {error.strerror}") from None


def _question(provider: str, method: str, path: str, query: Mapping[str, str], sent: Any) -> bytes:
    return msgspec.json.encode([provider, method, path, dict(query), sent], order="deterministic")
