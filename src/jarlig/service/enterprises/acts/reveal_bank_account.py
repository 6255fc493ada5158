"""Reading the number of an account in full (查看完整账号): with a reason, and noted."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises.accounts import full_number
from jarlig.service.enterprises.errors import needs_reason
from jarlig.service.enterprises.models import BankAccount

REVEAL = rule("reveal_bank_account", gettext_lazy("Read the number of an account in full"), "finance")


def reveal_bank_account(account: BankAccount, reason: str) -> str:
    """The number in full, for the finance officer who pays to it.

    Raises:
        NotAllowed: for anybody else.
        Invalid: without a reason.
    """
    require("reveal_bank_account", account)
    if not reason.strip():
        raise needs_reason()
    record("reveal_bank_account", account, after={"routing": account.routing}, reason=reason)
    return full_number(account)
