"""Fan-out against a model: whoever joins, leaves or lags, every sink has one unbroken stretch."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.streams.fanout import Fanout, Subscription
from app.streams.frame import Frame
from tests.support.scripted import ScriptedFeed, ScriptedLog, StoredStream, virtual_loop

STREAMS = ("session:a", "system")
A_MOMENT = 0.05  # virtual seconds


class GatedSink:
    """Takes everything, and pages only while its gate is open."""

    def __init__(self, *, slow: bool) -> None:
        self.frames: list[Frame] = []
        self.lost_streams: list[str] = []
        self.gate = asyncio.Event()
        if not slow:
            self.gate.set()

    def deliver(self, frame: Frame) -> None:
        assert not self.lost_streams
        self.frames.append(frame)

    async def ready(self) -> None:
        await self.gate.wait()

    def lost(self, stream: str) -> None:
        assert not self.lost_streams
        self.lost_streams.append(stream)


@dataclass
class Client:
    """A subscriber, from its request on."""

    stream: StoredStream
    sink: GatedSink
    after: int | None
    epoch: str | None
    subscription: Subscription | None = None
    live: bool = False
    closed: bool = False

    async def run(self, fanout: Fanout) -> None:
        self.subscription = await fanout.subscribe(
            self.stream.name, self.sink, after=self.after, epoch=self.epoch
        )
        assert not self.sink.frames
        if self.closed:
            self.subscription.close()
        await self.subscription.start()
        self.live = not self.closed

    @property
    def start(self) -> int:
        assert self.subscription is not None
        cursor = self.subscription.cursor
        return self.after if self.after is not None and cursor.recovered else cursor.seq

    @property
    def lost(self) -> bool:
        return bool(self.sink.lost_streams)


class FanoutMachine(RuleBasedStateMachine):
    @initialize(events=st.lists(st.integers(0, 6), min_size=2, max_size=2))
    def begin(self, events: list[int]) -> None:
        self.loop = virtual_loop()
        self.streams = [StoredStream(name) for name in STREAMS]
        for stream, count in zip(self.streams, events, strict=True):
            for _ in range(count):
                stream.append()
        self.log = ScriptedLog(self.streams)
        self.clients: list[Client] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.loop.run_until_complete(self.build())

    async def build(self) -> None:
        self.feed = ScriptedFeed()
        self.fanout = Fanout(self.log, self.feed)

    def act(self, *deeds: Callable[[], object], wait: float = A_MOMENT) -> None:
        """Do this within the loop, then let everybody go on until they wait for the test."""

        async def run() -> None:
            for deed in deeds:
                deed()
            await asyncio.sleep(wait)

        self.loop.run_until_complete(run())

    @rule(
        which=st.sampled_from((0, 0, 1)),
        after=st.one_of(st.none(), st.integers(0, 8)),
        epoch=st.sampled_from(("current", "current", None, "another")),
        slow=st.booleans(),
    )
    def client_subscribes(self, which: int, after: int | None, epoch: str | None, slow: bool) -> None:
        stream = self.streams[which]
        named = stream.epoch if epoch == "current" else epoch
        client = Client(stream, GatedSink(slow=slow), after, named)
        self.clients.append(client)
        self.tasks.append(self.loop.create_task(client.run(self.fanout)))
        self.act()

    @precondition(lambda self: self.clients)
    @rule(which=st.integers(0, 9))
    def client_leaves(self, which: int) -> None:
        client = self.clients[which % len(self.clients)]
        client.closed = True
        if client.subscription is not None:
            self.act(client.subscription.close)

    @precondition(lambda self: self.clients)
    @rule(which=st.integers(0, 9))
    def slow_client_takes_on(self, which: int) -> None:
        self.act(self.clients[which % len(self.clients)].sink.gate.set)

    @rule(which=st.sampled_from((0, 0, 1)), count=st.integers(1, 4))
    def append(self, which: int, count: int) -> None:
        stream = self.streams[which]
        for _ in range(count):
            self.feed.publish(stream.name, stream.append())

    @precondition(lambda self: self.feed.under_way)
    @rule(count=st.integers(1, 4), repeat=st.booleans())
    def copies_arrive(self, count: int, repeat: bool) -> None:
        arrive = partial(self.feed.arrive, repeat=repeat)
        self.act(*[arrive] * min(count, len(self.feed.under_way)))

    @precondition(lambda self: self.feed.under_way)
    @rule()
    def copy_is_lost(self) -> None:
        self.feed.lose()

    @precondition(lambda self: self.log.commands)
    @rule(which=st.integers(0, 5))
    def server_executes(self, which: int) -> None:
        self.log.commands[which % len(self.log.commands)].serve()

    @precondition(lambda self: self.log.commands)
    @rule(which=st.integers(0, 5))
    def reply_arrives(self, which: int) -> None:
        self.act(self.log.commands[which % len(self.log.commands)].answer)

    @precondition(lambda self: self.log.commands)
    @rule()
    def all_replies_arrive(self) -> None:
        self.act(*[command.answer for command in self.log.commands])

    @rule()
    def feed_is_lost(self) -> None:
        self.act(self.feed.disconnect)

    @rule()
    def feed_resubscribes(self) -> None:
        self.act(self.feed.resubscribe)

    @rule()
    def feed_stands(self) -> None:
        self.act(self.feed.stand)

    @rule()
    def server_is_killed(self) -> None:
        self.act(self.feed.disconnect, *[command.fail for command in self.log.commands])

    @rule(which=st.sampled_from((0, 0, 1)), keep=st.integers(0, 3))
    def log_is_trimmed(self, which: int, keep: int) -> None:
        self.streams[which].trim(keep)

    @rule(which=st.sampled_from((0, 0, 1)), count=st.integers(1, 3))
    def server_loses_its_newest_events(self, which: int, count: int) -> None:
        lose = partial(self.streams[which].lose_newest, count)
        self.act(self.feed.disconnect, *[command.fail for command in self.log.commands], lose)

    @rule(which=st.sampled_from((0, 0, 1)))
    def epoch_is_retired_elsewhere(self, which: int) -> None:
        self.streams[which].rotate()

    @invariant()
    def every_sink_has_one_unbroken_stretch(self) -> None:
        for client in getattr(self, "clients", ()):
            if client.subscription is not None:
                seqs = [frame.seq for frame in client.sink.frames]
                assert seqs == list(range(client.start + 1, client.start + 1 + len(seqs)))
            if client.lost:
                assert client.stream.damaged

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        try:
            self.heal()
            self.everybody_is_level()
            self.one_more_goes_straight_through()
            self.nobody_resumes_in_another_history()
            self.nothing_is_left()
        finally:
            self.loop.run_until_complete(self.fanout.close())
            for task in self.tasks:
                task.cancel()
            self.act()
            self.loop.close()

    def heal(self) -> None:
        while self.feed.under_way:
            self.act(self.feed.arrive)
        if self.feed.missed_unseen:
            self.act(self.feed.disconnect)
        self.act(self.feed.stand, *[client.sink.gate.set for client in self.clients])
        for _ in range(200):
            self.act(wait=0.5)
            if not self.log.commands:
                return
            self.all_replies_arrive()
        raise AssertionError("reading never comes to an end")

    def everybody_is_level(self) -> None:
        self.every_sink_has_one_unbroken_stretch()
        for client in self.clients:
            if client.closed or client.lost:
                continue
            assert client.live
            assert client.subscription is not None
            assert client.start + len(client.sink.frames) == client.stream.top
            for frame in client.sink.frames:
                assert client.stream.entries.get(frame.seq, frame.json) == frame.json

    def one_more_goes_straight_through(self) -> None:
        if any(stream.epoch != "first" for stream in self.streams):
            return  # a change of epoch made elsewhere shows with the next event, and ends subscriptions
        for stream in self.streams:
            self.feed.publish(stream.name, stream.append())
        self.act(*[self.feed.arrive] * len(self.feed.under_way))
        assert not self.log.commands
        self.everybody_is_level()

    def nobody_resumes_in_another_history(self) -> None:
        """Who lost the place and comes back with the cursor must not be told that nothing is missing."""
        for client in self.clients:
            if client.subscription is None or client.subscription.cursor.epoch != client.stream.epoch:
                continue
            if client.closed and not client.live:
                continue  # it left in the middle of a replay, and nobody else had seen what it saw
            if client.start + len(client.sink.frames) <= client.stream.top:
                stored = client.stream.entries
                assert all(stored.get(frame.seq, frame.json) == frame.json for frame in client.sink.frames)

    def nothing_is_left(self) -> None:
        self.act(*[client.subscription.close for client in self.clients if client.subscription is not None])
        assert self.fanout.streams == 0
        assert not self.feed.callbacks
        assert all(task.done() and not task.exception() for task in self.tasks)


FanoutMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestFanoutMachine = FanoutMachine.TestCase
