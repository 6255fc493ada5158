"""Discarding a draft of a text (作废文书模板草稿)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.acts.doing import locked
from jarlig.service.bodies.models import TextBlock
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import WrongState

DISCARD_TEXT = rule("discard_text", gettext_lazy("Discard a draft of a text"), "administrator", where="top")


def discard_text(text: TextBlock, *, reason: str = "") -> TextBlock:
    """Puts a draft aside; it is kept and comes in force no more.

    Raises:
        NotAllowed: when whoever acts does not sit for the region.
        WrongState: when it is no draft.
    """
    require("discard_text", text)
    text = locked(text)
    if text.state != "draft":
        raise WrongState(_("This version is no draft any more."))
    text.state = "discarded"
    text.save(update_fields=["state"])
    record("discard_text", text, before={"state": "draft"}, after={"state": "discarded"}, reason=reason.strip())
    return text
