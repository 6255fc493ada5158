"""Ending a seat (免职), at once or on a day to come."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import check_not_last, locked, require_body_within, walls
from jarlig.service.bodies.models import Deputy, Seat
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Invalid, WrongState

END_SEAT = rule("end_seat", gettext_lazy("End a seat"), "administrator")


def end_seat(seat: Seat, *, on: date | None = None, reason: str = "") -> Seat:
    """Ends a seat, and its deputies with it: at once, or with a later day as its last.

    Raises:
        NotAllowed: when whoever acts does not administer it.
        Invalid: for a last day that is past, or later than the one it has.
        WrongState: when it has ended, or when nobody would administer the region any more.
    """
    sitting = require("end_seat", seat)
    require_body_within(sitting.path if sitting else "", seat.body)
    return finish(locked(seat), on or today(), reason)


def finish(seat: Seat, day: date, reason: str, act: str = "end_seat") -> Seat:
    """The same, once it is clear that it may be done."""
    now = today()
    if seat.state != "held":
        raise WrongState(_("This seat has ended."))
    if day < now:
        raise Invalid(_("The last day is past."), field="on")
    if seat.ends_on is not None and day > seat.ends_on and day > now:
        raise Invalid(_("The seat ends on %(day)s already.") % {"day": seat.ends_on}, field="on")
    check_not_last([seat], day)
    before = fields(seat, "ends_on", "state")
    ends = max(day, seat.starts_on)
    if seat.ends_on is None or ends < seat.ends_on:
        seat.ends_on = ends
    if day == now:
        seat.state = "ended"
    with walls():
        for deputy in Deputy.objects.select_for_update().filter(seat=seat, is_ended=False):
            deputy.ends_on = min(deputy.ends_on, max(seat.ends_on, deputy.starts_on))
            deputy.is_ended = seat.state == "ended" or deputy.starts_on > seat.ends_on
            deputy.save(update_fields=["ends_on", "is_ended"])
        seat.save(update_fields=["ends_on", "state"])
    record(act, seat, before=before, after=fields(seat, "ends_on", "state"), reason=reason.strip())
    return seat
