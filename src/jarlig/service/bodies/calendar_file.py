"""Calendars as departments have them: a CSV or XLSX file of days off and days worked, answered row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from jarlig.service.ground.days import read_day
from jarlig.service.ground.errors import Invalid
from jarlig.service.ground.sheets import Limits, TooLarge, read_rows

#: A year has some thirty rows; what is far longer is no calendar.
MOST_ROWS = 800
MOST_BYTES = 1_000_000
_LIMITS = Limits(packed=MOST_BYTES, unpacked=20_000_000, rows=MOST_ROWS)
_SATURDAY = 5
_ARCHIVE = b"PK\x03\x04"

_FROM = {"from", "date", "day", "日期", "起始日期", "开始日期", "起"}
_TO = {"to", "until", "截止日期", "结束日期", "止", "至"}
_WHAT = {"what", "kind", "类别", "类型", "安排"}
_KINDS = {
    "off": "off", "rest": "off", "holiday": "off", "休": "off", "放假": "off", "休息": "off", "假": "off",
    "work": "work", "workday": "work", "班": "work", "上班": "work", "调休上班": "work", "补班": "work",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file and what became of it: its words, or why it cannot be read."""

    line: int
    first: date | None
    last: date | None
    what: str
    said: str
    problem: str = ""


@dataclass(slots=True)
class CalendarFile:
    """What a file says of a year: its rows, weekdays off and weekend days worked."""

    year: int
    rows: list[Row] = field(default_factory=list)
    rest_days: list[date] = field(default_factory=list)
    work_days: list[date] = field(default_factory=list)

    @property
    def problems(self) -> list[Row]:
        """The rows that cannot be read; with one of them nothing is imported."""
        return [row for row in self.rows if row.problem]


def read_calendar(name: str, data: bytes, year: int) -> CalendarFile:
    """Reads a file whose first row names its columns: date (日期), perhaps until (截止日期), kind (类别: 放假、上班).

    Raises:
        Invalid: when the file itself cannot be read; what is wrong with a row stands in the row.
    """
    if len(data) > MOST_BYTES:
        raise Invalid(_("The file is too large to be the calendar of a year."), field="file")
    cells = _sheet(data) if data.startswith(_ARCHIVE) else _csv(name, data)
    if not cells:
        raise Invalid(_("The file is empty."), field="file")
    if len(cells) > MOST_ROWS:
        raise Invalid(_("The file has too many rows to be the calendar of a year."), field="file")
    head = next((place for place, row in enumerate(cells) if not _is_note(row)), 0)
    names = [str(cell or "").strip().casefold() for cell in cells[head]]
    columns = [next((at for at, one in enumerate(names) if one in words), None) for words in (_FROM, _TO, _WHAT)]
    if columns[0] is None or columns[2] is None:
        raise Invalid(
            _("The first row does not name the columns."), field="file",
            remedy=_("Name them 日期 (date), 截止日期 (until, may be left out) and 类别 (kind: 放假 or 上班)."),
        )  # fmt: skip
    found = CalendarFile(year)
    seen: dict[date, int] = {}
    for line, row in enumerate(cells[head + 1 :], start=head + 2):
        if not _is_note(row):
            found.rows.append(
                _row(found, seen, line, [row[at] if at is not None and at < len(row) else "" for at in columns])
            )
    if not found.rest_days and not found.problems:
        raise Invalid(_("The file names no day off in %(year)s.") % {"year": year}, field="file")
    found.rest_days.sort()
    found.work_days.sort()
    return found


def as_csv(found: CalendarFile) -> str:
    """The same calendar as text, to be shown before it is imported and read again then."""
    rows = [(row.first, row.last, row.what) for row in found.rows if not row.problem]
    return "from,to,what\n" + "".join(f"{first},{last},{what}\n" for first, last, what in rows)


def _row(found: CalendarFile, seen: dict[date, int], line: int, cells: Sequence[Any]) -> Row:
    said = "，".join(str(cell) for cell in cells if cell not in (None, ""))
    first = _day(cells[0])
    last = _day(cells[1]) if cells[1] not in (None, "") else first
    what = _KINDS.get(str(cells[2] or "").strip().casefold(), "")

    def bad(problem: str) -> Row:
        return Row(line, first, last, what, said, problem)

    if first is None or last is None:
        return bad(_("No date can be read here; write it as 2026-01-01."))
    if not what:
        return bad(_("“%(what)s” is no kind; write 放假 (off) or 上班 (work).") % {"what": cells[2] or ""})
    if last < first:
        return bad(_("The last day lies before the first."))
    if first.year != found.year or last.year != found.year:
        return bad(_("It does not lie in %(year)s.") % {"year": found.year})
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    twice = next((day for day in days if day in seen), None)
    if twice is not None:
        return bad(_("%(day)s stands in row %(line)s already.") % {"day": twice, "line": seen[twice]})
    plain = next((day for day in days if what == "work" and day.weekday() < _SATURDAY), None)
    if plain is not None:
        return bad(_("%(day)s is no weekend, so it is worked anyway.") % {"day": plain})
    seen.update(dict.fromkeys(days, line))
    if what == "work":
        found.work_days += days
    else:
        found.rest_days += [day for day in days if day.weekday() < _SATURDAY]
    return Row(line, first, last, what, said)


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return read_day(str(cell or ""))


def _is_note(row: Sequence[Any]) -> bool:
    texts = [str(cell) for cell in row if cell not in (None, "")]
    return not texts or texts[0].lstrip().startswith("#")


def _csv(name: str, data: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        try:
            return [list(row) for row in _most(csv.reader(io.StringIO(text), strict=True))]
        except csv.Error as error:
            raise Invalid(_("The file is not valid CSV: %(error)s.") % {"error": error}, field="file") from error
    raise Invalid(_("“%(name)s” is neither CSV nor XLSX.") % {"name": name[:80]}, field="file")


def _sheet(data: bytes) -> list[list[str]]:
    try:
        return read_rows(data, _LIMITS)
    except TooLarge as error:
        raise Invalid(_("The file is too large to be the calendar of a year."), field="file") from error
    except Invalid as error:
        raise Invalid(
            _("The XLSX file cannot be read."), field="file", remedy=_("Save it anew, or send it as CSV.")
        ) from error


def _most(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    found = []
    for row in rows:
        found.append(row)
        if len(found) > MOST_ROWS:
            break
    return found
