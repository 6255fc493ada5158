"""Choosing the language in which one is addressed (语言偏好)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import record
from jarlig.service.bodies.models import Person
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import Invalid

CHOOSE_LANGUAGE = rule("choose_language", gettext_lazy("Choose your language"))


def choose_language(person: Person, language: str) -> None:
    """Keeps a person's own choice.

    Raises:
        Invalid: for a language that there is not.
    """
    require("choose_language")
    if language not in dict(settings.LANGUAGES):
        raise Invalid(_("There is no such language here."), field="language")
    if person.language == language:
        return
    before, person.language = person.language, language
    person.save(update_fields=["language"])
    record("choose_language", person, before={"language": before}, after={"language": language})
