"""Working days (工作日) as the calendars in force have them; a year without one refuses whatever needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from jarlig.service.bodies.models import CalendarYear
from jarlig.service.ground.errors import Invalid, Refused

_DAY = timedelta(days=1)
_SATURDAY = 5


class UnknownYear(Refused):
    """A year whose calendar is not in force: which one, and what to do about it."""

    def __init__(self, year: int) -> None:
        super().__init__(
            _("The working days of %(year)s are not known: no calendar of that year is in force.") % {"year": year},
            remedy=_("An administrator of the region imports it and a second one puts it in force."),
        )
        self.year = year


@dataclass(slots=True)
class WorkingDays:
    """The calendars in force, each year read once; for many days in one go keep one of these.

    It holds for one transaction: another may put a calendar in force.
    """

    _years: dict[int, tuple[frozenset[date], frozenset[date]]] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether offices work that day.

        Raises:
            UnknownYear: when its year is not in force.
        """
        if day.year not in self._years:
            found = CalendarYear.objects.filter(year=day.year, state="in_force").first()
            if found is None:
                raise UnknownYear(day.year)
            self._years[day.year] = (frozenset(found.rest_days), frozenset(found.work_days))
        rest, work = self._years[day.year]
        return day in work or (day.weekday() < _SATURDAY and day not in rest)

    def add(self, start: date, count: int, *, count_first: bool = False) -> date:
        """The last of so many working days after ``start``, or from it on when the first counts.

        Raises:
            Invalid: when it is not at least one day.
            UnknownYear: when the days run into a year that is not in force.
        """
        if count < 1:
            raise Invalid(_("At least one working day is counted, not %(count)s.") % {"count": count})
        self.is_working(start)
        day = start if count_first else start + _DAY
        while True:
            count -= self.is_working(day)
            if count == 0:
                return day
            day += _DAY

    def between(self, first: date, last: date) -> int:
        """How many working days there are from one day to another, both counted.

        Raises:
            Invalid: when the last lies before the first.
            UnknownYear: when a year among them is not in force.
        """
        if last < first:
            raise Invalid(_("The last day lies before the first."))
        return sum(self.is_working(first + _DAY * place) for place in range((last - first).days + 1))


def working_day(day: date) -> bool:
    """``WorkingDays.is_working`` for one day."""
    return WorkingDays().is_working(day)


def add_working_days(day: date, count: int, *, count_first: bool = False) -> date:
    """``WorkingDays.add`` once; five working days from 2022-05-23 end on 05-30, with the first counted on 05-27."""
    return WorkingDays().add(day, count, count_first=count_first)


def working_days_between(first: date, last: date) -> int:
    """``WorkingDays.between`` once."""
    return WorkingDays().between(first, last)
