"""Tables beside an answer (结果之外): rows that were put aside, and rows whose documents stand again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jarlig.engines.sql.intake import Rejects
from jarlig.engines.sql.repeated import Repeats
from jarlig.tabular import TableWriter


def write_rejects(rejects: Rejects, path: Path) -> None:
    """The rows that were put aside: file, line, case, column, value and reason; no file when there are none."""
    kept = sorted(dict.fromkeys(rejects.kept), key=lambda reject: (reject.file, reject.line, reject.column))
    columns: dict[str, list[Any]] = {
        "file": [one.file for one in kept], "line": [one.line for one in kept],
        "case": [one.case for one in kept], "column": [one.column for one in kept],
        "value": [one.value for one in kept], "reason_zh": [one.why.zh for one in kept],
        "reason_en": [one.why.en for one in kept],
    }  # fmt: skip
    _write_notes(columns, path)


def write_repeated(repeats: Repeats, path: Path) -> None:
    """Rows whose key an earlier case has, or that were paid before (``other`` is empty)."""
    kept = sorted(repeats.kept, key=lambda one: (one.rows, one.line))
    columns: dict[str, list[Any]] = {
        "rows": [one.rows for one in kept], "line": [one.line for one in kept],
        "case": [one.case for one in kept], "key": [one.key for one in kept],
        "other": [one.other for one in kept],
    }  # fmt: skip
    _write_notes(columns, path)


def _write_notes(columns: Mapping[str, list[Any]], path: Path) -> None:
    """A small table beside the answer; no file when it has no rows."""
    if not columns["case"]:
        path.unlink(missing_ok=True)
        return
    import pyarrow as pa

    table = pa.table(dict(columns))
    with TableWriter(path, table.schema) as writer:
        writer.write(table)
