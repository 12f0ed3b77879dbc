"""Flights of a plan are held: who is understood to fly, what is approved, and what is said in the end."""

from functools import cache

import pytest
from msgspec import Raw
from msgspec.json import decode
from msgspec.structs import replace

from app.contract.codec import encode
from app.contract.events import ErrorBody
from app.contract.turn import TurnResult, TurnToolCall
from tests.support.planner_sandbox import SandboxWorld
from tests.support.planner_world import TODAY, Played, play
from tools.results import FlightSearchResult
from workers.agent.model import Call, CallOutcome
from workers.agent.planner.understand.model import Language

ONE = "nonstop business class from London to New York, 5 days from 4 May 2027 for one"
FAMILY = "7 nights in Tokyo from Frankfurt in April for 1 adult and a kid (9)"
LOW_COST = "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR"
ADA = "Ms Ada Lovelace, 1985-12-10, ada@example.com, +44 20 7946 0958"
NEEDED = {"title", "given_name", "family_name", "gender", "born_on", "email", "phone_number"}


class Sandbox(SandboxWorld):
    """Where people decide as they are told to, or a call ends in an error."""

    def __init__(self, instead: CallOutcome | None = None) -> None:
        super().__init__(TODAY)
        self._instead = instead

    def answer(self, call: Call) -> CallOutcome:
        if call.tool == "flight_hold" and self._instead is not None:
            return CallOutcome(key=call.key, status=self._instead.status, error=self._instead.error)
        return super().answer(call)


def ended(turn: Played) -> TurnResult:
    """The turn's result with the calls that it made, as the engine keeps it."""
    calls = [
        TurnToolCall(id=call.key, name=call.tool, parameters=call.arguments, status=outcome.status)
        for call in turn.calls
        if (outcome := turn.outcomes.get(call.key)) is not None
    ]
    return replace(turn.result, tool_calls=calls)


def converse(world: SandboxWorld, *messages: str) -> list[Played]:
    recent: list[TurnResult] = []
    turns: list[Played] = []
    for content in messages:
        turns.append(play(content, world, recent=tuple(recent)))
        recent.insert(0, ended(turns[-1]))
    return turns


@cache
def planned(content: str) -> TurnResult:
    return play(content, SandboxWorld(TODAY)).result


def hold_calls(turn: Played) -> list[Call]:
    return turn.calls_of("flight_hold")


def test_who_flies_is_asked_for_and_then_the_flights_are_held() -> None:
    plan, asked, held = converse(Sandbox(), ONE, "please hold these flights", ADA)
    assert [question.code for question in asked.result.clarifications or []] == ["passengers_missing"]
    assert "who flies (1 adult)" in asked.text
    (call,) = hold_calls(held)
    assert plan.result.plan is not None
    assert call.arguments["offer_id"] == plan.result.plan.legs[0].source_offer_id
    assert call.arguments["passengers"][0].keys() == NEEDED
    assert call.summary is not None
    assert call.summary.startswith(
        "Hold LGW → JFK (Tue 4 May 2027), JFK → LGW (Sat 8 May 2027) with Delta Air Lines"
    )
    assert "for Ada Lovelace" in call.summary
    assert held.text.startswith("Held: LGW → JFK")
    assert "Pay by Wed 25 Nov 2026, 12:00 UTC, or the seats are lost." in held.text
    assert (held.result.outcome, held.finish_reason) == ("answer", "stop")


def test_everybody_sits_on_a_seat_of_their_age_and_one_contact_is_enough() -> None:
    *_, held = converse(Sandbox(), FAMILY, f"Reserve the seats for {ADA}, Miss Anne Lovelace 2017-09-22")
    (call,) = hold_calls(held)
    assert [one["given_name"] for one in call.arguments["passengers"]] == ["Anne", "Ada"]
    assert {one["email"] for one in call.arguments["passengers"]} == {"ada@example.com"}
    assert held.text.startswith("Held:")


