"""A planner that wants something done that people have to approve."""

from app.contract.turn import TurnResult
from workers.agent.model import Call, Step, Task, TaskEnd, View


class Booking:
    """One call that needs approval, beside as many as wanted that need none."""

    def __init__(self, beside: int = 0) -> None:
        self._beside = beside

    def next(self, view: View) -> Step:
        if not view.steps:
            task = Task(key="flights", name="Flights", description="Hold a flight")
            hold = Call(
                key="hold", task="flights", tool="booked", arguments={"number": 1}, summary="Hold it."
            )
            other = [
                Call(key=f"c{n}", task="flights", tool="echo", arguments={"number": n})
                for n in range(self._beside)
            ]
            return Step(tasks=(task,), say="One moment. ", calls=(hold, *other))
        if "hold" not in view.outcomes or len(view.outcomes) <= self._beside:
            return Step()
        status = view.outcomes["hold"].status
        return Step(
            say=f"It is {status}.",
            ended=(TaskEnd(key="flights", result={}),),
            result=TurnResult(outcome="answer"),
        )
