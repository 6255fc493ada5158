"""What may be read of the catalogue; row security is the first filter of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.permission import rule
from jarlig.service.catalogue.models import Programme, Recognition, RouteVersion, Window
from jarlig.service.ground.clock import SHANGHAI, now, today
from jarlig.service.ground.errors import Missing, WrongState

#: Who looks into the policy room, and who into the register; row security says which rows.
_OFFICERS = (
    "administrator", "author", "publisher", "receiver", "reviewer", "approver", "finance", "auditor", "discipline",
)  # fmt: skip
LOOK = rule("look_at_policy", gettext_lazy("Look into the policy room"), *_OFFICERS, where="")
REGISTER = rule("look_at_recognitions", gettext_lazy("Read the register of recognitions"), *_OFFICERS, where="")


@dataclass(frozen=True, slots=True)
class Held:
    """A window that was open at ``asked_at`` and cannot be closed before this transaction ends."""

    opens_at: datetime
    closes_at: datetime
    asked_at: datetime


def held_open(window: UUID | Window) -> Held:
    """Holds a window open to the end of this transaction: a submission begins with it.

    Whoever closes the window waits until then; while a closing is under way this waits for it, and then refuses. The
    clock is the database's, asked after the lock is had.

    Raises:
        Missing: there is no such window.
        WrongState: it is not open yet, or no longer.
    """
    identity = window.pk if isinstance(window, Window) else window
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer, opens_at, closes_at, asked_at FROM jarlig.hold_window(%s)", [identity])
        answer, opens_at, closes_at, asked_at = cursor.fetchone()
    if answer == "missing":
        raise Missing(_("There is no such window."))
    if answer == "not_yet":
        raise WrongState(_("Applications open at %(moment)s.") % {"moment": _moment(opens_at)})
    if answer == "closed":
        raise WrongState(_("Applications closed at %(moment)s.") % {"moment": _moment(closes_at)})
    return Held(opens_at, closes_at, asked_at)


def open_windows(programme: Programme) -> list[Window]:
    """The windows of a programme that take applications now."""
    instant = now()
    return list(Window.objects.filter(programme=programme, state="open", opens_at__lte=instant, closes_at__gt=instant))


def windows(programme: Programme, year: int | None = None) -> Sequence[Window]:
    """The windows of a programme, or of a year of it, in the order in which they open."""
    found = Window.objects.filter(programme=programme)
    return list((found if year is None else found.filter(year=year)).order_by("year", "offer", "opens_at"))


def standing(window: Window, instant: datetime) -> str:
    """How a window stands at an instant: ``not_yet``, ``open`` or ``closed``."""
    if instant < window.opens_at:
        return "closed" if window.state == "closed" else "not_yet"
    return "open" if window.state == "open" and instant < window.closes_at else "closed"


def route_of(programme: Programme, year: int, offer: str) -> RouteVersion:
    """The route in force for an offer in a year; a claim keeps the id of what it began with.

    Raises:
        Missing: when there is none.
    """
    found: RouteVersion | None = RouteVersion.objects.filter(
        programme=programme, year=year, offers__contains=[offer], state="in_force"
    ).first()
    if found is None:
        raise Missing(_("No route is set for this offer and year."))
    return found


def recognised(programme: Programme, uscc: str, on: date | None = None, subject: str = "") -> dict[str, Any]:
    """Facts of an enterprise that bodies vouch for on a day, as a file of facts has them.

    A fact of one offer stands under the offer's id. What is not recognised is absent, which the engines read as
    unknown: an absent recognition is never taken for "no".

    Args:
        programme: the programme whose register is read.
        uscc: the enterprise.
        on: the day; today when not given.
        subject: the code of the project, park or circle that the case is about; recognitions of the enterprise as such
            are read in any case.
    """
    day = on or today()
    found = Recognition.objects.filter(
        programme=programme, uscc=uscc, dated__lte=day, subject__in={"", subject}
    ).order_by("subject", "dated")  # fmt: skip
    facts: dict[str, Any] = {}
    for one in found:
        if (one.valid_until is not None and one.valid_until < day) or (
            one.ended_on is not None and one.ended_on <= day
        ):
            continue
        offer, _dot, name = one.kind.rpartition(".")
        (facts.setdefault(offer, {}) if offer else facts)[name] = one.value
    return facts


def recognitions_of(uscc: str) -> list[Recognition]:
    """What bodies vouch for of an enterprise under every programme, the newest first; its own people see it too."""
    found = Recognition.objects.filter(uscc=uscc).select_related("programme", "body")
    return list(found.order_by("-dated", "kind"))


def officer_name(person: UUID | None) -> str:
    """The name of an officer, as another officer may read it; empty otherwise."""
    if person is None:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.officer_name(%s)", [person])
        found: str | None = cursor.fetchone()[0]
    return found or ""


def _moment(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
