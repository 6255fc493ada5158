"""Refusing a letter of authorisation (不予采信授权委托书)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises import events
from jarlig.service.enterprises.acts.accept_letter import sign
from jarlig.service.enterprises.errors import decided_already, needs_reason
from jarlig.service.enterprises.models import AuthorisationLetter, Dispute
from jarlig.service.enterprises.speaking import lock, no_stake
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import WrongState

REFUSE = rule("refuse_letter", gettext_lazy("Refuse a letter of authorisation"), "receiver", condition=no_stake)


def refuse_letter(letter: AuthorisationLetter, reason: str) -> AuthorisationLetter:
    """Tells the person why their letter does not do; they may ask anew with another.

    Where the place that it was for has ended already, as earlier closings left it, the letter alone is refused.

    Raises:
        NotAllowed: outside the banner of registration, or for who has a place in the enterprise.
        Invalid: without a reason.
        WrongState: when it is decided, or is part of an open dispute.
    """
    require("refuse_letter", letter)
    if not reason.strip():
        raise needs_reason()
    membership = letter.membership
    lock(membership.enterprise_id)
    letter.refresh_from_db(fields=["state"])
    membership.refresh_from_db(fields=["state"])
    if letter.state != "waiting":
        raise decided_already()
    if Dispute.objects.filter(claimant=membership, state="open").exists():
        raise WrongState(_("This letter belongs to an open dispute."), remedy=_("Decide the dispute."))
    sign(letter, "refused", reason)
    record("refuse_letter", letter, before={"state": "waiting"}, after=fields(letter, "state", "membership_id"),
           reason=reason)  # fmt: skip
    events.tell(events.letter_decided, letter)
    if membership.state == "asked":
        membership.state, membership.reason, membership.until = "refused", reason.strip(), now()
        membership.save(update_fields=["state", "reason", "until"])
        record("refuse_letter", membership, before={"state": "asked"}, after={"state": "refused"}, reason=reason)
        events.tell(events.membership_changed, membership)
    return letter
