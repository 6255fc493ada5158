"""Closing a window before its time (提前截止)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.models import Window
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Invalid, WrongState

CLOSE = rule("close_window", gettext_lazy("Close a window before its time"), "publisher")


def close_window(window: Window, reason: str) -> Window:
    """Closes a window at this instant, after every submission in flight has ended; the database sets the instant.

    Raises:
        NotAllowed: from another seat.
        WrongState: when it is closed, by an act or by the clock.
        Invalid: without a reason.
    """
    require("close_window", window)
    if not reason.strip():
        raise Invalid(_("Say why; the reason is published."), field="reason")
    locked = Window.objects.select_for_update().get(pk=window.pk)  # waits for whoever holds it open
    if locked.state != "open" or locked.closes_at <= now():
        raise WrongState(_("This window is closed already."))
    before = fields(locked, "closes_at", "state", "reason")
    locked.state, locked.reason = "closed", reason.strip()
    locked.save(update_fields=["state", "reason"])
    locked.refresh_from_db()
    record(
        "close_window",
        locked,
        before=before,
        after=fields(locked, "closes_at", "state", "reason"),
        reason=locked.reason,
    )
    return locked
