"""Claims taken in the area of a seat (受理台申报事项): the list, and what was submitted; read only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications import queries
from jarlig.service.applications.models import Claim
from jarlig.service.bodies.queries import named
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.catalogue.queries import versions_in_force
from jarlig.service.web import nav
from jarlig.service.web.apply.sent import content, course
from jarlig.service.web.apply.shared import claim_title, offer_title, state_tag
from jarlig.service.web.cells import Cell
from jarlig.service.web.context import Link, fill
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Rows, Table, render_table

nav.ITEMS.append((gettext_lazy("Claims"), "workbench-claims", "look_at_claims"))
#: By which column of the claim a column of the table is ordered.
ORDERS = {"number": "number", "name": "enterprise__name", "offer": "offer", "submitted": "submitted_at"}


def table() -> Table:
    """The claims that were submitted here."""
    return Table(
        key="claims", caption=_("Claims taken"), order="-submitted", nothing=_("No claim was submitted here yet."),
        columns=(
            Column("number", _("Number"), "link", sortable=True, head=True),
            Column("name", _("Enterprise"), sortable=True, wide=True),
            Column("offer", _("What is applied for"), sortable=True, wide=True), Column("year", _("Year")),
            Column("area", _("Taken at")), Column("submitted", _("Submitted"), "date", sortable=True),
            Column("state", _("State"), "status"),
        ),
        filters=(
            Filter("find", _("Number or enterprise")), Filter("year", _("Year")), Filter("offer_", _("Offer")),
            Filter("state", _("State"), (
                ("submitted", _("Submitted")), ("correcting", _("Correction asked")), ("withdrawn", _("Withdrawn")),
            )),
        ),
    )  # fmt: skip


@screen("look_at_claims")
def claims(request: HttpRequest) -> HttpResponse:
    """The claims of the area of the seat, the newest first."""
    state = table().state(request.GET)
    found = queries.claims_taken()
    told = state.filters
    if "find" in told:
        found = found.filter(Q(number__icontains=told["find"]) | Q(enterprise__name__icontains=told["find"]))
    if "year" in told:
        year = told["year"]
        found = found.filter(year=int(year)) if year.isdecimal() and len(year) == 4 else found.none()
    if "offer_" in told:
        found = found.filter(offer=told["offer_"])
    if "state" in told:
        found = found.filter(state=told["state"])
    by = state.order.removeprefix("-")
    if by in ORDERS:
        found = found.order_by(("-" if state.order.startswith("-") else "") + ORDERS[by], "pk")
    titles = {one.programme_id: rules_of(one) for one in versions_in_force()}
    rows = [_row(one, titles) for one in found[state.offset : state.offset + state.limit]]
    return render_table(request, state, Rows(rows, found.count()), title=_("Claims of your area"))


def _row(one: Claim, rules: dict[UUID, Any]) -> dict[str, Any]:
    known = rules.get(one.programme_id)
    title = offer_title(known, one.offer) if known else one.offer
    return {
        "number": Cell(one.number, href=reverse("workbench-claim", args=[one.pk])), "name": one.enterprise.name,
        "offer": f"{title} · {one.project}" if one.project else title, "year": str(one.year),
        "area": named(one.area) if one.area else "", "submitted": one.submitted_at, "state": state_tag(one.state),
    }  # fmt: skip


def claim_here(_request: HttpRequest, claim: UUID) -> Claim:
    """A claim that was submitted where the seat is."""
    return queries.claim_taken(claim)


@screen("look_at_claims", thing=claim_here)
def claim(request: HttpRequest, claim: UUID) -> HttpResponse:
    """What was submitted, with its documents and computation."""
    one = claim_here(request, claim)
    found = queries.submissions_of(one)
    last = queries.the_submission(found[-1].pk)
    rules = rules_of(last.version)
    fill(request, crumbs=(Link(_("Claims"), reverse("workbench-claims")), Link(one.number or "", "")))
    steps = [{**each, "document": None} for each in course(one, found, request)]
    values = {"claim": one, "title": claim_title(rules, one), "state": state_tag(one.state), "steps": steps,
              "last": last, **content(last, rules)}
    return render(request, "workbench/claim.html", values)
