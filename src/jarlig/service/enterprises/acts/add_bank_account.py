"""Naming the account to which an enterprise is paid (登记对公账户)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.reference import BadCode, check_bank_routing, check_company_account
from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises.accounts import ACCOUNT_FIELD, index_of, same_name, sealed_number
from jarlig.service.enterprises.acts.register_enterprise import checked_name
from jarlig.service.enterprises.errors import bad_code
from jarlig.service.enterprises.models import BankAccount, Dispute, Enterprise
from jarlig.service.enterprises.speaking import as_own_people, lock
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, WrongState

ADD = rule("add_bank_account", gettext_lazy("Name the account of your enterprise"), condition=as_own_people)


def add_bank_account(enterprise: Enterprise, *, number: str, routing: str, bank: str, account_name: str) -> BankAccount:
    """Asks that an account be the enterprise's from when a second person confirms it; until then the earlier one is.

    Raises:
        NotAllowed: for who does not belong to the enterprise; an agent does not.
        Invalid: for a number or routing code that cannot be, or a name other than the enterprise's.
        WrongState: while another change waits, or a dispute over who speaks is open.
    """
    require("add_bank_account", enterprise)
    try:
        plain_number, code = check_company_account(number), check_bank_routing(routing).code
    except BadCode as fault:
        raise bad_code(fault, "routing" if fault.what.en == "bank routing code" else "number") from None
    if not same_name(account_name, enterprise.name):
        raise Invalid(
            _("The account must be in the name of the enterprise: %(name)s.") % {"name": enterprise.name},
            field="account_name",
            remedy=_("Sums go to no other account; if the name has changed, have the new name accepted first."),
        )
    lock(enterprise.pk)
    if enterprise.state != "active" or Dispute.objects.filter(enterprise=enterprise, state="open").exists():
        raise WrongState(_("The account cannot be changed while it is disputed who speaks for the enterprise."))
    index = index_of(plain_number)
    for other in BankAccount.objects.filter(enterprise=enterprise, state__in=("asked", "confirmed")):
        if other.state == "asked":
            raise WrongState(_("Another change waits to be confirmed."))
        if bytes(other.index) == index and other.routing == code:
            raise Invalid(_("This is the account in force."), field="number")
    account = BankAccount(enterprise=enterprise, index=index, routing=code, bank=checked_name(bank, "bank"),
                          account_name=account_name.strip(), asked_by_id=current().person, asked_at=now())  # fmt: skip
    account.sealed = sealed_number(account.pk, plain_number)
    account.save(force_insert=True)
    after = {"enterprise_id": enterprise.pk, "routing": code, "bank": account.bank, "state": "asked",
             "account_name": account.account_name, ACCOUNT_FIELD: plain_number}  # fmt: skip
    # Under a key of its own: under one of the enterprise numbers could be tried until that in the log comes out.
    record("add_bank_account", account, after=after, personal={ACCOUNT_FIELD: account.pk})
    return account
