"""Deciding who speaks for an enterprise (裁定授权争议)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises import events
from jarlig.service.enterprises.acts.accept_letter import sign
from jarlig.service.enterprises.errors import decided_already, needs_reason
from jarlig.service.enterprises.models import AuthorisationLetter, BankAccount, Dispute, Membership
from jarlig.service.enterprises.queries import settle
from jarlig.service.enterprises.speaking import lock, no_stake
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid

DECIDE = rule("decide_dispute", gettext_lazy("Decide who speaks for an enterprise"), "receiver", condition=no_stake)
UPHELD = ("claimant", "holders", "both")


def decide_dispute(dispute: Dispute, upheld: str, reason: str) -> Dispute:
    """Decides for the claimant, for those who speak already, or for both, with a reason that both sides read.

    Decided for the claimant, every place in the enterprise that others gave ends with theirs, and so does an account
    that any of them asked for or confirmed: nothing is paid there until a new one is in force.

    Raises:
        NotAllowed: outside the banner of registration, or for who has a place in the enterprise.
        Invalid: without a reason, or for another outcome.
        WrongState: when it is decided already.
    """
    require("decide_dispute", dispute)
    if upheld not in UPHELD:
        raise Invalid(_("Choose for whom you decide."), field="upheld")
    if not reason.strip():
        raise needs_reason()
    lock(dispute.enterprise_id)
    dispute.refresh_from_db(fields=["state"])
    if dispute.state != "open":
        raise decided_already()
    claimant, moment = dispute.claimant, now()
    # First the decision: the database lets places and accounts follow it alone.
    dispute.state, dispute.upheld, dispute.reason, dispute.decided_at = "decided", upheld, reason.strip(), moment
    dispute.decided_by_id, dispute.seat_id = current().person, current().seat
    dispute.save(update_fields=["state", "upheld", "reason", "decided_at", "decided_by", "seat"])
    record("decide_dispute", dispute, before={"state": "open"}, after=fields(dispute, "state", "upheld", "claimant_id"),
           reason=reason)  # fmt: skip
    if upheld == "claimant":
        losers = set()
        for other in Membership.objects.filter(enterprise_id=dispute.enterprise_id, state="accepted"):
            other.state, other.until, other.reason = "ended", moment, reason.strip()
            other.save(update_fields=["state", "until", "reason"])
            record("decide_dispute", other, before={"state": "accepted"}, after={"state": "ended"}, reason=reason)
            events.tell(events.membership_changed, other)
            losers.add(other.person_id)
        _end_accounts(dispute, losers)
    for letter in AuthorisationLetter.objects.filter(membership=claimant, state="waiting"):
        sign(letter, "refused" if upheld == "holders" else "accepted", reason)
        record("decide_dispute", letter, before={"state": "waiting"}, after=fields(letter, "state", "membership_id"),
               reason=reason)  # fmt: skip
    before = {"state": claimant.state}
    if upheld == "holders":
        claimant.state, claimant.until, claimant.reason = "refused", moment, reason.strip()
    else:
        claimant.state, claimant.since = "accepted", moment
    claimant.save(update_fields=["state", "since", "until", "reason"])
    settle(claimant)
    record("decide_dispute", claimant, before=before, after={"state": claimant.state}, reason=reason)
    events.tell(events.membership_changed, claimant)
    events.tell(events.dispute_decided, dispute)
    return dispute


def _end_accounts(dispute: Dispute, losers: set[UUID]) -> None:
    """Takes out of force, or turns down, every account that somebody asked for or confirmed who lost the dispute."""
    theirs = Q(asked_by__in=losers) | Q(confirmed_by__in=losers)
    for account in BankAccount.objects.filter(theirs, enterprise_id=dispute.enterprise_id):
        if account.state not in ("asked", "confirmed"):
            continue
        before = {"state": account.state}
        account.state = "retired" if account.state == "confirmed" else "refused"
        account.ended_at, account.reason = now(), dispute.reason
        account.save(update_fields=["state", "ended_at", "reason"])
        record("retire_bank_account", account, before=before, after={"state": account.state}, reason=dispute.reason)
        events.tell(events.account_changed, account)
