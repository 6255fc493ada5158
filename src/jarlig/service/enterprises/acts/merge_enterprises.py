"""Merging an enterprise into another (企业合并), or noting that it is no more (企业注销)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises import events
from jarlig.service.enterprises.acts.accept_letter import sign
from jarlig.service.enterprises.acts.rename_enterprise import settle_renaming
from jarlig.service.enterprises.errors import needs_reason, not_own
from jarlig.service.enterprises.models import (
    ALIVE,
    AuthorisationLetter,
    BankAccount,
    Dispute,
    Enterprise,
    Membership,
    Renaming,
)
from jarlig.service.enterprises.speaking import has_stake, lock, no_stake
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Invalid, WrongState

MERGE = rule("merge_enterprises", gettext_lazy("Merge two enterprises"), "receiver", where="top", condition=no_stake)


def merge_enterprises(gone: Enterprise, into: Enterprise, reason: str) -> Enterprise:
    """The region notes that an enterprise has gone up in another, whose people see its history from then on.

    Raises:
        NotAllowed: for anybody but a receiver of the region, or one who has a place in either.
        Invalid: without a reason, or for one and the same.
        WrongState: when either is not active, or a dispute is open.
    """
    require("merge_enterprises", gone)
    if has_stake(into.pk):
        raise not_own()
    if gone.pk == into.pk:
        raise Invalid(_("An enterprise is not merged into itself."), field="into")
    if not reason.strip():
        raise needs_reason()
    for one in sorted((gone.pk, into.pk)):
        lock(one)
    into.refresh_from_db()
    if into.state != "active":
        raise WrongState(_("The enterprise is not active."))
    _check(gone)
    gone.state, gone.merged_into = "merged", into
    gone.save(update_fields=["state", "merged_into"])
    _end(gone, reason)
    after = {"state": "merged", "merged_into": into.pk}
    record("merge_enterprises", gone, before={"state": "active"}, after=after, reason=reason)
    events.tell(events.enterprise_merged, gone)
    return gone


CLOSE = rule("close_enterprise", gettext_lazy("Note that an enterprise is no more"), "receiver", condition=no_stake)


def close_enterprise(enterprise: Enterprise, reason: str) -> Enterprise:
    """The receiver notes that an enterprise is struck off; nobody speaks for it from then on, and nothing of it waits.

    Raises:
        NotAllowed: outside the banner, or for who has a place in the enterprise.
        Invalid: without a reason.
        WrongState: when it is not active, or a dispute is open.
    """
    require("close_enterprise", enterprise)
    if not reason.strip():
        raise needs_reason()
    lock(enterprise.pk)
    _check(enterprise)
    enterprise.state = "closed"
    enterprise.save(update_fields=["state"])
    _end(enterprise, reason)
    record("close_enterprise", enterprise, before={"state": "active"}, after={"state": "closed"}, reason=reason)
    return enterprise


def _check(enterprise: Enterprise) -> None:
    """Whether an enterprise can come to its end.

    Raises:
        WrongState: when it is not active, or a dispute is open.
    """
    enterprise.refresh_from_db()
    if enterprise.state != "active":
        raise WrongState(_("The enterprise is not active."))
    if Dispute.objects.filter(enterprise=enterprise, state="open").exists():
        raise WrongState(_("A dispute over who speaks for it is open."), remedy=_("Decide it first."))


def _end(enterprise: Enterprise, reason: str) -> None:
    """Ends the places and accounts of an enterprise that is no more, and refuses the letters and names that wait."""
    moment = now()
    for letter in AuthorisationLetter.objects.filter(membership__enterprise=enterprise, state="waiting"):
        sign(letter, "refused", reason)
        record("refuse_letter", letter, before={"state": "waiting"}, after=fields(letter, "state", "membership_id"),
               reason=reason)  # fmt: skip
        events.tell(events.letter_decided, letter)
    for renaming in Renaming.objects.filter(enterprise=enterprise, state="asked"):
        settle_renaming(renaming, "refused", reason)
    for place in Membership.objects.filter(enterprise=enterprise, state__in=ALIVE):
        before = {"state": place.state}
        place.state, place.until, place.reason = "ended", moment, reason.strip()
        place.save(update_fields=["state", "until", "reason"])
        record("end_membership", place, before=before, after={"state": "ended"}, reason=reason)
        events.tell(events.membership_changed, place)
    for account in BankAccount.objects.filter(enterprise=enterprise, state__in=("asked", "confirmed")):
        before = {"state": account.state}
        account.state = "retired" if account.state == "confirmed" else "refused"
        account.ended_at, account.reason = moment, reason.strip()
        account.save(update_fields=["state", "ended_at", "reason"])
        record("retire_bank_account", account, before=before, after={"state": account.state}, reason=reason)
        events.tell(events.account_changed, account)
