"""Disputes over who speaks for an enterprise (授权争议办理)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.permission import may
from jarlig.service.bodies.queries import named
from jarlig.service.enterprises import offices, queries
from jarlig.service.enterprises.acts.decide_dispute import decide_dispute
from jarlig.service.enterprises.models import Dispute
from jarlig.service.web.cells import Cell
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.forms import UNPROCESSABLE
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Table
from jarlig.service.web.workbench.shared import DecisionForm, about, crumb, picture, show

TAGS = {"open": "person_decides", "decided": "judged", "withdrawn": "withdrawn"}


class DisputeForm(DecisionForm):
    """For whom, and why."""

    upheld = forms.ChoiceField(
        label=gettext_lazy("You decide"), widget=forms.RadioSelect,
        choices=[
            ("claimant", gettext_lazy("for the person who claims now; the places of all others end")),
            ("holders", gettext_lazy("for those who spoke or claimed before; the claim is not accepted")),
            ("both", gettext_lazy("that both speak for the enterprise")),
        ],
    )  # fmt: skip
    field_order = ("upheld", "reason")


def table() -> Table:
    """The queue of disputes."""
    return Table(
        key="disputes",
        caption=_("Disputes"),
        nothing=_("No dispute is open."),
        columns=(
            Column("name", _("Enterprise"), "link", head=True, wide=True),
            Column("uscc", _("Unified social credit code"), wide=True),
            Column("person", _("Who claims")),
            Column("area", _("Where it is registered")),
            Column("opened", _("Opened"), "date"),
            Column("state", _("State"), "status"),
        ),
        filters=(
            Filter(
                "state",
                _("State"),
                (
                    ("open", _("Open")),
                    ("decided", _("Decided")),
                    ("withdrawn", _("Withdrawn")),
                ),
            ),
        ),
    )


def _row(dispute: Dispute) -> dict[str, Any]:
    return {
        "name": Cell(dispute.enterprise.name, href=reverse("workbench-dispute", args=[dispute.pk])),
        "uscc": dispute.enterprise.uscc, "person": dispute.name, "area": named(dispute.enterprise.area),
        "opened": dispute.opened_at, "state": TAGS[dispute.state],
    }  # fmt: skip


@screen("decide_dispute")
def queue(request: HttpRequest) -> HttpResponse:
    """Disputes of the area of the seat."""
    return show(request, "workbench-disputes", table(), offices.disputes_here(), _row)


@screen("decide_dispute")
def decide(request: HttpRequest, dispute: UUID) -> HttpResponse:
    """Both sides with their papers, and the decision."""
    one = offices.dispute_here(dispute)
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and attempt(
        request, form, lambda: decide_dispute(one, form.cleaned_data["upheld"], form.cleaned_data["reason"])
    ):
        return HttpResponseRedirect(reverse("workbench-disputes"))
    crumb(request, "workbench-disputes", _("Disputes"), one.enterprise.name)
    sides = [offices.with_name(one.claimant), *queries.rivals(one.claimant)]
    papers = offices.evidence_of(sides)
    answer = may("decide_dispute", one)
    return render(
        request,
        "workbench/dispute.html",
        {
            "dispute": one,
            "form": form,
            "tag_key": TAGS[one.state],
            "why_not": "" if answer.allowed else answer.reason,
            "sides": [
                (
                    side,
                    side.pk == one.claimant_id,
                    [(letter, picture(letter.file), about(letter.file)) for letter in papers[side.pk][0]],
                    papers[side.pk][1],
                )
                for side in sides
            ],
        },
        status=UNPROCESSABLE if form.errors else 200,
    )
