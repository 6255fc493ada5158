"""Lists as files (导出): XLSX and JSON in which no text is a formula."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from jarlig.service.ground.clock import SHANGHAI

#: What a formula begins with, the full-width forms included.
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def as_xlsx(heads: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str = "1") -> bytes:
    """A sheet with a row of heads; every text is written as a text, whatever it begins with."""
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False, "remove_timezone": True})  # fmt: skip
    page = book.add_worksheet(sheet)
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for column, head in enumerate(heads):
        page.write_string(0, column, head, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                page.write_datetime(line, column, value.astimezone(SHANGHAI).replace(tzinfo=None), moment)
            elif isinstance(value, int) and not isinstance(value, bool):
                page.write_number(line, column, value)
            elif value is not None:
                page.write_string(line, column, harmless(str(value)))
    page.freeze_panes(1, 0)
    page.autofit()
    book.close()
    return made.getvalue()


def as_json(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The same rows as a list of objects."""
    named = [dict(zip(heads, (_plain(value) for value in row), strict=True)) for row in rows]
    return json.dumps(named, ensure_ascii=False, indent=1).encode()


def harmless(text: str) -> str:
    """A text that stays one also where a sheet is saved as CSV and opened again: an apostrophe is put before it."""
    shown = text.lstrip("\t\r\n '\u00a0\u3000")
    return f"'{text}" if shown.startswith(_SIGNS) or text.startswith(("\t", "\r", "\n")) else text


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)
