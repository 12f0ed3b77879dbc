"""A language model leads the turn; the tools, the laws of a plan and the built-in planner keep it honest.

prompt.py        what the model is told: its task, the session so far, results fenced as data
conversation.py  a turn's steps and outcomes as the model's messages
submitted.py     a plan of its own, held to the laws
planner.py       the model's answers as steps, checked
"""

from workers.agent.modelled.planner import ModelPlanner

__all__ = ["ModelPlanner"]
