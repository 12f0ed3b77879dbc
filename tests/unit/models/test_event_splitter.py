"""Server-sent events as they come in."""

import pytest

from workers.models.events import MAX_EVENT, EventSplitter, EventTooLarge


def test_comments_and_other_fields_are_no_data_and_lines_of_data_join() -> None:
    splitter = EventSplitter()
    stream = b"\xef\xbb\xbf: ping\n\nevent: x\nid: 1\ndata:a\ndata: b\n\n"
    assert splitter.feed(stream) == [b"a\nb"]


def test_an_event_without_end_is_bounded() -> None:
    splitter = EventSplitter()
    with pytest.raises(EventTooLarge):
        splitter.feed(b"data: " + b"x" * MAX_EVENT)
    with pytest.raises(EventTooLarge):
        EventSplitter().feed(b"data: xxxxxxxxxx\n" * (MAX_EVENT // 10))
