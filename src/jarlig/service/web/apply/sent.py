"""After submission (提交之后): the acknowledgement, the course of a claim, what was submitted, withdrawing it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.ladder.kinds import Rows
from jarlig.library import Programme as Rules
from jarlig.policy.model import FactDef
from jarlig.service.applications import queries
from jarlig.service.applications.acts.withdraw_claim import TAKEN, withdraw_claim
from jarlig.service.applications.asked import HISTORY
from jarlig.service.applications.case import title_of
from jarlig.service.applications.models import Claim, Submission
from jarlig.service.bodies.permission import may
from jarlig.service.bodies.queries import named
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.web.apply import fields, sheets
from jarlig.service.web.apply.checking import awards
from jarlig.service.web.apply.computed import told
from jarlig.service.web.apply.papers import attached
from jarlig.service.web.apply.shared import claim_at, claim_title, crumbs, estimated, state_tag, words_of
from jarlig.service.web.context import Link
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.figures import day, moment
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen


def submission_at(_request: HttpRequest, submission: UUID) -> Claim:
    """The claim of the submission of an address."""
    found: Claim = queries.the_submission(submission).claim
    return found


@screen("answer_claim", thing=submission_at)
def receipt(request: HttpRequest, submission: UUID) -> HttpResponse:
    """The acknowledgement of a submission, as it can be printed and kept."""
    one = queries.the_submission(submission)
    rules = rules_of(one.version)
    said = read(one)
    crumbs(request, one.claim.file, rules, Link(_("Acknowledgement"), ""))
    values = {"one": one, "claim": one.claim, "title": claim_title(rules, one.claim), "said": said,
              "place": named(one.claim.area) if one.claim.area else "", "when": moment(one.submitted_at),
              "seconds": one.submitted_at}  # fmt: skip
    return render(request, "apply/receipt.html", values)


def read(one: Submission) -> dict[str, Any]:
    """What stands in a submission."""
    found: dict[str, Any] = json.loads(bytes(one.snapshot))
    return found


@screen("answer_claim", thing=claim_at)
def claim(request: HttpRequest, claim: UUID) -> HttpResponse:
    """The course of a claim and what was submitted; a draft is shown in its file."""
    one = claim_at(request, claim)
    if one.state in ("draft", "dropped"):
        return HttpResponseRedirect(reverse("apply-file", args=[one.file_id]))
    found = queries.submissions_of(one)
    last = queries.the_submission(found[-1].pk)
    rules = rules_of(last.version)
    crumbs(request, one.file, rules, Link(one.number or _("Claim"), ""))
    values = {
        "claim": one, "title": claim_title(rules, one), "steps": course(one, found, request), "last": last,
        "state": state_tag(one.state), "correcting": one.state == "correcting",
        "can_withdraw": one.state in TAKEN and may("withdraw_claim", one).allowed, **content(last, rules),
    }  # fmt: skip
    return render(request, "apply/claim.html", values)


def course(one: Claim, found: list[Submission], _request: HttpRequest) -> list[dict[str, Any]]:
    """What happened to a claim, the newest first; offices are named, never persons."""
    office = named(one.area) if one.area else ""
    steps: list[dict[str, Any]] = []
    if one.state == "withdrawn":
        steps.append({"act": _("Withdrawn"), "when": moment(one.ended_at), "office": _("the enterprise"),
                      "words": _("Reason: %(reason)s") % {"reason": one.reason}, "state": ""})  # fmt: skip
    elif one.state == "submitted":
        steps.append({"act": _("Acceptance"), "when": "", "office": office, "state": "future",
                      "words": _("The office looks whether everything is there, and answers here.")})  # fmt: skip
    told: list[tuple[Any, dict[str, Any]]] = [
        (each.asked_at, {"act": _("Correction asked"), "when": moment(each.asked_at), "office": office,
                         "state": "open" if each.state == "open" else "",
                         "words": _("Until %(day)s: %(reason)s") % {"day": day(each.due_on), "reason": each.reason}})
        for each in queries.corrections_of(one)
    ]  # fmt: skip
    for each in found:
        told.append((each.submitted_at, {
            "act": _("Submitted"), "when": moment(each.submitted_at), "office": _("the enterprise"), "state": "",
            "words": _("Number %(number)s.") % {"number": one.number or ""},
            "document": {"href": reverse("apply-receipt", args=[each.pk]), "text": _("Acknowledgement")},
        }))  # fmt: skip
    return steps + [step for _when, step in sorted(told, key=lambda each: each[0], reverse=True)]


def content(one: Submission, rules: Rules) -> dict[str, Any]:
    """What was submitted, read from its bytes alone, in words: answers, rows, documents, computation."""
    said = read(one)
    offer, stated, vouched = said["offer"], said["stated"], said["recognised"]
    defs: dict[str, FactDef] = {**rules.model.facts, **(rules.offers[offer].facts if offer in rules.offers else {})}
    own = vouched.get(offer)
    by_body = {**{name: value for name, value in vouched.items() if not isinstance(value, Mapping)},
               **(own if isinstance(own, Mapping) else {})}  # fmt: skip
    answers, lists = [], []
    for name, value in {**stated, **{name: value for name, value in by_body.items() if name in defs}}.items():
        fact = defs.get(name)
        if name == HISTORY:
            answers.append((_("Earlier awards"), awards(rules, value), ""))
        elif fact is not None and isinstance(fact.kind, Rows):
            lists.append(_list(rules, fact, value))
        else:
            body = rules.model.bodies.get(fact.verified_by) if fact and name in by_body else None
            answers.append((title_of(fact) if fact else name, fields.said(rules, fact, value),
                            words_of(body) if body else ""))  # fmt: skip
    again = rules.determine(offer, said["computed"]["facts"], on=said["on"], at=said["computed"]["question"]["at"])
    return {
        "said": said, "answers": answers, "lists": lists,
        "files": [attached(each, False) for each in queries.enclosed(one)],
        "estimate": estimated(again), "told": told(again),
        "same": said["computed"]["answer"]["outcome"] == again.outcome,
    }  # fmt: skip


def _list(rules: Rules, fact: FactDef, rows: list[dict[str, str]]) -> dict[str, Any]:
    columns = sheets.columns_of(fact)
    return {
        "title": title_of(fact), "heads": [title_of(each) for each in columns.values()],
        "rows": [[fields.said(rules, each, row[name]) if name in row else "" for name, each in columns.items()]
                 for row in rows],
    }  # fmt: skip


class WithdrawForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


@screen("withdraw_claim", thing=claim_at)
def withdraw(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Withdraws a submitted claim, with a reason."""
    one = claim_at(request, claim)
    back = reverse("apply-claim", args=[one.pk])
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and attempt(request, form, lambda: withdraw_claim(one, form.cleaned_data["reason"])):
        return HttpResponseRedirect(back)
    return render_form(
        request, form, title=_("Withdraw the claim"), caption=one.number or "", back=back,
        button=_("Withdraw the claim"),
        intro=_("What was submitted is kept as it was. While applications are open another claim can be begun."),
    )  # fmt: skip
