"""Writing a version of a text (起草文书模板)."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import walls
from jarlig.service.bodies.models import TextBlock
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.texts import MOST_CHARACTERS, check_text, languages
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid

WRITE_TEXT = rule("write_text", gettext_lazy("Write a text"), "administrator", where="top")


def write_text(key: str, language: str, body: str) -> TextBlock:
    """Writes a new version as a draft; earlier ones are kept, and a second person puts it in force.

    Raises:
        NotAllowed: when it is not done from a seat of the region.
        Missing: for a key that no room has declared.
        Invalid: for a language there is not, an empty or too long text, and for a place the text does not have.
    """
    require("write_text")
    words = body.replace("\r\n", "\n").strip()
    if language not in languages():
        raise Invalid(_("There is no such language."), field="language")
    if not words or "\0" in words:
        raise Invalid(_("Write the text."), field="body")
    if len(words) > MOST_CHARACTERS:
        raise Invalid(_("The text is longer than %(most)s characters.") % {"most": MOST_CHARACTERS}, field="body")
    check_text(key, words)
    last = TextBlock.objects.filter(key=key, language=language).aggregate(last=Max("version"))["last"] or 0
    made = TextBlock(key=key, language=language, body=words, version=last + 1, written_by_id=current().person,
                     written_at=now())  # fmt: skip
    with walls():
        made.save(force_insert=True)
    record("write_text", made, after=fields(made, "key", "language", "version", "body", "state"))
    return made
