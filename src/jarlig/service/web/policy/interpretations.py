"""The log of interpretations: written by one person, confirmed by another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jarlig.service.bodies.permission import may
from jarlig.service.catalogue import queries
from jarlig.service.catalogue.acts.confirm_interpretation import confirm_interpretation
from jarlig.service.catalogue.acts.interpret import interpret
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.queries import officer_name
from jarlig.service.ground.errors import Missing
from jarlig.service.web.forms import render_form
from jarlig.service.web.policy import finding
from jarlig.service.web.policy.forms import InterpretationForm, tried
from jarlig.service.web.policy.versions import crumbs, top, under
from jarlig.service.web.screens import screen


@screen("look_at_policy")
def log(request: HttpRequest, key: str) -> HttpResponse:
    """Every interpretation of a programme, newest first."""
    one = finding.programme(request, key)
    crumbs(request, top(), under(one))
    found = queries.interpretations(one)
    replaced = {each.replaces_id for each, confirmed in found if each.replaces_id and confirmed}
    return render(request, "policy/interpretations.html", {
        "one": one, "title": finding.title(queries.version_now(one), key),
        "may_write": may("interpret", one),
        "entries": [{
            "one": each, "question": (each.question_zh if is_chinese() else each.question_en) or each.question_zh,
            "answer": (each.answer_zh if is_chinese() else each.answer_en) or each.answer_zh,
            "by": officer_name(each.written_by_id), "confirmed": confirmed,
            "replaced": each.pk in replaced,
            "confirmed_by": officer_name(confirmed.confirmed_by_id) if confirmed else "",
            "may": may("confirm_interpretation", each),
        } for each, confirmed in found],
    })  # fmt: skip


@screen("interpret", thing=finding.programme)
def write(request: HttpRequest, key: str) -> HttpResponse:
    """A new one."""
    one = finding.programme(request, key)
    crumbs(request, top(), under(one))
    _version, rules = finding.rules(one)
    if rules is None:
        raise Missing(_("No version of this programme is in force."))
    earlier = {str(each.number): each for each, _confirmed in reversed(queries.interpretations(one))}
    form = InterpretationForm(request.POST or None)
    form.fields["clause"].choices = [
        (number, f"{(clause.label.zh if is_chinese() else clause.label.en) or number}")
        for number, clause in rules.model.clauses.items()
    ]
    numbered = [(number, f"{number} · {each.clause}") for number, each in earlier.items()]
    form.fields["replaces"].choices = [("", _("none")), *numbered]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: interpret(
            one, given["clause"], given["question"], given["answer"], question_en=given["question_en"],
            answer_en=given["answer_en"], replaces=earlier.get(given["replaces"]),
        ))  # fmt: skip
        if made is not None:
            return redirect("policy-interpretations", key=key)
    return render_form(
        request, form, title=_("Write an interpretation"), button=_("Write down"),
        back=f"/policy/{key}/interpretations/",
        intro=_("It is written once and never changed. It counts when another person has confirmed it."),
    )  # fmt: skip


@require_POST
@screen("confirm_interpretation", thing=finding.interpretation)
def confirm(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A second person confirms."""
    confirm_interpretation(finding.interpretation(request, key, number))
    return redirect("policy-interpretations", key=key)
