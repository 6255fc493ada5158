"""The working calendar: imported by one, put in force by another, and never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import translation
from tests.service.bodies.staff import staffed
from tests.service.people import Installation

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.discard_calendar import discard_calendar
from jarlig.service.bodies.acts.import_calendar import import_calendar, reference_days
from jarlig.service.bodies.acts.put_calendar_in_force import put_calendar_in_force
from jarlig.service.bodies.calendar import UnknownYear, WorkingDays, add_working_days, working_day, working_days_between
from jarlig.service.bodies.models import CalendarYear
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState

SOURCE = "国办发明电〔2021〕11号"
DAY = timedelta(days=1)


def in_force(made: Installation, *years: int) -> None:
    """The years as the reference has them, imported by one administrator and put in force by another."""
    with made.sits("root"):
        drafts = [import_calendar(year, SOURCE, *reference_days(year)) for year in years]
    with made.sits("second"):
        for draft in drafts:
            put_calendar_in_force(draft)


def test_every_day_from_2004_to_2026_is_as_an_outside_judge_has_it(db: None) -> None:
    made = staffed()
    in_force(made, *range(2004, 2027))
    with made.sits("reviewer"):
        days, day, wrong = WorkingDays(), date(2004, 1, 1), []
        while day.year < 2027:
            if days.is_working(day) != chinese_calendar.is_workday(day):
                wrong.append(day)
            day += DAY
    assert wrong == []


def test_five_working_days_are_counted_with_and_without_the_first(db: None) -> None:
    made = staffed()
    in_force(made, 2022, 2023)
    with made.sits("reviewer"):
        assert add_working_days(date(2022, 5, 23), 5) == date(2022, 5, 30)
        assert add_working_days(date(2022, 5, 23), 5, count_first=True) == date(2022, 5, 27)
        assert add_working_days(date(2023, 9, 28), 5, count_first=True) == date(2023, 10, 10)
        assert add_working_days(date(2022, 9, 29), 5) == date(2022, 10, 11)
        assert working_days_between(date(2022, 10, 1), date(2022, 10, 9)) == 2
        assert working_day(date(2022, 10, 8)) and not working_day(date(2022, 10, 7))
        for wrong in (
            lambda: add_working_days(date(2022, 5, 23), 0),
            lambda: working_days_between(date(2022, 5, 2), date(2022, 5, 1)),
        ):
            with pytest.raises(Invalid):
                wrong()


def test_a_year_that_is_not_in_force_refuses_whatever_needs_it(db: None) -> None:
    made = staffed()
    in_force(made, 2026)
    with made.sits("root"):
        draft = import_calendar(2027, "征求意见稿", [date(2027, 1, 1)], [])
        assert draft.state == "draft"
    with made.sits("reviewer"):
        for asked in (
            lambda: working_day(date(2027, 3, 1)),
            lambda: add_working_days(date(2026, 12, 30), 5),
            lambda: working_days_between(date(2026, 12, 1), date(2027, 1, 10)),
            lambda: working_day(date(2025, 12, 31)),
        ):
            with pytest.raises(UnknownYear) as caught:
                asked()
        assert caught.value.year == 2025
        with translation.override("en"):
            said = str(UnknownYear(2027))
        assert "2027" in said and "puts it in force" in said


def test_whoever_imported_it_does_not_put_it_in_force(db: None) -> None:
    made = staffed()
    with made.sits("root") as seat:
        draft = import_calendar(2022, SOURCE, *reference_days(2022))
        with pytest.raises(NotAllowed):
            put_calendar_in_force(draft)
        for values in (
            {"state": "in_force", "put_in_force_by": seat.person},
            {"state": "in_force", "put_in_force_by": made.seats["second"].person},
            {"state": "in_force"},
        ):
            with pytest.raises(IntegrityError, match="two persons"), transaction.atomic():
                CalendarYear.objects.filter(pk=draft.pk).update(**values)


@pytest.mark.parametrize("name", ["saihan", "auditor", "reviewer"])
def test_only_administrators_of_the_region_have_to_do_with_it(db: None, name: str) -> None:
    made = staffed()
    with made.sits("root"):
        draft = import_calendar(2022, SOURCE, *reference_days(2022))
    with made.sits(name) as seat:
        for act in (
            lambda: import_calendar(2023, SOURCE, *reference_days(2023)),
            lambda: put_calendar_in_force(draft),
            lambda: discard_calendar(draft),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert CalendarYear.objects.filter(pk=draft.pk).update(state="discarded") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            CalendarYear(year=2023, source="x", imported_by=seat.person).save(force_insert=True)


def test_nobody_imports_in_another_s_name(db: None) -> None:
    made = staffed()
    with made.sits("root"), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        CalendarYear(year=2023, source="x", imported_by=made.seats["second"].person).save(force_insert=True)


def test_a_later_calendar_replaces_the_one_in_force_with_its_source(db: None) -> None:
    made = staffed()
    in_force(made, 2022)
    with made.sits("second"):
        rest, work = reference_days(2022)
        later = import_calendar(2022, "国办发明电〔2022〕16号", [*rest, date(2022, 12, 30)], work)
        assert working_day(date(2022, 12, 30))
    with made.sits("root"):
        put_calendar_in_force(later)
        assert not working_day(date(2022, 12, 30))
        states = dict(CalendarYear.objects.values_list("source", "state"))
        assert states == {SOURCE: "replaced", "国办发明电〔2022〕16号": "in_force"}
        assert Act.objects.filter(act="put_calendar_in_force").count() == 3
        with pytest.raises(WrongState):
            put_calendar_in_force(later)


def test_what_was_imported_is_not_changed_on_the_way_into_force(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        draft = import_calendar(2022, SOURCE, *reference_days(2022))
    with made.sits("second"), connection.cursor() as cursor:
        for change in ("rest_days = '{}'", "work_days = '{}'", "year = 2023", "source = 'x'", "imported_by_id = NULL"):
            with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
                cursor.execute(f"UPDATE bodies_calendar SET {change} WHERE id = %s", [draft.pk])


def test_a_draft_is_discarded_and_comes_in_force_no_more(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        draft = discard_calendar(import_calendar(2022, SOURCE, *reference_days(2022)), reason="有误")
        with pytest.raises(WrongState):
            discard_calendar(draft)
    with made.sits("second"), pytest.raises(WrongState):
        put_calendar_in_force(draft)


@pytest.mark.parametrize(
    ("source", "rest", "work", "field"),
    [
        (" ", [date(2022, 10, 3)], [], "source"),
        ("x", [], [], "file"),
        ("x", [date(2023, 10, 3)], [], "file"),
        ("x", [date(2022, 10, 1)], [], "file"),
        ("x", [date(2022, 10, 3)], [date(2022, 10, 10)], "file"),
    ],
)
def test_a_calendar_that_does_not_fit_is_refused(
    db: None, source: str, rest: list[date], work: list[date], field: str
) -> None:
    made = staffed()
    with made.sits("root"):
        with pytest.raises(Invalid) as caught:
            import_calendar(2022, source, rest, work)
        assert caught.value.field == field


def test_the_reference_does_not_reach_beyond_its_years() -> None:
    with pytest.raises(Invalid):
        reference_days(2099)
