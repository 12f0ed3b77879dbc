"""Every tool that is installed runs in a turn: real workers, real clients, the sandbox for the network."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from app.contract import events as e
from app.contract.commands import DecideToolCall
from app.contract.turn import TurnResult
from tests.support.stage import SESSION, USER, stage, workers
from tests.support.travel import ADA
from tests.support.turn_rules import check_turn
from tools import registry
from tools.providers.config import load
from tools.providers.factory import Providers
from tools.results import FlightSearchResult
from tools.sandbox import Sandbox
from tools.sandbox.transports import mock_transport
from workers.agent.model import Call, Step, Task, View

TODAY = datetime.now(UTC).date()  # the workers' own
DAY, LATER = (str(TODAY + timedelta(days=days)) for days in (160, 162))
PLACE: dict[str, Any] = {"latitude": 37.98, "longitude": 23.73}
ATHENS, NAXOS = (
    {"name": "Athens", "country": "GR", **PLACE},
    {"name": "Naxos", "latitude": 37.07, "longitude": 25.48, "country": "GR"},
)
AT_ONCE: dict[str, dict[str, Any]] = {
    "place_lookup": {"name": "Rio"},
    "flight_search": {"origin": "JFK", "destination": "EWR", "departure_date": DAY},
    "accommodation_search": {
        "city": "Athens",
        **PLACE,
        "check_in": DAY,
        "check_out": LATER,
    },
    "weather_forecast": {**PLACE, "start": DAY, "end": LATER},
    "activity_search": {"city": "Athens", **PLACE, "start": DAY, "end": LATER},
    "ground_transport": {"from": ATHENS, "to": NAXOS},
    "currency_convert": {"amount": "100", "from": "EUR", "to": "USD"},
}


class Everything:
    """Calls every tool; what is held is the first of the flights that were found."""

    def next(self, view: View) -> Step:
        if not view.steps:
            task = Task(key="all", name="All", description="Every tool")
            return Step(tasks=(task,), calls=tuple(self._call(name, AT_ONCE[name]) for name in AT_ONCE))
        if len(view.outcomes) < len(AT_ONCE):
            return Step()
        found = msgspec.json.decode(view.outcomes["flight_search"].result, type=FlightSearchResult)
        offer = {"offer_id": found.offers[0].offer_id}
        made = {call.key for step in view.steps for call in step.calls}
        if "flight_offer" not in made:
            return Step(calls=(self._call("flight_offer", offer),))
        if "flight_offer" not in view.outcomes:
            return Step()
        if "flight_hold" not in made:
            return Step(calls=(self._call("flight_hold", {**offer, "passengers": [ADA]}),))
        if "flight_hold" not in view.outcomes:
            return Step()
        return Step(say="Done.", result=TurnResult(outcome="answer"))

    def _call(self, tool: str, arguments: dict[str, Any]) -> Call:
        return Call(key=tool, task="all", tool=tool, arguments=arguments, summary="Hold it.")


async def test_every_tool_runs_in_a_turn(valkey_url: str) -> None:
    providers = Providers(load({}), mock_transport(Sandbox()))
    tools = dict(registry.load())
    async with stage(valkey_url, Everything()) as made:
        on = replace(
            made,
            agent=made.with_parts(tools=tools),
            tool=replace(made.tool, tools=tools, providers=providers),
        )
        async with workers(on):
            await on.say("m1")
            asked = await on.until(lambda event: isinstance(event, e.ToolCallApprovalRequired))
            assert isinstance(asked, e.ToolCallApprovalRequired)
            assert isinstance(asked.tool_call_id, str)
            await on.shared.decisions.decide(
                USER,
                DecideToolCall(
                    id="d1", session_id=SESSION, tool_call_id=asked.tool_call_id, decision="approve"
                ),
            )
            await on.until_over("m1")
        turn = await on.turn_events("m1")
    check_turn(turn, "m1")
    assert [one for one in turn if isinstance(one, e.ToolCallError)] == []
    ended = {one.tool_name: one.result for one in turn if isinstance(one, e.ToolCallComplete)}
    assert ended.keys() == tools.keys()
    assert all(ended.values())
    reported = {one.tool_name for one in turn if isinstance(one, e.ToolCallProgress)}
    assert reported == tools.keys() - {"place_lookup", "ground_transport"}  # they ask nobody
    assert ended["flight_hold"]["booking_reference"]
    assert ended["place_lookup"]["likeliest"] == "Rio de Janeiro, Brazil"
