"""Closing a body (撤销机构) where nobody sits any more."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked
from jarlig.service.bodies.models import Body, Seat
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import WrongState

CLOSE_BODY = rule("close_body", gettext_lazy("Close a body"), "administrator")


def close_body(body: Body, *, reason: str = "") -> Body:
    """Closes a body: nobody is appointed to it any more; what it did stays its own.

    Raises:
        NotAllowed: when whoever acts does not administer it.
        WrongState: when it is closed, or somebody sits there.
    """
    require("close_body", body)
    body = locked(body)
    if not body.is_active:
        raise WrongState(_("%(body)s is closed.") % {"body": body.name_zh})
    sits = Seat.objects.filter(body=body, state="held").count()
    if sits:
        raise WrongState(
            ngettext("%(count)s seat is held there.", "%(count)s seats are held there.", sits) % {"count": sits},
            remedy=_("End the seats first."),
        )
    before = fields(body, "is_active")
    body.is_active = False
    body.save(update_fields=["is_active"])
    record("close_body", body, before=before, after=fields(body, "is_active"), reason=reason.strip())
    return body
