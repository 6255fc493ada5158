"""Inviting somebody (邀请): a person and an account without a password, and a link that is shown once."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies import codes
from jarlig.service.bodies.models import Account, Person
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Invalid, WrongState

INVITE = rule("invite", gettext_lazy("Invite somebody"), "administrator")


def invite(name: str, login: str, email: str = "") -> tuple[Person, str]:
    """Makes a person with an account, and the code of the link by which they set their password within seven days.

    Raises:
        NotAllowed: when whoever acts is no administrator.
        Invalid: when the name or login is empty, or somebody has this login.
    """
    require("invite")
    name, login, email = name.strip(), login.strip(), email.strip()
    for field, value in (("name", name), ("login", login)):
        if not value:
            raise Invalid(_("This is missing."), field=field)
    with on_behalf_of(role="jarlig_gate"):
        if Account.objects.filter(Q(login__iexact=login) | Q(email__iexact=login)).exists():
            raise Invalid(_("Somebody has this login already."), field="login")
    person = Person(name=name)
    person.save(force_insert=True)
    account = Account(person=person, login=login, email=email)
    account.set_unusable_password()
    account.save(force_insert=True)
    record("invite", account, after={"login": login, "email": email}, personal={"login": person.id, "email": person.id})
    return person, codes.make("invitation", account)


def invite_again(account: Account) -> str:
    """A new link for somebody whose link was lost, or who forgot their password; the second factor stays.

    Raises:
        NotAllowed: when whoever acts is no administrator.
        WrongState: when the account is closed or its person has left.
    """
    require("invite")
    if not account.is_active or account.person.state != "active":
        raise WrongState(_("%(name)s has left.") % {"name": account.person.name})
    record("invite", account, after={"again": True})
    return codes.make("invitation", account)
