"""The merge of live copies with the log: each rule by itself, then all of them against a model."""

from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.streams.frame import Frame
from app.streams.merge import HELD_BYTES, HistoryLost, Merge, Request, Slice

EPOCH = "first"


def entry(seq: int, history: str = "a") -> tuple[int, bytes]:
    return seq, f'{{"of":"{history}","seq":{seq}}}'.encode()


def live(seq: int, history: str = "a") -> Frame:
    return Frame(*entry(seq, history))


def log(first: int, last: int, history: str = "a", epoch: str = EPOCH) -> Slice:
    return Slice(epoch, last, [entry(seq, history) for seq in range(first, last + 1)])


def settled(last: int) -> Merge:
    return Merge(EPOCH, last, entry(last)[1] if last else None, in_doubt=False)


def seqs(frames: list[Frame]) -> list[int]:
    return [frame.seq for frame in frames]


def test_the_next_event_goes_straight_through() -> None:
    merge = settled(4)
    assert merge.accept(live(5))
    assert merge.accept(live(6))
    assert merge.last == 6
    assert merge.settled


def test_a_repeated_event_is_dropped() -> None:
    merge = settled(4)
    assert not merge.accept(live(4))
    assert merge.settled


def test_another_event_under_a_number_that_was_delivered_casts_doubt() -> None:
    merge = settled(4)
    assert not merge.accept(live(4, "b"))
    assert not merge.settled
    assert not merge.accept(live(5, "b"))
    with pytest.raises(HistoryLost) as lost:
        merge.take(merge.ask(), log(4, 5, "b"))
    assert lost.value.diverged


def test_an_event_after_a_gap_is_held_until_the_log_has_filled_it() -> None:
    merge = settled(4)
    assert not merge.accept(live(7))
    assert not merge.settled
    request = merge.ask()
    assert request.start == 4
    assert not merge.accept(live(8))
    assert seqs(merge.take(request, log(4, 7))) == [5, 6, 7, 8]
    assert merge.settled
    assert merge.accept(live(9))


def test_nothing_goes_through_in_doubt() -> None:
    merge = settled(4)
    merge.doubt()
    assert not merge.accept(live(5))
    request = merge.ask()
    assert seqs(merge.take(request, log(4, 5))) == [5]
    assert merge.settled


def test_a_slice_asked_for_before_the_doubt_does_not_settle_it() -> None:
    merge = settled(4)
    before = merge.ask()
    merge.doubt()
    assert merge.take(before, log(4, 4)) == []
    assert not merge.settled
    assert merge.take(merge.ask(), log(4, 4)) == []
    assert merge.settled


def test_a_slice_that_was_overtaken_is_ignored() -> None:
    merge = settled(4)
    merge.accept(live(6))
    slow, fast = merge.ask(), merge.ask()
    assert seqs(merge.take(fast, log(4, 6))) == [5, 6]
    assert merge.accept(live(7))
    assert merge.take(slow, log(4, 6)) == []
    assert merge.last == 7


def test_a_long_gap_takes_several_slices() -> None:
    merge = settled(0)
    merge.accept(live(6))
    first = Slice(EPOCH, 6, [entry(1), entry(2), entry(3)])
    assert seqs(merge.take(merge.ask(), first)) == [1, 2, 3]
    assert not merge.settled
    assert merge.ask().start == 3
    assert seqs(merge.take(merge.ask(), log(3, 6))) == [4, 5, 6]
    assert merge.settled


def test_what_is_held_is_bounded_and_read_again() -> None:
    merge = settled(0)
    size = HELD_BYTES // 4
    for seq in range(2, 12):
        merge.accept(Frame(seq, b"x" * size))
    found = Slice(EPOCH, 11, [(seq, b"x" * size) for seq in range(1, 12)])
    assert seqs(merge.take(merge.ask(), Slice(EPOCH, 11, found.entries[:3]))) == [1, 2, 3]
    assert not merge.settled
    assert seqs(merge.take(merge.ask(), Slice(EPOCH, 11, found.entries[2:]))) == list(range(4, 12))
    assert merge.settled


def test_a_held_event_that_the_log_does_not_have_is_dropped() -> None:
    merge = settled(4)
    merge.accept(live(9))
    assert merge.take(merge.ask(), log(4, 4)) == []
    assert merge.settled
    assert merge.accept(live(5))


def test_an_event_held_after_the_log_was_asked_is_kept() -> None:
    merge = settled(4)
    merge.doubt()
    request = merge.ask()
    merge.accept(live(6))
    assert merge.take(request, log(4, 4)) == []
    assert not merge.settled
    assert seqs(merge.take(merge.ask(), log(4, 6))) == [5, 6]


@pytest.mark.parametrize(
    ("found", "diverged"),
    [
        pytest.param(log(4, 4, epoch="second"), False, id="another epoch"),
        pytest.param(log(3, 3), True, id="a top below what was delivered"),
        pytest.param(log(4, 6, history="b"), True, id="another event where we are"),
        pytest.param(Slice(EPOCH, 9, [entry(8), entry(9)]), False, id="trimmed beyond what was delivered"),
        pytest.param(Slice(EPOCH, 9, []), False, id="expired"),
        pytest.param(log(5, 9), True, id="trimmed just up to where we are"),
    ],
)
def test_a_history_that_cannot_be_continued_is_lost(found: Slice, diverged: bool) -> None:
    merge = settled(4)
    merge.doubt()
    with pytest.raises(HistoryLost) as lost:
        merge.take(merge.ask(), found)
    assert lost.value.diverged is diverged


