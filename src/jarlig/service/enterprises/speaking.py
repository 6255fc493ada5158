"""Who may speak for an enterprise (代表权), as the database answers; the rules of this room stand on it."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jarlig.service.bodies.sitting import Sitting
from jarlig.service.ground.context import current

#: Who of an enterprise may deal with its accounts; an agent may not.
OWN_PEOPLE = ("signatory", "member")


def may_speak(person: UUID, enterprise: UUID) -> bool:
    """Whether a person, who must be the one who acts, speaks for an enterprise today.

    Submissions, accounts and earlier cases ask this; whoever has only asked to join may draft (``may_draft``).
    """
    return person == current().person and bool(_asked("SELECT jarlig.speaks_for(%s)", enterprise))


def may_draft(person: UUID, enterprise: UUID) -> bool:
    """Whether a person, who must be the one who acts, may draft for an enterprise: has asked, or speaks for it."""
    return person == current().person and bool(_asked("SELECT jarlig.drafts_for(%s)", enterprise))


def speaks_as(enterprise: UUID, *roles: str) -> bool:
    """Whether whoever acts has one of these places in the enterprise today."""
    return bool(_asked("SELECT %s IN (SELECT jarlig.my_enterprises_as(VARIADIC %s))", enterprise, list(roles)))


def has_stake(enterprise: UUID) -> bool:
    """Whether whoever acts has, or ever had, a place in the enterprise or one merged with it."""
    return bool(_asked("SELECT jarlig.has_stake(%s)", enterprise))


def lock(enterprise: UUID) -> None:
    """Lets one transaction after the other change who speaks for an enterprise."""
    _asked("SELECT pg_advisory_xact_lock(hashtextextended('enterprise ' || %s, 0))", str(enterprise))


def no_stake(_seat: Sitting | None, thing: object) -> str | Promise | None:
    """A condition of rules: nobody decides where they have a place themselves."""
    enterprise = enterprise_id(thing)
    if enterprise is not None and has_stake(enterprise):
        return _("You have or had a place in this enterprise yourself; somebody else decides.")
    return None


def as_signatory(_seat: Sitting | None, thing: object) -> str | Promise | None:
    """A condition of rules: a signatory of the enterprise."""
    enterprise = enterprise_id(thing)
    if enterprise is not None and not speaks_as(enterprise, "signatory"):
        return _("This is done by a signatory of the enterprise.")
    return None


def as_own_people(_seat: Sitting | None, thing: object) -> str | Promise | None:
    """A condition of rules: a signatory or member of the enterprise, not an agent."""
    enterprise = enterprise_id(thing)
    if enterprise is not None and not speaks_as(enterprise, *OWN_PEOPLE):
        return _("This is done by a signatory or member of the enterprise.")
    return None


def own_membership(_seat: Sitting | None, thing: object) -> str | Promise | None:
    """A condition of rules: the membership of whoever acts."""
    if thing is not None and getattr(thing, "person_id", None) != current().person:
        return _("This is somebody else's place in the enterprise.")
    return None


def enterprise_id(thing: object) -> UUID | None:
    """Which enterprise a thing of this room is about; None for none."""
    if thing is None:
        return None
    membership = getattr(thing, "membership", None)
    found = getattr(membership or thing, "enterprise_id", None)
    return found or getattr(thing, "pk", None)


def _asked(sql: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return cursor.fetchone()[0]
