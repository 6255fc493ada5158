"""Days and months as integers: the few date sums that a ladder may do.

A day is its proleptic ordinal, a month ``year * 12 + month - 1``. A step of months keeps the day of the month and
falls back to the last day of a shorter month, so 29 February becomes 28 February in a common year.
"""

from __future__ import annotations

import calendar
from datetime import date


def year_of(day: int) -> int:
    """The calendar year of a day."""
    return date.fromordinal(day).year


def month_of(day: int) -> int:
    """The month of a day, as ``year * 12 + month - 1``."""
    value = date.fromordinal(day)
    return value.year * 12 + value.month - 1


def months_after(day: int, months: int) -> int:
    """The same day so many months later."""
    value = date.fromordinal(day)
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    return date(year, month + 1, min(value.day, calendar.monthrange(year, month + 1)[1])).toordinal()


def months_before(day: int, months: int) -> int:
    """The same day so many months earlier."""
    return months_after(day, -months)


def full_years(start: int, end: int) -> int:
    """Full years from one day to another; 0 when ``end`` comes before ``start``."""
    years = max(0, year_of(end) - year_of(start))
    while years and months_after(start, 12 * years) > end:
        years -= 1
    return years


def day_text(day: int) -> str:
    """The day as ISO text."""
    return date.fromordinal(day).isoformat()


def month_text(month: int) -> str:
    """The month as ISO text."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
