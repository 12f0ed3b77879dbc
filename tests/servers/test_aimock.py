"""Turns led by @copilotkit/aimock, a server of chat completions that others wrote, and what their users see."""

from decimal import Decimal
from typing import Any

import pytest

from app.contract import events as e
from app.settings import ModelPrice, TurnLimits
from tests.support.model_turns import PRICE, ask, led, led_turn, over
from tests.support.served_models import ModelServer
from tests.support.stage import SESSION, USER
from workers.models.openai import ATTEMPTS

# One worker has them all, and its first test installs the servers.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("servers"), pytest.mark.timeout(400)]
COAT = "Take a warm coat, and a hat for the wind in the harbour."
LISBON = "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR"


def requests_of(server: ModelServer) -> list[dict[str, Any]]:
    return [each for each in server.read("/__aimock/journal") if each["path"] == "/v1/chat/completions"]


async def test_an_answer_is_streamed_and_its_tokens_are_counted(valkey_url: str, aimock: ModelServer) -> None:
    seen = await led_turn(valkey_url, aimock.url, content="What coat do I need?")
    assert seen.text == COAT
    assert seen.withdrawn == ""
    assert len(seen.of(e.ChatMessageChunk)) > 4, "it is shown as it comes"
    (request,) = requests_of(aimock)
    assert request["body"]["stream_options"] == {"include_usage": True}
    assert {tool["function"]["name"] for tool in request["body"]["tools"]} >= {"flight_search", "plan_trip"}
    usage = seen.result.usage
    assert usage is not None
    assert usage.model_tokens_out == 14, "as the server counted them"
    assert usage.model_cost == (usage.model_tokens_in * PRICE.tokens_in + 14 * PRICE.tokens_out) / 1_000_000


async def test_calls_with_arguments_in_pieces_are_made_and_answered(
    valkey_url: str, aimock: ModelServer
) -> None:
    seen = await led_turn(valkey_url, aimock.url, content="How many dollars and pounds are 100 euros?")
    assert seen.text == "Let me look. About 108 dollars."
    calls = {call.parameters["to"]: call for call in seen.result.tool_calls}
    assert {name: call.status for name, call in calls.items()} == {"USD": "complete", "GBP": "complete"}
    assert calls["USD"].parameters == {"amount": 100, "from": "EUR", "to": "USD"}
    told = [message for message in requests_of(aimock)[1]["body"]["messages"] if message["role"] == "tool"]
    assert len({message["tool_call_id"] for message in told}) == len(told) == 2
    assert all(message["content"].startswith('{"untrusted":') for message in told)


async def test_a_trip_is_handed_to_the_planner_and_kept(valkey_url: str, aimock: ModelServer) -> None:
    async with led(valkey_url, aimock.url) as on:
        seen = await ask(on, LISBON)
        plan = seen.result.plan
        assert plan is not None
        assert not seen.taken_over
        assert plan.cost.total <= 1500
        assert plan.trip_id is not None
        assert (await on.shared.trips.read(USER, plan.trip_id)).snapshot.values


async def test_broken_arguments_go_back_as_json_each_with_its_own_problem(
    valkey_url: str, aimock: ModelServer
) -> None:
    seen = await led_turn(valkey_url, aimock.url, content="How many yen are 100 euros?")
    assert seen.text == "About 16,000 yen."
    assert [call.parameters["to"] for call in seen.result.tool_calls] == ["JPY"]
    back = requests_of(aimock)[1]["body"]["messages"]
    assert [call["function"]["arguments"][0] for call in back[-3]["tool_calls"]] == ["{", "{"]
    assert len({message["tool_call_id"] for message in back[-2:]}) == 2
    assert back[-2]["content"] != back[-1]["content"]


