"""Naming a deputy (指定代理)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import check_compatible, lock_holder, walls
from jarlig.service.bodies.models import Deputy, Person, Seat
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.roles import ROLES
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Invalid, WrongState


def own_or_administered(sitting: Sitting | None, thing: Any) -> str | Promise | None:
    """A deputy is named by whoever holds the seat, or by who administers it; never by another deputy."""
    if thing is None or sitting is None:
        return None
    seat: Seat = thing.seat
    if seat.person_id == sitting.person or (sitting.role == "administrator" and sitting.covers(seat.body.area.path)):
        return None
    if seat.pk == sitting.seat:
        return gettext_lazy("A deputy names no deputy: whoever holds the seat does, or its administrator.")
    return gettext_lazy("A deputy is named by whoever holds the seat, or by its administrator.")


MAKE_DEPUTY = rule("make_deputy", gettext_lazy("Name a deputy"), *ROLES, where="", condition=own_or_administered)


def make_deputy(seat: Seat, person: Person, *, starts_on: date, ends_on: date, reason: str) -> Deputy:
    """Lets somebody sit on another's seat between two days within those of the seat.

    Raises:
        NotAllowed: when whoever acts neither holds nor administers the seat.
        Invalid: for days that do not fit, for the holder, and for a person whose roles do not go with the seat's.
        WrongState: when the seat has ended, the person has left, or somebody is a deputy in those days.
    """
    deputy = Deputy(seat=seat, person=person, starts_on=starts_on, ends_on=ends_on, reason=reason.strip())
    require("make_deputy", deputy)
    if seat.role == "third_party":
        raise Invalid(_("A third party's seat has no deputy: its contract names the person."), field="person")
    if seat.state != "held":
        raise WrongState(_("This seat has ended."))
    if person.pk == seat.person_id:
        raise Invalid(_("%(name)s holds this seat.") % {"name": person.name}, field="person")
    if not deputy.reason:
        raise Invalid(_("Say why a deputy is needed."), field="reason")
    if ends_on < starts_on or ends_on < today():
        raise Invalid(_("The last day lies before the first, or is past."), field="ends_on")
    if starts_on < seat.starts_on or (seat.ends_on is not None and ends_on > seat.ends_on):
        raise Invalid(_("The days of a deputy lie within those of the seat."), field="ends_on")
    lock_holder(person)
    others = Deputy.objects.filter(seat=seat, is_ended=False, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if others.exists():
        raise WrongState(_("Somebody is a deputy on this seat in those days."))
    check_compatible(person, seat.role, starts_on, ends_on)
    with walls():
        deputy.save(force_insert=True)
    record("make_deputy", deputy, after=fields(deputy, "seat", "person", "starts_on", "ends_on", "reason"))
    return deputy
