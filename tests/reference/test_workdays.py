"""Working days against an outside calendar, the public notices found, and the years that nobody knows yet."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given, strategies as st
from tests.reference.make_workdays import KEYS, TABLE, table_text

from jarlig.reference.errors import BadCount, BadTable, ReferenceFault, UnknownDay
from jarlig.reference.workdays import (
    HOLIDAYS,
    WorkdayCalendar,
    add_workdays,
    holiday_name,
    is_workday,
    workday_calendar,
    workdays_between,
)

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=count) for count in range((LAST - FIRST).days + 1)]
days = st.dates(FIRST, date(2026, 6, 30))


def calendar_of(folder: Path, *lines: str) -> WorkdayCalendar:
    path = folder / "workdays.csv"
    path.write_text("\n".join(["from,to,what,holiday", *lines]), encoding="utf-8")
    return WorkdayCalendar.read(path)


def test_each_day_of_23_years_is_as_in_the_outside_calendar() -> None:
    assert [day for day in DAYS if is_workday(day) != chinese_calendar.is_workday(day)] == []


def test_each_holiday_has_the_name_of_the_outside_calendar() -> None:
    def outside(day: date) -> str | None:
        off, name = chinese_calendar.get_holiday_detail(day)
        return HOLIDAYS[KEYS[name]].en if off and name else None

    def ours(day: date) -> str | None:
        name = holiday_name(day)
        return name.en if name else None

    assert [day for day in DAYS if ours(day) != outside(day)] == []


def test_the_shipped_table_is_what_the_script_writes() -> None:
    assert TABLE.read_text(encoding="utf-8") == table_text(workday_calendar().last.year)


def test_the_shipped_table_covers_2004_to_2026() -> None:
    assert (workday_calendar().first, workday_calendar().last) == (FIRST, LAST)


@pytest.mark.parametrize(
    ("posted", "until"),
    [
        (date(2022, 5, 23), date(2022, 5, 27)),
        (date(2022, 12, 19), date(2022, 12, 23)),
        (date(2023, 9, 28), date(2023, 10, 10)),
    ],
)
def test_public_notices_run_five_workdays_counting_the_day_of_posting(posted: date, until: date) -> None:
    assert add_workdays(posted, 5, count_first=True) == until
    assert workdays_between(posted, until) == 5
    assert add_workdays(posted, 5) > until


def test_five_workdays_after_29_september_2022_end_on_11_october() -> None:
    assert add_workdays(date(2022, 9, 29), 5) == date(2022, 10, 11)


def test_wrong_recipe_counting_weekdays_only_ends_in_the_holiday() -> None:
    day, left = date(2022, 9, 29), 5
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    assert day == date(2022, 10, 6)
    assert not is_workday(day)


@pytest.mark.parametrize("day", [date(2022, 10, 8), date(2022, 10, 9)])
def test_a_make_up_day_is_a_workday_on_a_weekend(day: date) -> None:
    assert day.weekday() >= 5
    assert is_workday(day)
    assert holiday_name(day) is None


def test_a_holiday_has_its_name_in_both_languages() -> None:
    assert holiday_name(date(2022, 10, 3)) == ("国庆节", "National Day")
    assert holiday_name(date(2022, 10, 15)) is None


def test_counting_the_first_day_from_a_day_off_begins_with_the_next_workday() -> None:
    assert add_workdays(date(2022, 10, 1), 1, count_first=True) == date(2022, 10, 8)


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2027, 1, 1)])
def test_an_unknown_year_is_an_error_and_says_which_years_are_known(day: date) -> None:
    for ask in (
        is_workday,
        holiday_name,
        lambda start: add_workdays(start, 1),
        lambda start: workdays_between(start, start),
    ):
        with pytest.raises(UnknownDay) as caught:
            ask(day)
        assert str(day.year) in str(caught.value)
        assert "2004-2026" in caught.value.zh


def test_a_count_that_runs_into_an_unknown_year_is_an_error() -> None:
    assert add_workdays(date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(UnknownDay, match="2027"):
        add_workdays(date(2026, 12, 30), 2)


@pytest.mark.parametrize("count", [0, -3])
def test_fewer_than_one_workday_cannot_be_counted(count: int) -> None:
    with pytest.raises(BadCount, match=f"not {count}"):
        add_workdays(date(2022, 5, 23), count)


def test_a_span_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(BadCount, match="before the first"):
        workdays_between(date(2022, 5, 24), date(2022, 5, 23))


@given(days, st.integers(1, 60), st.booleans())
def test_the_day_reached_is_a_workday_and_the_days_between_are_as_many(start: date, count: int, first: bool) -> None:
    end = add_workdays(start, count, first)
    assert is_workday(end)
    begin = start if first else start + timedelta(days=1)
    assert workdays_between(begin, end) == count


@given(days, st.integers(1, 30), st.integers(1, 30))
def test_counting_on_is_the_same_as_counting_at_once(start: date, one: int, two: int) -> None:
    assert add_workdays(add_workdays(start, one), two) == add_workdays(start, one + two)


def test_a_newer_table_can_be_read_from_a_file(tmp_path: Path) -> None:
    calendar = calendar_of(
        tmp_path, "2030-10-01,2030-10-07,off,national_day", "2030-09-29,2030-09-29,work,national_day"
    )
    assert calendar.is_workday(date(2030, 9, 29))
    assert calendar.add_workdays(date(2030, 9, 30), 1) == date(2030, 10, 8)
    with pytest.raises(UnknownDay):
        calendar.is_workday(date(2029, 12, 31))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["2030-10-01,2030-10-07,off,national_day", "2030-10-07,2030-10-08,off,mid_autumn"],
            "line 3: 2030-10-07 stands",
        ),
        (["2030-10-07,2030-10-01,off,national_day"], "line 2: from and to"),
        (["2030-12-31,2031-01-01,off,new_year"], "line 2: from and to"),
        (["2030-10-08,2030-10-08,work,national_day"], "line 2: 2030-10-08 is no weekend"),
        (["2030-10-01,2030-10-01,rest,national_day"], "what cannot be “rest”; one of off, work"),
        (["2030-10-01,2030-10-01,off,golden_week"], "holiday cannot be “golden_week”"),
        (["2030-02-30,2030-03-01,off,national_day"], "line 2: "),
        (["2030-10-01,2030-10-01,off"], "line 2: 4 cells expected, not 3"),
        (["2028-10-01,2028-10-01,off,national_day", "2030-10-01,2030-10-01,off,national_day"], "leaves out a year"),
        ([], "leaves out a year"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_with_its_line(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(BadTable, match=said) as caught:
        calendar_of(tmp_path, *lines)
    assert isinstance(caught.value, ReferenceFault)
    assert caught.value.zh != str(caught.value)


def test_a_table_with_another_header_or_no_csv_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for text, said in (("from,to\n1,2\n", "header must be from,to,what,holiday"), ('from,"to\n', "not valid CSV")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadTable, match=said):
            WorkdayCalendar.read(path)
