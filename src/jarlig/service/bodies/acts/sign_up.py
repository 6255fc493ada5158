"""A person of an enterprise makes an account (企业人员注册): they hold no seat and see nothing but their own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jarlig.service.audit.record import record
from jarlig.service.bodies.models import Account, Person
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import WrongState
from jarlig.service.ground.personal import index, seal

FIELD = "person.identity"


def sign_up(account: Account, name: str, how: str, identity: str = "") -> Account:
    """Saves a new account with a new person.

    Args:
        account: with its login and, where it has one, its password.
        name: of the person.
        how: ``form``, or the key of the provider that vouches for name and identity.
        identity: the identity number, if the provider gave one.

    Raises:
        WrongState: when somebody with this identity number is known: one person is not made twice, and is not bound to
            another account by what a provider says.
    """
    person = Person(name=name)
    with on_behalf_of(role="jarlig_gate"):
        if identity:
            person.identity_index = index(identity, FIELD)
            if Person.objects.filter(identity_index=person.identity_index).exists():
                raise WrongState(
                    _("A person with this identity number has an account."), remedy=_("Sign in with that account.")
                )
            person.identity_sealed = seal(identity, FIELD)
        person.save(force_insert=True)
        account.person = person
        account.save(force_insert=True)
    with on_behalf_of(role="jarlig_gate", person=person.id):
        record("sign_up", account, after={"how": how, "login": account.login}, personal={"login": person.id})
    return account
