"""The task list of a file (申报档案): its sections, its claims with their deadlines and estimates, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.library import Programme as Rules
from jarlig.service.applications import queries
from jarlig.service.applications.acts.add_claim import add_claim
from jarlig.service.applications.acts.drop_claim import drop_claim
from jarlig.service.applications.case import Case, cases_of
from jarlig.service.applications.models import ApplicationFile, Claim
from jarlig.service.applications.states import EDITABLE
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Window
from jarlig.service.catalogue.queries import windows
from jarlig.service.ground.clock import now
from jarlig.service.web.apply import tasks
from jarlig.service.web.apply.shared import (
    Deadline,
    Estimate,
    claim_at,
    claim_title,
    crumbs,
    deadline,
    estimate,
    file_at,
    offer_title,
    together,
    until_of,
    words_of,
)  # fmt: skip
from jarlig.service.web.context import Link
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen


@dataclass(frozen=True, slots=True)
class Part:
    """A claim on the page of its file."""

    claim: Claim
    title: str
    until: Deadline
    estimate: Estimate | None
    sections: list[tasks.Section]


@screen("answer_file", thing=file_at)
def file(request: HttpRequest, file: UUID) -> HttpResponse:
    """A file: what is shared, and each claim with its sections."""
    one = file_at(request, file)
    claims, instant = queries.claims_of(one), now()
    cases = cases_of(one, [claim for claim in claims if claim.state in EDITABLE])
    rules = next(iter(cases.values())).rules if cases else programme_in_force(one.programme.key)
    found = windows(one.programme, one.year)
    parts = [part(claim, cases.get(claim.pk), rules, found, instant) for claim in claims]
    shared = tasks.shared_sections(one, rules, cases)
    drafts = [each for each in parts if each.claim.state in EDITABLE]
    every = [*shared, *(section for each in drafts for section in each.sections)]
    crumbs(request, one, rules)
    first = next((each.until for each in sorted(drafts, key=lambda each: each.until.whole - each.until.done)
                  if each.until.standing == "open"), None)  # fmt: skip
    values: dict[str, Any] = {
        "file": one, "title": words_of(rules.title), "shared": shared, "parts": parts, "first": first,
        "done": sum(section.status == tasks.DONE for section in every), "all": len(every),
        "total": together({each.claim.pk: each.estimate for each in drafts if each.estimate}),
        "drafts": drafts, "who": next(iter(cases.values())).who if cases else None,
        "can_add": bool(offers(rules, one)),
    }  # fmt: skip
    return render(request, "apply/file.html", values)


def part(claim: Claim, case: Case | None, rules: Rules, found: Any, instant: Any) -> Part:
    """A claim with its sections, while it can be changed."""
    until = until_of(claim, found, instant)
    if case is None:
        return Part(claim, claim_title(rules, claim), until, None, [])
    worth, _found = estimate(case, claim.offer)
    return Part(claim, claim_title(rules, claim), until, worth, tasks.claim_sections(claim, case, until, worth))


def offers(rules: Rules, file: ApplicationFile) -> list[str]:
    """The offers for which the guide of the file's year takes applications."""
    guide = rules.model.guides.get(file.year)
    if guide is None:
        return []
    return [name for name, one in rules.offers.items()
            if one.nature == "award" and name in (guide.opens or ()) and name not in guide.closes]  # fmt: skip


class AddForm(forms.Form):
    """Another claim."""

    offer = forms.ChoiceField(label=gettext_lazy("What is applied for"), widget=forms.RadioSelect)
    project = forms.CharField(
        label=gettext_lazy("Project"), max_length=80, required=False,
        help_text=gettext_lazy("Only where there are several claims of one kind: its code, or a name."),
    )  # fmt: skip

    def __init__(self, *args: Any, options: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"].choices = options


@screen("add_claim", thing=file_at)
def add(request: HttpRequest, file: UUID) -> HttpResponse:
    """Chooses among the offers that the guide opens, each with its window."""
    one = file_at(request, file)
    rules = programme_in_force(one.programme.key)
    found: list[Window] = list(windows(one.programme, one.year))
    instant = now()
    options = [(name, f"{offer_title(rules, name)} ({deadline(found, name, one.year, instant).words})")
               for name in offers(rules, one)]  # fmt: skip
    form = AddForm(request.POST or None, options=options)
    back = reverse("apply-file", args=[one.pk])
    if request.method == "POST":
        made = attempt(request, form, lambda: add_claim(one, form.cleaned_data["offer"], form.cleaned_data["project"]))
        if made is not None:
            return HttpResponseRedirect(f"{back}#c-{made.pk}")
    return render_form(request, form, title=_("Add a claim"), caption=f"{words_of(rules.title)} · {one.year}",
                       back=back, button=_("Add"))  # fmt: skip


@screen("drop_claim", thing=claim_at)
def drop(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Drops a draft, after one question."""
    one = claim_at(request, claim)
    rules = programme_in_force(one.programme.key)
    back = reverse("apply-file", args=[one.file_id])
    if request.method == "POST":
        sent = request.POST.get("revision", "")
        drop_claim(one, int(sent) if sent.isdecimal() and len(sent) < 10 else -1)
        return HttpResponseRedirect(back)
    crumbs(request, one.file, rules, Link(_("Drop the draft"), ""))
    values = {"claim": one, "title": claim_title(rules, one), "back": back}
    return render(request, "apply/drop.html", values)
