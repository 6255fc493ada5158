"""Taking an account out of force (停用对公账户)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises import events
from jarlig.service.enterprises.errors import decided_already, needs_reason
from jarlig.service.enterprises.models import BankAccount
from jarlig.service.enterprises.speaking import as_own_people, lock
from jarlig.service.ground.clock import now

RETIRE = rule("retire_bank_account", gettext_lazy("Take an account out of force"), condition=as_own_people)


def retire_bank_account(account: BankAccount, reason: str) -> BankAccount:
    """Ends an account, or takes back a change that nobody has confirmed; nothing is paid until another is in force.

    Raises:
        NotAllowed: for who does not belong to the enterprise.
        Invalid: without a reason.
        WrongState: when it is out of force.
    """
    require("retire_bank_account", account)
    if not reason.strip():
        raise needs_reason()
    lock(account.enterprise_id)
    account.refresh_from_db()
    if account.state not in ("asked", "confirmed"):
        raise decided_already()
    before = {"state": account.state}
    account.state = "retired" if account.state == "confirmed" else "refused"
    account.ended_at, account.reason = now(), reason.strip()
    account.save(update_fields=["state", "ended_at", "reason"])
    record("retire_bank_account", account, before=before, after={"state": account.state}, reason=reason)
    events.tell(events.account_changed, account)
    return account
