"""The front page, the public list of programmes, and the page of one with its measures to look through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.bodies.calendar import UnknownYear, working_days_between
from jarlig.service.bodies.queries import places_in
from jarlig.service.catalogue.loading import rules_of, version_in_force
from jarlig.service.catalogue.models import Version, Window
from jarlig.service.catalogue.queries import standing, versions_in_force, windows
from jarlig.service.ground.clock import SHANGHAI, now
from jarlig.service.web.context import Link, fill
from jarlig.service.web.figures import last_day
from jarlig.service.web.programmes import finding, listing
from jarlig.service.web.programmes.telling import Parts, language, pages_of, parts_of, titled
from jarlig.service.web.screens import screen


@dataclass(frozen=True, slots=True)
class Shown:
    """A programme in a list: titles and days, how many of its measures are open, and the next deadline."""

    key: str
    title: str
    document: str
    first: date | None
    last: date | None
    is_lapsed: bool
    closes_at: datetime | None
    parts: Parts

    @property
    def count(self) -> int:
        """How many measures it has."""
        return sum(len(of) for _title, of in self.parts)

    @property
    def open(self) -> int:
        """How many of them take applications now."""
        return sum(row.is_open for _title, of in self.parts for row in of)


@screen(None, public=True)
def front(request: HttpRequest) -> HttpResponse:
    """Where everybody begins: what there is, until when, and what to do first."""
    instant = now()
    shown = [_shown(version, instant) for version in versions_in_force()]
    ahead = [one for one in shown if one.closes_at is not None]
    next_one = min(ahead, key=lambda one: (one.closes_at, one.key), default=None)
    return render(request, "programmes/front.html", {
        "programmes": shown, "next": next_one, "left": _left(next_one, instant),
        "only": shown[0] if len(shown) == 1 else None,
    })  # fmt: skip


@screen(None, public=True)
def index(request: HttpRequest) -> HttpResponse:
    """Every programme that is in force."""
    instant = now()
    shown = [_shown(version, instant) for version in versions_in_force()]
    return render(request, "programmes/index.html", {"programmes": shown})


@screen(None, public=True)
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """The measures of a programme as they stand now, all or those that are looked for."""
    version = version_in_force(key)
    rules, instant, lang = rules_of(version), now(), language()
    today = instant.astimezone(SHANGHAI).date()
    fill(request, crumbs=(Link(_("Programmes"), reverse("programmes")),))
    wanted = finding.Wanted.of(request.GET)
    places = places_in(version.programme.area_id)
    groups = listing.groups(rules, version.sha256, lang)
    say = pages_of(version).book.say
    payees = {offer.to: say(f"payee.{offer.to}") for offer in rules.offers.values()}
    closed = finding.closed_in(rules.model, wanted.place, today.toordinal())
    rows = parts_of(version, windows(version.programme), instant)
    known = finding.traits(rules.model, version.sha256, groups, lang)
    found = finding.matching(rows, known, wanted, closed)
    document = rules.model.document
    return render(request, "programmes/programme.html", {
        "version": version, "key": key, "title": titled(version), "document": document, "today": today,
        "issued_by": document.issued_by[lang], "groups": found, "wanted": wanted, "sample": rules.model.sample,
        "count": sum(len(rows) for _title, rows in found), "whole": sum(len(one.measures) for one in groups),
        "choices": finding.choices(rules.model, version.sha256, groups, wanted, places, payees, lang),
        "own_rules": finding.changed_in(rules.model, wanted.place, today.toordinal()) - closed,
        "place_name": dict(places).get(wanted.place, wanted.place),
        "guides": [{"id": guide.id, "year": year, "title": guide.title[lang]}
                   for year, guide in sorted(rules.model.guides.items())],
    })  # fmt: skip


def _shown(version: Version, instant: datetime) -> Shown:
    found = windows(version.programme)
    lapsed = version.valid_to is not None and version.valid_to < instant.astimezone(SHANGHAI).date()
    return Shown(
        version.programme.key, titled(version), version.document, version.valid_from, version.valid_to, lapsed,
        None if lapsed else min(_deadlines(found, instant), default=None), parts_of(version, found, instant),
    )  # fmt: skip


def _deadlines(found: Sequence[Window], instant: datetime) -> list[datetime]:
    return [window.closes_at for window in found if standing(window, instant) == "open"]


def _left(one: Shown | None, instant: datetime) -> int | None:
    """Working days to the next deadline; None when there is none, or no calendar says."""
    if one is None or one.closes_at is None:
        return None
    try:
        return working_days_between(instant.astimezone(SHANGHAI).date(), last_day(one.closes_at))
    except UnknownYear:
        return None
