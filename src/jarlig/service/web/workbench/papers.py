"""New names and accounts at the banner (更名与账户复核)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from markupsafe import Markup

from jarlig.service.bodies.permission import may
from jarlig.service.bodies.queries import named
from jarlig.service.enterprises import offices, queries
from jarlig.service.enterprises.accounts import shown
from jarlig.service.enterprises.acts.confirm_bank_account import confirm_bank_account, refuse_bank_account
from jarlig.service.enterprises.acts.rename_enterprise import decide_renaming
from jarlig.service.enterprises.models import BankAccount, Renaming
from jarlig.service.web.cells import Cell, tag
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.enterprise.words import Said, account_words, renaming_words
from jarlig.service.web.forms import UNPROCESSABLE, render_form
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Table
from jarlig.service.web.workbench.shared import Beside, DecisionForm, about, crumb, picture, show


class RenamingForm(DecisionForm):
    """Whether, and why not."""

    accepted = forms.ChoiceField(
        label=gettext_lazy("You decide"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("The new name is accepted")), ("no", gettext_lazy("It is not accepted"))],
    )  # fmt: skip
    field_order = ("accepted", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


def shown_state(said: Said) -> Markup:
    """A state, as its tag."""
    return tag(said.tag, said.words)


def _table(key: str, caption: str, nothing: str, *columns: Column) -> Table:
    return Table(
        key=key, caption=caption, nothing=nothing,
        columns=(Column("name", _("Enterprise"), "link", head=True, wide=True), *columns,
                 Column("area", _("Where it is registered")), Column("asked", _("Asked"), "date"),
                 Column("state", _("State"), "status")),
        filters=(Filter("state", _("State"), (("asked", _("Waiting")), ("refused", _("Not accepted")))),),
    )  # fmt: skip


@screen("decide_renaming")
def names(request: HttpRequest) -> HttpResponse:
    """New names that wait."""
    table = _table("names", _("New names"), _("No new name waits."), Column("new", _("New name")))

    def row(one: Renaming) -> dict[str, Any]:
        return {
            "name": Cell(one.former, href=reverse("workbench-name", args=[one.pk])), "new": one.name,
            "area": named(one.enterprise.area), "asked": one.asked_at, "state": shown_state(renaming_words(one)),
        }  # fmt: skip

    return show(request, "workbench-names", table, offices.renamings_here(), row)


@screen("decide_renaming")
def name(request: HttpRequest, renaming: UUID) -> HttpResponse:
    """A new name beside its document, and the decision."""
    one = offices.renaming_here(renaming)
    form = RenamingForm(request.POST or None)
    if request.method == "POST" and attempt(request, form, lambda: decide_renaming(
        one, form.cleaned_data["accepted"] == "yes", form.cleaned_data["reason"]
    )):  # fmt: skip
        return HttpResponseRedirect(reverse("workbench-names"))
    crumb(request, "workbench-names", _("New names"), one.former)
    answer = may("decide_renaming", one)
    return render(request, "workbench/name.html", {
        "renaming": one, "form": form, "picture": picture(offices.paper(one)), "about": about(offices.paper(one)),
        "said": renaming_words(one), "facts": renaming_facts(one), "why_not": "" if answer.allowed else answer.reason,
    }, status=UNPROCESSABLE if form.errors else 200)  # fmt: skip


def renaming_facts(renaming: Renaming) -> list[Beside]:
    """What was asked, and what it is compared with."""
    enterprise = renaming.enterprise
    kept = (_("Agrees with what is kept here"), "in_order")
    return [
        Beside(_("New name"), renaming.name, _("Compare with the document"), "to_be_judged"),
        Beside(_("Name until now"), renaming.former, *kept),
        Beside(_("Unified social credit code"), enterprise.uscc, *kept),
    ]


@screen("accept_letter")
def accounts(request: HttpRequest) -> HttpResponse:
    """Changes of accounts that wait for a second person."""
    table = _table("accounts", _("Accounts"), _("No account waits."), Column("bank", _("Bank and branch")))

    def row(one: BankAccount) -> dict[str, Any]:
        return {
            "name": Cell(one.enterprise.name, href=reverse("workbench-account", args=[one.pk])), "bank": one.bank,
            "area": named(one.enterprise.area), "asked": one.asked_at, "state": shown_state(account_words(one)),
        }  # fmt: skip

    return show(request, "workbench-accounts", table, offices.accounts_here(), row)


def _account(_request: HttpRequest, account: UUID) -> BankAccount:
    return offices.account_here(account)


@screen("accept_letter")
def account(request: HttpRequest, account: UUID) -> HttpResponse:
    """An account, masked, beside the one in force; confirming it."""
    one = offices.account_here(account)
    if request.method == "POST":
        confirm_bank_account(one)
        return HttpResponseRedirect(reverse("workbench-accounts"))
    crumb(request, "workbench-accounts", _("Accounts"), one.enterprise.name)
    now = queries.account_in_force(one.enterprise)
    answer = may("confirm_bank_account", one)
    return render(
        request,
        "workbench/account.html",
        {
            "account": one,
            "shown": shown(one),
            "said": account_words(one),
            "now": now,
            "now_shown": shown(now) if now else "",
            "elsewhere": offices.same_account_elsewhere(one),
            "why_not": "" if answer.allowed else answer.reason,
        },
    )


@screen("refuse_bank_account", thing=_account)
def refuse_account(request: HttpRequest, account: UUID) -> HttpResponse:
    """Turning it down, with the reason."""
    one = offices.account_here(account)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and attempt(
        request, form, lambda: refuse_bank_account(one, form.cleaned_data["reason"])
    ):
        return HttpResponseRedirect(reverse("workbench-accounts"))
    return render_form(
        request,
        form,
        title=_("Turn down the change"),
        caption=one.enterprise.name,
        button=_("Turn down the change"),
        back=reverse("workbench-account", args=[one.pk]),
    )
