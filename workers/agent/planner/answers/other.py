"""Everything that no tool here can answer: an honest sentence, and what can be asked instead."""

from app.contract.turn import Response, TurnResult
from workers.agent.planner.context import Flow


def answer_other(flow: Flow) -> None:
    phrases = flow.voice.phrases
    topic = flow.asked.topic
    text = phrases.topics[topic] if topic else phrases.capabilities
    flow.say_lines(text)
    flow.script.finish(TurnResult(outcome="answer", explanation=text, response=Response(text=text)))
