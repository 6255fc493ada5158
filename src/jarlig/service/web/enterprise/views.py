"""My enterprises (我的企业): ask for a place, hand in a letter, see where it stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.queries import named
from jarlig.service.catalogue.errors import Broken
from jarlig.service.catalogue.kinds import Kind, is_chinese, kinds
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.queries import recognitions_of
from jarlig.service.enterprises import queries
from jarlig.service.enterprises.accounts import shown
from jarlig.service.enterprises.acts.leave import leave as leave_enterprise
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.enterprises.acts.rename_enterprise import rename_enterprise
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.models import Enterprise, Membership
from jarlig.service.enterprises.speaking import OWN_PEOPLE, speaks_as
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Missing
from jarlig.service.web import nav
from jarlig.service.web.context import Link, fill
from jarlig.service.web.enterprise import words
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.enterprise.forms import LetterForm, NameForm, RegisterForm
from jarlig.service.web.forms import UNPROCESSABLE, render_form
from jarlig.service.web.screens import screen

nav.ITEMS.append((gettext_lazy("My enterprises"), "enterprise", "register_enterprise"))


def crumbs(request: HttpRequest, *more: Link) -> None:
    """The way from "My enterprises" to here."""
    fill(request, crumbs=(Link(_("My enterprises"), reverse("enterprise")), *more))


@screen("register_enterprise")
def mine(request: HttpRequest) -> HttpResponse:
    """The places of whoever asks, each with its state in words."""
    places = [(place, _said(place)) for place in queries.my_places()]
    return render(request, "enterprise/mine.html", {"places": places, "role": words.role_words, "place_name": named})


@screen("register_enterprise")
def register(request: HttpRequest) -> HttpResponse:
    """Asks for which enterprise."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST":
        made = attempt(request, form, lambda: register_enterprise(
            form.cleaned_data["uscc"].strip(), form.cleaned_data["name"], form.areas[form.cleaned_data["area"]],
            role=form.cleaned_data["role"],
        ))  # fmt: skip
        if made is not None:
            return HttpResponseRedirect(reverse("enterprise-place", args=[made.pk]))
    return render_form(
        request, form, title=_("Name your enterprise"), back=reverse("enterprise"), button=_("Continue"),
        intro=_("Until your letter is accepted you can only draft. Nobody is told here who else speaks for it."),
    )  # fmt: skip


def _mine(_request: HttpRequest, place: UUID) -> Membership:
    return queries.my_place(place)


@screen("leave_enterprise", thing=_mine)
def place(request: HttpRequest, place: UUID) -> HttpResponse:
    """One place: where it stands, the letter to hand in, the dispute if there is one."""
    one = queries.my_place(place)
    letters, disputes = list(one.letters.select_related("file").order_by("-given_at")), list(one.disputes.all())
    said = _said(one, letters=letters, disputes=disputes)
    awaited = one.state == "asked" and one.role == "signatory" and not any(x.state == "waiting" for x in letters)
    form = LetterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and attempt(
        request, form, lambda: upload_letter(one, form.cleaned_data["file"], form.cleaned_data["file"].name)
    ):
        return HttpResponseRedirect(request.path)
    crumbs(request, Link(one.stated_name, ""))
    values: dict[str, Any] = {
        "place": one,
        "said": said,
        "letters": letters,
        "awaited": awaited,
        "form": form,
        "role": words.role_words,
        "place_name": named,
        "disputes": [(dispute, words.dispute_words(dispute)) for dispute in disputes],
    }
    return render(request, "enterprise/place.html", values, status=UNPROCESSABLE if form.errors else 200)


@screen("leave_enterprise", thing=_mine)
def leave(request: HttpRequest, place: UUID) -> HttpResponse:
    """Gives a place up, after one question."""
    one = queries.my_place(place)
    if request.method == "POST":
        leave_enterprise(one)
        return HttpResponseRedirect(reverse("enterprise"))
    crumbs(request, Link(one.stated_name, reverse("enterprise-place", args=[one.pk])))
    return render(request, "enterprise/leave.html", {"place": one})


@screen("register_enterprise")
def enterprise(request: HttpRequest, enterprise: UUID) -> HttpResponse:
    """An enterprise for which one speaks: its people, names, account and disputes."""
    one = queries.my_enterprise(enterprise)
    crumbs(request, Link(one.name, ""))
    renamings, disputes = queries.renamings(one), queries.disputes_of(one)
    return render(request, "enterprise/enterprise.html", {
        "enterprise": one, "members": queries.members(one), "role": words.role_words, "place_name": named,
        "signs": speaks_as(one.pk, "signatory"), "own": speaks_as(one.pk, *OWN_PEOPLE),
        "accounts": [(account, shown(account), words.account_words(account)) for account in queries.accounts(one)],
        "renamings": [(renaming, words.renaming_words(renaming)) for renaming in renamings],
        "former": [renaming.former for renaming in renamings if renaming.state == "accepted"],
        "disputes": [(dispute, words.dispute_words(dispute)) for dispute in disputes],
        "recognitions": recognitions(one),
        "disputed": any(dispute.state == "open" for dispute in disputes), "me": request.person.id,
    })  # fmt: skip


def recognitions(one: Enterprise) -> list[dict[str, Any]]:
    """What bodies vouch for of an enterprise, by the words of each programme."""
    known: dict[str, dict[str, Kind]] = {}
    rows, day = [], today()
    for each in recognitions_of(one.uscc):
        key = each.programme.key
        if key not in known:
            try:
                known[key] = kinds(programme_in_force(key))
            except (Missing, Broken):  # without rules to name it, what was vouched for stands under its plain name
                known[key] = {}
        kind = known[key].get(each.kind)
        label = kind.fact.labels.get(each.value) if kind else None
        rows.append({
            "one": each, "over": each.valid_until is not None and each.valid_until < day,
            "kind": kind.title() if kind else each.kind, "body": named(each.body),
            "value": (label.zh if is_chinese() else label.en) if label else each.value,
        })  # fmt: skip
    return rows


def mine_by(_request: HttpRequest, enterprise: UUID, **_more: Any) -> Any:
    """The enterprise of an address, for rules."""
    return queries.my_enterprise(enterprise)


@screen("rename_enterprise", thing=mine_by)
def rename(request: HttpRequest, enterprise: UUID) -> HttpResponse:
    """Asks for a new name, with its document."""
    one = queries.my_enterprise(enterprise)
    back = reverse("enterprise-page", args=[one.pk])
    form = NameForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and attempt(request, form, lambda: rename_enterprise(
        one, form.cleaned_data["name"], form.cleaned_data["file"], form.cleaned_data["file"].name
    )):  # fmt: skip
        return HttpResponseRedirect(back)
    return render_form(
        request,
        form,
        title=_("New name of the enterprise"),
        caption=one.name,
        back=back,
        button=_("Send to the office"),
        intro=_("Claims made before keep the name they were made under. Afterwards name the account anew."),
    )


def _said(place: Membership, *, letters: Any = None, disputes: Any = None) -> words.Said:
    letters = place.letters.all() if letters is None else letters
    disputes = place.disputes.all() if disputes is None else disputes
    return words.place_words(
        place,
        letter=any(one.state == "waiting" for one in letters),
        disputed=any(one.state == "open" for one in disputes),
    )
