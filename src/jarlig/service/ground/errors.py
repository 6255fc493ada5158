"""What an act says when it will not be done (不予办理): a sentence for the person, and its field."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """An act that was not done; nothing was changed.

    ``reason`` is a sentence in the language of the reader (a lazy text), ``field`` the field of the form it is about,
    ``remedy`` says how to mend it.
    """

    status = 409

    def __init__(self, reason: object, *, field: str = "", remedy: object = "") -> None:
        super().__init__(reason)
        self.reason, self.field, self.remedy = reason, field, remedy

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}".strip()


class NotAllowed(Refused):
    """The person may not do this from this seat; the reason says which rule forbids it.

    ``act`` and ``thing`` say what was asked, so that a page can tell by which other seat it may be done.
    """

    status = 403

    def __init__(self, reason: object, *, remedy: object = "", act: str = "", thing: object = None) -> None:
        super().__init__(reason, remedy=remedy)
        self.act, self.thing = act, thing


class WrongState(Refused):
    """The thing is not in a state in which this can be done."""


class Invalid(Refused):
    """Something in the form is wrong."""

    status = 422


class Missing(Refused):
    """There is no such thing, or none that the person may see: the two are told alike."""

    status = 404


def by_field(problems: Mapping[str, Refused]) -> dict[str, list[str]]:
    """Problems as a form takes them."""
    return {name: [str(problem)] for name, problem in problems.items()}
