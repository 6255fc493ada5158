"""A person comes back (复职): they may be appointed again; no old seat returns."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked
from jarlig.service.bodies.acts.leave import wholly_within
from jarlig.service.bodies.models import Person
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import WrongState

COME_BACK = rule("come_back", gettext_lazy("A person comes back"), "administrator", where="", condition=wholly_within)


def come_back(person: Person, *, reason: str = "") -> Person:
    """Lets a person who left be appointed again.

    Raises:
        NotAllowed: when the person never sat in the area of whoever acts.
        WrongState: when they have not left.
    """
    sitting = require("come_back", person)
    person = locked(person)
    if person.state != "left":
        raise WrongState(_("%(name)s has not left.") % {"name": person.name})
    before = fields(person, "state")
    person.state = "active"
    person.save(update_fields=["state"])
    path = sitting.path if sitting else ""
    record("come_back", person, before=before, after=fields(person, "state"), reason=reason.strip(), area=path)
    return person
