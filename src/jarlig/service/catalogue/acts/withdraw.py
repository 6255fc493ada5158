"""Taking a version back (撤回): a draft by whoever imported it, one in force by a publisher, with the reason."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.catalogue.acts.doing import alone
from jarlig.service.catalogue.models import Version
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Invalid, WrongState


def _own_or_publisher(seat: Sitting | None, version: Any) -> str | None:
    if seat is None or version is None:
        return None
    if seat.role == "publisher":
        return _("A draft is taken back by whoever imported it.") if version.state == "draft" else None
    if version.imported_by_id != seat.person or version.state == "in_force":
        return _("An author takes back what they imported themselves, before it is in force.")
    return None


WITHDRAW = rule("withdraw", gettext_lazy("Take a version back"), "author", "publisher", condition=_own_or_publisher)


def withdraw(version: Version, reason: str) -> Version:
    """Takes a version back; after one that was in force none is until the next, and it stays readable to everybody.

    Raises:
        NotAllowed: from another seat.
        WrongState: when it is over.
        Invalid: without a reason.
    """
    require("withdraw", version)
    alone(version)
    require("withdraw", version)  # by whom, hangs on how it stands
    if version.state not in ("draft", "checked", "in_force"):
        raise WrongState(_("This version is over."))
    if not reason.strip():
        raise Invalid(_("Say why the version is taken back."), field="reason")
    before = fields(version, "state", "ended_at")
    version.state, version.ended_at, version.reason = "withdrawn", now(), reason.strip()
    version.save(update_fields=["state", "ended_at", "reason"])
    record("withdraw", version, before=before, after=fields(version, "state", "ended_at"), reason=version.reason)
    return version
