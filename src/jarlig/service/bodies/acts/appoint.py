"""Appointing somebody to a seat (任职)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import check_compatible, lock_holder, require_body_within, walls
from jarlig.service.bodies.models import Area, Body, Person, Seat
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.roles import ROLES
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Invalid, WrongState

APPOINT = rule("appoint", gettext_lazy("Appoint somebody to a seat"), "administrator")


def appoint(
    person: Person, body: Body, area: Area, role: str, *, starts_on: date | None = None, ends_on: date | None = None,
    contract: str = "", claims: tuple[str, ...] = (),
) -> Seat:  # fmt: skip
    """Gives a person a seat of a body, over an area at or under the body's own.

    Raises:
        NotAllowed: when whoever acts does not administer both.
        Invalid: for a role there is not, or one that goes ill with another of the person's, and for days or a contract
            that do not fit.
        WrongState: when the person has left, the body is closed, or the person holds this very seat.
    """
    seat = Seat(person=person, body=body, area=area, role=role, starts_on=starts_on or today(), ends_on=ends_on,
                contract=contract.strip(), claims=list(dict.fromkeys(claims)))  # fmt: skip
    sitting = require("appoint", seat)
    require_body_within(sitting.path if sitting else "", body)
    _check(seat)
    lock_holder(person)
    if Person.objects.filter(pk=person.pk, state="left").exists():
        raise WrongState(_("%(name)s has left.") % {"name": person.name})
    if not Body.objects.filter(pk=body.pk, is_active=True).exists():
        raise WrongState(_("%(body)s is closed.") % {"body": body.name_zh})
    held = Seat.objects.filter(person=person, body=body, area=area, role=role, state="held")
    overlaps = Q(ends_on=None) | Q(ends_on__gte=seat.starts_on)
    if ends_on is not None:
        overlaps &= Q(starts_on__lte=ends_on)
    if held.filter(overlaps).exists():
        raise WrongState(_("%(name)s holds this seat already.") % {"name": person.name})
    check_compatible(person, role, seat.starts_on, ends_on)
    with walls():
        seat.save(force_insert=True)
    after = fields(seat, "person", "body", "area", "role", "starts_on", "ends_on", "contract", "claims", "state")
    record("appoint", seat, after=after)
    return seat


def _check(seat: Seat) -> None:
    if seat.role not in ROLES:
        raise Invalid(_("There is no such role."), field="role")
    if not seat.area.path.startswith(seat.body.area.path):
        raise Invalid(_("The area of a seat lies in that of its body."), field="area")
    if seat.ends_on is not None and seat.ends_on < seat.starts_on:
        raise Invalid(_("The last day lies before the first."), field="ends_on")
    if (seat.role == "third_party") != seat.body.is_third_party:
        raise Invalid(_("A third party has seats of a third party, and nobody else has."), field="role")
    if seat.role == "third_party" and (not seat.contract or seat.ends_on is None):
        raise Invalid(
            _("A third party's seat names its contract and its last day."),
            field="ends_on" if seat.contract else "contract",
        )