@pytest.mark.parametrize(
    ("details", "says"),
    [
        ("Ms Ada Lovelace, 1985-12-10", "For Ada Lovelace I still need: an email address and a phone number"),
        ("Dr Ada Lovelace, 1985-12-10, a@b.co, +442079460958", "still need: female or male"),
        ("Ms Ada, 1985-12-10, a@b.co, +442079460958", "For Ada I still need: the name in Latin letters."),
        ("Ms Ada Lovelace, 3/4/1985, a@b.co, +442079460958", "still need: the date of birth, as 1985-12-10"),
        ("Ms Ada Lovelace, 2015-12-10, a@b.co, +442079460958", "for other people than these: 1 adult"),
        (f"{ADA}; Mr Charles Babbage, 1981-12-26", "for other people than these: 1 adult"),
    ],
)
def test_details_that_are_missing_or_of_others_are_asked_for_again(details: str, says: str) -> None:
    asked = play(details, _world_of(ONE), recent=(_asked(), planned(ONE)))
    assert asked.result.outcome == "clarify"
    assert says in asked.text
    assert not hold_calls(asked)


def _asked() -> TurnResult:
    return play("hold the flights", _world_of(ONE), recent=(planned(ONE),)).result


@cache
def _world_of(content: str) -> Sandbox:
    """One that knows the plan's offers."""
    world = Sandbox()
    play(content, world)
    return world


def test_flights_that_are_paid_at_once_are_said_to_be() -> None:
    plan, refused = converse(Sandbox(), LOW_COST, "book these flights")
    assert refused.text.startswith("Ryanair wants these flights paid at once, so they cannot be held. ")
    assert not hold_calls(refused)
    (search,) = refused.calls_of("flight_search")
    assert search.arguments in [call.arguments for call in plan.calls_of("flight_search")]
    found = decode(refused.outcomes[search.key].result, type=FlightSearchResult).offers
    cheapest = min((one for one in found if one.can_be_held), key=lambda one: one.total.amount)
    assert f"with {cheapest.carrier_name} ({cheapest.slices[0].segments[0].flight_number}" in refused.text
    assert f"for €{cheapest.total.amount}." in refused.text


def test_where_nothing_can_be_held_that_is_said() -> None:
    class OnlyAtOnce(Sandbox):
        def answer(self, call: Call) -> CallOutcome:
            outcome = super().answer(call)
            if call.tool == "flight_search":
                found = decode(outcome.result, type=FlightSearchResult)
                offers = [replace(one, can_be_held=False) for one in found.offers]
                outcome = replace(outcome, result=Raw(encode(replace(found, offers=offers))))
            return outcome

    *_, refused = converse(OnlyAtOnce(), LOW_COST, "book these flights")
    assert refused.text.endswith("None of the other flights found can be held either.\n")


def test_a_search_that_fails_or_is_not_known_names_no_other_flights() -> None:
    class Silent(Sandbox):
        def answer(self, call: Call) -> CallOutcome:
            if call.key.startswith("instead"):
                error = ErrorBody(code="EXTERNAL_API_ERROR", message="Down.", retryable=True)
                return CallOutcome(key=call.key, status="error", error=error)
            return super().answer(call)

    only_that = "Ryanair wants these flights paid at once, so they cannot be held.\n"
    assert converse(Silent(), LOW_COST, "book these flights")[-1].text == only_that
    world = Sandbox()
    plan = play(LOW_COST, world).result  # its calls are not told
    refused = play("book these flights", world, recent=(plan,))
    assert (refused.text, refused.calls_of("flight_search")) == (only_that, [])


