"""Tables read: as Arrow batches, as one table in memory, or staged as Parquet for an engine of many cases."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jarlig.ladder.steps import Words
from jarlig.tabular.formats import LINE, format_of, needed, refused
from jarlig.tabular.formulas import meant
from jarlig.tabular.rowlines import RowLines
from jarlig.tabular.sheets import cells

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

#: Rows of a batch when cells are made into columns here.
BATCH = 65_536
#: A header of more columns is no table that anybody wrote.
MOST_COLUMNS = 2_000


@dataclass
class Staged:
    """A table ready for an engine: a Parquet file, its columns with their Arrow types, and rows that are no rows.

    ``lines`` is the column with the number of each row in the file it came from; empty when rows are numbered by their
    place in the Parquet file, from 1. ``blank`` are columns that may hold empty texts, which whoever reads the file
    takes for null, as an empty cell is in every kind of table.
    """

    source: Path
    parquet: Path
    columns: dict[str, Any]
    lines: str = ""
    bad: list[tuple[int, Words]] = field(default_factory=list)
    blank: frozenset[str] = frozenset()


def staged(path: Path, folder: Path, name: str) -> Staged:
    """A table as a Parquet file: itself when it is one, otherwise written into ``folder`` batch by batch.

    Raises:
        PolicyError: E820 to E824 and E829: the file is no table, is not exact, or its columns have no proper names.
    """
    import pyarrow.parquet as pq

    kind = format_of(path)
    if kind == "parquet":
        file = _parquet(path)
        columns = _checked(path, file.schema_arrow)
        return Staged(path, path, columns, blank=_blank(file, columns))
    target = folder / f"{name}.parquet"
    found = Staged(path, target, {}, LINE)
    writer = None
    try:
        for batch in _batches(path, kind, found.bad):
            if writer is None:
                found.columns = {n: t for n, t in _checked(path, batch.schema).items() if n != LINE}
                writer = pq.ParquetWriter(target, batch.schema, compression="lz4")
            writer.write_batch(batch)
    finally:
        if writer is not None:
            writer.close()
    return found


def read_table(path: Path) -> pa.Table:
    """A whole table in memory; cells of CSV and XLSX are text, empty ones null.

    Raises:
        PolicyError: as for `staged`; E830 for a CSV row that has not as many cells as the header.
    """
    return read_numbered(path)[0]


def read_numbered(path: Path) -> tuple[pa.Table, np.ndarray]:
    """A whole table in memory, as `read_table` gives it, and the number of each of its rows in the file.

    Raises:
        PolicyError: as for `read_table`.
    """
    import numpy as np
    import pyarrow as pa

    kind = format_of(path)
    if kind == "parquet":
        table = _parquet(path).read()
        _checked(path, table.schema)
        filled = pa.Table.from_batches([_filled(batch) for batch in table.to_batches()], table.schema)
        return filled, np.arange(1, table.num_rows + 1)
    bad: list[tuple[int, Words]] = []
    batches = list(_batches(path, kind, bad))
    if bad:
        line, why = bad[0]
        raise refused("E830", path, line, zh=why.zh, en=why.en)
    _checked(path, batches[0].schema)
    table = pa.Table.from_batches(batches)
    return table.drop_columns([LINE]), table.column(LINE).to_numpy()


def columns_of(path: Path) -> dict[str, Any]:
    """The columns of a table with their Arrow types, without reading it all.

    Raises:
        PolicyError: as for `staged`.
    """
    kind = format_of(path)
    if kind == "parquet":
        return _checked(path, _parquet(path).schema_arrow)
    first = next(_batches(path, kind, []))
    return {name: what for name, what in _checked(path, first.schema).items() if name != LINE}


def _parquet(path: Path) -> Any:
    pa, pq = needed("pyarrow", "many"), needed("pyarrow.parquet", "many")
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise refused("E822", path, reason=_first_line(error)) from error


def _blank(file: Any, columns: dict[str, Any]) -> frozenset[str]:
    """The columns of texts in which an empty one may stand: by the least text of each part, where the file knows it."""
    import pyarrow as pa

    found = set()
    for group in range(file.metadata.num_row_groups):
        part = file.metadata.row_group(group)
        for at in range(part.num_columns):
            name, known = part.column(at).path_in_schema, part.column(at).statistics
            if not (pa.types.is_string(columns[name]) or pa.types.is_large_string(columns[name])):
                continue
            if known is None or (known.min in (None, "", b"") and known.null_count != part.num_rows):
                found.add(name)
    return frozenset(found)


def _filled(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same with null for every empty text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for at, column in enumerate(batch.schema):
        what = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if pa.types.is_string(what) or pa.types.is_large_string(what):
            values = batch.column(at)
            empty = pc.equal(values.cast(what), "")
            if pc.any(empty).as_py():
                filled = pc.if_else(empty, pa.scalar(None, what), values.cast(what)).cast(column.type)
                batch = batch.set_column(at, column, filled)
    return batch


def _batches(path: Path, kind: str, bad: list[tuple[int, Words]]) -> Iterator[pa.RecordBatch]:
    """At least one batch, the number of each row in its last column."""
    pa = needed("pyarrow", "many")
    reader = {"csv": _csv, "xlsx": _xlsx, "arrow": _arrow}[kind]
    try:
        yield from reader(path, bad)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise refused("E822", path, reason=_first_line(error)) from error


def _csv(path: Path, bad: list[tuple[int, Words]]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    names = _header(path)
    wrong: dict[int, Words] = {}

    def skip(row: Any) -> str:
        wrong[row.number] = Words(
            f"有 {row.actual_columns} 格，表头有 {row.expected_columns} 格",
            f"{row.actual_columns} cells, the header has {row.expected_columns}",
        )
        return "skip"

    reader = arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(block_size=8 << 20, use_threads=False),  # threads count no rows
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    numbers = _Numbers(path, wrong, bad)
    some = False
    for batch in reader:
        some = True
        for at, column in enumerate(batch.schema):
            batch = batch.set_column(at, column, meant(batch.column(at)))
        yield _numbered(batch, numbers.lines(batch.num_rows))
    numbers.rest()
    if not some:
        yield _numbered(pa.RecordBatch.from_pylist([], pa.schema([(name, pa.string()) for name in names])), [])


class _Numbers:
    """The lines of the rows of a CSV file; those that are no rows, known by their numbers, are told with theirs."""

    def __init__(self, path: Path, wrong: dict[int, Words], bad: list[tuple[int, Words]]) -> None:
        self.rows, self.wrong, self.bad = RowLines(path), wrong, bad
        self.number = len(self.rows.next(1))  # the header

    def lines(self, count: int) -> Sequence[int] | np.ndarray:
        """The lines of the next rows that are rows."""
        found: list[int] = []
        while len(found) < count:
            ahead = self.rows.next(count - len(found))
            if not self.wrong and not found:
                self.number += count
                return ahead
            found += [line for line in ahead.tolist() if self._is_row(line)]
        return found

    def rest(self) -> None:
        """Tell those that no row comes after."""
        while self.wrong:
            for line in self.rows.next(max(self.wrong) - self.number).tolist():
                self._is_row(line)

    def _is_row(self, line: int) -> bool:
        self.number += 1
        why = self.wrong.pop(self.number, None)
        if why is not None:
            self.bad.append((line, why))
        return why is None


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            names = next(csv.reader(islice(stream, 1)), [])
    except UnicodeDecodeError as error:
        raise refused("E829", path) from error
    if not names:
        raise refused("E823", path, zh="没有表头", en="there is no header")
    for mark in (";", "\t"):
        if len(names) == 1 and mark in names[0]:
            shown = ("制表符", "a tab") if mark == "\t" else (f"“{mark}”", f"“{mark}”")
            raise refused("E823", path, 1, names[0], zh=f"各列似乎以{shown[0]}分隔，请改用英文逗号",
                          en=f"the columns seem to be separated by {shown[1]}; use commas")  # fmt: skip
    return _names(path, names)


def _names(path: Path, names: Sequence[str]) -> list[str]:
    """Names of columns: each there, each once."""
    folded = [name.casefold() for name in names]
    for name in names:
        if not name:
            raise refused("E823", path, 1, zh="有一列没有名称", en="a column has no name")
        if folded.count(name.casefold()) > 1 or name == LINE:  # engines do not tell capitals apart
            raise refused("E823", path, 1, name, zh=f"列名“{name}”重复", en=f"the column name “{name}” stands twice")
    if len(names) > MOST_COLUMNS:
        raise refused("E823", path, 1, zh=f"超过 {MOST_COLUMNS} 列", en=f"more than {MOST_COLUMNS} columns")
    return list(names)


def _xlsx(path: Path, bad: list[tuple[int, Words]]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    rows = cells(path)
    texts = [text or "" for text in next(rows, [])]
    while texts and not texts[-1]:
        texts.pop()
    names = _names(path, texts)
    if not names:
        raise refused("E823", path, zh="没有表头", en="there is no header")
    schema = pa.schema([(name, pa.string()) for name in names])
    number, first = 1, True
    while block := list(islice(rows, BATCH)):
        columns: list[list[str | None]] = [[] for _ in names]
        lines = []
        for row in block:
            number += 1
            if any(row[len(names) :]):
                bad.append((number, Words("表头之外还有内容", "cells beyond the header")))
            elif any(cell is not None for cell in row):  # a blank line is no row
                lines.append(number)
                for at, values in enumerate(columns):
                    values.append(row[at] if at < len(row) else None)
        arrays = [pa.array(values, pa.string()) for values in columns]
        yield _numbered(pa.RecordBatch.from_arrays(arrays, schema=schema), lines)
        first = False
    if first:
        yield _numbered(pa.RecordBatch.from_pylist([], schema), [])


def _arrow(path: Path, bad: list[tuple[int, Words]]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source)
        _names(path, reader.schema.names)
        number = 0
        for at in range(reader.num_record_batches):
            batch = reader.get_batch(at)
            yield _numbered(_filled(batch), range(number + 1, number + batch.num_rows + 1))
            number += batch.num_rows
        if not reader.num_record_batches:
            yield _numbered(pa.RecordBatch.from_pylist([], reader.schema), [])


def _numbered(batch: pa.RecordBatch, lines: Sequence[int] | np.ndarray) -> pa.RecordBatch:
    import pyarrow as pa

    return batch.append_column(LINE, pa.array(lines, pa.int64()))


def _checked(path: Path, schema: Any) -> dict[str, Any]:
    """The columns of a schema, each of an exact type."""
    import pyarrow as pa

    found = {}
    _names(path, [name for name in schema.names if name != LINE])
    for column in schema:
        what = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        plain = (
            pa.types.is_string(what) or pa.types.is_large_string(what) or pa.types.is_boolean(what)
            or (pa.types.is_integer(what) and not pa.types.is_uint64(what)) or pa.types.is_date32(what)
            or (pa.types.is_decimal(what) and not pa.types.is_decimal256(what)) or pa.types.is_null(what)
        )  # fmt: skip
        if not plain:
            raise refused("E821", path, text=column.name, type=str(what))
        found[column.name] = what
    return found


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
