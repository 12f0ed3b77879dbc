"""How figures are shown."""

import os
import platform
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

console = Console(width=120)


def machine() -> str:
    """What the figures were taken on, and how busy it was with other things."""
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def show(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> None:
    """The first column is words, the others are figures."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for note in notes:
        console.print(f"  {note}", style="dim", highlight=False)
    console.print()


def verdict(value: float, target: float, unit: str = "") -> str:
    """A target, and whether a figure that should be small keeps it."""
    return f"≤ {target:g}{unit} {'[green]✓[/]' if value <= target else '[red]✗[/]'}"
