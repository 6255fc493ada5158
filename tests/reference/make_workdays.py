"""Writes the shipped table of working days from the package chinesecalendar.

Run ``python tests/reference/make_workdays.py LAST_YEAR`` after that package's yearly release (November), which follows
the State Council's notice for the next year.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from chinese_calendar.constants import holidays, workdays

TABLE = Path(__file__).resolve().parents[2] / "src/jarlig/reference/data/workdays.csv"
FIRST_YEAR = 2004
HEADER = """\
# Holidays and make-up days by the yearly notices of the State Council (国务院办公厅关于部分节假日安排的通知).
# Written by tests/reference/make_workdays.py from chinesecalendar; not edited by hand.
from,to,what,holiday
"""
KEYS = {
    "New Year's Day": "new_year",
    "Spring Festival": "spring_festival",
    "Tomb-sweeping Day": "tomb_sweeping",
    "Labour Day": "labour_day",
    "Dragon Boat Festival": "dragon_boat",
    "Mid-autumn Festival": "mid_autumn",
    "National Day": "national_day",
    "Anti-Fascist 70th Day": "victory_70th",
}


def runs(days: dict[date, str], what: str, last_year: int) -> Iterator[str]:
    """One line for each run of days in one year, of one kind and for one holiday."""
    kept = [day for day in sorted(days) if FIRST_YEAR <= day.year <= last_year]

    def run(item: tuple[int, date]) -> tuple[date, int, str]:
        count, day = item
        return day - timedelta(days=count), day.year, days[day]

    for (_, _, name), group in groupby(enumerate(kept), key=run):
        found = [day for _, day in group]
        yield f"{found[0]},{found[-1]},{what},{KEYS[name]}\n"


def table_text(last_year: int) -> str:
    """The whole table."""
    return HEADER + "".join(sorted([*runs(holidays, "off", last_year), *runs(workdays, "work", last_year)]))


if __name__ == "__main__":
    TABLE.write_text(table_text(int(sys.argv[1])), encoding="utf-8")
