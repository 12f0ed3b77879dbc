"""Who a token names: what was verified before is remembered, and is no way around the key or the clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.services.auth import AuthenticationFailed, Authenticator, issue_token

OLD, NEW = "a secret of thirty-two characters", "another secret of the same length"
NOW = datetime(2026, 5, 1, tzinfo=UTC)


class Issuer:
    """A key that is rotated, and a clock."""

    algorithms = ("HS256",)

    def __init__(self) -> None:
        self.key, self.now = OLD, NOW
        self.asked = Authenticator(self, lambda: self.now)

    async def key_for(self, header: Mapping[str, Any]) -> str:
        return self.key

    async def refusal(self, token: str) -> str:
        with pytest.raises(AuthenticationFailed) as refused:
            await self.asked.identify(token)
        return refused.value.details["reason"]


async def test_a_token_that_was_verified_still_expires() -> None:
    issuer, token = Issuer(), issue_token(OLD, "alice", "Alice", NOW, 60)
    assert (await issuer.asked.identify(token)).user_name == "Alice"
    issuer.now += timedelta(seconds=59)
    assert (await issuer.asked.identify(token)).user_id == "alice"
    issuer.now += timedelta(seconds=1)
    assert await issuer.refusal(token) == "expired"


async def test_a_token_that_was_verified_is_refused_when_the_key_is_another() -> None:
    issuer, token = Issuer(), issue_token(OLD, "alice", None, NOW, 60)
    await issuer.asked.identify(token)
    issuer.key = NEW
    assert await issuer.refusal(token) == "signature"


async def test_a_token_like_one_that_was_verified_is_refused() -> None:
    issuer, token = Issuer(), issue_token(OLD, "alice", None, NOW, 60)
    await issuer.asked.identify(token)
    theirs = issue_token(NEW, "alice", None, NOW, 60)
    forged = f"{token.rpartition('.')[0]}.{theirs.rpartition('.')[2]}"
    assert await issuer.refusal(forged) == "signature"
