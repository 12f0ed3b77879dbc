"""The laws of a turn's tasks, on the steps of a turn that was played: who did the work, and when it was over."""

from tests.support.planner_world import Played


def check_tasks(played: Played) -> None:
    """A task is over in the very step in which its last call has ended, so what it takes is what it took itself.

    One that makes no calls is over in the step in which it began. Every task has its end before the turn has.
    """
    begun = {task.key: number for number, step in enumerate(played.steps) for task in step.tasks}
    ended = {end.key: number for number, step in enumerate(played.steps) for end in step.ended}
    assert ended.keys() == begun.keys(), f"left open: {begun.keys() - ended.keys()}"
    # One call ends between two steps.
    known_in = {key: number for number, key in enumerate(played.outcomes, start=1)}
    for key, number in ended.items():
        known = [known_in[call.key] for call in played.calls if call.task == key]
        assert number == max(known, default=begun[key]), (
            f"{key} is over in step {number}, its calls in {known}"
        )
    assert not played.steps[-1].calls
