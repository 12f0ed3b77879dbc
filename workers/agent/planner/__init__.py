"""The built-in planner: understands a request, has the tools asked, chooses, and says what came of it.

understand/  text to an `Understanding`; `words/` holds what each language brings along
solve/       candidates and demands to a choice; knows no tool and no provider
trip/        searches, prices, weather, and the plan or why there is none
answers/     questions asked back, refusals, and answers to what is no trip
speak/       what is said, a catalogue a language
script.py    a turn written down as far as it is known; a step is what is new in it
"""

from workers.agent.planner.builtin import BuiltinPlanner

__all__ = ["BuiltinPlanner"]
