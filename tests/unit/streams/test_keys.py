"""Keys: everything of a stream in one slot, and no two things under one name."""

from hypothesis import given
from hypothesis import strategies as st
from redis.crc import key_slot

from app.contract import ids
from app.streams.keys import SessionKeys, StreamKeys, hash_tag

STREAMS = st.from_regex(ids.STREAM_PATTERN, fullmatch=True)
SESSION_IDS = st.from_regex(ids.CLIENT_ID_PATTERN, fullmatch=True)
DERIVED_IDS = st.from_regex(r"[A-Za-z0-9_.-]{1,64}", fullmatch=True)


@given(STREAMS, DERIVED_IDS)
def test_all_keys_of_a_stream_are_in_one_slot(stream: str, name: str) -> None:
    keys = StreamKeys(stream)
    names = [keys.log, keys.meta, keys.live, keys.control, keys.event(name), keys.fence(name)]
    assert {key_slot(one.encode()) for one in names} == {key_slot(stream.encode())}
    assert all(one.startswith(hash_tag(stream)) for one in names)


@given(SESSION_IDS, DERIVED_IDS, DERIVED_IDS)
def test_no_two_things_share_a_key(session_id: str, one: str, other: str) -> None:
    keys = SessionKeys.of(session_id)
    fixed = [keys.log, keys.meta, keys.live, keys.control, keys.messages, keys.turns]
    named = [
        make(name)
        for name in {one, other}
        for make in (keys.event, keys.fence, keys.turn_request, keys.turn_result, keys.turn_journal)
    ]
    assert len({*fixed, *named}) == len(fixed) + len(named)


@given(STREAMS, STREAMS, DERIVED_IDS)
def test_no_two_streams_share_a_key(one: str, other: str, name: str) -> None:
    if one != other:
        assert StreamKeys(one).event(name) != StreamKeys(other).event(name)
        assert not StreamKeys(one).log.startswith(hash_tag(other))
