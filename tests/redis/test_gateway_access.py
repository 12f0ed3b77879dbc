"""Whom a gateway lets in, and for how long: tokens, origins, and how many connections."""

import asyncio
import json

import pytest

from app.contract.ids import session_stream
from tests.support.gateway import Gateway, connected, gateway, with_limits
from tests.support.streams import event as system_message
from tests.support.wire import open_wire


@pytest.mark.parametrize(
    ("token", "reason"),
    [("expired", "expired"), ("forged", "signature"), ("nonsense", "malformed"), ("none", "malformed")],
)
@pytest.mark.parametrize("header", [True, False], ids=["header", "frame"])
async def test_bad_tokens_are_told_why_and_closed(
    valkey_url: str, token: str, reason: str, header: bool
) -> None:
    async with gateway(valkey_url) as at:
        tokens = {
            "expired": at.token(seconds=-10),
            "forged": at.token(secret="another secret that is long enough to sign"),
            "nonsense": "a.b.c",
            "none": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6OTk5OTk5OTk5OX0.",
        }
        reasons = {reason, "signature"} if token == "none" else {reason}
        async with await open_wire(at.url, token=tokens[token] if header else None) as wire:
            if not header:
                await wire.send("connection_authenticate", token=tokens[token])
            assert await wire.close_code() == 4001
            (failed,) = wire.seen
            assert failed["type"] == "connection_error"
            assert failed["error"]["code"] == "AUTHENTICATION_FAILED"
            assert failed["error"]["details"]["reason"] in reasons
            assert tokens[token] not in json.dumps(failed)


async def test_an_upgrade_with_a_token_needs_no_token_in_the_frame(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, await open_wire(at.url, token=at.token()) as wire:
        await wire.send("connection_authenticate", session_id="s1")
        assert (await wire.receive())["session_id"] == "s1"


async def test_a_token_that_expires_closes_the_connection(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, await open_wire(at.url) as wire:
        await wire.authenticate(at.token(seconds=3))
        assert await wire.close_code() == 4001
        assert wire.seen[-1]["error"]["details"] == {"token_type": "jwt", "reason": "expired"}


async def test_a_renewed_token_keeps_the_connection_and_its_session(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, await open_wire(at.url) as wire, await open_wire(at.url) as other:
        short = at.token(seconds=3)
        first = await wire.authenticate(short, "s1")
        await other.authenticate(short)
        again = await wire.authenticate(at.token(seconds=3600))
        assert again["session_id"] == first["session_id"] == "s1"
        assert again["connection_id"] == first["connection_id"]
        assert await other.close_code() == 4001  # the first token has run out
        await at.services.log.append(session_stream("s1"), system_message("still here"))
        await wire.until(lambda frame: frame["id"] == "still here")


async def test_nobody_who_says_nothing_stays(valkey_url: str) -> None:
    async with gateway(valkey_url, limits=with_limits(authenticate_within=1.0)) as at:
        async with await open_wire(at.url) as wire:
            assert await wire.close_code() == 4001
            assert wire.seen[0]["error"]["details"]["reason"] == "missing"


@pytest.mark.parametrize(
    ("origin", "allowed"), [("https://trips.example.com", True), ("https://evil.example.com", False)]
)
async def test_the_origin_is_checked(valkey_url: str, origin: str, allowed: bool) -> None:
    async with gateway(valkey_url) as at, await open_wire(at.url, origin=origin) as wire:
        if allowed:
            await wire.authenticate(at.token())
        else:
            assert await wire.close_code() == 4003
            assert wire.seen == []


async def test_one_connection_too_many_is_closed(valkey_url: str) -> None:
    async with gateway(valkey_url, limits=with_limits(connections_per_user=2)) as at:
        async with await connected(at) as one, await connected(at), await open_wire(at.url) as three:
            await three.send("connection_authenticate", token=at.token())
            assert await three.close_code() == 4009
            async with await connected(at, "bob"):
                pass
            await one._connection.close()
            await _until_forgotten(at, 1)
            async with await connected(at):
                pass


async def _until_forgotten(at: Gateway, count: int) -> None:
    while await at.services.redis.execute_command("ZCARD", "{user:alice}:connections") > count:
        await asyncio.sleep(0)
