"""Which account is meant (查找账号), asked by the sign-in."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from jarlig.service.bodies.models import Account
from jarlig.service.ground.context import on_behalf_of


def account_of_login(login: str) -> Account | None:
    """The account of a login, or of an e-mail that was verified; None where there is none."""
    with on_behalf_of(role="jarlig_gate"):
        found: Account | None = Account.objects.select_related("person").filter(login__iexact=login).first()
        if found is None and "@" in login:
            address = EmailAddress.objects.select_related("user__person").filter(email__iexact=login, verified=True)
            one = address.first()
            found = one.user if one else None
    return found
