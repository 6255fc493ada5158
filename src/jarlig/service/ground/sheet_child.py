"""The reading of a workbook that somebody sent, in a process of its own (受限读表).

``python -m jarlig.service.ground.sheet_child ROWS COLUMNS CELL TEXT`` reads a workbook from its input and writes the
rows of its first sheet to its output. A sheet with two cells in its far corners asks the reader for the memory of all
the cells between them before anybody can count them, and ends the process: this one, and not the server.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from datetime import date, datetime
from typing import Any

#: Bytes of memory, and seconds of processor time.
MEMORY, SECONDS = 1 << 30, 10


def main(rows: int, columns: int, cell: int, text: int) -> int:
    """Reads and writes; what cannot be read or is too large is said, and the exit code is 0."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        said: object = _rows(sys.stdin.buffer.read(), rows, columns, cell, text)
    except MemoryError:
        said = "large"
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return 0


def _rows(data: bytes, rows: int, columns: int, cell: int, text: int) -> list[list[str]] | str:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        if sheet.total_height > rows or sheet.total_width > columns:
            return "shape"
        found = []
        for row in sheet.to_python(skip_empty_area=False):
            found.append([_text(one)[:cell] for one in row])
            text -= sum(map(len, found[-1]))
            if text < 0:
                return "large"
    except (CalamineError, IndexError, ValueError):  # no workbook, no sheet in it, a cell that is no value
        return "unreadable"
    return found


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


if __name__ == "__main__":
    status = main(*map(int, sys.argv[1:5]))
    sys.stdout.flush()
    os._exit(status)
