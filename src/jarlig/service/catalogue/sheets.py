"""Sheets in and out (表格): XLSX whose cells are texts, measured before it is read, never a formula on the way out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from jarlig.service.ground.errors import Invalid
from jarlig.service.ground.zips import UNREADABLE

_MIB = 1 << 20
#: Bytes of a workbook packed and unpacked, its parts, its rows and columns, and characters of a cell.
MOST_PACKED, MOST_ALL, MOST_PARTS, MOST_ROWS, MOST_COLUMNS, MOST_CELL = 8 * _MIB, 96 * _MIB, 200, 50_000, 50, 1_000


def read_sheet(data: bytes) -> list[list[str]]:
    """The rows of the first sheet, every cell the text that a person sees.

    Raises:
        Invalid: when it is no workbook that can be read, or is too large.
    """
    _measure(data)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            raise _refused(_("The sheet has more than %(rows)s rows or %(columns)s columns.")
                           % {"rows": MOST_ROWS, "columns": MOST_COLUMNS})  # fmt: skip
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:  # no workbook, no sheet in it, a cell that is no value
        raise _refused(_("This is not an XLSX file that can be read.")) from error
    return [[_text(cell)[:MOST_CELL] for cell in row] for row in rows]


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


def _measure(data: bytes) -> None:
    if len(data) > MOST_PACKED:
        raise _refused(_("The file has %(size)s bytes; at most %(most)s are taken.")
                       % {"size": len(data), "most": MOST_PACKED})  # fmt: skip
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries, size = archive.infolist(), 0
            if len(entries) > MOST_PARTS:
                raise _refused(_("This is not an XLSX file that can be read."))
            for entry in entries:
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the two that XLSX knows
                    raise _refused(_("This is not an XLSX file that can be read."))
                with archive.open(entry) as stream:
                    while chunk := stream.read(_MIB):
                        size += len(chunk)
                        if size > MOST_ALL:
                            raise _refused(_("The files have more than %(most)s bytes in all.") % {"most": MOST_ALL})
    except UNREADABLE as error:
        raise _refused(_("This is not an XLSX file that can be read.")) from error


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


def _refused(reason: str) -> Invalid:
    return Invalid(reason, field="sheet")
