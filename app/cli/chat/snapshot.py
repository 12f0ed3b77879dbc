"""Reads over REST what the socket can no longer replay."""

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import msgspec

from app.client.address import is_loopback, rest_address
from app.client.link import Token

ANSWER_SECONDS = 10.0


async def read_result(url: str, token: Token, session_id: str, turn_id: str) -> dict[str, Any] | None:
    """The turn's result; None while it is not done, or where it cannot be read now."""
    import httpx  # seldom needed, and slow to load

    bearer = token if isinstance(token, str) else await token()
    address = f"{rest_address(url)}/api/sessions/{quote(session_id)}/turns/{quote(turn_id)}"
    try:
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=not is_loopback(url)) as client:
            answer = await client.get(address, headers={"Authorization": f"Bearer {bearer}"})
    except httpx.HTTPError:
        return None
    if answer.status_code != HTTPStatus.OK:
        return None
    result: object = msgspec.json.decode(answer.content)
    return cast("dict[str, Any]", result) if isinstance(result, dict) else None
