"""Any request, any tools' answers, any order of arrival: the laws hold and nothing raises."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.contract.turn import TurnResult
from tests.support.generated_requests import CHANGES, VOCABULARY, in_any_language, requests, worlds
from tests.support.plan_laws import check_laws
from tests.support.planner_world import TODAY, Played, World, play, request_of
from tests.support.task_laws import check_tasks
from workers.agent.model import Call, View
from workers.agent.planner import BuiltinPlanner

# Both checks time the machine: the first turn of a process reads the table of places.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shuffled(seed: int) -> Callable[[Sequence[Call]], Sequence[Call]]:
    draw = random.Random(seed)
    return lambda calls: draw.sample(list(calls), len(calls))


def checked(played: Played, previous: TurnResult | None = None) -> Played:
    check_laws(played.result, played.calls, played.outcomes, TODAY, previous)
    check_tasks(played)
    assert played.text.strip()
    assert (played.finish_reason == "error") == (
        played.result.outcome == "answer" and played.result.error is not None
    )
    return played


@settings(UNTIMED, max_examples=80)
@given(requests, worlds)
@example("5 days in Lisbon from Berlin in early May for 2 under 1500 EUR", World())
@example("9 days in Rarotonga from Auckland on 1 March 2027", World(departs_at=(22, 23)))
@example("7 nights in Tokyo from LAX on 3 March 2027", World(departs_at=(22, 23)))
def test_every_request_ends_lawfully(content: str, world: World) -> None:
    checked(play(content, world))


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(UNTIMED, max_examples=1_200)
@given(requests, worlds)
def test_many_requests_end_lawfully(content: str, world: World) -> None:
    checked(play(content, world))


@settings(UNTIMED, max_examples=50)
@given(in_any_language, worlds)
def test_every_clause_in_every_language_ends_lawfully(content: str, world: World) -> None:
    checked(play(content, world))


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(UNTIMED, max_examples=1_200)
@given(in_any_language, worlds, st.lists(st.sampled_from(CHANGES), max_size=1))
def test_many_requests_in_five_languages_end_lawfully(content: str, world: World, changes: list[str]) -> None:
    previous = checked(play(content, world)).result
    for change in changes:
        checked(play(change, world, previous=previous), previous)


@settings(UNTIMED, max_examples=40)
@given(requests, worlds, st.integers(0, 999))
def test_the_order_in_which_calls_end_changes_nothing(content: str, world: World, seed: int) -> None:
    straight, other = play(content, world), play(content, world, order=shuffled(seed))
    assert other.text == straight.text
    assert other.result == straight.result
    assert {call.key for call in other.calls} == {call.key for call in straight.calls}


@settings(UNTIMED, max_examples=40)
@given(requests, worlds, st.integers(0, 999))
def test_each_step_is_a_pure_function_of_what_is_known(content: str, world: World, seed: int) -> None:
    """A worker that takes over asks with the journal of another; it must be given the same steps."""
    played = play(content, world, order=shuffled(seed))
    again = play(content, world, order=shuffled(seed), planner=BuiltinPlanner())
    assert again.steps == played.steps
    whole = play(content, world, known=played.outcomes)
    assert whole.text == played.text
    assert whole.result == played.result


@settings(UNTIMED, max_examples=40)
@given(requests, worlds, st.lists(st.sampled_from((
    "cheaper", "a day longer", "two days shorter", "in June instead", "leave on Friday", "a week later",
    "make it nonstop", "for 3 people", "under 300 EUR", "to Oslo instead", "from Hamburg", "the second one",
    "weather there?", "thanks", "Berlin", "from Berlin to Rome on 3 May 2027 for 4 nights",
)), min_size=1, max_size=3))  # fmt: skip
def test_follow_ups_keep_the_laws(content: str, world: World, follow_ups: list[str]) -> None:
    previous = checked(play(content, world)).result
    for message in follow_ups:
        played = checked(play(message, world, previous=previous))
        before = previous.plan
        if message == "cheaper" and before is not None and played.result.plan is not None:
            assert played.result.plan.cost.total < before.cost.total
            assert played.result.diff is not None
            assert "cost" in played.result.diff.changed
        previous = played.result


@settings(UNTIMED, max_examples=150)
@given(st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join),
    st.lists(st.sampled_from(VOCABULARY), max_size=14).map("".join),
))  # fmt: skip
def test_whatever_is_written_is_answered(content: str) -> None:
    checked(play(content))


@settings(UNTIMED, max_examples=30)
@given(st.text(max_size=40), st.integers(0, 400))
def test_a_long_message_is_read_in_part_and_answered(noise: str, days: int) -> None:
    wanted = TODAY + timedelta(days)
    content = f"4 nights in Rome from Berlin on {wanted.isoformat()} " + (noise + " x") * 2_000
    view = View(request=request_of(content), today=TODAY, recent=(), steps=(), outcomes={})
    assert BuiltinPlanner().next(view) == BuiltinPlanner().next(view)
