"""Choosing a new password (修改密码)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.models import Account
from jarlig.service.bodies.permission import rule
from jarlig.service.bodies.sessions import end_sessions
from jarlig.service.ground.context import on_behalf_of

CHANGE_PASSWORD = rule("change_password", gettext_lazy("Change your password"))


def change_password(account: Account, password: str, *, reason: str = "") -> None:
    """Sets a password that was found strong enough, by its owner; every session of the person ends.

    The session in which it is done goes on under a new key: whoever calls renews it.
    """
    account.set_password(password)
    account.must_change_password = False
    with on_behalf_of(role="jarlig_gate", person=account.person_id):
        account.save(update_fields=["password", "must_change_password"])
        ended = end_sessions(account.person_id)
        record("change_password", account, after={"sessions_ended": ended}, reason=reason)
