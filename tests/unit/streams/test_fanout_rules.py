"""Rules of fan-out that a test can only see by deciding what arrives when."""

import asyncio

import pytest

from app.streams.fanout import Fanout, Subscription
from app.streams.frame import Frame
from tests.support.scripted import ScriptedFeed, ScriptedLog, StoredStream, virtual_loop
from tests.support.streams import STREAM, RecordingSink

CHECK_EVERY, GRACE = 30.0, 1.0  # seconds


class Script:
    """A fan-out with one stream, and the test as its server."""

    def __init__(self) -> None:
        self.stream = StoredStream(STREAM)
        self.log = ScriptedLog([self.stream])
        self.feed = ScriptedFeed()
        self.fanout = Fanout(self.log, self.feed, check_every=CHECK_EVERY, grace=GRACE)

    async def go_on(self) -> None:
        """Let everybody go on until they wait for the test."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def answer(self) -> None:
        """Answer whatever is asked, until nothing is."""
        await self.go_on()
        while self.log.commands:
            for command in list(self.log.commands):
                command.answer()
            await self.go_on()

    def append(self) -> None:
        self.feed.publish(STREAM, self.stream.append())

    async def subscribe(self, sink: RecordingSink, *, after: int | None = None) -> Subscription:
        waiting = asyncio.ensure_future(self.fanout.subscribe(STREAM, sink, after=after))
        await self.answer()
        return await waiting

    async def join(self, sink: RecordingSink, *, after: int | None = None) -> Subscription:
        subscription = await self.subscribe(sink, after=after)
        starting = asyncio.ensure_future(subscription.start())
        await self.answer()
        await starting
        return subscription


async def test_an_event_between_the_first_reading_and_its_reply_is_read_from_the_log() -> None:
    script, sink = Script(), RecordingSink()
    waiting = asyncio.ensure_future(script.fanout.subscribe(STREAM, sink))
    await script.go_on()
    [position] = script.log.commands
    position.serve()
    script.append()
    script.feed.arrive()
    await script.answer()
    subscription = await waiting
    starting = asyncio.ensure_future(subscription.start())
    await script.answer()
    await starting
    script.append()
    script.feed.arrive()
    assert sink.seqs[-1] == 2
    assert not script.log.commands


async def test_events_during_a_gap_wait_for_what_is_missing() -> None:
    script, sink = Script(), RecordingSink()
    await script.join(sink)
    script.append()
    script.append()
    script.append()
    script.feed.lose()
    script.feed.arrive()
    script.feed.arrive()
    assert sink.seqs == []
    await script.answer()
    assert sink.seqs == [1, 2, 3]


async def test_one_reading_fills_a_gap_for_all_and_many_events_ask_once() -> None:
    script, sinks = Script(), [RecordingSink() for _ in range(3)]
    for sink in sinks:
        await script.join(sink)
    for _ in range(10):
        script.append()
    script.feed.lose()
    while script.feed.under_way:
        script.feed.arrive()
        await script.go_on()
    assert len(script.log.commands) == 1
    await script.answer()
    assert [sink.seqs for sink in sinks] == [list(range(1, 11))] * 3


async def test_who_starts_after_the_stream_was_lost_is_told_so() -> None:
    script, started, late = Script(), RecordingSink(), RecordingSink()
    await script.join(started)
    subscription = await script.subscribe(late)
    script.stream.rotate()
    script.append()
    script.feed.arrive()
    await script.answer()
    assert started.lost_streams == [STREAM]
    assert late.lost_streams == []
    await subscription.start()
    assert late.lost_streams == [STREAM]
    assert script.fanout.streams == 0


async def test_a_closed_subscription_is_not_told_and_does_not_start() -> None:
    script, sink = Script(), RecordingSink()
    subscription = await script.subscribe(sink)
    subscription.close()
    await subscription.start()
    assert sink.lost_streams == []
    assert script.fanout.streams == 0


async def test_a_replay_that_is_cancelled_leaves_the_stream() -> None:
    script, sink = Script(), RecordingSink()
    script.stream.append()
    subscription = await script.subscribe(sink, after=0)
    starting = asyncio.ensure_future(subscription.start())
    await script.go_on()
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert script.fanout.streams == 0
    assert not script.feed.callbacks


async def test_a_subscriber_that_gives_up_while_the_stream_opens_leaves_nothing() -> None:
    script = Script()
    waiting = [asyncio.ensure_future(script.fanout.subscribe(STREAM, RecordingSink())) for _ in range(2)]
    await script.go_on()
    waiting[0].cancel()
    await script.go_on()
    assert script.fanout.streams == 1
    await script.answer()
    (await waiting[1]).close()
    assert script.fanout.streams == 0
    last = asyncio.ensure_future(script.fanout.subscribe(STREAM, RecordingSink()))
    await script.go_on()
    last.cancel()
    await script.go_on()
    assert script.fanout.streams == 0
    assert not script.feed.callbacks


async def test_passing_events_do_not_overtake_a_replay() -> None:
    script, replaying, live = Script(), RecordingSink(), RecordingSink()
    script.stream.append()
    await script.join(live)
    subscription = await script.subscribe(replaying, after=0)
    starting = asyncio.ensure_future(subscription.start())
    await script.go_on()
    script.feed.publish(STREAM, b"0 - {}")
    script.feed.arrive()
    await script.answer()
    await starting
    assert [frame.seq for frame in live.frames] == [0]
    assert [frame.seq for frame in replaying.frames] == [1]


async def test_a_sink_that_fails_loses_its_place_and_nobody_else_does(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class FailingSink(RecordingSink):
        def deliver(self, frame: Frame) -> None:
            raise RuntimeError("a defect")

    script, failing, sound = Script(), FailingSink(), RecordingSink()
    await script.join(failing)
    await script.join(sound)
    script.append()
    script.append()
    script.feed.arrive()
    script.feed.arrive()
    assert sound.seqs == [1, 2]
    assert failing.lost_streams == [STREAM]
    assert len(caplog.records) == 1


async def test_a_sink_may_leave_while_it_is_given_an_event() -> None:
    class LeavingSink(RecordingSink):
        subscription: Subscription

        def deliver(self, frame: Frame) -> None:
            super().deliver(frame)
            self.subscription.close()

    script, leaving, staying = Script(), LeavingSink(), RecordingSink()
    leaving.subscription = await script.join(leaving)
    await script.join(staying)
    script.append()
    script.append()
    script.feed.arrive()
    script.feed.arrive()
    assert leaving.seqs == [1]
    assert staying.seqs == [1, 2]


def test_copies_that_do_not_arrive_in_time_end_the_connection() -> None:
    async def body() -> None:
        script, sink = Script(), RecordingSink()
        script.feed.disconnect()
        script.feed.stand()
        await script.join(sink)
        script.append()
        script.feed.arrive()
        await asyncio.sleep(CHECK_EVERY + GRACE)
        await script.answer()
        await asyncio.sleep(GRACE)
        assert script.feed.reconnects_wanted == 0
        script.append()
        script.feed.lose()
        await asyncio.sleep(CHECK_EVERY)
        await script.answer()
        await asyncio.sleep(2 * GRACE)
        assert script.feed.reconnects_wanted == 1
        script.feed.disconnect()
        script.feed.stand()
        await script.answer()
        assert sink.seqs == [1, 2]
        await script.fanout.close()

    loop = virtual_loop()
    loop.run_until_complete(body())
    loop.close()


async def test_a_log_behind_what_was_delivered_is_no_history_to_join() -> None:
    script, early, late = Script(), RecordingSink(), RecordingSink()
    await script.join(early)
    for _ in range(3):
        script.append()
        script.feed.arrive()
    epoch = script.stream.epoch
    script.stream.lose_newest(2)
    await script.join(late, after=0)
    assert late.lost_streams == early.lost_streams == [STREAM]
    assert script.stream.epoch != epoch


async def test_a_log_that_differs_from_what_was_delivered_is_no_history_to_join() -> None:
    script, early, late = Script(), RecordingSink(), RecordingSink()
    await script.join(early)
    for _ in range(3):
        script.append()
        script.feed.arrive()
    epoch = script.stream.epoch
    script.stream.lose_newest(1)
    script.append()
    await script.join(late, after=0)
    assert late.lost_streams == early.lost_streams == [STREAM]
    assert script.stream.epoch != epoch


async def test_a_new_epoch_that_a_subscriber_meets_ends_the_old_one_for_all() -> None:
    script, early, late = Script(), RecordingSink(), RecordingSink()
    script.stream.append()
    await script.join(early)
    script.stream.rotate()
    subscription = await script.join(late, after=0)
    assert early.lost_streams == [STREAM]
    assert subscription.cursor.epoch == script.stream.epoch
    script.append()
    script.feed.arrive()
    assert late.seqs == [1, 2]
    assert late.lost_streams == []


async def test_nothing_is_delivered_between_an_outage_and_the_comparison_with_the_log() -> None:
    script, sink = Script(), RecordingSink()
    await script.join(sink)
    for _ in range(2):
        script.append()
        script.feed.arrive()
    script.feed.disconnect()
    script.stream.lose_newest(1)
    script.append()
    script.feed.resubscribe()
    script.append()
    script.feed.arrive()
    assert sink.seqs == [1, 2]
    script.feed.stand()
    await script.answer()
    assert sink.seqs == [1, 2]
    assert sink.lost_streams == [STREAM]
    await script.fanout.close()


async def test_who_leaves_during_an_outage_does_not_resume_in_another_history() -> None:
    script = Script()
    subscription = await script.join(RecordingSink())
    for _ in range(2):
        script.append()
        script.feed.arrive()
    script.feed.disconnect()
    script.stream.lose_newest(1)
    subscription.close()
    script.append()
    script.feed.stand()
    await script.answer()
    assert script.fanout.streams == 0
    page = asyncio.ensure_future(script.log.read(STREAM, 2, epoch=subscription.cursor.epoch))
    await script.answer()
    assert not (await page).recovered
    await script.fanout.close()


class ReplayAhead:
    """A subscriber that has read two events from the log whose live copies are still under way."""

    def __init__(self) -> None:
        self.script, self.early, self.late = Script(), RecordingSink(), RecordingSink()

    async def begin(self) -> None:
        await self.script.join(self.early)
        self.script.append()
        self.script.feed.arrive()
        self.script.append()
        self.script.append()
        subscription = await self.script.subscribe(self.late, after=0)
        self.starting = asyncio.ensure_future(subscription.start())
        await self.script.go_on()
        [page] = self.script.log.commands
        page.answer()
        await self.script.go_on()
        assert self.late.seqs == [1, 2, 3]
        assert self.early.seqs == [1]

    async def end(self) -> None:
        await self.script.answer()
        await self.starting


async def test_a_replay_ahead_of_the_live_copies_does_not_wait_for_them() -> None:
    ahead = ReplayAhead()
    await ahead.begin()
    ahead.script.feed.lose()
    ahead.script.feed.lose()
    await ahead.end()
    assert ahead.early.seqs == [1, 2, 3]
    ahead.script.append()
    ahead.script.feed.arrive()
    assert ahead.late.seqs == ahead.early.seqs == [1, 2, 3, 4]


async def test_live_copies_of_what_was_replayed_are_dropped() -> None:
    ahead = ReplayAhead()
    await ahead.begin()
    ahead.script.append()
    for _ in range(3):
        ahead.script.feed.arrive()
    await ahead.end()
    assert ahead.late.seqs == ahead.early.seqs == [1, 2, 3, 4]


@pytest.mark.parametrize("appended_since", [0, 1, 2])
async def test_a_replay_ahead_of_a_log_that_fell_back_is_lost(appended_since: int) -> None:
    ahead = ReplayAhead()
    await ahead.begin()
    script, epoch = ahead.script, ahead.script.stream.epoch
    script.feed.disconnect()
    script.stream.lose_newest(1)
    for _ in range(appended_since):
        script.append()
    script.feed.stand()
    await ahead.end()
    assert ahead.late.lost_streams == [STREAM]
    assert ahead.late.seqs == [1, 2, 3]
    assert script.stream.epoch != epoch
    await script.fanout.close()
