"""What a run needs of an engine, whichever it is: tables kept, questions asked, a result written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from jarlig.engines.sql.dialect import Dialect

#: The place of a row in its Parquet file, from 0.
ROW = "__row"


class Backend(Protocol):
    """An engine that holds the tables of one run."""

    @property
    def dialect(self) -> Dialect:
        """How the engine spells what is printed for it."""

    def source(self, parquet: Path) -> str:
        """The text by which a Parquet file is selected from, its columns and ``__row``."""

    def keep(self, name: str, select: str) -> None:
        """Compute a query once and keep it as a table."""

    def put(self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
        """Keep rows made here as a table; columns are names with SQL types."""

    def add_up(self, name: str, rows: str, totals: Sequence[tuple[str, bool]]) -> None:
        """Keep the sums of rows by their case ``n``.

        Args:
            name: the table with ``n``, and for each sum its value and whether it is unknown (``NAMEu``).
            rows: the query of ``n``, and for each sum what a row adds, NULL where it leaves the sum unknown.
            totals: the names of the sums, and whether one needs more than 63 bits.
        """

    def repeats(self, name: str, selects: Sequence[str], most: int) -> None:
        """Keep the hashes ``h`` that stand more than once in some queries together, each once.

        ``most`` is a number that the rows of all queries together do not exceed.
        """

    def drop(self, name: str) -> None:
        """Forget a table."""

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a small answer."""

    def stream(self, query: str, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a large answer, some at a time."""

    def write(self, select: str, folder: Path) -> list[Path]:
        """Write a query as Parquet files into a folder; gives them in their order."""

    def close(self) -> None:
        """End the engine's work; its tables are gone."""


def grouped(rows: str, totals: Sequence[tuple[str, bool]], dialect: Dialect) -> str:
    """The query that adds up rows by their case, in the engine's own way: see `Backend.add_up`."""
    columns = ["n"]
    for name, wide in totals:
        kind = dialect.wide if wide else "BIGINT"
        columns += [f"CAST(coalesce(sum({name}), 0) AS {kind}) AS {name}", f"count({name}) < count(*) AS {name}u"]
    return f"SELECT {', '.join(columns)} FROM ({rows}) GROUP BY n"
