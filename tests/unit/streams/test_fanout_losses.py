"""What a fan-out makes of copies that do not come, of outages, and of a log that is not what it was."""

import asyncio

import pytest

from tests.support.fanout_script import CHECK_EVERY, GRACE, Script
from tests.support.scripted import virtual_loop
from tests.support.streams import STREAM, RecordingSink


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


@pytest.mark.parametrize(
    ("lost", "appended_since"), [(2, False), (1, True)], ids=["behind it", "other than it"]
)
async def test_a_log_that_is_not_what_was_delivered_is_no_history_to_join(
    lost: int, appended_since: bool
) -> None:
    script, early, late = Script(), RecordingSink(), RecordingSink()
    await script.join(early)
    for _ in range(3):
        script.append()
        script.feed.arrive()
    epoch = script.stream.epoch
    script.stream.lose_newest(lost)
    if appended_since:
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
