"""What stands in an engine once it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jarlig.engines.sql.sheet import Value


@dataclass
class Lines:
    """A list of rows in the engine: its table has ``n``, the numbers of plans, ``for_`` and its columns.

    ``table`` is a table, or the text of a query where the rows are read from their file each time.
    """

    table: str
    columns: dict[str, Value]
    plans: tuple[str, ...]
    has_for: bool
    count: int = 0

    def names(self, columns: Mapping[str, Value]) -> list[str]:
        """The columns of the table that hold some of its values."""
        flags = [part for value in columns.values() for part in (value.text, value.none) if part]
        return ["n", *self.plans, *(["for_"] if self.has_for else []), *flags]
