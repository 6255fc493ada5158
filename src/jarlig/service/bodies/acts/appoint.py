"""Appointing somebody to a seat (任职)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import Area, Body, Person, Seat
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.roles import INCOMPATIBLE, ROLES
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Invalid, WrongState

APPOINT = rule("appoint", gettext_lazy("Appoint somebody to a seat"), "administrator")


def appoint(
    person: Person, body: Body, area: Area, role: str, *, starts_on: date | None = None, ends_on: date | None = None,
    contract: str = "", claims: tuple[str, ...] = (),
) -> Seat:  # fmt: skip
    """Gives a person a seat of a body, over an area at or under the body's own.

    Raises:
        NotAllowed: when whoever acts administers neither.
        Invalid: for a role there is not, or one that goes ill with another of the person's in this body, and for days
            or a contract that do not fit.
        WrongState: when the person has left, or holds this very seat.
    """
    seat = Seat(person=person, body=body, area=area, role=role, starts_on=starts_on or today(), ends_on=ends_on,
                contract=contract, claims=list(claims))  # fmt: skip
    require("appoint", seat)
    if role not in ROLES:
        raise Invalid(_("There is no such role."), field="role")
    if not area.path.startswith(body.area.path):
        raise Invalid(_("The area of a seat lies in that of its body."), field="area")
    if ends_on is not None and ends_on < seat.starts_on:
        raise Invalid(_("The last day lies before the first."), field="ends_on")
    if role == "third_party" and (not contract or ends_on is None):
        raise Invalid(_("A third party's seat names its contract and its last day."), field="contract")
    if person.state != "active":
        raise WrongState(_("%(name)s has left.") % {"name": person.name})
    for other in Seat.objects.filter(person=person, body=body, state="held"):
        if other.role == role and other.area_id == area.id:
            raise WrongState(_("%(name)s holds this seat already.") % {"name": person.name})
        reason = INCOMPATIBLE.get(frozenset({other.role, role}))
        if reason is not None:
            raise Invalid(
                _("%(name)s is %(other)s here already: %(reason)s.")
                % {"name": person.name, "other": ROLES[other.role].title, "reason": reason},
                field="role",
            )
    seat.save(force_insert=True)
    after = fields(seat, "person", "body", "area", "role", "starts_on", "ends_on", "contract", "claims", "state")
    record("appoint", seat, after=after)
    return seat
