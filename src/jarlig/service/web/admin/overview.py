"""The first page of the administration (系统管理首页): how much there is, and what waits for somebody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.bodies.log import waiting_for_order
from jarlig.service.bodies.permission import may
from jarlig.service.bodies.queries import calendars, counts
from jarlig.service.bodies.texts import TEXTS, languages, standing
from jarlig.service.ground.clock import today
from jarlig.service.web.admin.common import ToDo
from jarlig.service.web.context import fill
from jarlig.service.web.screens import screen


@screen(act="see_administration")
def overview(request: HttpRequest) -> HttpResponse:
    """Figures, what waits, and the way to each part."""
    fill(request, wide=True)
    found = counts()
    figures = [
        (_("Areas"), found.areas, _("at and under yours")),
        (_("Bodies"), found.bodies, _("open")),
        (_("People"), found.people, _("who are active")),
        (_("Seats"), found.seats, _("held")),
    ]
    parts = [
        (_("Areas"), "admin-areas", _("Who administers each area, and whom the treasury addresses.")),
        (_("Bodies"), "admin-bodies", _("Departments and third parties.")),
        (_("People and seats"), "admin-people", _("Who sits where until when, deputies, who has left.")),
        (_("Working calendar"), "admin-calendars", _("Days off and days worked, year by year.")),
        (_("Text blocks"), "admin-texts", _("What letters and pages say, in each language.")),
        (_("Acts"), "admin-acts", _("Who did what, as it was written down.")),
        (_("Jobs"), "admin-jobs", _("What works in the background, and what failed.")),
        (_("Storage"), "admin-storage", _("Files, their size, and the room that is left.")),
    ]
    closed = {name: may(act) for name, act in (("admin-jobs", "see_jobs"), ("admin-storage", "see_storage"))}
    links = [
        (title, reverse(name), words)
        if name not in closed or closed[name].allowed
        else (title, "", str(closed[name].reason))
        for title, name, words in parts
    ]
    return render(request, "admin/overview.html", {"figures": figures, "parts": links, "waits": _waits()})


def _waits() -> list[ToDo]:
    found = []
    years = calendars()
    in_force = {one.year for one in years if one.state == "in_force"}
    now = today()
    wanted = [now.year] + ([now.year + 1] if now.month >= 11 else [])
    for year in wanted:
        if year not in in_force:
            text = _("No calendar of %(year)s is in force: deadlines that need it are refused.") % {"year": year}
            found.append(ToDo(text, reverse("admin-calendars")))
    for one in years:
        if one.state == "draft":
            text = _("The calendar of %(year)s waits for a second person.") % {"year": one.year}
            found.append(ToDo(text, reverse("admin-calendar", args=[one.pk])))
    stands = standing()
    for key in TEXTS:
        if any((key, code, "draft") in stands for code in languages()):
            text = _("A version of “%(title)s” waits for a second person.") % {"title": TEXTS[key].title}
            found.append(ToDo(text, reverse("admin-text", args=[key])))
    lacking = sum((key, code, "in_force") not in stands for key in TEXTS for code in languages())
    if lacking:
        found.append(
            ToDo(
                _("Texts that are not in force in a language: %(count)s.") % {"count": lacking}, reverse("admin-texts")
            )
        )
    if count := waiting_for_order():
        found.append(ToDo(_("Acts that have no number yet: %(count)s.") % {"count": count}, reverse("admin-acts")))
    return found
