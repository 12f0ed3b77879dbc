"""A program of binary choices: rows of coefficients between bounds, and an objective to be least.

The one module that knows the solver, HiGHS. It is single-threaded, seeded and bounded by nodes instead of time, so
that the same program has the same answer on every machine. A program that reaches the bound has the best answer that
was found by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

MOST_NODES = 500
"""A trip to ten places with sixty rooms at each takes some dozens, and a third of a second."""


class Undecided(Exception):
    """Nobody knows whether the program has an answer, so nothing may be said to be impossible."""


@dataclass(slots=True)
class Program:
    """Columns are numbered as they are added; each is 0 or 1 in the answer."""

    costs: list[float] = field(default_factory=list[float])
    _starts: list[int] = field(default_factory=list[int])
    _columns: list[int] = field(default_factory=list[int])
    _values: list[float] = field(default_factory=list[float])
    _lower: list[float] = field(default_factory=list[float])
    _upper: list[float] = field(default_factory=list[float])

    def column(self, cost: float) -> int:
        self.costs.append(cost)
        return len(self.costs) - 1

    def row(self, terms: Mapping[int, float], *, at_least: float = -inf, at_most: float = inf) -> None:
        if not terms and at_least <= 0 <= at_most:
            return
        self._starts.append(len(self._columns))
        self._columns += terms.keys()
        self._values += terms.values()
        self._lower.append(at_least)
        self._upper.append(at_most)

    def least(self) -> list[bool] | None:
        """Which columns are 1 in the best answer; None where there is none.

        Raises `Undecided` where the bound was reached with nothing found: there may be an answer.
        """
        import highspy  # loads numpy: a fifth of a second, for workers only

        solver: Any = highspy.Highs()
        for option, value in OPTIONS.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._model(highspy))
        solver.run()
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            if solver.getModelStatus() == highspy.HighsModelStatus.kSolutionLimit:
                raise Undecided(f"nothing was found within {MOST_NODES} nodes")
            return None
        values: Sequence[float] = solver.getSolution().col_value
        return [value > 0.5 for value in values]

    def _model(self, highspy: Any) -> Any:
        model = highspy.HighsLp()
        columns = len(self.costs)
        model.num_col_, model.num_row_ = columns, len(self._lower)
        model.col_cost_ = self.costs
        model.col_lower_, model.col_upper_ = [0.0] * columns, [1.0] * columns
        model.row_lower_, model.row_upper_ = self._lower, self._upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = [*self._starts, len(self._columns)]
        model.a_matrix_.index_, model.a_matrix_.value_ = self._columns, self._values
        model.integrality_ = [highspy.HighsVarType.kInteger] * columns
        return model


def warm_solver() -> None:
    """Loads what the first trip would otherwise wait for."""
    program = Program()
    program.column(0.0)
    program.least()


OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
    "mip_max_nodes": MOST_NODES,
    "mip_heuristic_run_feasibility_jump": False,  # a third of the time, and these are solved at the root without
}
