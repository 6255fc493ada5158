"""What acts of this room say when they will not be done."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jarlig.policy.messages import PolicyError
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.ground.errors import Invalid, Refused, WrongState


class Conflict(Refused):
    """The same key came with something else (I2): nothing is done twice, and nothing is overwritten."""


class Incomplete(Refused):
    """A claim that cannot be submitted yet; ``lacks`` says everything that is missing, at once."""

    status = 422

    def __init__(self, lacks: list[str]) -> None:
        super().__init__(_("This claim is not complete."), remedy=" ".join(lacks))
        self.lacks = lacks


def stale() -> Conflict:
    """Somebody else has changed the same draft meanwhile."""
    return Conflict(
        _("Somebody else has changed this meanwhile; your change was not saved."),
        remedy=_("Look at what stands there now, and enter yours again."),
    )


def not_editable() -> WrongState:
    """A claim that was submitted stays as it was."""
    return WrongState(
        _("This claim was submitted or is gone; it can no longer be changed."),
        remedy=_("Withdraw it and begin another, while applications are open."),
    )


def unreadable(error: PolicyError, field: str) -> Invalid:
    """What the rules say of an answer, in the language of the reader."""
    first = error.problems[0]
    chinese = is_chinese()
    return Invalid(first.zh if chinese else first.en, field=field, remedy=first.hint_zh if chinese else first.hint_en)
