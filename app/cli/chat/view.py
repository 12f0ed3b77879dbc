"""A turn as a terminal shows it while it runs: a tree of tasks and tool calls, the answer below."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text
from rich.tree import Tree

from app.cli.chat.words import brief, one_line, styled
from app.client.transcript import Call, State, Task, Transcript

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
FRAMES_A_SECOND = 10
MARKS: dict[State, tuple[str, str]] = {
    "waiting": ("?", "bold yellow"),
    "complete": ("✓", "green"),
    "error": ("✗", "red"),
    "cancelled": ("■", "yellow"),
}
BAR_WIDTH = 16
ROOM_BELOW = 4  # lines kept free: the space above the answer, and the prompt
ROOM_FOR_ANSWER = 8


class TurnView:
    """Renders a transcript as it stands at that moment, so that it can be drawn again and again."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        mark = FRAMES[int(console.get_time() * FRAMES_A_SECOND) % len(FRAMES)]
        room = console.height - ROOM_BELOW
        tree = task_tree(self._transcript, mark)
        lines = console.render_lines(tree, options, pad=False)
        if len(lines) > room - ROOM_FOR_ANSWER:
            tree = task_tree(self._transcript, mark, folded=True)
            lines = console.render_lines(tree, options, pad=False)
        yield tree
        if self._transcript.text:
            yield Text()
            yield tail(self._transcript.text, console, options.max_width, max(3, room - len(lines)))


def task_tree(transcript: Transcript, mark: str, *, folded: bool = False) -> RenderableType:
    """All tasks and calls; `mark` stands for those that run. `folded` leaves out what is below ended ones."""
    if not transcript.roots:
        return _line(Text(mark, "cyan"), Text(one_line(transcript.current_task) or "Sent", "dim"))
    root = transcript.roots[0]
    tree = Tree(_root_line(transcript, root, mark), guide_style="dim", highlight=False)
    _grow(tree, root, mark, folded)
    for call in transcript.loose_calls:
        tree.add(_call_line(call, mark))
    return tree


def tail(text: str, console: Console, width: int, height: int) -> Text:
    """The last lines of a text that is being written."""
    lines = styled(text).wrap(console, min(width, 100))
    return Text("\n").join(lines[-height:])


def _grow(branch: Tree, task: Task, mark: str, folded: bool) -> None:
    for call in task.calls:
        branch.add(_call_line(call, mark))
    for child in task.tasks:
        below = branch.add(_task_line(child, mark))
        if not (folded and child.state != "running"):
            _grow(below, child, mark, folded)


def _root_line(transcript: Transcript, root: Task, mark: str) -> Text:
    doing = transcript.current_task or root.message if root.state == "running" else ""
    return _line(
        _mark(root.state, mark),
        Text(one_line(root.description or root.name), "bold"),
        *_ended(root, doing),
        _bar(root.state, root.progress),
    )


def _task_line(task: Task, mark: str) -> Text:
    doing = (task.message or task.description) if task.state == "running" else task.description
    return _line(
        _mark(task.state, mark),
        Text(one_line(task.name)),
        *_ended(task, doing),
        _bar(task.state, task.progress),
    )


def _ended(task: Task, doing: str) -> Iterable[Text]:
    if task.error is not None:
        yield _failure(task.state, task.error.message)
    elif doing:
        yield Text(one_line(doing), "dim")


def _call_line(call: Call, mark: str) -> Text:
    if call.error is not None:
        outcome = _failure(call.state, call.error.message)
    elif call.result is not None:
        outcome = Text(brief(call.result))
    else:
        outcome = Text(one_line(call.message), "yellow")
    arrow = Text("→", "dim") if outcome else Text()
    return _line(
        _mark(call.state, mark),
        Text(one_line(call.name), "cyan"),
        Text(brief(call.parameters), "dim"),
        arrow,
        outcome,
        _bar(call.state, call.progress),
    )


def _failure(state: State, message: str) -> Text:
    return Text("cancelled" if state == "cancelled" else one_line(message), MARKS[state][1])


def _mark(state: State, running: str) -> Text:
    mark, style = MARKS.get(state, (running, "cyan"))
    return Text(mark, style)


def _bar(state: State, progress: float) -> Text:
    if state != "running" or progress <= 0:
        return Text()
    full = round(progress * BAR_WIDTH)
    return Text.assemble(("━" * full, "cyan"), ("╌" * (BAR_WIDTH - full), "dim"), (f" {progress:.0%}", "dim"))


def _line(*parts: Text) -> Text:
    line = Text("  ").join(part for part in parts if part)
    line.no_wrap = True
    line.overflow = "ellipsis"
    return line
