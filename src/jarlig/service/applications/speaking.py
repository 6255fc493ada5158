"""Who may draft and who may submit: conditions of the rules of this room."""

from __future__ import annotations

from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jarlig.service.bodies.sitting import Sitting
from jarlig.service.enterprises.speaking import may_draft, may_speak
from jarlig.service.ground.context import current


def drafts(_seat: Sitting | None, thing: object) -> str | Promise | None:
    """A condition of rules: somebody who speaks for the enterprise, or has asked to."""
    enterprise, person = _of(thing), current().person
    if enterprise is not None and (person is None or not may_draft(person, enterprise)):
        return _("This is done by people of the enterprise.")
    return None


def speaks(_seat: Sitting | None, thing: object) -> str | Promise | None:
    """A condition of rules: somebody who speaks for the enterprise; whoever has only asked drafts."""
    enterprise, person = _of(thing), current().person
    if enterprise is not None and (person is None or not may_speak(person, enterprise)):
        return _("You do not speak for this enterprise yet: the banner's office decides on your letter.")
    return None


def _of(thing: object) -> UUID | None:
    return getattr(thing, "enterprise_id", None) or (getattr(thing, "pk", None) if thing is not None else None)
