"""Accepting a letter of authorisation (采信授权委托书)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises import events
from jarlig.service.enterprises.errors import decided_already
from jarlig.service.enterprises.models import AuthorisationLetter, Dispute
from jarlig.service.enterprises.queries import rivals, settle
from jarlig.service.enterprises.speaking import lock, no_stake
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState

ACCEPT = rule("accept_letter", gettext_lazy("Accept a letter of authorisation"), "receiver", condition=no_stake)


def accept_letter(letter: AuthorisationLetter, reason: str = "") -> AuthorisationLetter:
    """Lets the person speak for the enterprise, which takes the name and area that they gave and the officer compared.

    Raises:
        NotAllowed: outside the banner of registration, or for who has a place in the enterprise.
        WrongState: when it is decided, or somebody else speaks for the enterprise: then there is a dispute to decide.
    """
    require("accept_letter", letter)
    membership = letter.membership
    lock(membership.enterprise_id)
    letter.refresh_from_db(fields=["state"])
    membership.refresh_from_db(fields=["state"])
    if letter.state != "waiting" or membership.state != "asked":
        raise decided_already()
    if Dispute.objects.filter(claimant=membership, state="open").exists() or rivals(membership):
        raise WrongState(_("Somebody else speaks for this enterprise or has handed in a letter."),
                         remedy=_("Decide the dispute; if none is open, open it."))  # fmt: skip
    sign(letter, "accepted", reason)
    record("accept_letter", letter, before={"state": "waiting"}, after=fields(letter, "state", "membership_id"),
           reason=reason)  # fmt: skip
    membership.state, membership.since = "accepted", now()
    membership.save(update_fields=["state", "since"])
    settle(membership)
    record("accept_letter", membership, before={"state": "asked"}, after=fields(membership, "state", "since"),
           reason=reason)  # fmt: skip
    events.tell(events.letter_decided, letter)
    events.tell(events.membership_changed, membership)
    return letter


def sign(letter: AuthorisationLetter, state: str, reason: str) -> None:
    """Writes down who decided a letter, from which seat and why."""
    who = current()
    letter.state, letter.reason, letter.decided_at = state, reason.strip(), now()
    letter.decided_by_id, letter.seat_id = who.person, who.seat
    letter.save(update_fields=["state", "reason", "decided_at", "decided_by", "seat"])
