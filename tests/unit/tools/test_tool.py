"""What makes a function a tool, how its arguments are checked, and how tools are found."""

import types
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from msgspec import Struct

from app.contract.errors import ErrorCode, TripSageError
from tools.providers.config import load as load_config
from tools.providers.factory import Providers
from tools.registry import collect, load
from tools.tool import ToolContext, tool


class Greeting(Struct):
    text: str

    def summary(self) -> dict[str, Any]:
        return {"text": self.text}


@tool(timeout=3)
async def greet(
    context: ToolContext, name: str, on: date, from_: str = "us", price: Decimal = Decimal(1)
) -> Greeting:
    """Greet somebody."""
    await context.progress(0.5, "Half way")
    return Greeting(f"{name} {on} {from_} {price}")


@tool(timeout=3)
async def stumble(context: ToolContext) -> Greeting:
    """Fail in a way that nobody foresaw."""
    raise KeyError("secret-detail")


class Heard:
    def __init__(self) -> None:
        self.reports: list[tuple[float, str]] = []

    async def __call__(self, fraction: float, message: str) -> None:
        self.reports.append((fraction, message))


def context(heard: Heard | None = None) -> ToolContext:
    return ToolContext(
        today=date(2026, 11, 22), progress=heard or Heard(), providers=Providers(load_config({}))
    )


def test_the_signature_is_the_schema() -> None:
    schema = greet.schema()
    assert schema["required"] == ["name", "on"]
    assert set(schema["properties"]) == {"name", "on", "from", "price"}
    assert schema["properties"]["on"] == {"type": "string", "format": "date"}
    assert schema["additionalProperties"] is False
    assert (greet.name, greet.description, greet.timeout) == ("greet", "Greet somebody.", 3)


@pytest.mark.parametrize("name", ["flight_search", "weather_forecast", "currency_convert"])
def test_every_schema_is_json_schema_and_every_tool_is_described(name: str) -> None:
    found = load()[name]
    jsonschema.Draft202012Validator.check_schema(found.schema())
    assert len(found.description) > 30
    assert found.timeout > 0


def test_arguments_are_checked_and_filled_in() -> None:
    assert greet.validate({"name": "Ann", "on": "2027-05-04", "from": "them", "price": "2.50"}) == {
        "name": "Ann",
        "on": "2027-05-04",
        "from": "them",
        "price": 2.5,
    }


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"on": "2027-05-04"}, "name"),
        ({"name": "Ann"}, "on"),
        ({"name": 3, "on": "2027-05-04"}, "name"),
        ({"name": "Ann", "on": "soon"}, "on"),
        ({"name": "Ann", "on": "2027-05-04", "from_": "x"}, "from_"),
        ({"name": "Ann", "on": "2027-05-04", "price": "much"}, "price"),
    ],
)
def test_a_wrong_argument_is_named(arguments: dict[str, Any], field: str) -> None:
    with pytest.raises(TripSageError) as refused:
        greet.validate(arguments)
    assert refused.value.code is ErrorCode.VALIDATION_ERROR
    assert refused.value.details == {"field": field}


def test_a_wrong_argument_inside_a_list_is_named_with_its_path() -> None:
    journey = {"origin": "BER", "destination": "LIS", "departure_date": "2027-02-31"}
    with pytest.raises(TripSageError) as refused:
        load()["flight_search"].validate({"slices": [journey]})
    assert refused.value.details == {"field": "slices[0].departure_date"}


@pytest.mark.parametrize("code", ["ber", "BERL", "B R", "BER\n", "", "../"])
def test_a_place_is_a_code_of_three_capitals(code: str) -> None:
    with pytest.raises(TripSageError) as refused:
        load()["flight_search"].validate({"origin": code})
    assert refused.value.details == {"field": "origin"}


async def test_a_call_gets_typed_arguments_and_reports_progress() -> None:
    heard = Heard()
    result = await greet.run(context(heard), {"name": "Ann", "on": "2027-05-04"})
    assert result.summary() == {"text": "Ann 2027-05-04 us 1"}
    assert heard.reports == [(0.5, "Half way")]


async def test_progress_never_falls_and_notes_keep_it() -> None:
    heard = Heard()
    ours = context(heard)
    await ours.progress(0.6, "far")
    await ours.progress(0.2, "back")
    await ours.note("trying again")
    await ours.progress(7, "over")
    assert [fraction for fraction, _ in heard.reports] == [0.6, 0.6, 0.6, 1.0]


async def test_an_unforeseen_failure_says_nothing_of_its_insides(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TripSageError) as failed:
        await stumble.run(context(), {})
    assert failed.value.code is ErrorCode.INTERNAL_ERROR
    assert "secret-detail" not in failed.value.message + str(failed.value.details)
    assert "secret-detail" in caplog.text  # who runs the server can find it


def test_the_registry_finds_every_tool_of_every_module() -> None:
    assert set(load()) >= {"flight_search", "weather_forecast", "currency_convert"}
    assert all(name == found.name for name, found in load().items())


def test_two_tools_of_one_name_are_refused() -> None:
    one, other = types.ModuleType("one"), types.ModuleType("other")

    @tool(timeout=1)
    async def greet(context: ToolContext) -> Greeting:
        """Another one."""
        return Greeting("")

    vars(one)["greet"] = globals()["greet"]
    vars(other)["greet"] = greet
    assert collect([one, one]) == {"greet": globals()["greet"]}
    with pytest.raises(TypeError, match="Two tools are named greet"):
        collect([one, other])


def test_a_tool_without_a_description_is_refused() -> None:
    async def silent(context: ToolContext) -> Greeting:
        return Greeting("")

    with pytest.raises(TypeError, match="needs a docstring"):
        tool(timeout=1)(silent)
