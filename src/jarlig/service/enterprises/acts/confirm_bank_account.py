"""Confirming an account, as a second person (复核对公账户)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.queries import known_apart, same_human
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.enterprises import events
from jarlig.service.enterprises.accounts import same_name
from jarlig.service.enterprises.errors import decided_already, needs_reason
from jarlig.service.enterprises.models import BankAccount, Dispute
from jarlig.service.enterprises.speaking import OWN_PEOPLE, has_stake, lock, speaks_as
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState


def _second_person(seat: Sitting | None, thing: object) -> str | Promise | None:
    if not isinstance(thing, BankAccount):
        return None
    if same_human(thing.asked_by_id, current().person):
        return gettext_lazy("You named this account yourself; a second person confirms it.")
    if speaks_as(thing.enterprise_id, *OWN_PEOPLE) or _receives(seat, thing):
        return None
    return gettext_lazy("An account is confirmed by a second person of the enterprise or by its banner's receiver.")


def _second_human(seat: Sitting | None, thing: object) -> str | Promise | None:
    """Two persons of an enterprise made their accounts themselves: that they are two, their identity numbers say."""
    reason = _second_person(seat, thing)
    if reason is not None or not isinstance(thing, BankAccount) or _receives(seat, thing):
        return reason
    if known_apart(thing.asked_by_id, current().person):
        return None
    return gettext_lazy(
        "Your identity number, or that of whoever named this account, is not known here: it is not certain that you are"
        " two persons. The receiver of the enterprise's banner confirms it."
    )


def _receives(seat: Sitting | None, account: BankAccount) -> bool:
    covers = seat is not None and seat.role == "receiver" and seat.covers(account.area_path)
    return covers and not has_stake(account.enterprise_id)


CONFIRM = rule("confirm_bank_account", gettext_lazy("Confirm an account"), condition=_second_human)


def confirm_bank_account(account: BankAccount) -> BankAccount:
    """Puts an account in force from now on; the earlier one stays, as replaced.

    Raises:
        NotAllowed: for who named it, for anybody else than a second person of the enterprise or its receiver, and for a
            second person of whom it is not known that they are another human.
        WrongState: when it is decided, disputed, or no longer in the enterprise's name.
    """
    require("confirm_bank_account", account)
    account = _waiting(account)
    if not same_name(account.account_name, account.enterprise.name):
        raise WrongState(_("The name of the account is no longer that of the enterprise."))
    if Dispute.objects.filter(enterprise_id=account.enterprise_id, state="open").exists():
        raise WrongState(_("The account cannot be changed while it is disputed who speaks for the enterprise."))
    moment = now()
    for other in BankAccount.objects.filter(enterprise_id=account.enterprise_id, state="confirmed"):
        other.state, other.ended_at = "replaced", moment
        other.save(update_fields=["state", "ended_at"])
        record("confirm_bank_account", other, before={"state": "confirmed"}, after={"state": "replaced"})
    account.state, account.changed_at, account.confirmed_by_id = "confirmed", moment, current().person
    account.save(update_fields=["state", "changed_at", "confirmed_by"])
    record("confirm_bank_account", account, before={"state": "asked"}, after=fields(account, "state", "changed_at"))
    events.tell(events.account_changed, account)
    return account


REFUSE = rule("refuse_bank_account", gettext_lazy("Turn down a change of account"), condition=_second_person)


def refuse_bank_account(account: BankAccount, reason: str) -> BankAccount:
    """A second person turns a change down; the account in force stays.

    Raises:
        NotAllowed: as for confirming.
        Invalid: without a reason.
        WrongState: when it is decided.
    """
    require("refuse_bank_account", account)
    if not reason.strip():
        raise needs_reason()
    account = _waiting(account)
    account.state, account.ended_at, account.reason = "refused", now(), reason.strip()
    account.save(update_fields=["state", "ended_at", "reason"])
    record("refuse_bank_account", account, before={"state": "asked"}, after={"state": "refused"}, reason=reason)
    return account


def _waiting(account: BankAccount) -> BankAccount:
    lock(account.enterprise_id)
    account.refresh_from_db()
    if account.state != "asked":
        raise decided_already()
    return account
