"""Setting up, renewing and taking away a second factor (双因素认证变更)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.acts.leave import kept_here_alone
from jarlig.service.bodies.models import Account, Person
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sessions import end_sessions
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Invalid, WrongState

CHANGE_FACTOR = rule("change_factor", gettext_lazy("Set up your second factor"))
RESET_FACTOR = rule(
    "reset_factor",
    gettext_lazy("Take away a lost second factor"),
    "administrator",
    where="",
    condition=kept_here_alone,
)


def factor_changed(account: Account, change: str) -> None:
    """Writes down a change of one's own factor: ``set_up``, ``removed``, ``codes_renewed``, ``code_used``."""
    with on_behalf_of(role="jarlig_gate", person=account.person_id):
        record("change_factor", account, after={"change": change})


def reset_factor(person: Person, reason: str) -> None:
    """Takes away the factors of somebody who lost theirs; they set up a new one when they sign in next.

    Raises:
        NotAllowed: when whoever acts does not administer every seat of the person, or the factor is their own.
        Invalid: without a reason.
        WrongState: when there is none.
    """
    require("reset_factor", person)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    with on_behalf_of(role="jarlig_gate"):
        gone = Authenticator.objects.filter(user__person=person).delete()[0]
    if not gone:
        raise WrongState(_("%(name)s has no second factor.") % {"name": person.name})
    end_sessions(person.id)
    record("reset_factor", person, reason=reason.strip())


def has_factor(account: Account) -> bool:
    """Whether a second factor is set up for an account."""
    with on_behalf_of(role="jarlig_gate"):
        return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())
