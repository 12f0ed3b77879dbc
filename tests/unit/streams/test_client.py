"""Commands on their way out: packed by hiredis, they are the bytes that redis-py makes."""

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio.connection import AbstractConnection

from app.streams.client import make_client

ARGUMENTS = st.lists(st.text() | st.binary() | st.integers() | st.floats(allow_nan=False), max_size=8)


@given(st.sampled_from(["EVALSHA", "CONFIG GET"]), ARGUMENTS)
def test_a_command_is_packed_as_redis_py_packs_it(name: str, arguments: list[Any]) -> None:
    connection = cast(Any, make_client("redis://nowhere").connection_pool.make_connection())
    theirs = AbstractConnection.pack_command(connection, name, *arguments)
    assert b"".join(connection.pack_command(name, *arguments)) == b"".join(theirs)
