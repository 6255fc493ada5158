"""Importing the working days of a year (导入工作日历) as a draft, with the document that says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.reference.workdays import workday_calendar
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import CalendarYear
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid

IMPORT_CALENDAR = rule("import_calendar", gettext_lazy("Import a calendar"), "administrator", where="top")

_SATURDAY = 5


def import_calendar(year: int, source: str, rest_days: Iterable[date], work_days: Iterable[date]) -> CalendarYear:
    """Writes the calendar of a year as a draft; a second person puts it in force.

    Args:
        year: the year.
        source: the document that says so, with its number.
        rest_days: weekdays off.
        work_days: weekend days worked.

    Raises:
        NotAllowed: when it is not done from a seat of the region.
        Invalid: without a source, and for a day of another year or one that needs no saying.
    """
    require("import_calendar")
    rest, work = sorted(set(rest_days)), sorted(set(work_days))
    if not source.strip():
        raise Invalid(_("Name the document that announces it, with its number."), field="source")
    if not rest:
        raise Invalid(_("A year has days off; none is named."), field="file")
    for day in (*rest, *work):
        if day.year != year:
            raise Invalid(_("%(day)s does not lie in %(year)s.") % {"day": day, "year": year}, field="file")
    if wrong := [day for day in rest if day.weekday() >= _SATURDAY]:
        raise Invalid(_("%(day)s is a weekend, so it is off anyway.") % {"day": wrong[0]}, field="file")
    if wrong := [day for day in work if day.weekday() < _SATURDAY]:
        raise Invalid(_("%(day)s is no weekend, so it is worked anyway.") % {"day": wrong[0]}, field="file")
    made = CalendarYear(year=year, source=source.strip(), rest_days=rest, work_days=work,
                        imported_by_id=current().person, imported_at=now())  # fmt: skip
    made.save(force_insert=True)
    record("import_calendar", made, after=fields(made, "year", "source", "rest_days", "work_days", "state"))
    return made


def reference_days(year: int) -> tuple[list[date], list[date]]:
    """Weekdays off and weekend days worked, as the table that ships with the service has them.

    Raises:
        Invalid: for a year that it does not have.
    """
    table = workday_calendar()
    if not table.first.year <= year <= table.last.year:
        raise Invalid(
            _("The table that ships with the service has %(first)s to %(last)s, not %(year)s.")
            % {"first": table.first.year, "last": table.last.year, "year": year},
            field="year", remedy=_("Import the year's own notice from a file."),
        )  # fmt: skip
    start = date(year, 1, 1).toordinal()
    days = [date.fromordinal(one) for one in range(start, date(year + 1, 1, 1).toordinal())]
    rest = [day for day in days if day.weekday() < _SATURDAY and not table.is_workday(day)]
    work = [day for day in days if day.weekday() >= _SATURDAY and table.is_workday(day)]
    return rest, work
