"""Pages of the documentation as tests read them: their links, tables and code blocks.

A comment above a code block, which readers do not see, says what a test does with it:

    <!-- run -->               runs it; it has to end with 0
    <!-- run in a terminal --> the same, on a terminal
    <!-- output -->            what the block before has to print: `…` stands for anything
    <!-- start -->             starts each line as a process of its own
    <!-- file: NAME -->        is the file NAME
    <!-- node: NAME -->        what Node prints for the file NAME
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRITTEN_BY_HAND = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if path != ROOT / "docs/events.md"  # generated, and tested with its generator
)
_BLOCK = re.compile(r"(?:<!-- (?P<mark>[^>]*?) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_QUOTED = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_GAP = re.compile(r"\s*…\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `mark` is the comment above it, `expected` the output that the page shows for it."""

    mark: str
    language: str
    text: str
    line: int
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """Without its code blocks."""
        return _BLOCK.sub("", self.text)

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def links(self) -> set[str]:
        """Targets within the repository."""
        targets = {match["target"] for match in _LINK.finditer(self.prose)}
        return {target for target in targets if not re.match(r"[a-z]+:", target)}

    def quoted(self) -> set[str]:
        """What stands between backticks."""
        return set(_QUOTED.findall(self.prose))

    def anchors(self) -> set[str]:
        """The headings, as links name them."""
        words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(self.prose))
        return {heading.replace(" ", "-") for heading in words}

    def rows(self) -> Iterator[list[str]]:
        """The cells of each row of each table."""
        for line in self.prose.splitlines():
            if line.startswith("|"):
                yield [cell.strip() for cell in line.strip("|").split("|")]

    def blocks(self) -> list[Block]:
        found: list[Block] = []
        for match in _BLOCK.finditer(self.text):
            mark = match["mark"] or ""
            if mark == "output":
                before = found.pop()
                found.append(Block(before.mark, before.language, before.text, before.line, match["text"]))
                continue
            line = self.text.count("\n", 0, match.start("text")) + 1
            found.append(Block(mark, match["language"], match["text"], line))
        return found

    def marked(self, mark: str) -> list[Block]:
        return [block for block in self.blocks() if block.mark == mark]


def missing(expected: str, printed: str) -> list[str]:
    """The lines of `expected` that `printed` does not have, in this order; spaces count as one."""
    lines = [_spaced(line) for line in printed.splitlines()]
    absent: list[str] = []
    for line in filter(str.strip, expected.splitlines()):
        if not line.strip("…"):
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in _GAP.split(_spaced(line))))
        at = next((number for number, each in enumerate(lines) if pattern.fullmatch(each)), None)
        if at is None:
            absent.append(line)
        else:
            del lines[: at + 1]
    return absent


def _spaced(line: str) -> str:
    return " ".join(line.split())