def test_a_party_in_two_groups_has_a_call_for_each() -> None:
    """Each group's search found the same offer, so the plan has its legs twice."""
    three = ONE.replace("for one", "for 3 adults")
    world = Sandbox()
    play(three, world)
    result = play(three, world).result
    assert result.plan is not None
    result.plan.legs += result.plan.legs
    names = [f"Mr Number P{chr(97 + number)} 1980-01-01" for number in range(6)]
    held = play(f"hold the flights: {'; '.join(names)}, a@b.co, +442079460958", world, recent=(result,))
    calls = hold_calls(held)
    families = [[one["family_name"] for one in call.arguments["passengers"]] for call in calls]
    assert families == [["Pa", "Pb", "Pc"], ["Pd", "Pe", "Pf"]]
    assert [held.outcomes[call.key].status for call in calls] == ["complete", "complete"]
    assert held.text.count("Held:") == 2


def test_an_offer_that_is_gone_is_said_and_nothing_is_asked() -> None:
    lost = play("hold the flights", Sandbox(), recent=(planned(ONE),))
    assert lost.text.startswith(
        "I could not look at the flights again, so nothing was held: Duffel knows this offer"
    )
    assert lost.result.error is not None
    assert lost.result.error.code == "CONFLICT"
    assert lost.result.clarifications is None


@pytest.mark.parametrize(
    ("outcome", "says", "reason"),
    [
        (CallOutcome(key="", status="cancelled"), "Not held: LGW → JFK", "stop"),
        (
            CallOutcome(
                key="",
                status="error",
                error=ErrorBody(code="OUTCOME_UNKNOWN", message="Nobody knows.", retryable=False),
            ),
            "The seats are not known to be held: Nobody knows.",
            "error",
        ),
    ],
)
def test_what_was_not_approved_or_is_not_known_is_said_so(
    outcome: CallOutcome, says: str, reason: str
) -> None:
    *_, held = converse(Sandbox(outcome), ONE, f"hold the flights for {ADA}")
    assert held.text.startswith(says)
    assert held.finish_reason == reason


def test_the_plan_stays_in_force_while_and_after_it_is_asked_who_flies() -> None:
    *_, cheaper = converse(Sandbox(), ONE, "hold the flights", "make it two days longer")
    assert cheaper.result.outcome == "plan"
    assert cheaper.result.diff is not None
    *_, longer = converse(Sandbox(), ONE, f"hold the flights for {ADA}", "a day longer")
    assert longer.result.outcome == "plan"


@pytest.mark.parametrize(
    "content",
    [
        "don't hold the flights",
        "book flights from Berlin to Rome, 4 to 9 May 2027",
        "make it cheaper",
        'my boss wrote: "hold the flights for Mr Charles Babbage"',
    ],
)
def test_what_does_not_ask_for_it_holds_nothing(content: str) -> None:
    turn = play(content, Sandbox(), recent=(planned(ONE),))
    assert not turn.calls_of("flight_offer")


def test_without_a_plan_there_is_nothing_to_hold() -> None:
    turn = play("hold the flights", Sandbox())
    assert turn.text == "There is no plan yet whose flights could be held.\n"


@pytest.mark.parametrize(
    ("content", "language"),
    [
        ("hold these flights", "en"),
        ("Could you reserve the seats for us?", "en"),
        ("Book it", "en"),
        ("Reservier bitte die Flüge", "de"),
        ("Kannst du die Flüge bitte für uns reservieren?", "de"),
        ("Réservez ces vols s'il vous plaît", "fr"),
        ("Peux-tu bloquer les places ?", "fr"),
        ("Reserva los vuelos, por favor", "es"),
        ("¿Puedes guardar estas plazas?", "es"),
        ("フライトを予約してください", "ja"),
        ("この便を仮予約して", "ja"),
    ],
)
def test_it_is_asked_for_in_each_language_and_answered_in_it(content: str, language: Language) -> None:
    turn = play(content, _world_of(ONE), recent=(_in_language(planned(ONE), language),))
    assert [question.code for question in turn.result.clarifications or []] == ["passengers_missing"]
    words = {"en": "who flies", "de": "wer fliegt", "fr": "qui voyage", "es": "quién viaja", "ja": "どなた"}
    assert words[language] in turn.text


def _in_language(result: TurnResult, language: str) -> TurnResult:
    assert result.request is not None
    return replace(result, request=replace(result.request, language=language))
