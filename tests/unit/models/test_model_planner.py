"""A scripted model leads the turn: what it may do, and what happens to what it may not."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.support import scripted_model
from tests.support.planner_world import TODAY, Played, World, play
from tests.support.scripted_model import Answer, ScriptedModel, asks, says, submitted
from workers.agent.laws import broken_laws
from workers.agent.model import ModelUsage
from workers.agent.modelled.planner import TOOK_OVER
from workers.models.model import CallDelta, Finished, ModelUnavailable, TextDelta, Usage

WRONG = ['{"amount": 1', '["no", "object"]', "", '{"amount": "all of it"}']
REQUEST = "5 days in Lisbon from Berlin in early May for 2 under 5000 EUR"


def led_by(
    *answers: Answer, content: str = REQUEST, world: World | None = None
) -> tuple[Played, ScriptedModel]:
    return scripted_model.led_by(*answers, content=content, world=world)


def test_a_text_is_the_answer() -> None:
    played, _ = led_by(says("Take a coat."))
    assert (played.result.outcome, played.text) == ("answer", "Take a coat.")


def test_what_a_tool_returned_is_told_as_data() -> None:
    convert = {"amount": 100, "from": "EUR", "to": "USD"}
    played, model = led_by(asks(("currency_convert", convert)), says("108 dollars."))
    assert [call.tool for call in played.calls] == ["currency_convert"]
    told = model.told[1][-1]
    assert told.role == "tool"
    assert told.tool_call_id == played.calls[0].key
    assert set(msgspec.json.decode(told.content)) == {"untrusted", "source", "cut_off"}


@pytest.mark.parametrize(
    "wrong",
    [
        ("no_such_tool", {}),
        ("currency_convert", {"amount": 1, "from": "EUR", "to": "USD", "session_id": "another"}),
        ("currency_convert", {"amount": "all of it"}),
        ("currency_convert", ["no", "object"]),
        ("weather_forecast", {"url": "https://attacker.example"}),
    ],
)
def test_a_call_that_no_tool_takes_is_not_made_and_goes_back(wrong: tuple[str, Any]) -> None:
    played, model = led_by(asks(wrong), says("Sorry."))
    assert played.calls == []
    assert model.told[1][-1].role == "tool"
    assert model.told[1][-1].content


def test_plan_trip_hands_the_turn_to_the_solver() -> None:
    played, _ = led_by(asks(("plan_trip", {})))
    alone = play(REQUEST)
    assert played.result.plan is not None
    assert played.result.plan == alone.result.plan
    assert broken_laws(played.result, played.calls, played.outcomes, TODAY) == []
    assert TOOK_OVER not in played.text


def test_a_plan_out_of_thin_air_goes_back_twice_and_then_the_builtin_planner_answers() -> None:
    alone = play(REQUEST).result
    invented = asks(submitted(alone))
    played, model = led_by(invented, invented, invented)
    assert "breaks laws" in model.told[1][-1].content
    assert played.text.startswith(TOOK_OVER)
    assert played.result.plan == alone.plan
    assert broken_laws(played.result, played.calls, played.outcomes, TODAY) == []


def test_tokens_of_every_try_are_counted() -> None:
    tokens = Finished("stop", Usage(tokens_in=10, tokens_out=3, cost=Decimal("0.01")))
    played, _ = led_by((TextDelta(""), tokens), (TextDelta("Yes."), tokens))
    assert played.steps[-1].usage == ModelUsage(tokens_in=20, tokens_out=6, cost=Decimal("0.02"))


def test_what_broke_off_is_counted_too() -> None:
    away = ModelUnavailable("away")
    away.usage = Usage(tokens_in=10, tokens_out=3, cost=Decimal("0.01"))
    played, _ = led_by(away)
    assert played.steps[0].usage == ModelUsage(tokens_in=10, tokens_out=3, cost=Decimal("0.01"))


def test_a_lawful_plan_of_the_models_own_is_the_result() -> None:
    alone = play(REQUEST)
    searches = [(call.tool, call.arguments) for call in alone.calls]
    played, _ = led_by(asks(*searches), asks(submitted(alone.result)))
    assert played.result.plan == alone.result.plan
    assert played.result.diff is None
    assert played.text == "Five days."


def test_a_model_that_is_away_costs_the_turn_nothing_but_its_words() -> None:
    played, _ = led_by(ModelUnavailable("away"))
    assert played.result.plan == play(REQUEST).result.plan
    assert played.text.startswith(TOOK_OVER)


def test_arguments_that_are_no_json_object_are_sent_back_as_one() -> None:
    broken = [
        CallDelta(index=n, id="same", name="currency_convert", arguments=text) for n, text in enumerate(WRONG)
    ]
    _, model = led_by((*broken, Finished("tool_calls")), says("Sorry."))
    asked, *told = model.told[1][2:]
    assert all(isinstance(msgspec.json.decode(call.arguments), dict) for call in asked.calls)
    assert asked.calls[3].arguments == WRONG[3], "what is one is told as it was written"
    assert [message.tool_call_id for message in told] == [call.id for call in asked.calls]
    assert len({call.id for call in asked.calls}) == len(WRONG)
    assert len({message.content for message in told}) == len(WRONG), "each is told its own problem"


def test_calls_nested_without_end_go_back() -> None:
    deep = CallDelta(
        index=0, name="currency_convert", arguments='{"amount":' + "[" * 50_000 + "]" * 50_000 + "}"
    )
    played, _ = led_by((deep, Finished("tool_calls")), says("Sorry."))
    assert played.calls == []
