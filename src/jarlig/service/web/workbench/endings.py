"""Enterprises of the area (辖区企业), and their end: merged into another (企业合并) or struck off (企业注销)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.permission import may
from jarlig.service.bodies.queries import named
from jarlig.service.enterprises import offices
from jarlig.service.enterprises.acts.merge_enterprises import close_enterprise, merge_enterprises
from jarlig.service.enterprises.models import Enterprise
from jarlig.service.web.cells import Cell, tag
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Table
from jarlig.service.web.workbench.shared import DecisionForm, show

BACK = "workbench-enterprises"


class IntoForm(forms.Form):
    """Which enterprise remains."""

    uscc = forms.CharField(
        label=gettext_lazy("Unified social credit code of the enterprise that remains"), max_length=18, min_length=18
    )


def _table() -> Table:
    return Table(
        key="enterprises", caption=_("All enterprises"), nothing=_("No enterprise yet."),
        columns=(
            Column("name", _("Enterprise"), head=True, wide=True), Column("uscc", _("Unified social credit code")),
            Column("area", _("Where it is registered")), Column("state", _("State"), "status"),
            Column("close", _("Strike off"), "link"), Column("merge", _("Merge"), "link"),
        ),
        filters=(Filter("state", _("State"), (
            ("active", _("Active")), ("merged", _("Merged into another")), ("closed", _("Struck off")),
        )),),
    )  # fmt: skip


@screen("close_enterprise")
def queue(request: HttpRequest) -> HttpResponse:
    """Enterprises of the area of the seat; the region also merges."""
    merges = may("merge_enterprises").allowed

    def row(one: Enterprise) -> dict[str, Any]:
        lasts = one.state == "active"
        return {
            "name": one.name, "uscc": one.uscc, "area": named(one.area),
            "state": {"active": tag("in_order", _("Active")), "merged": tag("closed", _("Merged into another")),
                      "closed": tag("closed", _("Struck off"))}[one.state],
            "close": Cell(_("Strike off"), href=reverse("workbench-close", args=[one.pk])) if lasts else "",
            "merge": Cell(_("Merge"), href=reverse("workbench-merge", args=[one.pk])) if lasts and merges else "",
        }  # fmt: skip

    return show(request, BACK, _table(), offices.ending_here(), row)


def _one(_request: HttpRequest, enterprise: UUID, **_more: Any) -> Enterprise:
    return offices.enterprise_here(enterprise)


@screen("close_enterprise", thing=_one)
def close(request: HttpRequest, enterprise: UUID) -> HttpResponse:
    """Asks once more, takes the reason, and notes that the enterprise is no more."""
    one = offices.enterprise_here(enterprise)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and attempt(request, form, lambda: close_enterprise(one, form.cleaned_data["reason"])):
        return HttpResponseRedirect(reverse(BACK))
    return render_form(
        request, form, title=_("Strike off this enterprise?"), caption=f"{one.name} · {one.uscc}",
        button=_("Strike off"), back=reverse(BACK),
        intro=_("Nobody speaks for it from then on, and its account goes out of force. This is not taken back."),
    )  # fmt: skip


@screen("merge_enterprises", thing=_one)
def merge(request: HttpRequest, enterprise: UUID) -> HttpResponse:
    """Asks into which enterprise; nothing is changed yet."""
    one = offices.enterprise_here(enterprise)
    form = IntoForm(request.POST or None)
    into = attempt(request, form, lambda: offices.remaining(form.cleaned_data["uscc"])) if request.POST else None
    if into is not None:
        return HttpResponseRedirect(reverse("workbench-merge-confirm", args=[one.pk, into.pk]))
    return render_form(
        request, form, title=_("Into which enterprise is it merged?"), caption=f"{one.name} · {one.uscc}",
        button=_("Continue"), back=reverse(BACK),
    )  # fmt: skip


@screen("merge_enterprises", thing=_one)
def confirm(request: HttpRequest, enterprise: UUID, into: UUID) -> HttpResponse:
    """Shows both, asks once more, takes the reason, and merges."""
    gone, stays = offices.enterprise_here(enterprise), offices.enterprise_here(into)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and attempt(
        request, form, lambda: merge_enterprises(gone, stays, form.cleaned_data["reason"])
    ):
        return HttpResponseRedirect(reverse(BACK))
    return render_form(
        request, form, title=_("Merge these enterprises?"), button=_("Merge"),
        back=reverse("workbench-merge", args=[gone.pk]),
        intro=_("%(gone)s (%(code)s) goes up in %(stays)s (%(other)s), whose people see its history from then on. The"
                " places and the account of the former end. This is not taken back.")
        % {"gone": gone.name, "code": gone.uscc, "stays": stays.name, "other": stays.uscc},
    )  # fmt: skip
