"""The subscription connection logs in, speaks TLS and keeps its password to itself."""

import asyncio
import datetime
import ipaddress
import logging
import ssl
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis.asyncio import Redis

from app.streams.client import Endpoint
from app.streams.subscriber import Subscriber
from tests.support.proxy import Proxy
from tests.support.subscribing import QUICK, Inbox, publish
from tests.support.valkey import ValkeyProcess


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
