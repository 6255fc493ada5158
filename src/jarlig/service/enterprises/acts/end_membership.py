"""Ending somebody's place in one's enterprise (终止企业人员资格)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises import events
from jarlig.service.enterprises.errors import decided_already, needs_reason
from jarlig.service.enterprises.models import ALIVE, Membership
from jarlig.service.enterprises.speaking import as_signatory, lock
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import NotAllowed

END = rule("end_membership", gettext_lazy("End somebody's place in your enterprise"), condition=as_signatory)


def end_membership(membership: Membership, reason: str) -> Membership:
    """A signatory ends the place of an agent or member, or turns down who asked to be appointed.

    Raises:
        NotAllowed: for who does not sign for the enterprise, and for another signatory: that is a dispute.
        Invalid: without a reason.
        WrongState: when it has ended.
    """
    require("end_membership", membership)
    if membership.role == "signatory":
        raise NotAllowed(_("A signatory's place ends when they leave, or by the office."),
                         remedy=_("Write to the office of your banner."))  # fmt: skip
    if not reason.strip():
        raise needs_reason()
    lock(membership.enterprise_id)
    membership.refresh_from_db()
    if membership.state not in ALIVE or membership.person_id == current().person:
        raise decided_already()
    before = {"state": membership.state}
    membership.state = "refused" if membership.state == "asked" else "ended"
    membership.until, membership.reason = now(), reason.strip()
    membership.save(update_fields=["state", "until", "reason"])
    record("end_membership", membership, before=before, after={"state": membership.state}, reason=reason)
    events.tell(events.membership_changed, membership)
    return membership
