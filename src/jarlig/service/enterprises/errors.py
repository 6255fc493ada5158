"""Sentences that several acts of this room say (本室提示)."""

from __future__ import annotations

from django.utils.translation import get_language, gettext as _

from jarlig.reference.errors import ReferenceFault
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState


def bad_code(fault: ReferenceFault, field: str) -> Invalid:
    """What the reference says of a code, in the language of the reader; it never repeats the code."""
    return Invalid(fault.zh if (get_language() or "zh").startswith("zh") else fault.en, field=field)


def not_yours() -> NotAllowed:
    """Said to who does not speak for the enterprise, and the same when there is none."""
    return NotAllowed(
        _("You do not speak for this enterprise."),
        remedy=_("Hand in a letter of authorisation first; until it is accepted you can only draft."),
    )


def not_own() -> NotAllowed:
    """Said to an officer who has, or had, a place in the enterprise."""
    return NotAllowed(_("You have or had a place in this enterprise yourself; somebody else decides."),
                      remedy=_("Leave it to a colleague or to the level above."))  # fmt: skip


def decided_already() -> WrongState:
    """Said when another was quicker."""
    return WrongState(_("This has been decided already."), remedy=_("Load the page again to see how."))


def needs_reason(field: str = "reason") -> Invalid:
    """Said when a decision comes without its reason."""
    return Invalid(_("Say why: the people concerned read it."), field=field)
