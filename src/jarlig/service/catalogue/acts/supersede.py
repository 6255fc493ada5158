"""A version gives way to the next (废止旧版本)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.acts.doing import alone
from jarlig.service.catalogue.models import Version
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import WrongState

SUPERSEDE = rule("supersede", gettext_lazy("Replace the version in force"), "publisher")


def supersede(version: Version, by: Version) -> Version:
    """Ends the version in force because another takes its place; what ran under it stays readable.

    Raises:
        NotAllowed: from another seat.
        WrongState: when it is not in force, or the other is itself or of another programme.
    """
    require("supersede", version)
    alone(version)
    if version.state != "in_force" or by.programme_id != version.programme_id or by.pk == version.pk:
        raise WrongState(_("Only the version in force is replaced, by one of the same programme."))
    before = fields(version, "state", "ended_at")
    version.state, version.ended_at = "superseded", now()
    version.save(update_fields=["state", "ended_at"])
    record("supersede", version, before=before, after={**fields(version, "state", "ended_at"), "by": by.number})
    return version
