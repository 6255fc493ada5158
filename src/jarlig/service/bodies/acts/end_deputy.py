"""Ending a deputy (终止代理) before the last day."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked, walls
from jarlig.service.bodies.acts.make_deputy import own_or_administered
from jarlig.service.bodies.models import Deputy
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.roles import ROLES
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import WrongState

END_DEPUTY = rule("end_deputy", gettext_lazy("End a deputy"), *ROLES, where="", condition=own_or_administered)


def end_deputy(deputy: Deputy, *, reason: str = "") -> Deputy:
    """Ends a deputy at once.

    Raises:
        NotAllowed: when whoever acts neither holds nor administers the seat.
        WrongState: when it has ended.
    """
    require("end_deputy", deputy)
    deputy = locked(deputy)
    day = today()
    if deputy.is_ended or deputy.ends_on < day:
        raise WrongState(_("This deputy has ended."))
    before = fields(deputy, "ends_on", "is_ended")
    deputy.ends_on, deputy.is_ended = max(min(deputy.ends_on, day), deputy.starts_on), True
    with walls():
        deputy.save(update_fields=["ends_on", "is_ended"])
    record("end_deputy", deputy, before=before, after=fields(deputy, "ends_on", "is_ended"), reason=reason.strip())
    return deputy
