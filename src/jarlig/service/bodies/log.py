"""Searching the act log (操作日志检索): what the seat may see of it, and each act as it was written down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.models import Act, Leaf, Waiting
from jarlig.service.audit.tree import leaf_hash
from jarlig.service.bodies.models import Area, Person, Seat
from jarlig.service.bodies.names import order_key
from jarlig.service.bodies.permission import RULES, require, rule
from jarlig.service.bodies.queries import named
from jarlig.service.bodies.roles import ROLES
from jarlig.service.ground.clock import SHANGHAI
from jarlig.service.ground.errors import Missing

SEARCH_ACTS = rule("search_acts", gettext_lazy("Search the acts"), "administrator", "auditor")

#: Rows that one export holds.
MOST_EXPORTED = 50_000
#: Acts that no rule of roles answers.
OTHERS = {
    "found": gettext_lazy("The installation begins"),
    "accept_by_proof": gettext_lazy("A legal person's proof is accepted"),
    "accept_invitation": gettext_lazy("An invitation is accepted"),
    "adopt_route": gettext_lazy("A route comes in force with its version"),
    "lapse_correction": gettext_lazy("A correction is overdue"),
    "read_file": gettext_lazy("A file is opened"),
    "scan_file": gettext_lazy("A file is scanned for viruses"),
    "sign_in": gettext_lazy("Signing in"),
    "sign_in_failed": gettext_lazy("Signing in failed"),
    "sign_in_locked": gettext_lazy("Signing in was locked for a while"),
    "sign_out": gettext_lazy("Signing out"),
    "sign_up": gettext_lazy("An account is made"),
    "store_file": gettext_lazy("A file is sent"),
    "supersede": gettext_lazy("A version is superseded"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; each condition that is given must hold.

    A person is a name or an id, an area a name, a division code or an id; of several of one name all are found.
    """

    person: str = ""
    act: str = ""
    thing: str = ""
    area: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""


def search_acts(wanted: Wanted) -> QuerySet[Act]:
    """The acts that are wanted and that the seat may see, newest first.

    ``text`` is an id of an act or of what it was done to, or a number of the log. The bytes of the acts are not read.

    Raises:
        NotAllowed: from another seat than an administrator's or an auditor's.
    """
    require("search_acts")
    found = Act.objects.select_related("leaf").defer("data")  # the bytes of an act are shown by ``evidence`` alone
    if wanted.person:
        found = found.filter(person__in=_people(wanted.person.strip()))
    if wanted.act:
        found = found.filter(act=wanted.act)
    if wanted.thing:
        found = found.filter(thing=wanted.thing)
    if wanted.area:
        lies = Q(pk__in=[])
        for path in _paths(wanted.area.strip()):
            lies |= Q(area__startswith=path)
        found = found.filter(lies)
    if wanted.since:
        found = found.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=_midnight(wanted.until) + timedelta(days=1))
    if text := wanted.text.strip():
        by_text = Q(thing_id=text)
        if text.isascii() and text.isdigit() and len(text) < 19:
            by_text |= Q(leaf__number=int(text))
        with suppress(ValueError):
            by_text |= Q(pk=UUID(text))
        found = found.filter(by_text)
    return found.order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Line:
    """One act in a list: who, from which seat, did what to what, and its number."""

    id: UUID
    number: int | None
    at: datetime
    act: str
    title: str
    person: str
    seat: str
    thing: str
    thing_id: str
    area: str


def lines(acts: Iterable[Act]) -> list[Line]:
    """The acts in words: names of people, seats and areas are looked up once for all."""
    known = list(acts)
    people = dict(Person.objects.filter(pk__in={one.person for one in known}).values_list("pk", "name"))
    seats = {
        seat.pk: f"{named(seat.body)} · {ROLES[seat.role].title}"
        for seat in Seat.objects.filter(pk__in={one.seat for one in known}).select_related("body")
    }
    areas = {one.path: named(one) for one in Area.objects.filter(path__in={one.area for one in known})}
    return [
        Line(
            id=one.pk, number=one.leaf.number if hasattr(one, "leaf") else None, at=one.at.astimezone(SHANGHAI),
            act=one.act, title=title(one.act), person=_who(one.person, people), seat=seats.get(one.seat, ""),
            thing=one.thing, thing_id=one.thing_id, area=areas.get(one.area, ""),
        )
        for one in known
    ]  # fmt: skip


def exported(wanted: Wanted) -> tuple[list[Line], bool]:
    """The newest acts that are wanted, as many as one export holds, and whether it leaves out older ones.

    Raises:
        NotAllowed: from another seat than an administrator's or an auditor's.
    """
    found = list(search_acts(wanted)[: MOST_EXPORTED + 1])
    return lines(found[:MOST_EXPORTED]), len(found) > MOST_EXPORTED


@dataclass(frozen=True, slots=True)
class Evidence:
    """An act as it was written down: its bytes, made readable, its hash and its place in the one order."""

    line: Line
    data: bytes
    pretty: str
    hash: str
    number: int | None
    in_order: bool | None
    said: Mapping[str, Any]


def evidence(key: str | UUID) -> Evidence:
    """One act with its exact bytes; ``in_order`` is None while it has no number yet.

    Raises:
        NotAllowed: from another seat than an administrator's or an auditor's.
        Missing: when there is none, or none that the seat may see.
    """
    require("search_acts")
    try:
        act = Act.objects.filter(pk=UUID(str(key))).first()
    except ValueError:
        act = None
    if act is None:
        raise Missing(_("There is no such act in what this seat sees."))
    data = bytes(act.data)
    leaf = Leaf.objects.filter(act=act).first()
    said = json.loads(data)
    return Evidence(
        line=lines([act])[0], data=data, pretty=json.dumps(said, ensure_ascii=False, indent=2),
        hash=leaf_hash(data).hex(), number=leaf.number if leaf else None,
        in_order=None if leaf is None else bytes(leaf.hash) == leaf_hash(data), said=said,
    )  # fmt: skip


def title(act: str) -> str:
    """An act in words; its name where this version does not know it any more."""
    known: Promise | str = RULES[act].title if act in RULES else OTHERS.get(act, act)
    return str(known)


def _who(person: UUID | None, people: Mapping[UUID, str]) -> str:
    if person is None:
        return _("the service itself")
    return people.get(person, _("somebody of another office"))


def _people(text: str) -> list[UUID]:
    with suppress(ValueError):
        return [UUID(text)]
    return list(Person.objects.filter(name__icontains=text).values_list("pk", flat=True)[:200])


def _paths(text: str) -> list[str]:
    named = Q(name_zh=text) | Q(name_en__iexact=text)
    if text.isascii() and text.isdigit():
        named |= Q(division=text)
    with suppress(ValueError):
        named |= Q(pk=UUID(text))
    return list(Area.objects.filter(named).values_list("path", flat=True)[:20])


def waiting_for_order() -> int:
    """How many acts that the seat sees have no number yet."""
    return Waiting.objects.count()


def acts_known() -> list[tuple[str, str]]:
    """The acts that there are, with their words, in the order of the words."""
    every = {name: title(name) for name in (*RULES, *OTHERS)}
    return sorted(every.items(), key=lambda one: order_key(one[1]))


def things_known() -> list[str]:
    """What acts that the seat sees were done to."""
    return list(Act.objects.order_by("thing").values_list("thing", flat=True).distinct())


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
