"""What the queues of this workbench share: their tabs, and a paper beside its facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from markupsafe import Markup

from jarlig.service.documents.models import StoredFile
from jarlig.service.documents.queries import scan_in_words, why_withheld
from jarlig.service.enterprises import offices
from jarlig.service.web import nav
from jarlig.service.web.context import Link, fill
from jarlig.service.web.tables import Rows, State, Table, render_table

nav.ITEMS.append((gettext_lazy("Enterprises"), "workbench-letters", "accept_letter"))
nav.COVERS["workbench-letters"] = "/workbench/"
WAITING = {"workbench-letters": "waiting", "workbench-disputes": "open", "workbench-names": "asked",
           "workbench-accounts": "asked", "workbench-enterprises": "active"}  # fmt: skip


class DecisionForm(forms.Form):
    """Why it is decided so; the people concerned read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The people concerned read it as you write it."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """One fact of a paper: what it is called, what was stated, and what it agrees with."""

    fact: str
    stated: str
    agrees: str
    tag: str


def tabs(here: str) -> tuple[Link, ...]:
    """The four queues with what waits in each, and all enterprises."""
    counts = offices.waiting_here()
    titles = {"workbench-letters": _("Letters of authorisation"), "workbench-disputes": _("Disputes"),
              "workbench-names": _("New names"), "workbench-accounts": _("Accounts"),
              "workbench-enterprises": _("All enterprises")}  # fmt: skip
    return tuple(
        Link(title, reverse(name), current=name == here, count=counts.get(name.removeprefix("workbench-")))
        for name, title in titles.items()
    )


def show(request: HttpRequest, here: str, table: Table, found: QuerySet[Any], row: Any) -> HttpResponse:
    """One queue: what waits, oldest first."""
    state: State = table.state(request.GET)
    if "state" in state.filters:
        found = found.filter(state=state.filters["state"])
    waits = Case(When(state=WAITING[here], then=0), default=1)  # what waits stands on top
    found = found.order_by(waits, *found.query.order_by)
    rows = [row(one) for one in found[state.offset : state.offset + state.limit]]
    return render_table(request, state, Rows(rows, found.count()), title=_("Enterprises of your area"), tabs=tabs(here))


def crumb(request: HttpRequest, name: str, title: str, last: str) -> None:
    """The way from the queue to here."""
    fill(request, crumbs=(Link(title, reverse(name)), Link(last, "")))


def picture(file: StoredFile | None) -> Markup:
    """The paper as it can be shown: a picture as itself, anything else by its name; both lead to the file."""
    if file is None:
        return Markup("{}").format(_("This paper is not shown to you: you have or had a place in this enterprise."))
    address = reverse("file", args=[file.pk])
    inside = Markup('<a class="govuk-link" href="{}">{}</a>').format(address, file.name)
    if file.kind in ("jpg", "png") and not why_withheld(file) and not settings.FILES_HOST:
        inside += Markup('<img src="{}" alt="{}">').format(address, file.name)
    return inside


def about(file: StoredFile | None) -> str:
    """Kind, size and what is known of viruses."""
    if file is None:
        return ""
    size = max(1, round(file.size / 1024))
    return f"{file.kind.upper()} · {size:,} KB · {scan_in_words(file)}"
