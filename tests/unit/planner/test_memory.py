"""Which of the turns before a new message speaks of."""

from tests.support.planner_world import play
from workers.agent.planner.memory import in_force

PLAN = play("5 days in Lisbon from Berlin in early May").result
QUESTION = play("Weekend in San Jose in January, flying from LAX").result
WEATHER = play("weather in Rome in May").result
INFEASIBLE = play("5 days in Lisbon from Berlin in early May under 20 EUR").result


def test_a_plan_stays_in_force_behind_an_answer_and_behind_what_could_not_be_done() -> None:
    assert in_force([WEATHER, PLAN]) is PLAN
    assert in_force([INFEASIBLE, WEATHER, PLAN]) is PLAN


def test_an_open_question_comes_first() -> None:
    assert in_force([QUESTION, PLAN]) is QUESTION
    assert in_force([PLAN, QUESTION]) is PLAN


def test_without_a_plan_the_last_request_counts() -> None:
    assert in_force([WEATHER, INFEASIBLE]) is INFEASIBLE
    assert in_force([WEATHER]) is None
    assert in_force([]) is None
