"""Giving somebody who asked a place in one's enterprise (指定企业人员、代办人)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises import events
from jarlig.service.enterprises.errors import decided_already
from jarlig.service.enterprises.models import Membership
from jarlig.service.enterprises.speaking import as_signatory, lock
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.errors import Invalid

APPOINT_AGENT = rule("appoint_agent", gettext_lazy("Appoint an agent or member"), condition=as_signatory)


def appoint_agent(
    membership: Membership, role: str = "agent", *, mandate: str = "", ends_on: date | None = None
) -> Membership:
    """A signatory lets a person who asked speak for the enterprise: as an agent with a mandate and an end, or a member.

    Another signatory comes by a letter alone.

    Raises:
        NotAllowed: for who does not sign for the enterprise.
        Invalid: for an agent without a mandate or an end, or an end that has passed.
        WrongState: when the person has not asked to be appointed.
    """
    require("appoint_agent", membership)
    if role not in ("agent", "member"):
        raise Invalid(_("Choose agent or member; another signatory hands in a letter."), field="role")
    if role == "agent" and not mandate.strip():
        raise Invalid(_("Say what the agent may do."), field="mandate")
    if role == "agent" and ends_on is None:
        raise Invalid(_("Say until which day."), field="ends_on")
    if ends_on is not None and ends_on < today():
        raise Invalid(_("This day has passed."), field="ends_on")
    lock(membership.enterprise_id)
    membership.refresh_from_db()
    if membership.state != "asked" or membership.role != "member":
        raise decided_already()
    before = fields(membership, "role", "state", "mandate", "ends_on")
    membership.role, membership.state, membership.since = role, "accepted", now()
    membership.mandate, membership.ends_on = mandate.strip(), ends_on
    membership.save(update_fields=["role", "state", "since", "mandate", "ends_on"])
    record("appoint_agent", membership, before=before, after=fields(membership, *before))
    events.tell(events.membership_changed, membership)
    return membership
