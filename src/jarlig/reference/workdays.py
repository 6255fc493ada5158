"""Chinese working days (工作日): weekends, holidays and make-up days (调休上班) announced each year.

Source: the yearly notices of the General Office of the State Council on holiday arrangements
(国务院办公厅关于部分节假日安排的通知), 2004 to 2026; the table is compared day by day with the package chinesecalendar
in the tests. A notice can still move the last days of the December before it. A year without a table is an error: a
deadline is never guessed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from jarlig.reference.errors import BadCount, BadTable, UnknownDay, Words
from jarlig.reference.tables import Row, packaged_table, read_table

COLUMNS = ("from", "to", "what", "holiday")

HOLIDAYS = {
    "new_year": Words("元旦", "New Year's Day"),
    "spring_festival": Words("春节", "Spring Festival"),
    "tomb_sweeping": Words("清明节", "Tomb-sweeping Day"),
    "labour_day": Words("劳动节", "Labour Day"),
    "dragon_boat": Words("端午节", "Dragon Boat Festival"),
    "mid_autumn": Words("中秋节", "Mid-autumn Festival"),
    "national_day": Words("国庆节", "National Day"),
    "victory_70th": Words("抗战胜利70周年纪念日", "70th anniversary of victory"),
}

_DAY = timedelta(days=1)
_SATURDAY = 5


class WorkdayCalendar:
    """Working days of the years that a table covers, without a gap.

    A newer table than the shipped one is read with `WorkdayCalendar.read`: CSV with the columns
    ``from,to,what,holiday``, one line a run of days, ``what`` being ``off`` (holiday 放假) or ``work`` (make-up day
    调休上班).
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._off: dict[date, str] = {}
        self._work: set[date] = set()
        for row in rows:
            self._add(row)
        years = {day.year for day in self._off}
        if not years or years != set(range(min(years), max(years) + 1)):
            raise BadTable("工作日表的年份不连续", "the table of working days leaves out a year")
        self.first, self.last = date(min(years), 1, 1), date(max(years), 12, 31)
        span = range((self.last - self.first).days + 1)
        self._workdays = [day for day in (self.first + _DAY * count for count in span) if self._works(day)]

    @classmethod
    def read(cls, path: Path) -> WorkdayCalendar:
        """A table from a file.

        Raises:
            BadTable: when it contradicts itself, with the line.
        """
        return cls(read_table(path.read_text(encoding="utf-8-sig").splitlines(keepends=True), COLUMNS, path.name))

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the day.

        Raises:
            UnknownDay: for a year without a table.
        """
        return self._works(self._known(day))

    def holiday_name(self, day: date) -> Words | None:
        """The holiday that the day is off for; None on a working day and on a plain weekend.

        Raises:
            UnknownDay: for a year without a table.
        """
        key = self._off.get(self._known(day))
        return HOLIDAYS[key] if key else None

    def add_workdays(self, start: date, count: int, count_first: bool = False) -> date:
        """The last of so many working days after ``start``; with ``count_first``, ``start`` itself counts if it is one.

        Five working days from 2022-05-23 end on 05-30, and with the first counted on 05-27.

        Raises:
            BadCount: when ``count`` is not at least 1.
            UnknownDay: when the days run into a year without a table.
        """
        if count < 1:
            raise BadCount(f"工作日数应至少为1，实为{count}", f"at least 1 working day must be counted, not {count}")
        self._known(start)
        before = bisect_left(self._workdays, start) if count_first else bisect_right(self._workdays, start)
        if before + count > len(self._workdays):
            raise self._unknown(self.last + _DAY)
        return self._workdays[before + count - 1]

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days there are from ``first`` to ``last``, both counted.

        Raises:
            BadCount: when ``last`` comes before ``first``.
            UnknownDay: for a year without a table.
        """
        if self._known(last) < self._known(first):
            raise BadCount(f"截止日{last}早于起始日{first}", f"the last day {last} comes before the first {first}")
        return bisect_right(self._workdays, last) - bisect_left(self._workdays, first)

    def _add(self, row: Row) -> None:
        start, end = row.day("from"), row.day("to")
        what, holiday = row.choice("what", ("off", "work")), row.choice("holiday", HOLIDAYS)
        if not start <= end or start.year != end.year:
            raise row.fault("起止日期应在同一年内且先后有序", "from and to must be in order and in one year")
        while start <= end:
            if start in self._off or start in self._work:
                raise row.fault(f"{start} 重复", f"{start} stands twice")
            if what == "off":
                self._off[start] = holiday
            elif start.weekday() < _SATURDAY:
                raise row.fault(f"{start} 本就是工作日", f"{start} is no weekend, so it cannot be a make-up day")
            else:
                self._work.add(start)
            start += _DAY

    def _works(self, day: date) -> bool:
        return day in self._work or (day.weekday() < _SATURDAY and day not in self._off)

    def _known(self, day: date) -> date:
        if not self.first <= day <= self.last:
            raise self._unknown(day)
        return day

    def _unknown(self, day: date) -> UnknownDay:
        years = f"{self.first.year}-{self.last.year}"
        return UnknownDay(
            f"{day.year}年的放假安排未录入（现有 {years}），不能推算工作日；请更新工作日表。",
            f"the holiday arrangement of {day.year} is not in the table ({years}), and working days are never guessed; "
            "bring the table up to date.",
        )


@cache
def workday_calendar() -> WorkdayCalendar:
    """The shipped table."""
    return WorkdayCalendar(packaged_table("workdays.csv", COLUMNS))


def is_workday(day: date) -> bool:
    """`WorkdayCalendar.is_workday` by the shipped table."""
    return workday_calendar().is_workday(day)


def holiday_name(day: date) -> Words | None:
    """`WorkdayCalendar.holiday_name` by the shipped table."""
    return workday_calendar().holiday_name(day)


def add_workdays(start: date, count: int, count_first: bool = False) -> date:
    """`WorkdayCalendar.add_workdays` by the shipped table."""
    return workday_calendar().add_workdays(start, count, count_first)


def workdays_between(first: date, last: date) -> int:
    """`WorkdayCalendar.workdays_between` by the shipped table."""
    return workday_calendar().workdays_between(first, last)
