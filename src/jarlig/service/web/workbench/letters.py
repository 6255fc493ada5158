"""Letters of authorisation at the banner (授权委托书受理)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from jarlig.reference import check_uscc
from jarlig.service.bodies.permission import may
from jarlig.service.bodies.queries import named
from jarlig.service.enterprises import offices, queries
from jarlig.service.enterprises.accounts import same_name
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.open_dispute import open_dispute
from jarlig.service.enterprises.acts.refuse_letter import refuse_letter
from jarlig.service.enterprises.models import AuthorisationLetter
from jarlig.service.web.cells import Cell, tag
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Table
from jarlig.service.web.workbench.shared import Beside, DecisionForm, about, crumb, picture, show


def table() -> Table:
    """The queue of letters."""
    return Table(
        key="letters", caption=_("Letters of authorisation"), nothing=_("No letter waits."),
        columns=(
            Column("name", _("Enterprise as stated"), "link", head=True, wide=True),
            Column("uscc", _("Unified social credit code"), wide=True),
            Column("person", _("Person")), Column("area", _("Where it is registered")),
            Column("given", _("Handed in"), "date"), Column("state", _("State"), "status"),
        ),
        filters=(Filter("state", _("State"), (
            ("waiting", _("Waiting")), ("accepted", _("Accepted")), ("refused", _("Not accepted")),
        )),),
    )  # fmt: skip


def state(letter: AuthorisationLetter) -> Markup:
    """The state of a letter, as its tag."""
    return {
        "waiting": tag("to_accept", _("To be decided")),
        "accepted": tag("approved", _("Accepted")),
        "refused": tag("not_accepted", _("Not accepted")),
        "withdrawn": tag("withdrawn"),
    }[letter.state]


def _row(letter: AuthorisationLetter) -> dict[str, Any]:
    place = letter.membership
    return {
        "name": Cell(place.stated_name, href=reverse("workbench-letter", args=[letter.pk])), "uscc": place.uscc,
        "person": letter.name, "area": named(place.stated_area), "given": letter.given_at,
        "state": state(letter),
    }  # fmt: skip


@screen("accept_letter")
def queue(request: HttpRequest) -> HttpResponse:
    """Letters of the area of the seat."""
    return show(request, "workbench-letters", table(), offices.letters_here(), _row)


def _letter(_request: HttpRequest, letter: UUID) -> AuthorisationLetter:
    return offices.letter_here(letter)


@screen("accept_letter")
def accept(request: HttpRequest, letter: UUID) -> HttpResponse:
    """The letter beside its facts; accepting it."""
    one = offices.letter_here(letter)
    if request.method == "POST":
        accept_letter(one)
        return HttpResponseRedirect(reverse("workbench-letters"))
    place = one.membership
    crumb(request, "workbench-letters", _("Letters of authorisation"), place.stated_name)
    rivals = queries.rivals(place)
    dispute = offices.open_dispute_of(place)
    answer = may("accept_letter", one)
    return render(
        request,
        "workbench/letter.html",
        {
            "letter": one,
            "place": place,
            "picture": picture(offices.paper(one)),
            "about": about(offices.paper(one)),
            "facts": facts(one),
            "rivals": rivals,
            "dispute": dispute,
            "why_not": "" if answer.allowed else answer.reason,
            "state": state(one),
        },
    )


@screen("refuse_letter", thing=_letter)
def refuse(request: HttpRequest, letter: UUID) -> HttpResponse:
    """Refusing it, with the reason."""
    one = offices.letter_here(letter)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and attempt(request, form, lambda: refuse_letter(one, form.cleaned_data["reason"])):
        return HttpResponseRedirect(reverse("workbench-letters"))
    return render_form(
        request, form, title=_("Refuse the letter"), caption=one.membership.stated_name, button=_("Refuse"),
        back=reverse("workbench-letter", args=[one.pk]),
        intro=_("Name everything that is wrong, so that the next letter can be right."),
    )  # fmt: skip


@screen("open_dispute", thing=lambda request, letter: offices.letter_here(letter).membership)
def dispute(request: HttpRequest, letter: UUID) -> HttpResponse:
    """Opens the dispute that two letters at once have left unopened."""
    one = offices.letter_here(letter)
    if request.method == "POST":
        opened = open_dispute(one.membership)
        return HttpResponseRedirect(reverse("workbench-dispute", args=[opened.pk]))
    return HttpResponseRedirect(reverse("workbench-letter", args=[one.pk]))


def facts(letter: AuthorisationLetter) -> list[Beside]:
    """What was stated, each with what it agrees with or does not."""
    place, enterprise = letter.membership, letter.membership.enterprise
    known = enterprise.state != "draft"
    code = check_uscc(place.uscc)
    registered = offices.registry_area(code.division)
    near = place.stated_area.division == code.division
    return [
        Beside(_("Person"), letter.name, _("Compare with the letter"), "to_be_judged"),
        Beside(_("Unified social credit code"), place.uscc, _("Both check characters agree"), "in_order"),
        _same(_("Name of the enterprise"), place.stated_name, enterprise.name, known, same_name),
        _same(_("Where it is registered"), named(place.stated_area), named(enterprise.area), known, str.__eq__),
        Beside(
            _("Registry that issued the code"),
            f"{code.division} {named(registered) if registered else ''}",
            _("Agrees with what was stated") if near else _("Elsewhere than stated"),
            "in_order" if near else "to_be_judged",
        ),
    ]


def _same(fact: str, stated: str, kept: str, known: bool, compare: Any) -> Beside:
    if not known:
        return Beside(fact, stated, _("Compare with the letter"), "to_be_judged")
    if compare(stated, kept):
        return Beside(fact, stated, _("Agrees with what is kept here"), "in_order")
    return Beside(fact, stated, _("Kept here: %(kept)s") % {"kept": kept}, "to_be_judged")
