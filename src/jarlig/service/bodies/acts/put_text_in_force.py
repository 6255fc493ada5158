"""Putting a version of a text in force (启用文书模板), by another person than the one who wrote it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked, walls
from jarlig.service.bodies.models import TextBlock
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.queries import same_human
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.bodies.texts import check_text
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState


def second_person(sitting: Sitting | None, thing: Any) -> str | Promise | None:
    """Whoever made the draft is not the second person."""
    if thing is None or sitting is None or not same_human(thing.written_by_id, sitting.person):
        return None
    return gettext_lazy("You wrote this version; a second person puts it in force.")


PUT_TEXT_IN_FORCE = rule(
    "put_text_in_force", gettext_lazy("Put a text in force"), "administrator", where="top", condition=second_person
)


def put_text_in_force(text: TextBlock) -> TextBlock:
    """Puts a draft in force; the version that was in force is replaced by it and kept.

    Raises:
        NotAllowed: when whoever acts wrote it, or does not sit for the region.
        WrongState: when it is no draft.
        Invalid: when a place that it uses is declared no more.
    """
    require("put_text_in_force", text)
    text = locked(text)
    if text.state != "draft":
        raise WrongState(_("This version is no draft any more."))
    check_text(text.key, text.body)
    with walls():
        for old in TextBlock.objects.select_for_update().filter(
            key=text.key, language=text.language, state="in_force"
        ):  # fmt: skip
            old.state = "replaced"
            old.save(update_fields=["state"])
            record("put_text_in_force", old, before={"state": "in_force"}, after={"state": "replaced"})
        text.state, text.put_in_force_by_id = "in_force", current().person
        text.save(update_fields=["state", "put_in_force_by"])
    after = fields(text, "state", "key", "language", "version", "put_in_force_by")
    record("put_text_in_force", text, before={"state": "draft"}, after=after)
    return text
