"""One-time codes (一次性凭证): made, shown once, stored under their hash, used once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils.translation import gettext as _

from jarlig.service.bodies.models import Account, OneTimeCode
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Missing

#: How long each kind may be used.
LIFE = {"invitation": timedelta(days=7), "setup": timedelta(days=7)}


def hash_of(code: str) -> bytes:
    """Under what a code is stored."""
    return hashlib.sha256(code.strip().encode("utf-8", "replace")).digest()


def make(purpose: str, account: Account | None = None, code: str = "") -> str:
    """Makes a code; earlier ones of the same account open nothing more."""
    made = code or secrets.token_urlsafe(24)
    with on_behalf_of(role="jarlig_gate"):
        if account is not None:
            OneTimeCode.objects.filter(purpose=purpose, account=account, used_at=None).update(used_at=now())
        write(purpose, made, account)
    return made


def write(purpose: str, code: str, account: Account | None = None) -> None:
    """Writes a code down in whatever role asks; one that is there already keeps its state."""
    OneTimeCode.objects.bulk_create(
        [OneTimeCode(code_hash=hash_of(code), purpose=purpose, account=account, expires_at=now() + LIFE[purpose])],
        ignore_conflicts=True,
    )


def find(purpose: str, code: str | bytes, *, to_use: bool = False) -> OneTimeCode:
    """The code, if it still opens something.

    Args:
        purpose: what it should be for.
        code: as it was shown, or its hash.
        to_use: whether it is about to be used, which only one can do.

    Raises:
        Missing: when it is unknown, used or too old; which of them is not told.
    """
    with on_behalf_of(role="jarlig_gate"):
        rows = (
            OneTimeCode.objects.select_for_update() if to_use else OneTimeCode.objects.select_related("account__person")
        )
        digest = code if isinstance(code, bytes) else hash_of(code)
        found = rows.filter(code_hash=digest, purpose=purpose, used_at=None, expires_at__gt=now()).first()
    if found is None:
        raise Missing(_("This code or link is unknown, used or too old."), remedy=_("Ask for a new one."))
    one: OneTimeCode = found
    return one


def use(purpose: str, code: str | bytes) -> OneTimeCode:
    """Uses a code up.

    Raises:
        Missing: see ``find``.
    """
    one = find(purpose, code, to_use=True)
    one.used_at = now()
    with on_behalf_of(role="jarlig_gate"):
        one.save(update_fields=["used_at"])
    return one
