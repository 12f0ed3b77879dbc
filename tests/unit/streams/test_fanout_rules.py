"""Rules of fan-out that a test can only see by deciding what arrives when."""

import asyncio

import pytest

from app.streams.fanout import Subscription
from app.streams.frame import Frame
from tests.support.fanout_script import Script
from tests.support.streams import STREAM, RecordingSink


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
