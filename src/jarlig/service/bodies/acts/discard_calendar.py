"""Discarding a draft of a calendar (作废工作日历草稿)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.acts.doing import locked
from jarlig.service.bodies.models import CalendarYear
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import WrongState

DISCARD_CALENDAR = rule("discard_calendar", gettext_lazy("Discard a draft of a calendar"), "administrator", where="top")


def discard_calendar(calendar: CalendarYear, *, reason: str = "") -> CalendarYear:
    """Puts a draft aside; it is kept and comes in force no more.

    Raises:
        NotAllowed: when whoever acts does not sit for the region.
        WrongState: when it is no draft.
    """
    require("discard_calendar", calendar)
    calendar = locked(calendar)
    if calendar.state != "draft":
        raise WrongState(_("This calendar is no draft any more."))
    calendar.state = "discarded"
    calendar.save(update_fields=["state"])
    record("discard_calendar", calendar, before={"state": "draft"}, after={"state": "discarded"}, reason=reason.strip())
    return calendar