def test_an_expired_log_that_ends_where_we_are_loses_nothing() -> None:
    merge = settled(4)
    merge.doubt()
    assert merge.take(merge.ask(), Slice(EPOCH, 4, [])) == []
    assert merge.settled


@dataclass
class Server:
    """A log that can lose copies, its beginning and its end."""

    epoch: str = EPOCH
    entries: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    top: int = 0
    generation: int = 0

    def append(self) -> Frame:
        self.top += 1
        self.entries.append(entry(self.top, str(self.generation)))
        return Frame(*self.entries[-1])

    def slice(self, start: int, limit: int) -> Slice:
        found = [one for one in self.entries if one[0] >= start]
        return Slice(self.epoch, self.top, found[:limit])

    def lose_newest(self, count: int) -> None:
        self.entries = self.entries[: max(len(self.entries) - count, 0)]
        self.top = max(self.top - count, 0)
        self.generation += 1


class MergeMachine(RuleBasedStateMachine):
    """Whatever is lost, doubled, late or rolled back, what is delivered is one stretch of the log."""

    @initialize(events=st.integers(0, 5), after=st.integers(0, 5))
    def begin(self, events: int, after: int) -> None:
        self.server = Server()
        for _ in range(events):
            self.server.append()
        self.start = min(after, self.server.top)
        newest = self.server.entries[self.start - 1][1] if self.start else None
        self.merge = Merge(EPOCH, self.start, newest)
        self.delivered: list[Frame] = []
        self.under_way: list[Frame] = []
        self.replies: list[tuple[Request, Slice]] = []
        self.lost = False
        self.may_be_lost = False

    def deliver(self, frames: list[Frame]) -> None:
        self.delivered += frames

    @rule()
    def append(self) -> None:
        self.under_way.append(self.server.append())

    @precondition(lambda self: self.under_way and not self.lost)
    @rule(twice=st.booleans())
    def copy_arrives(self, twice: bool) -> None:
        frame = self.under_way.pop(0)
        for _ in range(1 + twice):
            if self.merge.accept(frame):
                self.deliver([frame])

    @precondition(lambda self: self.under_way)
    @rule()
    def copy_is_lost(self) -> None:
        self.under_way.pop(0)

    @precondition(lambda self: not self.lost)
    @rule(limit=st.integers(2, 4))
    def ask(self, limit: int) -> None:
        request = self.merge.ask()
        self.replies.append((request, self.server.slice(request.start, limit)))

    @precondition(lambda self: self.replies and not self.lost)
    @rule(which=st.integers(0, 3))
    def reply_arrives(self, which: int) -> None:
        self.take(*self.replies.pop(min(which, len(self.replies) - 1)))

    def take(self, request: Request, found: Slice) -> None:
        try:
            self.deliver(self.merge.take(request, found))
        except HistoryLost:
            assert self.may_be_lost
            self.lost = True

    @rule()
    def connection_is_lost(self) -> None:
        self.under_way.clear()
        self.merge.doubt()

    @rule(keep=st.integers(0, 3))
    def log_is_trimmed(self, keep: int) -> None:
        dropped = self.server.entries[: max(len(self.server.entries) - keep, 0)]
        self.server.entries = self.server.entries[len(dropped) :]
        if dropped and dropped[-1][0] >= self.merge.last:
            self.may_be_lost = True

    @rule(count=st.integers(1, 3))
    def server_loses_its_newest_events(self, count: int) -> None:
        self.server.lose_newest(count)
        self.connection_is_lost()
        self.replies.clear()  # they died with the connection
        self.may_be_lost = True

    @rule()
    def epoch_is_retired(self) -> None:
        self.server.epoch += "+"
        self.may_be_lost = True

    @invariant()
    def delivered_is_one_stretch(self) -> None:
        assert seqs(self.delivered) == list(range(self.start + 1, self.start + 1 + len(self.delivered)))
        assert self.merge.last == self.start + len(self.delivered)

    @invariant()
    def settled_means_that_it_is_the_log(self) -> None:
        if self.lost or not self.merge.settled:
            return
        stored = dict(self.server.entries)
        assert all(stored.get(frame.seq, frame.json) == frame.json for frame in self.delivered)

    def teardown(self) -> None:
        if self.lost or not hasattr(self, "merge"):
            return
        self.merge.doubt()
        for _ in range(self.server.top + 2):
            if self.lost or self.merge.settled:
                break
            request = self.merge.ask()
            self.take(request, self.server.slice(request.start, 2))
        assert self.lost or (self.merge.settled and self.merge.last == self.server.top)
        self.settled_means_that_it_is_the_log()


MergeMachine.TestCase.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
TestMergeMachine = MergeMachine.TestCase
