"""Extending a window (延长受理期)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.acts.open_window import midnight
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Window
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Invalid, WrongState

EXTEND = rule("extend_window", gettext_lazy("Extend a window"), "publisher")


def extend_window(window: Window, closes_at: datetime, reason: str) -> Window:
    """Lets a window that is not over close later, also after the guide's last day, never after the notice has lapsed.

    Raises:
        NotAllowed: from another seat.
        WrongState: when it is closed, or the next window of the offer would be overlapped.
        Invalid: without a reason, for an instant that is not later, or after the notice has lapsed.
    """
    require("extend_window", window)
    if not reason.strip():
        raise Invalid(_("Say why; the reason is published."), field="reason")
    locked = Window.objects.select_for_update().get(pk=window.pk)
    if locked.state != "open" or locked.closes_at <= now():
        raise WrongState(_("This window is closed already."), remedy=_("Open another one."))
    if closes_at <= locked.closes_at:
        raise Invalid(_("That is not later than it closes now."), field="closes_at")
    lapses = midnight(date.fromordinal(programme_in_force(locked.programme.key).model.valid[1]) + timedelta(days=1))
    if closes_at > lapses:
        raise Invalid(_("The notice lapses before that, at the end of %(day)s.")
                      % {"day": f"{lapses - timedelta(days=1):%Y-%m-%d}"}, field="closes_at")  # fmt: skip
    before = fields(locked, "closes_at", "reason")
    locked.closes_at, locked.reason = closes_at, reason.strip()
    try:
        with transaction.atomic():
            locked.save(update_fields=["closes_at", "reason"])
    except IntegrityError as error:
        raise WrongState(_("Another window of this offer and year overlaps it."), field="closes_at") from error
    record("extend_window", locked, before=before, after=fields(locked, "closes_at", "reason"), reason=locked.reason)
    return locked
