"""Ending a recognition (撤销认定)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.acts.recognise import of_its_body
from jarlig.service.catalogue.models import Recognition
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Invalid, WrongState

END = rule(
    "end_recognition", gettext_lazy("End a recognition"), "reviewer", "approver", where="", condition=of_its_body
)


def end_recognition(one: Recognition, reason: str) -> Recognition:
    """From today the register no longer vouches for it; for days before, it stays.

    Raises:
        NotAllowed: from a seat of another body than the programme names for this kind.
        WrongState: when it has ended.
        Invalid: without a reason.
    """
    require("end_recognition", one)
    one = locked(one)
    if one.state != "valid":
        raise WrongState(_("This recognition has ended."))
    if not reason.strip():
        raise Invalid(_("Say why the recognition ends."), field="reason")
    before = fields(one, "state", "ended_on")
    one.state, one.ended_on, one.reason = "ended", today(), reason.strip()
    one.save(update_fields=["state", "ended_on", "reason"])
    record("end_recognition", one, before=before, after=fields(one, "state", "ended_on"), reason=one.reason)
    return one
