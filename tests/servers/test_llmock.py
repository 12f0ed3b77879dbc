"""Turns led by llmock, a server that others wrote to fail its clients and to grade what they make of it."""

from typing import Any

import pytest

from tests.support.model_turns import ask, led, led_turn
from tests.support.served_models import ModelServer, graded, llmock_server
from workers.models.openai import ATTEMPTS

# One worker has them all, and its first test installs the servers.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("servers"), pytest.mark.timeout(400)]
LISBON = "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR"
HELLO = "Good morning to you"


def script(server: ModelServer, *behaviours: dict[str, Any]) -> None:
    server.told("/_llmock/scenario", {"behaviors": list(behaviours)})


def requests_of(server: ModelServer) -> list[dict[str, Any]]:
    return server.read("/_llmock/requests")["requests"]


def reply(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "reply", "text": text, **more}


def findings(server: ModelServer) -> list[str]:
    return [finding["code"] for finding in server.read("/_llmock/verdict")["findings"]]


async def test_a_text_is_the_answer(valkey_url: str, llmock: ModelServer) -> None:
    script(llmock, reply("Good morning – 早上好 🗼"))
    seen = await led_turn(valkey_url, llmock.url, content=HELLO)
    assert seen.text == "Good morning – 早上好 🗼"
    assert findings(llmock) == []


async def test_a_model_of_its_own_mind_has_its_calls_made_or_explained(
    valkey_url: str, llmock: ModelServer
) -> None:
    seen = await led_turn(valkey_url, llmock.url, content="Convert currency, please")
    assert seen.text.strip()
    asked = requests_of(llmock)
    assert len(asked) == 2
    assert asked[1]["body"]["messages"][-1]["role"] == "tool"


@pytest.mark.parametrize("kind", ["malformed_arguments", "unknown_tool"])
async def test_a_broken_call_goes_back_and_the_answer_comes(
    valkey_url: str, llmock: ModelServer, kind: str
) -> None:
    script(llmock, {"type": "tool_fault", "kind": kind})
    seen = await led_turn(valkey_url, llmock.url, content=HELLO)
    assert seen.result.tool_calls == []
    assert not seen.taken_over
    first, second = requests_of(llmock)
    *_, said, problem = second["body"]["messages"]
    assert first["body"]["messages"] == second["body"]["messages"][:-2]
    assert said["tool_calls"][0]["id"] == problem["tool_call_id"]
    assert ("There is no tool" if kind == "unknown_tool" else "truncated") in problem["content"]


async def test_a_rate_limit_is_waited_out_as_long_as_it_says(valkey_url: str, llmock: ModelServer) -> None:
    script(llmock, {"type": "fail", "status": 429, "retry_after": 1, "times": 2}, reply("At last."))
    seen = await led_turn(valkey_url, llmock.url, content=HELLO)
    assert seen.text == "At last."
    assert findings(llmock) == []


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504, 529])
async def test_what_may_pass_is_tried_again(valkey_url: str, llmock: ModelServer, status: int) -> None:
    script(llmock, {"type": "fail", "status": status, "retry_after": 1}, reply("At last."))
    seen = await led_turn(valkey_url, llmock.url, content=HELLO)
    assert seen.text == "At last."
    assert findings(llmock) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_what_cannot_pass_is_not(valkey_url: str, llmock: ModelServer, status: int) -> None:
    script(llmock, {"type": "fail", "status": status, "times": None})
    seen = await led_turn(valkey_url, llmock.url, content=HELLO)
    assert seen.taken_over
    assert len(requests_of(llmock)) == 1
    assert findings(llmock) == []


async def test_an_outage_ends_after_three_attempts_and_the_planner_plans(
    valkey_url: str, llmock: ModelServer
) -> None:
    script(llmock, {"type": "fail", "status": 500, "times": None})
    seen = await led_turn(valkey_url, llmock.url, content=LISBON)
    assert seen.taken_over
    assert seen.result.plan is not None
    assert len(requests_of(llmock)) == ATTEMPTS
    assert "retry_storm" not in findings(llmock)


@pytest.mark.parametrize("kind", ["disconnect", "truncate", "malformed", "stall"])
async def test_a_stream_that_breaks_is_never_half_an_answer(
    valkey_url: str, llmock: ModelServer, kind: str
) -> None:
    fault = {"type": "stream_fault", "kind": kind, "after_chunks": 4, "stall_seconds": 20}
    script(llmock, reply("One two three four five six seven."), fault)
    seen = await led_turn(valkey_url, llmock.url, idle_timeout=1.0, content=HELLO)
    assert seen.withdrawn.startswith("One two three")
    assert seen.taken_over
    assert "One" not in seen.text
    (request,) = requests_of(llmock)
    assert request["fault"] == f"stream:{kind}@4"
    assert "no_read_timeout" not in findings(llmock)


async def test_under_chaos_every_turn_has_a_whole_answer_and_the_client_is_graded_well(
    valkey_url: str, tmp_path: Any
) -> None:
    chaos = [f"--error-rate={status}=0.12" for status in (429, 500, 503)]
    chaos += ["--error-rate=400=0.08", "--stream-stall-seconds=5"]
    chaos += [f"--stream-fault={kind}=0.08" for kind in ("disconnect", "malformed", "stall")]
    with llmock_server(tmp_path / "log", *chaos) as server:
        async with led(valkey_url, server.url, idle_timeout=0.5) as on:
            script(server, reply("All is well, and this is all.", times=None))
            for number in range(6):
                seen = await ask(on, HELLO, f"m{number}")
                assert seen.taken_over or seen.text == "All is well, and this is all."
        code, said = graded(server)
    assert code == 0, said
