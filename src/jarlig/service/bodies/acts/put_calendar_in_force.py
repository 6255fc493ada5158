"""Putting a calendar in force (启用工作日历), by another person than the one who imported it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked, walls
from jarlig.service.bodies.models import CalendarYear
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.queries import same_human
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState


def second_person(sitting: Sitting | None, thing: Any) -> str | Promise | None:
    """Whoever made the draft is not the second person."""
    if thing is None or sitting is None or not same_human(thing.imported_by_id, sitting.person):
        return None
    return gettext_lazy("You imported this calendar; a second person puts it in force.")


PUT_CALENDAR_IN_FORCE = rule(
    "put_calendar_in_force",
    gettext_lazy("Put a calendar in force"),
    "administrator",
    where="top",
    condition=second_person,
)


def put_calendar_in_force(calendar: CalendarYear) -> CalendarYear:
    """Puts a draft in force; the calendar of the same year that was in force is replaced by it and kept.

    Raises:
        NotAllowed: when whoever acts imported it, or does not sit for the region.
        WrongState: when it is no draft.
    """
    require("put_calendar_in_force", calendar)
    calendar = locked(calendar)
    if calendar.state != "draft":
        raise WrongState(_("This calendar is no draft any more."))
    with walls():
        for old in CalendarYear.objects.select_for_update().filter(year=calendar.year, state="in_force"):
            old.state = "replaced"
            old.save(update_fields=["state"])
            record("put_calendar_in_force", old, before={"state": "in_force"}, after={"state": "replaced"})
        calendar.state, calendar.put_in_force_by_id = "in_force", current().person
        calendar.save(update_fields=["state", "put_in_force_by"])
    after = fields(calendar, "state", "year", "source", "put_in_force_by")
    record("put_calendar_in_force", calendar, before={"state": "draft"}, after=after)
    return calendar
