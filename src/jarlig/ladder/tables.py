"""Rows as columns: a table of a case, ready to be filtered and added up column by column."""

from __future__ import annotations

from typing import Any


class Table:
    """Rows of a fact, one list a column, all of one length; None is unknown.

    ``netted`` counts reversing rows that were added into their originals and are not rows of their own any more.
    """

    __slots__ = ("columns", "netted", "size")

    def __init__(self, columns: dict[str, list[Any]], size: int, netted: int = 0) -> None:
        self.columns, self.size, self.netted = columns, size, netted

    def row(self, index: int) -> dict[str, Any]:
        """One row as a mapping, for messages and estimates."""
        return {name: values[index] for name, values in self.columns.items()}
