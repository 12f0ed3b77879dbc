"""The laws of a plan, as `docs/turn-result.md` has them: who made the plan does not matter.

evidence.py  what the tools returned in this turn, and what the plan before holds
journey.py   legs and their times, days, stays
money.py     prices, sums and budgets
"""

from workers.agent.laws.check import broken_laws

__all__ = ["broken_laws"]
