"""Act search (操作日志检索): who did what to what, and each act as it was written down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.bodies import log
from jarlig.service.bodies.exports import as_json, as_xlsx
from jarlig.service.bodies.log import (
    Line,
    Wanted,
    acts_known,
    evidence,
    exported,
    lines,
    search_acts,
    things_known,
)
from jarlig.service.ground.days import read_day
from jarlig.service.ground.errors import Invalid
from jarlig.service.web.admin.common import WORDS, Shown, show, within
from jarlig.service.web.admin.words import kind_words
from jarlig.service.web.context import Link
from jarlig.service.web.figures import moment
from jarlig.service.web.plain import plain
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Rows, State, Table, render_table

#: Filters that hold a day.
DAYS = ("since", "until")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _table() -> Table:
    return Table(
        key="acts",
        caption=_("Acts"),
        size=50,
        columns=(
            Column("at", _("When"), head=True),
            Column("act", _("Act"), "link"),
            Column("person", _("Person")),
            Column("seat", _("Seat")),
            Column("thing", _("Done to")),
            Column("area", _("Area")),
            Column("number", _("Number"), "number"),
        ),
        filters=(
            Filter("person", _("Person")),
            Filter("act", _("Act"), tuple(acts_known())),
            Filter("thing", _("Kind of thing"), tuple((thing, kind_words(thing)) for thing in things_known())),
            Filter("area", _("Area")),
            Filter("since", _("From (2026-01-01)")),
            Filter("until", _("Until")),
            Filter("text", _("Id or number")),
        ),
        nothing=_("No acts that your seat sees meet these conditions."),
    )


def _wanted(state: State) -> Wanted:
    said = state.filters
    return Wanted(
        person=said.get("person", ""),
        act=said.get("act", ""),
        thing=said.get("thing", ""),
        area=said.get("area", ""),
        since=read_day(said.get("since", "")),
        until=read_day(said.get("until", "")),
        text=said.get("text", ""),
    )


def _unread(request: HttpRequest, state: State) -> list[str]:
    """What the address asks for and nobody can look for, in words."""
    told = []
    for one in state.table.filters:
        text = plain(request.GET.get(one.key, "")).strip()
        if one.key in DAYS and text and read_day(text) is None:
            told.append(_("%(filter)s: “%(text)s” is no day. Write it as 2026-01-01.") % {
                "filter": one.label, "text": text[:80]})  # fmt: skip
        elif text and one.key not in state.filters:
            told.append(_("%(filter)s: there is no “%(text)s” in the log.") % {
                "filter": one.label, "text": text[:80]})  # fmt: skip
    return told


@screen(act="search_acts")
def acts(request: HttpRequest) -> HttpResponse:
    """The acts that are wanted."""
    state = _table().state(request.GET)
    unread = _unread(request, state)
    found = search_acts(_wanted(state))
    if unread:  # within the table, which alone is put anew where scripts run
        found, state = found.none(), replace(state, table=replace(state.table, nothing=" ".join(unread)))
    rows = [
        {
            "at": moment(line.at),
            "act": Link(line.title, reverse("admin-act", args=[line.id])),
            "person": line.person,
            "seat": line.seat,
            "thing": kind_words(line.thing),
            "area": line.area,
            "number": line.number,
        }
        for line in lines(found[state.offset : state.offset + state.limit])
    ]
    within(request, Link(_("Acts"), ""))
    count = found.count()
    note = _cut() if count > log.MOST_EXPORTED else ""
    return render_table(
        request,
        state,
        Rows(rows=rows, count=count),
        title=_("Acts"),
        template="admin/acts.html",
        todo=[],
        done="",
        export="" if unread else reverse("admin-acts-xlsx"),
        as_json="" if unread else reverse("admin-acts-json") + state.query(page=1),
        note=note,
        intro=_(
            "Every act is written down as it is done and can be neither changed nor removed. You see those "
            "of your seat's area and your own."
        ),
    )


@screen(act="search_acts")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same acts as a file, XLSX or JSON; where older ones are left out its name says so, and a sheet's last row."""
    state = _table().state(request.GET)
    if unread := _unread(request, state):
        raise Invalid(" ".join(unread))
    found, cut = exported(_wanted(state))
    heads = ["number", "at", "act", "title", "person", "seat", "thing", "thing_id", "area", "id"]
    rows = [[getattr(line, head) if head != "id" else str(line.id) for head in heads] for line in found]
    if kind == "json":
        response = HttpResponse(as_json(heads, rows), content_type="application/json")
    else:
        below = [[None, None, None, _cut()]] if cut else []
        response = HttpResponse(as_xlsx(_heads(), [*rows, *below], _("Acts")), content_type=SHEET)
    name = f"acts-newest-{log.MOST_EXPORTED}" if cut else "acts"
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _cut() -> str:
    return _(
        "A file holds the newest %(most)s of these acts and no older ones; narrow the search by days for the rest."
    ) % {"most": log.MOST_EXPORTED}


def _heads() -> list[str]:
    return [
        _("Number"),
        _("When"),
        _("Act (key)"),
        _("Act"),
        _("Person"),
        _("Seat"),
        _("Kind of thing"),
        _("Id of the thing"),
        _("Area"),
        _("Id of the act"),
    ]


@screen(act="search_acts")
def act(request: HttpRequest, key: Any) -> HttpResponse:
    """One act with its exact bytes."""
    found = evidence(key)
    line: Line = found.line
    status = "not_in_order" if found.in_order is None else "in_order" if found.in_order else "broken"
    shown = Shown(
        title=line.title,
        caption=_("Act"),
        status=WORDS[status],
        values=[
            (_("When"), moment(line.at)),
            (_("Person"), line.person),
            (_("Seat"), line.seat or _("none")),
            (_("Done to"), kind_words(line.thing)),
            (_("Id of the thing"), line.thing_id),
            (_("Area"), line.area or _("none")),
            (_("Reason"), str(found.said.get("reason") or "") or _("none")),
            (_("Number"), _("none yet") if found.number is None else found.number),
            (_("Leaf hash (SHA-256)"), found.hash),
            (_("Id of the act"), line.id),
            (_("Bytes"), len(found.data)),
        ],
    )
    return show(
        request,
        shown,
        Link(_("Acts"), reverse("admin-acts")),
        template="admin/act.html",
        pretty=found.pretty,
        exact=found.data.decode(),
    )
