"""Inviting somebody (邀请): a person and an account without a password, and a link that is shown once."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies import codes
from jarlig.service.bodies.acts.doing import walls
from jarlig.service.bodies.acts.leave import kept_here_alone
from jarlig.service.bodies.models import Account, Person
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.context import current, on_behalf_of
from jarlig.service.ground.errors import Invalid, WrongState

INVITE = rule("invite", gettext_lazy("Invite somebody"), "administrator")
INVITE_AGAIN = rule(
    "invite_again", gettext_lazy("Give a new link"), "administrator", where="", condition=kept_here_alone
)


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
    account = Account(person=person, login=login, email=email, invited_by_id=current().person)
    account.set_unusable_password()
    with on_behalf_of(role="jarlig_person"), walls():  # so that the database looks at it as an administrator's
        person.save(force_insert=True)
        account.save(force_insert=True)
    record("invite", account, after={"login": login, "email": email}, personal={"login": person.id, "email": person.id})
    return person, codes.make("invitation", account)


def invite_again(account: Account, reason: str = "") -> str:
    """A new link for somebody whose link was lost, or who forgot their password; the second factor stays.

    Raises:
        NotAllowed: when whoever acts does not administer every seat of the person, or the account is their own.
        WrongState: when the account is closed or its person has left.
    """
    require("invite_again", account.person)
    if not account.is_active or account.person.state != "active":
        raise WrongState(_("%(name)s has left.") % {"name": account.person.name})
    record("invite_again", account, reason=reason.strip())
    return codes.make("invitation", account)
