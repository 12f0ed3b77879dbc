"""The chat-completions client against every way in which a server may fail it."""

import asyncio
import itertools
from collections.abc import Sequence
from contextlib import aclosing
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from app.settings import ModelPrice
from tests.support.completions import Body, answer, call, chunk, written
from workers.models.events import MAX_EVENT, EventSplitter
from workers.models.gather import Gatherer, Reply
from workers.models.model import (
    AnswerBroken,
    AnswerIdle,
    AnswerTooLarge,
    AnswerTruncated,
    AskedCall,
    Finished,
    Message,
    ModelError,
    ModelTool,
    ModelUnavailable,
    Usage,
)
from workers.models.openai import Endpoint, OpenAIModel

KEY = "sk-secret-of-the-test"
URL = "https://models.example/v1"
ASKED = (Message(role="user", content="Lisbon, please"),)


TWO_CALLS = (
    chunk(role="assistant", content="Tōkyō "),
    chunk(content="– für Zwei 🗼"),
    chunk(tool_calls=[call(0, "", id="a", function={"name": "flight_search"})]),
    chunk(tool_calls=[call(1, '{"name":', id="b", function={"name": "place_lookup"})]),
    chunk(tool_calls=[call(0, '{"slices"'), call(1, '"東京"}')]),
    chunk(tool_calls=[call(0, ":[]}")]),
    chunk(finish="tool_calls"),
    {"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}},
)
REPLY = Reply(
    text="Tōkyō – für Zwei 🗼",
    calls=(
        AskedCall(id="a", name="flight_search", arguments='{"slices":[]}'),
        AskedCall(id="b", name="place_lookup", arguments='{"name":"東京"}'),
    ),
    end=Finished("tool_calls", Usage(tokens_in=11, tokens_out=7)),
)


async def ask(
    answers: Sequence[httpx.Response | Exception], waits: list[float] | None = None
) -> tuple[Reply, Any]:
    """The reply to one question and the route that it took; `waits` are the seconds between attempts."""
    slept = [] if waits is None else waits

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    with respx.mock:
        route = respx.post(f"{URL}/chat/completions").mock(side_effect=list(answers))
        model = OpenAIModel(Endpoint(URL, "some-model", KEY), sleep=sleep, jitter=lambda: 1.0)
        try:
            gathered = Gatherer()
            async with aclosing(
                model.stream(ASKED, (ModelTool("t", "A tool.", {"type": "object"}),))
            ) as deltas:
                async for delta in deltas:
                    gathered.add(delta)
            return gathered.reply(), route
        finally:
            await model.close()


async def test_calls_are_gathered_by_index_and_usage_is_asked_for() -> None:
    reply, route = await ask([answer(written(TWO_CALLS))])
    assert reply == REPLY
    sent = route.calls[0].request
    body = msgspec.json.decode(sent.content)
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert body["stream_options"] == {"include_usage": True}
    assert body["tools"][0]["function"]["parameters"] == {"type": "object"}


async def test_calls_that_all_have_the_index_0_are_told_apart_by_their_ids() -> None:
    flights, place = {"name": "flight_search"}, {"name": "place_lookup"}
    one_after_the_other = (
        chunk(tool_calls=[call(0, "", id="a", function=flights)]),
        chunk(tool_calls=[call(0, '{"slices"')]),
        chunk(tool_calls=[call(0, ":[]}")]),
        chunk(tool_calls=[call(0, '{"name":', id="b", function=place)]),
        chunk(tool_calls=[call(0, '"東京"}')]),
    )
    each_whole = (
        chunk(
            tool_calls=[
                call(0, '{"slices":[]}', id="a", function=flights),
                call(0, '{"name":"東京"}', id="b", function=place),
            ]
        ),
    )
    with_its_id_each_time = (
        chunk(tool_calls=[call(0, '{"slices"', id="a", function=flights)]),
        chunk(tool_calls=[call(0, '{"name":', id="b", function=place)]),
        chunk(tool_calls=[call(0, ":[]}", id="a"), call(0, '"東京"}', id="b")]),
    )
    for chunks in (one_after_the_other, each_whole, with_its_id_each_time):
        reply, _ = await ask([answer(written([*chunks, chunk(finish="tool_calls")]))])
        assert reply.calls == REPLY.calls


async def test_an_id_made_up_for_each_piece_begins_no_call() -> None:
    pieces = [
        call(0, "", id="a", function={"name": "flight_search"}),
        call(0, '{"slices"', id="x"),
        call(0, ":[]}", id="y"),
    ]
    chunks = [chunk(tool_calls=[piece]) for piece in pieces]
    reply, _ = await ask([answer(written([*chunks, chunk(finish="tool_calls")]))])
    assert reply.calls == REPLY.calls[:1]


async def test_calls_beyond_what_one_answer_may_ask_for_are_counted_at_one_index_too() -> None:
    pieces = [call(0, "{}", id=f"c{number}", function={"name": "t"}) for number in range(33)]
    with pytest.raises(AnswerBroken, match="more than 32"):
        await ask([answer(written([chunk(tool_calls=pieces), chunk(finish="tool_calls")]))])


@given(cuts=st.lists(st.integers(0, 1200), max_size=40), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_stream_may_be_split_anywhere(cuts: list[int], end: str) -> None:
    whole = written(TWO_CALLS, end)
    edges = [0, *sorted(cuts), len(whole)]
    splitter = EventSplitter()
    parts = [whole[start:stop] for start, stop in itertools.pairwise(edges)]
    found = [data for part in parts for data in splitter.feed(part)]
    assert found == [*map(msgspec.json.encode, TWO_CALLS), b"[DONE]"]


async def test_a_character_split_between_two_reads_is_whole() -> None:
    body = written(TWO_CALLS)
    reply, _ = await ask([answer(*(body[at : at + 1] for at in range(len(body))))])
    assert reply == REPLY


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ((written(TWO_CALLS[:3], done=False),), AnswerTruncated),
        ((written(TWO_CALLS[:3]),), AnswerTruncated),
        ((written(TWO_CALLS[:3], done=False), httpx.ReadError("gone")), AnswerTruncated),
        ((b"data: {broken\n\n",), AnswerBroken),
        ((b'data: {"choices":[{"delta":{"content":"\xff"}}]}\n\n',), AnswerBroken),
        ((b'data: {"choices":"none"}\n\n',), AnswerBroken),
        ((b'data: {"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n\n",), AnswerBroken),
        ((b'data: {"choices":[],"usage":{"prompt_tokens":-5}}\n\n',), AnswerBroken),
        ((written(TWO_CALLS[:1], done=False), b'data: {"error":{"message":"overloaded"}}\n\n'), AnswerBroken),
        ((written([chunk(tool_calls=[call(0, "{}")], finish="tool_calls")]),), AnswerBroken),
        (
            (written([chunk(tool_calls=[call(i, "", function={"name": "t"})]) for i in range(40)]),),
            AnswerBroken,
        ),
        ((written(TWO_CALLS[:2], done=False), httpx.ReadTimeout("silent")), AnswerIdle),
        (tuple(written([chunk(content="x" * 500_000)], done=False) for _ in range(20)), AnswerTooLarge),
        ((b"data: " + b"x" * (MAX_EVENT + 1),), AnswerTooLarge),
    ],
)
async def test_half_an_answer_is_an_error_and_is_not_asked_for_again(
    parts: tuple[bytes | Exception, ...], error: type[ModelError]
) -> None:
    body = answer(*parts)
    with pytest.raises(error):
        await ask([body])  # a second request would find no answer
    assert isinstance(body.stream, Body)
    assert body.stream.closed


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
async def test_a_request_that_was_turned_away_is_sent_again(status: int) -> None:
    waits: list[float] = []
    reply, route = await ask([httpx.Response(status), answer(written(TWO_CALLS))], waits)
    assert reply == REPLY
    assert route.call_count == 2
    assert waits == [0.25]


async def test_a_failed_connection_is_tried_again_up_to_three_times() -> None:
    reply, _ = await ask([httpx.ConnectError("no"), httpx.ConnectTimeout("slow"), answer(written(TWO_CALLS))])
    assert reply == REPLY
    with pytest.raises(ModelUnavailable):
        await ask([httpx.ConnectError("no")] * 3)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
async def test_retry_after_is_honoured_whatever_the_status(status: int) -> None:
    waits: list[float] = []
    await ask([httpx.Response(status, headers={"retry-after": "7"}), answer(written(TWO_CALLS))], waits)
    assert waits == [7.25]


async def test_retry_after_is_honoured_with_jitter_and_a_long_one_is_not_waited_for() -> None:
    waits: list[float] = []
    await ask([httpx.Response(429, headers={"retry-after": "7"}), answer(written(TWO_CALLS))], waits)
    assert waits == [7.25]
    with pytest.raises(ModelUnavailable):
        await ask([httpx.Response(429, headers={"retry-after": "3600"})], waits)
    assert waits == [7.25]


@pytest.mark.parametrize("status", [301, 400, 401, 404, 422])
async def test_what_would_fail_again_is_not_sent_again_and_no_key_is_told(status: int) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        await ask([httpx.Response(status, text=f"wrong key {KEY}")])
    assert caught.value.status == status
    assert KEY not in str(caught.value)
    assert KEY not in repr(Endpoint(URL, "some-model", KEY))


PRICE = ModelPrice(Decimal("2.50"), Decimal(10))


async def usage_of(*parts: bytes | Exception) -> Usage | None:
    """What one answer of a priced model took, whole or not."""
    with respx.mock:
        respx.post(f"{URL}/chat/completions").mock(return_value=answer(*parts))
        model = OpenAIModel(Endpoint(URL, "some-model", price=PRICE))
        try:
            async for delta in model.stream(ASKED, ()):
                if isinstance(delta, Finished):
                    return delta.usage
        except ModelError as error:
            return error.usage
        finally:
            await model.close()
    raise AssertionError("the answer has no end")


async def test_an_answer_costs_what_its_tokens_cost() -> None:
    usage = await usage_of(written(TWO_CALLS))
    assert usage == Usage(tokens_in=11, tokens_out=7, cost=(11 * Decimal("2.50") + 7 * 10) / 1_000_000)


async def test_tokens_that_the_server_does_not_count_are_estimated() -> None:
    usage = await usage_of(written(TWO_CALLS[:-1]))
    assert usage is not None
    texts = "Tōkyō – für Zwei 🗼" + "flight_search" + "place_lookup" + '{"slices":[]}' + '{"name":"東京"}'
    assert usage.tokens_out == -(-len(texts.encode()) // 3)
    assert usage.tokens_in > len(ASKED[0].content) // 3
    assert usage.cost == (usage.tokens_in * PRICE.tokens_in + usage.tokens_out * PRICE.tokens_out) / 1_000_000


async def test_half_an_answer_has_cost_something_too() -> None:
    half = await usage_of(written(TWO_CALLS[:2], done=False), httpx.ReadError("gone"))
    assert half is not None
    assert half.tokens_out == -(-len("Tōkyō – für Zwei 🗼".encode()) // 3)
    assert half.cost > 0


async def test_a_null_error_is_none() -> None:
    reply, _ = await ask([answer(written([{**each, "error": None} for each in TWO_CALLS]))])
    assert reply == REPLY


async def test_an_answer_given_up_in_the_middle_closes_its_connection() -> None:
    never = asyncio.Event()
    response = answer(written(TWO_CALLS[:1], done=False), never)
    began = asyncio.Event()

    async def listen(model: OpenAIModel) -> None:
        async with aclosing(model.stream(ASKED, ())) as deltas:
            async for _ in deltas:
                began.set()

    with respx.mock:
        respx.post(f"{URL}/chat/completions").mock(return_value=response)
        model = OpenAIModel(Endpoint(URL, "some-model"))
        listening = asyncio.create_task(listen(model))
        await began.wait()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        await model.close()
    assert isinstance(response.stream, Body)
    assert response.stream.closed
