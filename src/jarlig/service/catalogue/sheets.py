"""Sheets in and out (表格): XLSX whose cells are texts, measured before it is read, never a formula on the way out."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from jarlig.service.ground.sheets import Limits, read_rows

_LIMITS = Limits()
#: Bytes of a workbook that is taken, for the form in which it is handed in.
MOST_PACKED = _LIMITS.packed


def read_sheet(data: bytes) -> list[list[str]]:
    """The rows of the first sheet, every cell the text that a person sees.

    Raises:
        Invalid: when it is no workbook that can be read, or is too large.
    """
    return read_rows(data, _LIMITS, field="sheet")


def write_sheet(head: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> bytes:
    """A workbook of one sheet whose cells are texts, whatever they begin with."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
        for column, words in enumerate(head):
            sheet.write_string(0, column, words, bold)
        sheet.set_column(0, len(head) - 1, 22, text)
        for at, row in enumerate(rows, 1):
            for column, words in enumerate(row):
                sheet.write_string(at, column, words, text)
    return out.getvalue()
