"""Withdrawing a claim (撤回申报)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications.models import Claim
from jarlig.service.applications.queries import correction_of, the_claim
from jarlig.service.applications.speaking import speaks
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Invalid, WrongState

WITHDRAW = rule("withdraw_claim", gettext_lazy("Withdraw a claim"), condition=speaks)
LONGEST_REASON = 500
TAKEN = ("submitted", "correcting")


def withdraw_claim(claim: Claim, reason: str) -> Claim:
    """Takes a submitted claim back; what was submitted stays as it was, and another may be begun.

    Raises:
        NotAllowed: to who does not speak for the enterprise.
        Invalid: without a reason.
        WrongState: when it is not submitted.
    """
    require("withdraw_claim", claim)
    tidy = reason.strip()
    if not tidy or len(tidy) > LONGEST_REASON:
        raise Invalid(_("Say why, in at most %(most)s characters.") % {"most": LONGEST_REASON}, field="reason")
    if claim.state not in TAKEN:
        raise WrongState(_("Only a submitted claim is withdrawn."))
    one = the_claim(claim.pk, lock=True)
    if one.state not in TAKEN:
        raise WrongState(_("Only a submitted claim is withdrawn."))
    asked = correction_of(one)
    before = fields(one, "state")
    one.state, one.reason, one.ended_at = "withdrawn", tidy, now()
    one.save(update_fields=["state", "reason", "ended_at"])
    if asked is not None:
        asked.state, asked.ended_at = "dropped", one.ended_at
        asked.save(update_fields=["state", "ended_at"])
    record("withdraw_claim", one, before=before, after=fields(one, "state"), reason=tidy)
    return one
