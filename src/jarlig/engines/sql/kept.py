"""What stands in an engine once it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jarlig.engines.sql.sheet import Value


@dataclass(frozen=True)
class View:
    """Rows as they are read from their file, and the columns and the condition by which their cases are joined."""

    rows: str
    columns: tuple[str, ...]
    condition: str

    def joined(self, rows: str, more: Sequence[str] = (), cases: str = "cases", facts: Sequence[str] = ()) -> str:
        """The query of rows with their cases; ``more`` are columns of the rows, ``facts`` columns of the cases."""
        listed = ", ".join([*self.columns, *(f"r.{name} AS {name}" for name in more), *(f"c.{name}" for name in facts)])
        return f"SELECT {listed} FROM ({rows}) r JOIN {cases} c ON {self.condition}"


@dataclass
class Lines:
    """A list of rows in the engine: its table has ``n``, the numbers of plans, ``for_`` and its columns.

    ``table`` is a table, or the text of a query where the rows are read from their file each time; ``view`` then is
    that query in parts.
    """

    table: str
    columns: dict[str, Value]
    plans: tuple[str, ...]
    has_for: bool
    count: int = 0
    view: View | None = None

    @property
    def rows(self) -> str:
        """The rows before anything is known of their case."""
        return self.table if self.view is None else f"({self.view.rows})"

    def beside(self, rows: str, more: Sequence[str], cases: str, facts: Sequence[str]) -> str:
        """The query of the list from rows with columns ``more``, beside ``facts`` out of the query ``cases``."""
        if self.view is not None:  # its one join brings them
            return self.view.joined(rows, more, f"({cases})", facts)
        if not facts:
            return rows
        listed = ", ".join(f"c.{name}" for name in facts)
        return f"SELECT l.*, {listed} FROM ({rows}) l JOIN ({cases}) c ON c.n = l.n"

    def names(self, columns: Mapping[str, Value]) -> list[str]:
        """The columns of the table that hold some of its values."""
        flags = [part for value in columns.values() for part in (value.text, value.none) if part]
        return ["n", *self.plans, *(["for_"] if self.has_for else []), *flags]
