"""Documents of a claim (证明材料): one kind after another, for this claim or for all of the file."""

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
from jarlig.service.applications.acts.attach_evidence import attach_evidence
from jarlig.service.applications.acts.remove_evidence import remove_evidence
from jarlig.service.applications.case import case_of, documents, title_of
from jarlig.service.applications.errors import not_editable
from jarlig.service.applications.models import Claim, Evidence
from jarlig.service.applications.states import EDITABLE
from jarlig.service.documents.queries import scan_in_words
from jarlig.service.ground.errors import Missing
from jarlig.service.web.apply.shared import claim_at, claim_title, crumbs, words_of
from jarlig.service.web.apply.tasks import is_open
from jarlig.service.web.context import Link
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.forms import UNPROCESSABLE
from jarlig.service.web.screens import screen


class PaperForm(forms.Form):
    """A document of one kind."""

    file = forms.FileField(
        label=gettext_lazy("File"), max_length=1000,
        help_text=gettext_lazy("PDF, a picture, a sheet or a document of up to 25 MB; its seal must be readable."),
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=gettext_lazy("What it is for"), widget=forms.RadioSelect, initial="claim",
        choices=[("claim", gettext_lazy("This claim")), ("file", gettext_lazy("All claims of the file"))],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: what it is called, what it shows, what is attached, and the form for another."""

    key: str
    title: str
    shows: str
    files: list[dict[str, Any]]
    form: PaperForm
    asked: bool


@screen("attach_evidence", thing=claim_at)
def papers(request: HttpRequest, claim: UUID) -> HttpResponse:
    """The kinds that are asked, each with what is attached and what is wrong."""
    one = claim_at(request, claim)
    if one.state not in EDITABLE:
        raise not_editable()
    case = case_of(one)
    if request.method == "POST" and "remove" in request.POST:
        _remove(one, request.POST["remove"])
        return HttpResponseRedirect(request.path)
    asked = documents(case, one.offer)
    every = dict.fromkeys([*asked, *(each.kind for each in case.evidence)])
    kinds = [kind for kind in every if is_open(one, "document", kind)]
    sent = request.POST.get("kind", "")
    made: dict[str, PaperForm] = {}
    for number, kind in enumerate(kinds):
        bound = request.method == "POST" and kind == sent
        made[kind] = PaperForm(request.POST if bound else None, request.FILES if bound else None, prefix=f"d{number}")
    if request.method == "POST":
        if sent not in made:
            raise Missing(_("There is no such thing, or none that you may see."))
        form = made[sent]
        if attempt(request, form, lambda: _attach(form, one, sent)):
            return HttpResponseRedirect(f"{request.path}#k-{kinds.index(sent)}")
    shown = [_kind(case.rules, case, kind, made[kind], kind in asked) for kind in kinds]
    crumbs(request, one.file, case.rules, Link(_("Documents"), ""))
    bad = [each.form for each in shown if each.form.is_bound and not each.form.is_valid()]
    values = {
        "claim": one, "title": claim_title(case.rules, one), "kinds": shown, "bad": bool(bad), "wrong": bad,
        "onward": reverse("apply-check", args=[one.pk]), "back": reverse("apply-file", args=[one.file_id]),
    }  # fmt: skip
    return render(request, "apply/papers.html", values, status=UNPROCESSABLE if bad else 200)


def _attach(form: PaperForm, claim: Claim, kind: str) -> Evidence:
    source = form.cleaned_data["file"]
    if form.cleaned_data["scope"] == "file":
        return attach_evidence(source, source.name, kind, file=claim.file)
    return attach_evidence(source, source.name, kind, claim=claim)


def _remove(claim: Claim, identity: str) -> None:
    try:
        found = queries.the_evidence(UUID(identity))
    except ValueError:
        raise Missing(_("There is no such thing, or none that you may see.")) from None
    if found.file_id != claim.file_id or found.claim_id not in (None, claim.pk):
        raise Missing(_("There is no such thing, or none that you may see."))
    remove_evidence(found)


def _kind(rules: Rules, case: Any, kind: str, form: PaperForm, asked: bool) -> Kind:
    facts = {**case.asked.shared, **case.asked.own}.values()
    shows = _(", ").join(dict.fromkeys(title_of(fact) for fact in facts if kind in fact.evidence))
    files = [attached(each) for each in case.evidence if each.kind == kind]
    return Kind(
        kind, words_of(rules.model.evidence[kind]) if kind in rules.model.evidence else kind, shows, files, form, asked
    )


def attached(one: Evidence, removable: bool = True) -> dict[str, Any]:
    """A document as lists show it."""
    stored = one.stored
    size = f"{stored.kind.upper()} · {max(1, round(stored.size / 1024)):,} KB · {scan_in_words(stored)}"
    scope = _("For all claims of the file") if one.claim_id is None else ""
    return {"name": stored.name, "href": reverse("file", args=[stored.pk]), "status": "",
            "note": f"{size} · {scope}" if scope else size, "remove": str(one.pk) if removable else ""}  # fmt: skip
