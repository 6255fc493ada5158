"""What may be read of the catalogue; row security is the first filter of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.models import Body
from jarlig.service.bodies.permission import rule
from jarlig.service.catalogue.models import (
    Confirmation,
    FolderImport,
    Guide,
    Interpretation,
    Programme,
    Recognition,
    RecognitionImport,
    RouteVersion,
    Version,
    Window,
)
from jarlig.service.ground.clock import SHANGHAI, now, today
from jarlig.service.ground.errors import Missing, WrongState

#: Who looks into the policy room, and who into the register; row security says which rows.
_OFFICERS = (
    "administrator", "author", "publisher", "receiver", "reviewer", "approver", "finance", "auditor", "discipline",
)  # fmt: skip
LOOK = rule("look_at_policy", gettext_lazy("Look into the policy room"), *_OFFICERS, where="")
REGISTER = rule("look_at_recognitions", gettext_lazy("Read the register of recognitions"), *_OFFICERS, where="")


# What stands under an address; what is not there and what may not be seen are told alike ------------------------------


def the_programme(key: str) -> Programme:
    """The programme of this key."""
    return _one(Programme.objects.select_related("area", "body").filter(key=key))


def the_version(key: str, number: int) -> Version:
    """The version of this number of a programme."""
    return _one(Version.objects.select_related("programme__area").filter(programme__key=key, number=number))


def the_interpretation(key: str, number: int) -> Interpretation:
    """The interpretation of this number of a programme."""
    return _one(Interpretation.objects.select_related("programme__area").filter(programme__key=key, number=number))


def the_window(identity: UUID) -> Window:
    """The window of this id."""
    return _one(Window.objects.select_related("programme__area").filter(pk=identity))


def the_route(identity: UUID) -> RouteVersion:
    """The version of a route of this id."""
    return _one(RouteVersion.objects.select_related("programme__area").filter(pk=identity))


def the_recognition(identity: UUID) -> Recognition:
    """The recognition of this id."""
    return _one(Recognition.objects.select_related("programme__area").filter(pk=identity))


def the_list(identity: UUID) -> RecognitionImport:
    """The imported list of recognitions of this id."""
    return _one(RecognitionImport.objects.select_related("programme", "body").filter(pk=identity))


def the_folder(identity: UUID) -> FolderImport:
    """The imported folder of this id."""
    return _one(FolderImport.objects.select_related("into__area", "version__programme__area").filter(pk=identity))


def _one(found: Any) -> Any:
    one = found.first()
    if one is None:
        raise Missing(_("There is nothing under this address, or nothing that you may see."))
    return one


# What a programme has -------------------------------------------------------------------------------------------------


def programmes() -> list[Programme]:
    """Every programme that is seen, with its versions ready."""
    return list(Programme.objects.select_related("area", "body").prefetch_related("versions").order_by("key"))


def versions(programme: Programme) -> list[Version]:
    """The versions of a programme, newest first."""
    return list(Version.objects.filter(programme=programme).order_by("-number"))


def versions_in_force() -> list[Version]:
    """What is in force now, of every programme."""
    found = Version.objects.filter(state="in_force").defer("report", "proof").select_related("programme")
    return list(found.order_by("programme__key"))


def version_now(programme: Programme) -> Version | None:
    """The version in force; None where there is none."""
    found: Version | None = Version.objects.filter(programme=programme, state="in_force").first()
    return found


def version_titled(programme: Programme) -> Version | None:
    """The version whose title a programme goes by: that in force, or the newest; None before there is one."""
    found = Version.objects.filter(programme=programme).order_by("-number")
    one: Version | None = found.filter(state="in_force").first() or found.first()
    return one


def compared_with(version: Version, others: Sequence[Version]) -> Version | None:
    """With which version one is compared first: that in force; one in force, with what was in force before it.

    Where there is none, with the next lower number.

    Args:
        version: the version that is looked at.
        others: the versions of its programme, newest first.
    """
    current = next((each for each in others if each.state == "in_force" and each.pk != version.pk), None)
    older = [each for each in others if each.number < version.number]
    if current is None and version.state == "in_force":
        ran = [each for each in older if each.in_force_at is not None]
        current = max(ran, key=lambda each: each.in_force_at, default=None)
    return current or (older[0] if older else None)


def file_hashes(version: Version) -> list[tuple[str, str]]:
    """The files of a version by name, each with its hash."""
    return list(version.files.order_by("name").values_list("name", "sha256"))


def guides(version: Version) -> list[Guide]:
    """The guides of a version by year."""
    return list(Guide.objects.filter(version=version).order_by("year"))


def routes(programme: Programme, year: int) -> list[RouteVersion]:
    """Every version of the routes of a year, the newest of each first."""
    found = RouteVersion.objects.filter(programme=programme, year=year).select_related("programme__area")
    return list(found.order_by("name", "-number"))


def interpretations(programme: Programme) -> list[tuple[Interpretation, Confirmation | None]]:
    """The interpretations of a programme, newest first, each with its confirmation where it has one."""
    found = Interpretation.objects.filter(programme=programme).select_related("replaces").order_by("-number")
    confirmed = {one.interpretation_id: one for one in Confirmation.objects.filter(interpretation__programme=programme)}
    return [(one, confirmed.get(one.pk)) for one in found]


def recognitions(programme: Programme, filters: Mapping[str, str], order: str) -> QuerySet[Recognition]:
    """The register of a programme.

    Args:
        programme: whose register.
        filters: ``kind`` and ``state`` exactly, ``find`` as a part of the credit code or of the document's number.
        order: a column, with a minus for the other way round; another than those that can be sorted is not followed.
    """
    exact = {name: value for name, value in filters.items() if name in ("kind", "state")}
    found = Recognition.objects.filter(programme=programme, **exact)
    if "find" in filters:
        found = found.filter(Q(uscc__icontains=filters["find"]) | Q(number__icontains=filters["find"]))
    known = order.removeprefix("-") in ("uscc", "kind", "dated", "valid_until")
    return found.order_by(order if known else "-dated", "uscc")


def folders(into: Programme | None = None) -> list[FolderImport]:
    """Folders that whoever asks has imported and that are no version: they wait, or there is a reason; newest first."""
    found = FolderImport.objects.exclude(state="done").defer("packed").order_by("-imported_at")
    return list((found if into is None else found.filter(into=into))[:20])


def department(body: UUID) -> str:
    """The word by which rules name a body; empty where they do not."""
    return str(Body.objects.values_list("department", flat=True).get(pk=body) or "")


# Windows, routes and facts of the day ---------------------------------------------------------------------------------


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
    in_force = RouteVersion.objects.filter(programme=programme, year=year, offers__contains=[offer], state="in_force")
    found: RouteVersion | None = in_force.order_by("-set_at", "name").first()
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
    return vouched(recognitions_on(programme, uscc, on or today()), subject)


def recognitions_on(programme: Programme, uscc: str, day: date) -> list[Recognition]:
    """What bodies vouch for of an enterprise on a day, whatever it is about."""
    found = Recognition.objects.filter(programme=programme, uscc=uscc, dated__lte=day).order_by("subject", "dated")
    return [
        one for one in found
        if (one.valid_until is None or one.valid_until >= day) and (one.ended_on is None or one.ended_on > day)
    ]  # fmt: skip


def vouched(found: Iterable[Recognition], subject: str = "") -> dict[str, Any]:
    """The facts among recognitions that are about a subject, or about the enterprise as such; see ``recognised``."""
    facts: dict[str, Any] = {}
    for one in found:
        if one.subject in ("", subject):
            offer, _dot, name = one.kind.rpartition(".")
            (facts.setdefault(offer, {}) if offer else facts)[name] = one.value
    return facts


def coming_windows(programmes: Iterable[Programme] | None = None) -> list[Window]:
    """The windows, of some programmes or of all, that take applications now or will."""
    found = Window.objects.filter(state="open", closes_at__gt=now()).select_related("programme")
    if programmes is not None:
        found = found.filter(programme__in=list(programmes))
    return list(found.order_by("programme__key", "year", "opens_at"))


def progress(folder: FolderImport) -> str:
    """How far the check of a folder is that waits: ``queued``, ``running``, ``stopped``, or ``no_worker``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.import_progress(%s)", [folder.pk])
        found: str = cursor.fetchone()[0]
    return found


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
