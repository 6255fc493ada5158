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

    def repeats(self, name: str, selects: Sequence[str]) -> None:
        """Keep the hashes ``h`` that stand more than once in some queries together, each once."""

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
