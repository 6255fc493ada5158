"""Confirming an interpretation (确认政策解释): by another person than the one who wrote it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.catalogue.acts.doing import walls
from jarlig.service.catalogue.models import Confirmation, Interpretation
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState


def _another(seat: Sitting | None, one: Any) -> str | None:
    if seat is not None and one is not None and one.written_by_id == seat.person:
        return _("You wrote this yourself; another person confirms it.")
    return None


CONFIRM = rule("confirm_interpretation", gettext_lazy("Confirm an interpretation"), "publisher", condition=_another)


def confirm_interpretation(one: Interpretation) -> Confirmation:
    """From here on the interpretation counts, and everybody may read it.

    Raises:
        NotAllowed: from another seat, or by the person who wrote it.
        WrongState: when it is confirmed already.
    """
    require("confirm_interpretation", one)
    if Confirmation.objects.filter(interpretation=one).exists():
        raise WrongState(_("This is confirmed already."))
    made = Confirmation(interpretation=one, confirmed_by_id=current().person, confirmed_at=now())
    with walls():
        made.save(force_insert=True)
    record("confirm_interpretation", one, after=fields(made, "confirmed_by", "confirmed_at"))
    return made
