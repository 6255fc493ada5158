"""Opening a dispute over who speaks for an enterprise (提起授权争议)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.enterprises import events
from jarlig.service.enterprises.models import Dispute, Membership
from jarlig.service.enterprises.queries import is_contested, rivals
from jarlig.service.enterprises.speaking import has_stake
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState


def _claimant_or_receiver(seat: Sitting | None, thing: object) -> str | Promise | None:
    if not isinstance(thing, Membership) or thing.person_id == current().person:
        return None
    if seat and seat.role == "receiver" and seat.covers(thing.area_path) and not has_stake(thing.enterprise_id):
        return None
    return gettext_lazy("A dispute is opened by who has handed in a letter, or by the receiver of the banner.")


OPEN = rule("open_dispute", gettext_lazy("Open a dispute over who speaks"), condition=_claimant_or_receiver)


def open_dispute(membership: Membership, grounds: str = "") -> Dispute:
    """Puts the question who speaks for an enterprise before the banner's office.

    Raises:
        NotAllowed: for anybody but the claimant and the receiver.
        WrongState: when nobody else speaks or has handed in a letter, or a dispute is open.
    """
    require("open_dispute", membership)
    own = membership.person_id == current().person
    if membership.state != "asked" or not (is_contested(membership) if own else rivals(membership)):
        raise WrongState(_("There is nothing to dispute here."))
    if Dispute.objects.filter(claimant=membership, state="open").exists():
        raise WrongState(_("The dispute is open already."))
    dispute = Dispute(enterprise_id=membership.enterprise_id, claimant=membership, grounds=grounds.strip(),
                      opened_at=now())  # fmt: skip
    dispute.save(force_insert=True)
    record("open_dispute", dispute, after=fields(dispute, "enterprise_id", "claimant_id", "grounds", "state"),
           area=membership.area_path)  # fmt: skip
    events.tell(events.dispute_opened, dispute)
    return dispute
