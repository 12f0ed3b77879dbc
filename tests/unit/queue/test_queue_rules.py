"""The small rules of the queue: back-off, telling of an outage, reading an address."""

import logging

import pytest
from arq.connections import RedisSettings
from redis.exceptions import ConnectionError

from app.streams.queue import queue_address
from workers.execution import retry_after
from workers.outage import LONGEST_DELAY, Outage


def test_a_failing_job_is_tried_again_later_each_time_up_to_half_a_minute():
    delays = [retry_after(job_try) for job_try in range(1, 11)]
    assert delays == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30])
    assert retry_after(10**9) == 30


def test_an_outage_is_told_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    outage = Outage()
    for loop in ("dispatch", "wake", "dispatch", "health", "dispatch"):
        outage.failed(loop, ConnectionError("refused"))
    outage.over("wake")
    outage.over("health")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "ConnectionError: refused" in caplog.text
    outage.over("dispatch")
    outage.over("dispatch")
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    outage.failed("wake", OSError("reset"))
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING"]


def test_tries_during_an_outage_slow_down_each_loop_by_itself():
    outage = Outage()
    delays = [outage.failed("dispatch", OSError()) for _ in range(100)]
    assert delays[:3] == [0.05, 0.1, 0.2]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_DELAY
    assert outage.failed("wake", OSError()) == 0.05
    outage.over("dispatch")
    assert outage.failed("dispatch", OSError()) == 0.05


def test_an_address_is_read_as_redis_py_reads_it():
    address = queue_address(
        "rediss://worker:p%40ss@queue.example:6380/3?ssl_cert_reqs=none&max_connections=9"
    )
    assert isinstance(address, RedisSettings)
    assert (address.host, address.port, address.database) == ("queue.example", 6380, 3)
    assert (address.username, address.password) == ("worker", "p@ss")
    assert (address.ssl, address.ssl_cert_reqs, address.max_connections) == (True, "none", 9)


def test_a_socket_is_an_address_too():
    address = queue_address("unix:///run/valkey.sock?db=2")
    assert (address.unix_socket_path, address.database, address.ssl) == ("/run/valkey.sock", 2, False)


def test_a_plain_address_is_not_encrypted():
    address = queue_address("redis://localhost")
    assert (address.host, address.port, address.database, address.ssl) == ("localhost", 6379, 0, False)


@pytest.mark.parametrize("url", ["redis://:hush@localhost", "unix://:hush@/run/valkey.sock"])
def test_an_address_shows_no_password(url: str):
    address = queue_address(url)
    assert address.password == "hush"
    assert "hush" not in repr(address)
    assert "hush" not in str(address)
