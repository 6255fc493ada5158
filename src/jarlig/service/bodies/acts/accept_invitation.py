"""Accepting an invitation (接受邀请): by a password of one's own, or by a provider of identity."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jarlig.service.audit.record import record
from jarlig.service.bodies import codes
from jarlig.service.bodies.acts.change_password import change_password
from jarlig.service.bodies.models import Account
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Invalid, Missing


def accept_invitation(code: str, password: str) -> Account:
    """Sets the password of the invited account and uses the link up.

    Raises:
        Missing: when the link opens nothing any more.
        Invalid: when the password is too weak; the link stays good.
    """
    account = invited(code)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
    codes.use("invitation", code)
    change_password(account, password, reason="invitation")
    return account


def accept_by_provider(code: bytes, provider: str) -> Account:
    """Uses the link up for an account that a provider of identity is bound to instead of a password.

    Raises:
        Missing: when the link opens nothing any more.
    """
    account = invited(code)
    codes.use("invitation", code)
    with on_behalf_of(role="jarlig_gate", person=account.person_id):
        record("accept_invitation", account, after={"how": provider})
    return account


def invited(code: str | bytes) -> Account:
    """The account that a link is for.

    Raises:
        Missing: when the link opens nothing any more, or the person has left.
    """
    account = codes.find("invitation", code).account
    if account is None or not account.is_active or account.person.state != "active":
        raise Missing(_("This code or link is unknown, used or too old."), remedy=_("Ask for a new one."))
    one: Account = account
    return one
