"""Workbooks are read apart from the server: what would end the reader ends a child, and is told in words."""

from __future__ import annotations

import io
import subprocess
import time
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter

from jarlig.service.bodies.calendar_file import read_calendar
from jarlig.service.catalogue.sheets import read_sheet
from jarlig.service.ground import sheets
from jarlig.service.ground.errors import Invalid
from jarlig.service.ground.sheets import Limits, TooLarge, read_rows
from jarlig.service.launch.grants import LIMITS

CORNERS = [(0, 0, "日期"), (1_048_575, 16_383, "类别")]
#: A sheet whose cells all name the one long text that is kept once.
LONG = [(row, column, "长" * 900) for row in range(20) for column in range(40)]


def book(cells: list[tuple[int, int, object]]) -> bytes:
    """A workbook of one sheet with those cells: row, column, what."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        page, day = workbook.add_worksheet(), workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row, column, what in cells:
            if isinstance(what, date):
                page.write_datetime(row, column, what, day)
            else:
                page.write(row, column, what)
    return made.getvalue()


def _calendar(data: bytes) -> object:
    return read_calendar("2026.xlsx", data, 2026)


@pytest.mark.parametrize("read", [read_rows, read_sheet, _calendar])
def test_two_cells_in_the_far_corners_end_no_process_but_the_readers_own(read: Callable[[bytes], object]) -> None:
    data = book(CORNERS)
    assert len(data) < 8_000
    with pytest.raises(Invalid) as refused:
        read(data)
    assert len(str(refused.value)) > 5 and refused.value.field in ("file", "sheet")


def test_a_sheet_that_is_too_large_says_how_to_mend_it() -> None:
    with pytest.raises(TooLarge) as refused:
        read_rows(book(CORNERS), field="list")
    assert refused.value.field == "list" and refused.value.remedy


def test_rows_columns_and_the_characters_in_all_have_their_limits() -> None:
    small = book([(3, 2, "x")])
    assert read_rows(small, Limits(rows=4, columns=3)) == [["", "", ""]] * 3 + [["", "", "x"]]
    for most in (Limits(rows=2), Limits(columns=1)):
        with pytest.raises(TooLarge, match=r"more than|超过"):
            read_rows(book([(0, 0, "a"), (3, 2, "x")]), most)
    assert len(read_rows(book(LONG))) == 20
    with pytest.raises(TooLarge):
        read_rows(book(LONG), Limits(text=20 * 40 * 900 - 1))
    assert read_rows(book(LONG), Limits(cell=3))[0][0] == "长长长"


def test_what_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a")
    for data in (b"", b"PK\x03\x04", b"%PDF-1.7", made.getvalue()):
        with pytest.raises(Invalid) as refused:
            read_rows(data)
        assert not isinstance(refused.value, TooLarge)


def test_an_archive_that_lies_about_its_sizes_is_measured_and_not_believed() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    data, size = made.getvalue(), (30_000_000).to_bytes(4, "little")
    assert data.count(size) == 2  # once before the bytes and once in the directory
    for lie in (data, data.replace(size, (100).to_bytes(4, "little"))):
        with pytest.raises(Invalid):
            read_calendar("x.xlsx", lie, 2026)


def test_a_small_sheet_is_read_at_once_and_days_are_texts() -> None:
    data = book([(0, 0, "日期"), (1, 0, date(2026, 10, 1)), (1, 1, 2.5), (1, 2, True), (1, 3, 7)])
    took = []
    for _ in range(3):
        began = time.monotonic()
        assert read_rows(data) == [["日期", "", "", ""], ["2026-10-01", "2.5", "true", "7"]]
        took.append(time.monotonic() - began)
    assert min(took) < 0.5


def test_a_reading_that_hangs_is_broken_off_before_the_database_ends_the_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert float(LIMITS["idle_in_transaction_session_timeout"].removesuffix("s")) > sheets.PATIENCE + 2
    monkeypatch.setattr(sheets, "PATIENCE", 0.001)
    with pytest.raises(TooLarge):
        read_rows(book([(0, 0, "x")]))


def test_the_child_is_told_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []
    run = subprocess.run

    def look(*words: object, **more: object) -> object:
        told.append(more["env"])  # type: ignore[arg-type]  # as it is given below
        return run(*words, **more)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(subprocess, "run", look)
    assert read_rows(book([(0, 0, "x")])) == [["x"]]
    assert not [name for name in told[0] if name.startswith("JARLIG_")]
