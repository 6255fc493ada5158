"""Rows as columns: a table of a case, ready to be filtered and added up column by column."""

from __future__ import annotations

from typing import Any


class Table:
    """Rows of a fact, one list a column, all of one length; None is unknown.

    ``netted`` counts reversing rows that were added into their originals and are not rows of their own any more.
    ``lines`` are the places of the rows in the list they were given in, when some of that list are not rows here.
    """

    __slots__ = ("columns", "lines", "netted", "size")

    def __init__(
        self, columns: dict[str, list[Any]], size: int, netted: int = 0, lines: list[int] | None = None
    ) -> None:
        self.columns, self.size, self.netted, self.lines = columns, size, netted, lines

    def line(self, index: int) -> int:
        """The line of a row in the list as it was given, counted from 1: what a person is told."""
        return (index if self.lines is None else self.lines[index]) + 1

    def row(self, index: int) -> dict[str, Any]:
        """One row as a mapping, for messages and estimates."""
        return {name: values[index] for name, values in self.columns.items()}
