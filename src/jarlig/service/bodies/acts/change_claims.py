"""Changing which claims a third party sees (调整第三方案件清单)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked, require_body_within
from jarlig.service.bodies.models import Seat
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import Invalid, WrongState

CHANGE_CLAIMS = rule("change_claims", gettext_lazy("Change which claims a third party sees"), "administrator")


def change_claims(seat: Seat, claims: Iterable[str]) -> Seat:
    """Gives a third party's seat another list of claims.

    Raises:
        NotAllowed: when whoever acts does not administer it.
        Invalid: when it is not a third party's.
        WrongState: when it has ended.
    """
    sitting = require("change_claims", seat)
    require_body_within(sitting.path if sitting else "", seat.body)
    seat = locked(seat)
    if seat.role != "third_party":
        raise Invalid(_("Only a third party's seat has a list of claims."), field="claims")
    if seat.state != "held":
        raise WrongState(_("This seat has ended."))
    before = fields(seat, "claims")
    seat.claims = sorted({claim.strip() for claim in claims} - {""})
    seat.save(update_fields=["claims"])
    record("change_claims", seat, before=before, after=fields(seat, "claims"))
    return seat
