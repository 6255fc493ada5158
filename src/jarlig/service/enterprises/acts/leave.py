"""Leaving an enterprise (退出企业)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises import events
from jarlig.service.enterprises.errors import decided_already
from jarlig.service.enterprises.models import ALIVE, AuthorisationLetter, Dispute, Membership
from jarlig.service.enterprises.speaking import lock, own_membership
from jarlig.service.ground.clock import now

LEAVE = rule("leave_enterprise", gettext_lazy("Leave an enterprise"), condition=own_membership)


def leave(membership: Membership) -> Membership:
    """A person gives up their place, or takes back that they asked for one, with letter and dispute.

    Raises:
        NotAllowed: for another person's membership.
        WrongState: when it has ended.
    """
    require("leave_enterprise", membership)
    lock(membership.enterprise_id)
    membership.refresh_from_db()
    if membership.state not in ALIVE:
        raise decided_already()
    path = membership.area_path
    for letter in AuthorisationLetter.objects.filter(membership=membership, state="waiting"):
        letter.state = "withdrawn"
        letter.save(update_fields=["state"])
        record("leave_enterprise", letter, before={"state": "waiting"}, after={"state": "withdrawn"}, area=path)
    for dispute in Dispute.objects.filter(claimant=membership, state="open"):
        dispute.state = "withdrawn"
        dispute.save(update_fields=["state"])
        record("leave_enterprise", dispute, before={"state": "open"}, after={"state": "withdrawn"}, area=path)
        events.tell(events.dispute_decided, dispute)
    before = {"state": membership.state}
    membership.state, membership.until = "ended", now()
    membership.save(update_fields=["state", "until"])
    record("leave_enterprise", membership, before=before, after={"state": "ended"}, area=path)
    events.tell(events.membership_changed, membership)
    return membership
