"""The subscription connection on a real server: confirmation, order, outages, logging in."""

import asyncio
import datetime
import ipaddress
import logging
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from app.streams.client import Endpoint, make_client
from app.streams.subscriber import Subscriber, Timing
from tests.support.proxy import Proxy
from tests.support.valkey import ValkeyProcess

QUICK = Timing(probe_after=0.05, probe_timeout=0.05, first_backoff=0.01, longest_backoff=0.05)


class Inbox:
    """A callback, and what it was called with."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[bytes] = asyncio.Queue()

    def __call__(self, payload: bytes) -> None:
        self.messages.put_nowait(payload)

    async def next(self) -> bytes:
        return await self.messages.get()


async def publish(redis: Redis, channel: str, payload: str) -> None:
    await redis.execute_command("SPUBLISH", channel, payload)


@pytest.fixture
async def subscriber(valkey_url: str) -> AsyncIterator[Subscriber]:
    subscriber = Subscriber(valkey_url)
    subscriber.start()
    yield subscriber
    await subscriber.close()


def reconnected(subscriber: Subscriber) -> asyncio.Event:
    event = asyncio.Event()
    subscriber.on_reconnect(event.set)
    return event


async def test_messages_of_a_channel_arrive_in_order_and_of_no_other(
    subscriber: Subscriber, redis: Redis
) -> None:
    inbox = Inbox()
    await subscriber.subscribe("a", inbox)
    await publish(redis, "b", "not for us")
    for n in range(100):
        await publish(redis, "a", f"{n}")
    assert [await inbox.next() for _ in range(100)] == [b"%d" % n for n in range(100)]


async def test_a_subscription_is_confirmed_before_it_returns(subscriber: Subscriber, redis: Redis) -> None:
    for n in range(50):
        inbox = Inbox()
        await subscriber.subscribe(f"c{n}", inbox)
        assert await redis.execute_command("SPUBLISH", f"c{n}", "x") == 1


async def test_a_channel_left_and_joined_at_once_is_confirmed_anew(
    subscriber: Subscriber, redis: Redis
) -> None:
    """The first reply must not be taken for the second: between the two the server sends nothing."""
    await subscriber.subscribe("a", Inbox())
    for _ in range(50):
        early, late = Inbox(), Inbox()
        joining = asyncio.ensure_future(subscriber.subscribe("b", early))
        await asyncio.sleep(0)
        subscriber.unsubscribe("b", early)
        await subscriber.subscribe("b", late)
        assert await redis.execute_command("SPUBLISH", "b", "x") == 1
        await late.next()
        subscriber.unsubscribe("b", late)
        joining.cancel()
        await asyncio.gather(joining, return_exceptions=True)


async def test_several_callbacks_share_a_channel_until_the_last_leaves(
    subscriber: Subscriber, redis: Redis
) -> None:
    first, second = Inbox(), Inbox()
    await asyncio.gather(subscriber.subscribe("a", first), subscriber.subscribe("a", second))
    await publish(redis, "a", "1")
    assert (await first.next(), await second.next()) == (b"1", b"1")
    subscriber.unsubscribe("a", first)
    await publish(redis, "a", "2")
    assert await second.next() == b"2"
    assert first.messages.empty()
    subscriber.unsubscribe("a", second)
    await subscriber.subscribe("b", Inbox())  # its confirmation comes after the channel was left
    assert await redis.execute_command("SPUBLISH", "a", "3") == 0


async def test_a_callback_that_fails_makes_nobody_else_deaf(
    subscriber: Subscriber, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox()

    def fails(payload: bytes) -> None:
        raise RuntimeError("a defect")

    await subscriber.subscribe("a", fails)
    await subscriber.subscribe("a", inbox)
    await publish(redis, "a", "1")
    assert await inbox.next() == b"1"
    assert "a defect" in caplog.text


async def test_a_cancelled_subscribe_leaves_nothing_behind(killable_valkey: ValkeyProcess) -> None:
    subscriber = Subscriber(killable_valkey.url)
    waiting = asyncio.ensure_future(subscriber.subscribe("a", Inbox()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    subscriber.start()
    await subscriber.subscribe("b", Inbox())
    redis = make_client(killable_valkey.url)
    assert await redis.execute_command("PUBSUB", "SHARDCHANNELS") == [b"b"]
    await redis.aclose()
    await subscriber.close()


async def test_a_restarted_server_finds_all_subscriptions_again(killable_valkey: ValkeyProcess) -> None:
    await restart_and_listen(killable_valkey)


def test_the_same_on_uvloop(killable_valkey: ValkeyProcess) -> None:
    uvloop.run(restart_and_listen(killable_valkey))


async def restart_and_listen(server: ValkeyProcess) -> None:
    subscriber = Subscriber(server.url, timing=QUICK)
    lost, stands = asyncio.Event(), reconnected(subscriber)
    subscriber.on_disconnect(lost.set)
    subscriber.start()
    inboxes = [Inbox() for _ in range(20)]
    await asyncio.gather(*[subscriber.subscribe(f"c{n}", inbox) for n, inbox in enumerate(inboxes)])
    await stands.wait()
    assert subscriber.healthy
    stands.clear()
    server.kill()
    await lost.wait()
    assert not subscriber.healthy
    late = asyncio.ensure_future(subscriber.subscribe("late", late_inbox := Inbox()))
    server.start()
    await stands.wait()
    await late
    redis = make_client(server.url)
    for n in range(20):
        await publish(redis, f"c{n}", f"{n}")
    await publish(redis, "late", "late")
    assert [await inbox.next() for inbox in inboxes] == [b"%d" % n for n in range(20)]
    assert await late_inbox.next() == b"late"
    await redis.aclose()
    await subscriber.close()


async def test_a_server_that_stops_to_answer_is_left(valkey_url: str, redis: Redis) -> None:
    async with Proxy(valkey_url) as proxy:
        subscriber = Subscriber(proxy.url, timing=QUICK)
        stands, lost = reconnected(subscriber), asyncio.Event()
        subscriber.on_disconnect(lost.set)
        subscriber.start()
        inbox = Inbox()
        await subscriber.subscribe("a", inbox)
        await stands.wait()
        stands.clear()
        proxy.freeze()
        await lost.wait()
        assert not subscriber.healthy
        proxy.thaw_new_connections()
        await stands.wait()
        await publish(redis, "a", "1")
        assert await inbox.next() == b"1"
        await subscriber.close()


async def test_a_silent_server_that_answers_is_kept(valkey_url: str, redis: Redis) -> None:
    async with Proxy(valkey_url) as proxy:
        subscriber = Subscriber(proxy.url, timing=Timing(probe_after=0.01, probe_timeout=5))
        subscriber.start()
        inbox = Inbox()
        await subscriber.subscribe("a", inbox)
        pings = 0
        while pings < 5:
            pings = int((await redis.info("commandstats")).get("cmdstat_ping", {}).get("calls", 0))
        await publish(redis, "a", "1")
        assert await inbox.next() == b"1"
        assert proxy.connections == 1
        await subscriber.close()


async def test_reconnect_makes_a_new_connection(valkey_url: str) -> None:
    async with Proxy(valkey_url) as proxy:
        subscriber = Subscriber(proxy.url, timing=QUICK)
        subscriber.start()
        await subscriber.subscribe("a", Inbox())  # else it stands before the proxy has taken it
        stands = reconnected(subscriber)
        subscriber.reconnect()
        await stands.wait()
        assert proxy.connections == 2
        await subscriber.close()


async def test_close_leaves_no_task_and_refuses_who_waits(killable_valkey: ValkeyProcess) -> None:
    before = asyncio.all_tasks()
    subscriber = Subscriber(killable_valkey.url, timing=QUICK)
    subscriber.start()
    await subscriber.subscribe("a", Inbox())
    killable_valkey.kill()
    waiting = asyncio.ensure_future(subscriber.subscribe("b", Inbox()))
    await asyncio.sleep(0)
    await subscriber.close()
    with pytest.raises(ConnectionError):
        await waiting
    with pytest.raises(ConnectionError):
        await subscriber.subscribe("c", Inbox())
    assert asyncio.all_tasks() == before


class Logged(logging.Handler):
    """Says when a text has been logged."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen = asyncio.Event()
        self._text = text

    def emit(self, record: logging.LogRecord) -> None:
        if self._text in record.getMessage():
            self.seen.set()

    async def wait(self) -> None:
        logger = logging.getLogger("app.streams")
        logger.addHandler(self)
        try:
            await self.seen.wait()
        finally:
            logger.removeHandler(self)


