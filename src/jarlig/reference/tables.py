"""Reading of the tables in the room: CSV in UTF-8 with a header line, ``#`` lines on top naming the source."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

from jarlig.ladder.numbers import NumberError, parse_date, parse_decimal
from jarlig.reference.errors import BadTable


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; every cell is text, trimmed."""

    source: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def fault(self, zh: str, en: str) -> BadTable:
        """The error to raise about this line."""
        return BadTable(f"{self.source} 第{self.line}行：{zh}", f"{self.source}, line {self.line}: {en}")

    def day(self, column: str) -> date:
        """The cell as a date, ``YYYY-MM-DD``."""
        try:
            return date.fromordinal(parse_date(self[column]))
        except NumberError as error:
            raise self.fault(error.zh, error.en) from error

    def number(self, column: str) -> Decimal:
        """The cell as an exact number."""
        try:
            value, scale = parse_decimal(self[column])
        except NumberError as error:
            raise self.fault(error.zh, error.en) from error
        return Decimal(value).scaleb(-scale)

    def choice(self, column: str, allowed: Iterable[str]) -> str:
        """The cell as one of a closed list."""
        value, known = self[column], tuple(allowed)
        if value not in known:
            raise self.fault(
                f"{column} 不能为“{value}”，应为 {'、'.join(known)}",
                f"{column} cannot be “{value}”; one of {', '.join(known)}",
            )
        return value


def read_table(lines: Iterable[str], columns: tuple[str, ...], source: str) -> list[Row]:
    """The lines of a table with exactly these columns.

    Raises:
        BadTable: when the header is another, or a line has more or fewer cells than the header.
    """
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip() and line[0] != "#"]
    reader = csv.reader((line for _, line in numbered), strict=True)
    try:
        records = [(numbered[reader.line_num - 1][0], tuple(cell.strip() for cell in cells)) for cells in reader]
    except csv.Error as error:
        raise BadTable(f"{source} 不是有效的 CSV：{error}", f"{source} is not valid CSV: {error}") from error
    if not records or records[0][1] != columns:
        raise BadTable(f"{source} 的表头应为 {','.join(columns)}", f"{source}: the header must be {','.join(columns)}")
    return [_row(source, line, columns, cells) for line, cells in records[1:]]


def packaged_table(name: str, columns: tuple[str, ...]) -> list[Row]:
    """A table shipped with the room."""
    text = files("jarlig.reference").joinpath("data", name).read_text(encoding="utf-8")
    return read_table(text.splitlines(keepends=True), columns, name)


def _row(source: str, line: int, columns: tuple[str, ...], cells: tuple[str, ...]) -> Row:
    row = Row(source, line, dict(zip(columns, cells, strict=False)))
    if len(cells) != len(columns):
        raise row.fault(f"应有{len(columns)}列，实有{len(cells)}列", f"{len(columns)} cells expected, not {len(cells)}")
    return row
