"""Tables for a terminal: columns that meet where characters are two wide, lines that break as Chinese breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Literal

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from jarlig.words.layout import width, wrap

#: A column is not made narrower than this while it could be avoided.
_LEAST = 8


@dataclass(frozen=True)
class Cell:
    """A text that is broken where its language allows it: no closing mark begins a line, no opening mark ends one."""

    text: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines that fit the column."""
        for paragraph in self.text.split("\n"):
            for line in wrap(paragraph, options.max_width):
                yield Text(line)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """From the narrowest that can be read to the longest line."""
        longest = max(width(paragraph) for paragraph in self.text.split("\n"))
        return Measurement(min(longest, _LEAST), longest)


def drawn(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int], totals: int, whole: Iterable[int],
    columns: int, colour: bool,
) -> str:  # fmt: skip
    """The table as text.

    Args:
        head: the names of the columns.
        rows: as many texts each.
        right: positions of the columns of figures, which end in one line and are never broken.
        totals: how many rows at the end are totals, set apart by a line.
        whole: positions of other columns that are never broken.
        columns: of the terminal; the table is wider where a figure would be cut, for half a figure is a wrong one.
        colour: whether the head may be bold.
    """
    figures, unbroken = set(right), {*right, *whole}
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    for index, name in enumerate(head):
        justify: Literal["left", "right"] = "right" if index in figures else "left"
        table.add_column(Text(name), justify=justify, no_wrap=index in unbroken, overflow="fold")
    listed = [list(row) for row in rows]
    for number, row in enumerate(listed, 1):
        cells = [Text(text) if index in unbroken else Cell(text) for index, text in enumerate(row)]
        table.add_row(*cells, end_section=bool(totals) and number == len(listed) - totals)
    page = StringIO()
    console = Console(
        file=page,
        width=max(columns, _needed([list(head), *listed], unbroken)),
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        legacy_windows=False,
    )
    console.print(table)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def _needed(rows: Sequence[Sequence[str]], unbroken: set[int]) -> int:
    """The columns of a terminal in which nothing is cut."""
    total = 0
    for index, cells in enumerate(zip(*rows, strict=True)):
        longest = max(width(line) for cell in cells for line in cell.split("\n"))
        total += longest if index in unbroken else min(longest, _LEAST)
    return total + 2 * (len(rows[0]) - 1)