PASSWORD = "a-pass%20word/with@signs"


async def test_it_logs_in_and_keeps_the_password_to_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = ValkeyProcess(tmp_path, "--requirepass", PASSWORD)
    server.start(password=PASSWORD)
    try:
        right = f"unix://:{quote(PASSWORD, safe='')}@{tmp_path}/valkey.sock?db=3"
        subscriber = Subscriber(right, timing=QUICK)
        subscriber.start()
        await subscriber.subscribe("a", Inbox())
        wrong = Subscriber(right.replace("unix://:", "unix://:another-"), timing=QUICK)
        wrong.start()
        await Logged("WRONGPASS").wait()
        assert not wrong.healthy
        await wrong.close()
        await subscriber.close()
    finally:
        server.stop()
    endpoint = Endpoint.parse(right)
    shown = f"{caplog.text} {endpoint} {endpoint!r} {subscriber!r}"
    assert "pass%" not in shown


def test_endpoints_are_read_as_redis_py_reads_them() -> None:
    endpoint = Endpoint.parse("rediss://user:p%40ss@redis.example:7000/4?ssl_check_hostname=true")
    assert (endpoint.host, endpoint.port, endpoint.database) == ("redis.example", 7000, 4)
    assert (endpoint.username, endpoint.password) == ("user", "p@ss")
    assert endpoint.tls is not None
    assert endpoint.tls.verify_mode is ssl.CERT_REQUIRED
    assert Endpoint.parse("redis://redis.example").tls is None
    assert str(endpoint) == "redis.example:7000"
    with pytest.raises(ValueError, match="scheme"):
        Endpoint.parse("http://redis.example")


async def test_it_speaks_tls_and_checks_the_certificate(
    valkey_url: str, redis: Redis, tmp_path: Path
) -> None:
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    async with Proxy(valkey_url, tls=context) as proxy:
        trusting = Subscriber(f"{proxy.url}?ssl_ca_certs={certificate}&ssl_check_hostname=true", timing=QUICK)
        trusting.start()
        inbox = Inbox()
        await trusting.subscribe("a", inbox)
        await publish(redis, "a", "1")
        assert await inbox.next() == b"1"
        await trusting.close()
        doubting = Subscriber(proxy.url, timing=QUICK)
        doubting.start()
        await Logged("CERTIFICATE_VERIFY_FAILED").wait()
        assert not doubting.healthy
        await doubting.close()


def self_signed(directory: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = directory / "certificate.pem", directory / "key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_path, key_path
