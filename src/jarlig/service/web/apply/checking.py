"""Checking answers and submitting (检查并提交): everything on one page, declared true, handed in once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy

from jarlig.ladder.kinds import Rows
from jarlig.library import Programme as Rules
from jarlig.policy.facts import BUILT_IN
from jarlig.policy.model import FactDef
from jarlig.service.applications import queries
from jarlig.service.applications.acts.submit_claim import seen_of, submit_claim
from jarlig.service.applications.asked import HISTORY
from jarlig.service.applications.case import Case, case_of, registered, title_of
from jarlig.service.applications.errors import Conflict, Incomplete
from jarlig.service.applications.models import Claim
from jarlig.service.applications.states import EDITABLE
from jarlig.service.bodies.permission import may
from jarlig.service.bodies.texts import NoText, declare, render as text_in_force
from jarlig.service.catalogue.queries import windows
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import WrongState
from jarlig.service.web.apply import fields, tasks
from jarlig.service.web.apply.answers import CONFLICT
from jarlig.service.web.apply.papers import attached
from jarlig.service.web.apply.shared import (
    claim_at,
    claim_title,
    crumbs,
    estimate,
    offer_title,
    until_of,
    words_of,
)  # fmt: skip
from jarlig.service.web.context import Link
from jarlig.service.web.forms import UNPROCESSABLE
from jarlig.service.web.screens import screen
from jarlig.words.canonical import digest
from jarlig.words.catalogue import words as said_words

DECLARATION = declare("claim.declaration", gettext_lazy("Declaration with a claim"),
                      {"enterprise": gettext_lazy("Name of the enterprise"),
                       "offer": gettext_lazy("What is applied for")},
                      {"enterprise": "××有限公司"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of one section: its words, where it is changed, and its lines."""

    title: str
    href: str
    lines: list[tuple[str, str, str]]  # what is asked, the answer, who vouches for it


class DeclareForm(forms.Form):
    """The declaration."""

    agree = forms.BooleanField(label=gettext_lazy("I declare this in the name of the enterprise"))


def declared(case: Case, claim: Claim) -> str:
    """The declaration as this reader reads it: the text in force, or ours while none is."""
    values = {"enterprise": case.who.name, "offer": offer_title(case.rules, claim.offer)}
    try:
        return text_in_force(DECLARATION.key, get_language() or "zh-hans", values).words
    except NoText:
        return (
            _(
                "%(enterprise)s applies for “%(offer)s”. Everything stated and attached is true and complete; the same"
                " costs are not claimed elsewhere. The enterprise keeps the originals, lets them be looked at, and"
                " gives back what it receives by false statements."
            )
            % values
        )


@screen("answer_claim", thing=claim_at)
def check(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Everything that the claim says; sent, it is submitted, once."""
    one = claim_at(request, claim)
    key = _uuid(request.POST.get("key", ""))
    if one.state not in EDITABLE:
        done = queries.submission_by(one.pk, key) if key else None
        where = reverse("apply-receipt", args=[done.pk]) if done else reverse("apply-claim", args=[one.pk])
        return HttpResponseRedirect(where)
    case = case_of(one)
    words = declared(case, one)
    form = DeclareForm(request.POST or None)
    wrong: list[str] = []
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if key and form.is_valid():
            try:
                if request.POST.get("declared") != digest(words.encode()):
                    raise Conflict(_("The declaration has changed since you read it; nothing was submitted."))
                made = submit_claim(one, key, request.POST.get("seen", ""), words)
                return HttpResponseRedirect(reverse("apply-receipt", args=[made.pk]))
            except Incomplete as error:
                request.undone = True
                wrong = error.lacks
            except (Conflict, WrongState) as error:
                request.undone = True
                wrong, status = [str(error)], CONFLICT
        elif not key:
            wrong = [_("This page was not complete; read it again and submit.")]
        fresh = queries.the_claim(one.pk)
        if fresh.state not in EDITABLE:
            return HttpResponseRedirect(reverse("apply-claim", args=[one.pk]))
    return _shown(request, one, case, words, form, wrong, status)


def _shown(
    request: HttpRequest, claim: Claim, case: Case, words: str, form: DeclareForm, wrong: list[str], status: int
) -> HttpResponse:  # fmt: skip
    worth, _found = estimate(case, claim.offer)
    until = until_of(claim, windows(claim.programme, claim.year), now())
    crumbs(request, claim.file, case.rules, Link(_("Check answers and submit"), ""))
    answer = may("submit_claim", claim)
    values: dict[str, Any] = {
        "claim": claim, "title": claim_title(case.rules, claim), "groups": groups(case, claim), "estimate": worth,
        "files": [attached(each, removable=False) for each in case.evidence], "declared": words,
        "hash": digest(words.encode()), "form": form, "wrong": wrong, "key": str(uuid4()), "seen": seen_of(claim),
        "until": until, "lacks": [str(each) for each in case.lacks(claim.offer)], "who": case.who,
        "why_not": "" if answer.allowed else answer.reason, "bad": status != 200,
    }  # fmt: skip
    return render(request, "apply/check.html", values, status=status)


def groups(case: Case, claim: Claim) -> list[Group]:
    """Every answer of a claim, by its section."""
    rules, known, file = case.rules, case.facts(claim.offer), claim.file_id
    vouched = tasks.vouched_for(case, claim.offer)
    given = registered(rules, case.who)
    shared = [_line(rules, fact, name, known, vouched, given) for name, fact in case.asked.shared.items()]
    if HISTORY in case.asked.reads:
        shared.append((_("Earlier awards"), awards(rules, known.get(HISTORY)), ""))
    own = [_line(rules, fact, name, known, vouched, given) for name, fact in case.asked.own.items()]
    own += [(words_of(said_words("built_in." + name)), str(known.get(name) or _("not known")), "")
            for name in BUILT_IN if name in case.asked.reads]  # fmt: skip
    found = [Group(_("About the enterprise"), reverse("apply-shared", args=[file]), shared)]
    if own:
        found.append(Group(_("Answers about the project"), reverse("apply-answers", args=[claim.pk]), own))
    return found


def _line(
    rules: Rules, fact: FactDef, name: str, known: Mapping[str, Any], vouched: Mapping[str, Any],
    given: Mapping[str, Any],
) -> tuple[str, str, str]:  # fmt: skip
    value = known.get(name)
    if isinstance(fact.kind, Rows):
        return title_of(fact), _("%(count)s rows") % {"count": len(value or [])}, ""
    body = rules.model.bodies.get(fact.verified_by)
    by = words_of(body) if name in vouched and body else _("the register") if name in given else ""
    return title_of(fact), fields.said(rules, fact, value), by


def awards(rules: Rules, rows: Any) -> str:
    """Earlier awards in words."""
    if rows is None:
        return _("not known")
    said = [f"{offer_title(rules, str(row.get('offer')))} {row.get('approved', '')} {row.get('guide_year', '')}".strip()
            for row in rows]  # fmt: skip
    return _(", ").join(said) or _("None")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
