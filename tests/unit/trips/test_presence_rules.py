"""The rules of presence: several connections of one person are one collaborator."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.contract.events import CursorPosition
from app.domain.presence import Tab, merged, status_at

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
moments = st.integers(0, 100).map(lambda seconds: START + timedelta(seconds=seconds))
cursors = st.builds(CursorPosition, x=st.integers(0, 9), y=st.integers(0, 9))


@st.composite
def tabs(draw: st.DrawFn) -> Tab:
    user = draw(st.sampled_from(["alice", "bob", "carol"]))
    cursor = draw(st.none() | cursors)
    return Tab(
        user_id=user,
        user_name=user.title(),
        status=draw(st.sampled_from(["active", "idle"])),
        last_seen=draw(moments),
        cursor=cursor,
        cursor_at=None if cursor is None else draw(moments),
    )


here = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), tabs(), max_size=8)


@given(here, st.data())
def test_each_person_once_as_active_as_their_most_active_connection(
    here: dict[str, Tab], data: st.DataObject
) -> None:
    editing = data.draw(st.dictionaries(st.sampled_from(sorted(here)), st.text("xyz"))) if here else {}
    people = merged(here, editing)
    assert [each.user_id for each in people] == sorted({tab.user_id for tab in here.values()})
    for person in people:
        theirs = {name: tab for name, tab in here.items() if tab.user_id == person.user_id}
        active = any(tab.status == "active" for tab in theirs.values())
        assert person.status == ("active" if active else "idle")
        assert person.last_seen == max(tab.last_seen for tab in theirs.values())
        fields = [editing[name] for name in theirs if name in editing]
        assert person.current_field in (fields or [None])
        moves = [tab.cursor_at for tab in theirs.values() if tab.cursor_at is not None]
        latest = [tab.cursor for tab in theirs.values() if moves and tab.cursor_at == max(moves)]
        assert person.cursor_position in (latest or [None])


@given(here, st.randoms(use_true_random=False))
def test_the_order_in_which_connections_are_read_does_not_matter(
    here: dict[str, Tab], random: object
) -> None:
    shuffled = list(here.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merged(dict(shuffled), {}) == merged(here, {})


def test_the_field_is_that_of_the_most_active_connection() -> None:
    def tab(status: str) -> Tab:
        return Tab(user_id="alice", user_name="Alice", status=status, last_seen=START)  # type: ignore[arg-type]

    people = merged({"a": tab("idle"), "b": tab("active")}, {"a": "notes", "b": "budget"})
    assert [each.current_field for each in people] == ["budget"]


def test_idle_begins_after_that_long_without_input() -> None:
    at = START + timedelta(seconds=60)
    assert status_at(START, at - timedelta(milliseconds=1), 60) == "active"
    assert status_at(START, at, 60) == "idle"
