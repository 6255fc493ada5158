"""The account of an enterprise (对公账户): named by one person, confirmed by another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.enterprises import queries
from jarlig.service.enterprises.accounts import shown
from jarlig.service.enterprises.acts.add_bank_account import add_bank_account
from jarlig.service.enterprises.acts.confirm_bank_account import confirm_bank_account, refuse_bank_account
from jarlig.service.enterprises.acts.retire_bank_account import retire_bank_account
from jarlig.service.web.context import Link
from jarlig.service.web.enterprise import words
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.enterprise.forms import AccountForm, ReasonForm
from jarlig.service.web.enterprise.views import crumbs, mine_by
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen


def _account(_request: HttpRequest, enterprise: UUID, account: UUID) -> Any:
    return queries.account_of(queries.my_enterprise(enterprise), account)


@screen("add_bank_account", thing=mine_by)
def add(request: HttpRequest, enterprise: UUID) -> HttpResponse:
    """Names an account."""
    one = queries.my_enterprise(enterprise)
    back = reverse("enterprise-page", args=[one.pk])
    form = AccountForm(request.POST or None, initial={"account_name": one.name})
    if request.method == "POST":
        made = attempt(request, form, lambda: add_bank_account(one, **form.cleaned_data))
        if made is not None:
            return HttpResponseRedirect(back)
        if "number" in form.data:  # a number is never sent back into a page
            form.data = form.data.copy()
            form.data["number"] = ""
    return render_form(
        request,
        form,
        title=_("Account of the enterprise"),
        caption=one.name,
        back=back,
        button=_("Send to be confirmed"),
        intro=_(
            "A second person of the enterprise, or the office, confirms it. Until then the earlier one is in force."
        ),
    )


@screen("confirm_bank_account", thing=_account)
def confirm(request: HttpRequest, enterprise: UUID, account: UUID) -> HttpResponse:
    """Confirms an account, as a second person."""
    one = _account(request, enterprise, account)
    back = reverse("enterprise-page", args=[enterprise])
    if request.method == "POST":
        confirm_bank_account(one)
        return HttpResponseRedirect(back)
    crumbs(request, Link(one.enterprise.name, back))
    values = {"account": one, "shown": shown(one), "said": words.account_words(one)}
    return render(request, "enterprise/account.html", values)


@screen("refuse_bank_account", thing=_account)
def refuse(request: HttpRequest, enterprise: UUID, account: UUID) -> HttpResponse:
    """Turns a change down."""
    one = _account(request, enterprise, account)
    return _with_reason(request, enterprise, lambda reason: refuse_bank_account(one, reason), _("Turn down the change"))


@screen("retire_bank_account", thing=_account)
def retire(request: HttpRequest, enterprise: UUID, account: UUID) -> HttpResponse:
    """Takes an account out of force, or a change back."""
    one = _account(request, enterprise, account)
    title = _("Take back the change") if one.state == "asked" else _("Take the account out of force")
    return _with_reason(request, enterprise, lambda reason: retire_bank_account(one, reason), title)


def _with_reason(request: HttpRequest, enterprise: UUID, does: Any, title: str) -> HttpResponse:
    back = reverse("enterprise-page", args=[enterprise])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(request, form, lambda: does(form.cleaned_data["reason"])):
        return HttpResponseRedirect(back)
    return render_form(request, form, title=title, back=back, button=title)
