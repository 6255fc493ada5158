"""What happens at the door is written down (登录留痕): who signed in, who failed, who was locked out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from jarlig.service.audit.record import record
from jarlig.service.bodies.attempts import hashed_address
from jarlig.service.bodies.models import Account
from jarlig.service.ground.context import current, on_behalf_of
from jarlig.service.ground.personal import index


def signed_in(account: Account, address: str, how: str) -> None:
    """Somebody signed in: ``how`` is ``password`` or the key of a provider of identity."""
    _note("sign_in", account, {"how": how, "address": hashed_address(address)})


def signed_out(account: Account) -> None:
    """Somebody signed out."""
    _note("sign_out", account, {})


def sign_in_failed(login: str, account: Account | None, address: str, how: str = "password") -> None:
    """A password or code was wrong."""
    _note("sign_in_failed", account or unknown(login), {"how": how, "address": hashed_address(address)})


def locked(login: str, account: Account | None, address: str) -> None:
    """There were too many attempts for this account or from this address; until the window ends none is looked at."""
    _note("sign_in_locked", account or unknown(login), {"address": hashed_address(address)})


def unknown(login: str) -> Account:
    """What stands in the log for a login there is not: the same for the same words, which cannot be read from it."""
    return Account(id=UUID(bytes=index(login.casefold(), "login")[:16]))


def _note(act: str, account: Account, after: dict[str, Any]) -> None:
    person = account.person_id if act in ("sign_in", "sign_out") else current().person
    with on_behalf_of(role="jarlig_gate", person=person):
        record(act, account, after=after)
