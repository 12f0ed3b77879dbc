"""What is said of a program that the solver has not settled within its bound."""

import random

import pytest

from workers.agent.planner.solve.program import OPTIONS, Program, Undecided


def test_a_program_that_reaches_its_bound_has_the_best_that_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(OPTIONS, "mip_max_nodes", 5)
    draw = random.Random(3)
    program = Program()
    worth = [draw.randrange(100, 200) for _ in range(60)]
    rows = [{column: float(draw.randrange(100, 200)) for column in range(60)} for _ in range(6)]
    for value in worth:
        program.column(-value)
    for row in rows:
        program.row(row, at_most=3000)
    found = program.least()
    assert found is not None
    assert any(found)
    assert all(sum(weight for column, weight in row.items() if found[column]) <= 3000 for row in rows)


def test_of_a_program_that_cannot_be_there_is_no_answer() -> None:
    program = Program()
    program.row({program.column(1.0): 1.0}, at_least=2)
    assert program.least() is None
    nothing_to_choose = Program()
    nothing_to_choose.row({}, at_least=1)
    assert nothing_to_choose.least() is None


def test_what_was_not_settled_is_not_called_impossible() -> None:
    """Four sums of thirty weights that have to be met at once: a puzzle that is hard for every solver."""
    draw = random.Random(0)
    program = Program()
    columns = [program.column(0.0) for _ in range(30)]
    for _ in range(4):
        weights = {column: float(draw.randrange(1, 100)) for column in columns}
        half = sum(weights.values()) // 2
        program.row(weights, at_least=half, at_most=half)
    with pytest.raises(Undecided):
        program.least()