async def test_a_rate_limit_is_waited_out(valkey_url: str, aimock: ModelServer) -> None:
    seen = await led_turn(valkey_url, aimock.url, content="Do I need an umbrella?")
    assert seen.text == "Take an umbrella."
    first, second = requests_of(aimock)
    assert second["timestamp"] - first["timestamp"] >= 1000, "Retry-After was a second"
    assert first["body"] == second["body"]


async def test_an_answer_that_was_cut_off_by_its_length_is_asked_for_again(
    valkey_url: str, aimock: ModelServer
) -> None:
    seen = await led_turn(valkey_url, aimock.url, content="Do I need boots?")
    assert (seen.text, seen.withdrawn) == ("Take boots.", "Take boots and")


@pytest.mark.parametrize(
    ("content", "shown"), [("Will it be cut short?", "This is"), ("Will it hang up?", "This")]
)
async def test_half_an_answer_is_taken_back_and_never_the_answer(
    valkey_url: str, aimock: ModelServer, content: str, shown: str
) -> None:
    seen = await led_turn(valkey_url, aimock.url, content=content)
    assert seen.withdrawn.startswith(shown)
    assert seen.taken_over
    assert "This is how" not in seen.text
    assert len(requests_of(aimock)) == 1, "what has begun is not asked for again"


@pytest.mark.parametrize(
    ("chaos", "asked"),
    [
        ({"rateLimitRate": 1}, ATTEMPTS),
        ({"dropRate": 1}, ATTEMPTS),
        ({"disconnectRate": 1}, 1),
        ({"malformedRate": 1}, 1),
    ],
    ids=["rate limit", "server error", "disconnect", "malformed"],
)
async def test_a_server_in_chaos_costs_the_user_the_models_words_and_nothing_else(
    valkey_url: str, aimock: ModelServer, chaos: dict[str, float], asked: int
) -> None:
    aimock.told("/__aimock/chaos", chaos)
    seen = await led_turn(valkey_url, aimock.url, content=LISBON)
    assert seen.taken_over
    assert seen.result.plan is not None
    assert seen.result.plan.trip_id is not None
    assert seen.answer.finish_reason == "stop"
    assert len(requests_of(aimock)) == asked


async def test_a_request_that_the_server_does_not_know_is_an_error_like_any(
    valkey_url: str, aimock: ModelServer
) -> None:
    seen = await led_turn(valkey_url, aimock.url, content="What is the meaning of life?")
    assert seen.taken_over


async def test_the_next_address_answers_where_the_first_is_away(valkey_url: str, aimock: ModelServer) -> None:
    seen = await led_turn(valkey_url, "http://127.0.0.1:9/v1", aimock.url, content="What coat do I need?")
    assert seen.text == COAT


async def test_a_turn_that_is_stopped_in_the_middle_keeps_what_was_said(
    valkey_url: str, aimock: ModelServer
) -> None:
    async with led(valkey_url, aimock.url) as on:
        await on.say("m1", "Tell me at length.")
        await on.until(lambda event: isinstance(event, e.ChatMessageChunk))
        await on.shared.chat.cancel(USER, SESSION, "m1", "f1")
        seen = await over(on)
    assert seen.answer.finish_reason == "cancelled"
    assert "Once upon a time there was".startswith(seen.text[:26])
    assert "nowhere to be" not in seen.text


async def test_a_limit_on_cost_ends_the_turn_with_what_it_has(valkey_url: str, aimock: ModelServer) -> None:
    """One request has thousands of tokens of tool descriptions, so its price is over a cent only here."""
    dear = TurnLimits(cost=1)
    seen = await led_turn(
        valkey_url,
        aimock.url,
        limits=dear,
        price=ModelPrice(Decimal(2000), Decimal(2000)),
        content="How many dollars and pounds are 100 euros?",
    )
    assert seen.answer.finish_reason == "limit"
    assert seen.text.startswith("Let me look. \n\nThis took all that one turn may cost")
    assert seen.result.tool_calls == []
    assert seen.result.usage is not None
    assert seen.result.usage.model_cost >= Decimal("0.01")
