"""Setting up, renewing and taking away a second factor (双因素认证变更)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.models import Account, Person
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sessions import end_sessions
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import WrongState

CHANGE_FACTOR = rule("change_factor", gettext_lazy("Set up your second factor"))
RESET_FACTOR = rule("reset_factor", gettext_lazy("Take away a lost second factor"), "administrator")


def factor_changed(account: Account, change: str) -> None:
    """Writes down a change of one's own factor: ``set_up``, ``removed``, ``codes_renewed``, ``code_used``."""
    with on_behalf_of(role="jarlig_gate", person=account.person_id):
        record("change_factor", account, after={"change": change})


def reset_factor(person: Person, reason: str) -> None:
    """Takes away the factors of somebody who lost theirs; they set up a new one when they sign in next.

    Raises:
        NotAllowed: when whoever acts does not administer the person's area.
        WrongState: when there is none, or it is one's own.
    """
    actor = require("reset_factor")
    if actor is not None and actor.person == person.id:
        raise WrongState(_("Your own factor is taken away by another administrator."))
    accounts = list(Account.objects.filter(person=person))  # those that the guards of the database show
    with on_behalf_of(role="jarlig_gate"):
        gone = Authenticator.objects.filter(user__in=accounts).delete()[0]
    if not gone:
        raise WrongState(_("%(name)s has no second factor.") % {"name": person.name})
    end_sessions(person.id)
    record("reset_factor", person, reason=reason)


def has_factor(account: Account) -> bool:
    """Whether a second factor is set up for an account."""
    with on_behalf_of(role="jarlig_gate"):
        return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())
