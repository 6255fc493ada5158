"""Tables written: whole or not at all, in the kind that the file's name asks for."""

from __future__ import annotations

import os
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from jarlig.tabular.formats import format_of, needed, refused
from jarlig.tabular.formulas import harmless

if TYPE_CHECKING:
    import pyarrow as pa

#: Digits that a number of a spreadsheet keeps.
_EXACT_DIGITS = 15
#: What a sheet of a spreadsheet holds, its header included.
MOST_SHEET_ROWS = 1_048_576


class TableWriter:
    """Writes a table batch by batch beside its target, and puts it in its place when all is written.

    As a context manager: an exception inside leaves the old file, or none. CSV and XLSX cells are what the tables of
    many cases hold: days as ``yyyy-mm-dd``, decimals with their digits, null as an empty cell.

    Raises:
        PolicyError: E820 for an unknown ending, E824 for more rows than a sheet holds.
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema, self.kind = path.resolve(), schema, format_of(path)
        needed("pyarrow", "many")
        with self._named():
            handle, draft = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=path.suffix, dir=self.path.parent)
        os.close(handle)
        self.draft, self.rows = Path(draft), 0
        self._sheet: Any = None
        self._book: Any = None
        self._shown: dict[int, Any] = {}  # how a number of so many decimals is shown
        self._sink: Any = None
        self._stream: Any = None
        try:
            self._sink = self._opened()
        except BaseException:
            self.draft.unlink(missing_ok=True)
            raise

    @contextmanager
    def _named(self) -> Iterator[None]:
        """What cannot be written is told by the name that was asked for, never by that of the draft."""
        try:
            yield
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from error

    def _opened(self) -> Any:
        import pyarrow as pa
        import pyarrow.csv
        import pyarrow.parquet

        if self.kind == "parquet":
            return pyarrow.parquet.ParquetWriter(self.draft, self.schema, compression="zstd")
        if self.kind == "csv":
            self._stream = pa.OSFile(str(self.draft), "wb")
            self._stream.write(BOM_UTF8)  # without it a spreadsheet reads Chinese in the code page of its machine
            return pyarrow.csv.CSVWriter(self._stream, _flat(self.schema, self.path))
        if self.kind == "arrow":
            return pa.ipc.new_file(str(self.draft), self.schema)
        book = needed("xlsxwriter", "many").Workbook(
            str(self.draft), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book, self._sheet = book, book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.write_row(0, 0, self.schema.names)
        return book

    def __enter__(self) -> TableWriter:
        return self

    def write(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Adds the rows of a batch of the writer's schema."""
        if self._sheet is not None:
            self._write_sheet(batch)
        elif self.kind == "parquet":
            self._sink.write(batch)
        else:
            self._sink.write(_plain(batch) if self.kind == "csv" else batch)
        self.rows += batch.num_rows

    def _write_sheet(self, batch: pa.RecordBatch | pa.Table) -> None:
        if self.rows + batch.num_rows >= MOST_SHEET_ROWS:
            raise refused("E824", self.path, most=MOST_SHEET_ROWS - 1)
        columns = [column.to_pylist() for column in batch.columns]
        for at, row in enumerate(zip(*columns, strict=True), start=self.rows + 1):
            for column, value in enumerate(row):
                if isinstance(value, Decimal) and len(value.as_tuple().digits) <= _EXACT_DIGITS:
                    self._sheet.write_number(at, column, float(value), self._format(value))  # it knows no other number
                elif value is not None:
                    self._sheet.write_string(at, column, _text(value))

    def _format(self, value: Decimal) -> Any:
        """All decimals of a number, and no more: a rate of four would be shown as another one with two."""
        exponent = value.as_tuple().exponent
        decimals = max(-exponent, 0) if isinstance(exponent, int) else 0
        if decimals not in self._shown:
            tail = "." + "0" * decimals if decimals else ""
            self._shown[decimals] = self._book.add_format({"num_format": f"#,##0{tail}"})
        return self._shown[decimals]

    def _close(self) -> None:
        self._sink.close()
        if self._stream is not None:
            self._stream.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is not None:
                with suppress(OSError):
                    self._close()
                return
            self._close()
            mask = os.umask(0)
            os.umask(mask)
            self.draft.chmod(0o666 & ~mask)
            with self._named():
                self.draft.replace(self.path)
        finally:
            self.draft.unlink(missing_ok=True)


def _plain(batch: Any) -> Any:
    """What a CSV writer can take: dictionaries as values, small decimals without an exponent, no text as a formula."""
    import pyarrow as pa

    table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
    for at, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(at, column.name, table.column(at).cast(column.type.value_type))
        elif _has_exponent(column.type):
            digits = [None if value is None else format(value, "f") for value in table.column(at).to_pylist()]
            table = table.set_column(at, column.name, pa.array(digits, pa.string()))
    for at, column in enumerate(table.schema):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            table = table.set_column(at, column, harmless(table.column(at)))
    return table


def _has_exponent(what: Any) -> bool:
    """Whether values of a type may be written as 1E-7: our own grammar of numbers knows no exponent."""
    import pyarrow as pa

    return bool(pa.types.is_decimal(what) and what.scale > 6)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def write_table(table: pa.Table, path: Path) -> None:
    """Writes a table held in memory; raises as `TableWriter`."""
    with TableWriter(path, table.schema) as writer:
        writer.write(table)


def converted(parts: Iterable[Path], path: Path) -> int:
    """Writes the rows of Parquet files of one schema into one table, in their order; gives how many rows it has."""
    import pyarrow.parquet as pq

    files = [pq.ParquetFile(part) for part in parts]
    with TableWriter(path, files[0].schema_arrow) as writer:
        for file in files:
            for batch in file.iter_batches():
                writer.write(batch)
        return writer.rows


def _flat(schema: Any, path: Path) -> Any:
    import pyarrow as pa

    if format_of(path) != "csv":
        return schema
    plain = [(c.name, c.type.value_type if pa.types.is_dictionary(c.type) else c.type) for c in schema]
    return pa.schema([(name, pa.string() if _has_exponent(what) else what) for name, what in plain])
