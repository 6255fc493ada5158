"""Files of calendars: read whatever spelling a department has, each row answered, hostile ones refused."""

from __future__ import annotations

import io
import textwrap
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from jarlig.service.bodies.acts.import_calendar import reference_days
from jarlig.service.bodies.calendar_file import MOST_BYTES, MOST_ROWS, as_csv, read_calendar
from jarlig.service.ground.errors import Invalid

CHINESE = "日期,截止日期,类别\n2022-10-01,2022-10-07,放假\n2022年10月8日,2022/10/9,上班\n2022.1.3,,休\n"


def _xlsx(rows: list[list[object]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    page = book.add_worksheet()
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(line, column, value, book.add_format({"num_format": "yyyy-mm-dd"}))
            else:
                page.write(line, column, value)
    book.close()
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_in_the_words_of_a_department_is_read(encoding: str) -> None:
    found = read_calendar("2022.csv", CHINESE.encode(encoding), 2022)
    assert not found.problems
    assert found.work_days == [date(2022, 10, 8), date(2022, 10, 9)]
    assert found.rest_days == [date(2022, 1, 3), *(date(2022, 10, day) for day in range(3, 8))]


def test_a_sheet_with_real_dates_is_read() -> None:
    data = _xlsx([["from", "to", "what"], [date(2022, 10, 1), date(2022, 10, 7), "off"], ["2022-10-08", "", "work"]])
    found = read_calendar("2022.xlsx", data, 2022)
    assert not found.problems and len(found.rest_days) == 5 and found.work_days == [date(2022, 10, 8)]


def test_what_is_shown_before_the_import_reads_the_same_again() -> None:
    found = read_calendar("x", CHINESE.encode(), 2022)
    again = read_calendar("x", as_csv(found).encode(), 2022)
    assert (again.rest_days, again.work_days) == (found.rest_days, found.work_days)


def test_the_shipped_table_of_a_year_is_read_as_the_reference_reads_it() -> None:
    from importlib.resources import files

    text = files("jarlig.reference").joinpath("data", "workdays.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith(("#", "from", "2022"))]
    found = read_calendar("workdays.csv", "\n".join(lines).encode(), 2022)
    assert (found.rest_days, found.work_days) == reference_days(2022)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2022-02-30,,放假", "date"),
        ("下周一,,放假", "date"),
        ("2022-10-03,,调休", "kind"),
        ("2022-10-03,2022-10-01,放假", "before"),
        ("2023-10-03,,放假", "2022"),
        ("2022-10-10,,上班", "weekend"),
        ("2022-01-03,,放假", "row 2"),
        ("=1+1,,<script>", "date"),
    ],
)
def test_a_row_that_cannot_be_used_says_why_and_the_others_are_read(row: str, said: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        found = read_calendar(
            "x.csv", f"日期,截止日期,类别\n2022-01-03,,放假\n{row}\n2022-05-02,,放假\n".encode(), 2022
        )
    assert [problem.line for problem in found.problems] == [3]
    assert said in found.problems[0].problem
    assert found.rest_days == [date(2022, 1, 3), date(2022, 5, 2)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"\xff\xfe\x00\x01",
        b"PK\x03\x04 no archive",
        b"%PDF-1.7\x00",
        "甲,乙\n1,2\n".encode(),
        "日期,类别\n".encode(),
        b"date,kind\n" + b"2022-10-03,off\n" * (MOST_ROWS + 2),
        b"x" * (MOST_BYTES + 1),
        b'date,kind\n"2022-10-03,off\n',
    ],
)
def test_what_is_no_calendar_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_calendar("x", data, 2022)
    assert caught.value.field == "file"


def test_a_bomb_is_not_unpacked() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(Invalid, match=r"too large|过大"):
        read_calendar("x.xlsx", made.getvalue(), 2022)


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(Invalid):
        read_calendar("x.xlsx", made.getvalue(), 2022)


@pytest.mark.parametrize("page", ["administer.md", "administer.zh.md"])
def test_the_example_of_the_guide_is_read(page: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / "guide" / page).read_text(encoding="utf-8")
    example = textwrap.dedent(text.split("```")[1]).strip()
    found = read_calendar(page, example.encode(), 2026)
    assert not found.problems and found.work_days == [date(2026, 10, 10)] and len(found.rest_days) == 5
