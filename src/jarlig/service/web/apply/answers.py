"""Answering what is asked (填写): pages made from facts, saved under the revision that the person saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.asking.reading import Wanted
from jarlig.ladder.kinds import DATE, money
from jarlig.library import Programme as Rules
from jarlig.policy.awards import BUILT_IN_KEYS
from jarlig.policy.model import FactDef
from jarlig.service.applications import queries
from jarlig.service.applications.acts.answer_claim import answer_claim
from jarlig.service.applications.acts.answer_file import answer_file
from jarlig.service.applications.applicant import applicant_of
from jarlig.service.applications.asked import HISTORY, identity
from jarlig.service.applications.case import case_of, cases_of, registered, title_of
from jarlig.service.applications.errors import Conflict
from jarlig.service.applications.models import ApplicationFile, Claim
from jarlig.service.applications.states import EDITABLE
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.queries import windows
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Invalid
from jarlig.service.web.apply import fields, tasks
from jarlig.service.web.apply.shared import (
    claim_at,
    claim_title,
    estimate,
    file_at,
    offer_title,
    until_of,
    words_of,
)  # fmt: skip
from jarlig.service.web.forms import one_more, render_form, without_judging
from jarlig.service.web.screens import screen

CONFLICT = 409


def revision_of(request: HttpRequest, now_: int) -> int:
    """The revision that the person saw; another than any there is, where the form says none."""
    if request.method != "POST":
        return now_
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


def save(request: HttpRequest, form: forms.Form, does: Callable[[], Any]) -> tuple[Any, Conflict | None]:
    """What came of an act: what is wrong stands at its field; a conflict is given back, nothing is kept."""
    if not form.is_valid():
        return None, None
    try:
        return does(), None
    except Invalid as wrong:
        request.undone = True
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
    except Conflict as met:
        request.undone = True
        return None, met
    return None, None


def show(
    request: HttpRequest, form: forms.Form, met: Conflict | None, kept: Mapping[str, Any], revision: int,
    rules: Rules, facts: Mapping[str, FactDef], **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page of answers; after a conflict with what stands there now beside what was typed."""
    beside = [
        (title_of(fact), fields.said(rules, fact, kept.get(name)), fields.said(rules, fact, form.cleaned_data[name]))
        for name, fact in facts.items()
        if met and name in form.cleaned_data and form.cleaned_data[name] != kept.get(name, "")
    ]  # fmt: skip
    response = render_form(request, form, template="apply/answers.html", revision=revision, met=met, beside=beside,
                           **more)  # fmt: skip
    if met:
        response.status_code = CONFLICT
    return response


@screen("answer_file", thing=file_at)
def shared(request: HttpRequest, file: UUID) -> HttpResponse:
    """What all claims of a file share."""
    one = file_at(request, file)
    claims = [each for each in queries.claims_of(one) if each.state in EDITABLE]
    cases = cases_of(one, claims)
    rules = next(iter(cases.values())).rules if cases else programme_in_force(one.programme.key)
    facts = tasks.typed_shared(rules, cases.values())
    reads = {name for case in cases.values() for name in case.asked.reads}
    made = {name: fields.field_of(rules, fact, not reads or name in reads) for name, fact in facts.items()}
    form = fields.FactForm(request.POST or None, made=made, initial=dict(one.answers))
    met = None
    back = reverse("apply-file", args=[one.pk])
    if request.method == "POST":
        sent = revision_of(request, one.revision)
        done, met = save(request, form, lambda: answer_file(one, dict(form.cleaned_data), sent))
        if done is not None:
            sections = tasks.shared_sections(one, rules, cases)
            onward = tasks.after(sections, request.path, f"{back}#c-{claims[0].pk}" if claims else back)
            return HttpResponseRedirect(back if "back" in request.POST else onward)
    who = next(iter(cases.values())).who if cases else applicant_of(one.enterprise_id)
    given = [(title_of(rules.model.facts[name]), fields.said(rules, rules.model.facts[name], value), "")
             for name, value in registered(rules, who).items()]  # fmt: skip
    vouched = {name: value for case in cases.values() for name, value in case.recognised.items()
               if name in rules.model.facts}  # fmt: skip
    given += vouched_rows(rules, rules.model.facts, vouched)
    return show(request, form, met, one.answers, queries.the_file(one.pk).revision, rules, facts,
                title=_("About the enterprise"), caption=f"{words_of(rules.title)} · {one.year}",
                back=back, given=given)  # fmt: skip


def vouched_rows(rules: Rules, facts: Mapping[str, FactDef], found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What bodies vouch for, in words, with the body."""
    bodies = rules.model.bodies
    return [
        (title_of(facts[name]), fields.said(rules, facts[name], value),
         words_of(bodies[facts[name].verified_by]) if facts[name].verified_by in bodies else "")
        for name, value in found.items() if name in facts
    ]  # fmt: skip


@screen("answer_claim", thing=claim_at)
def own(request: HttpRequest, claim: UUID) -> HttpResponse:
    """What the offer of a claim asks alone."""
    one = claim_at(request, claim)
    case = case_of(one)
    rules, facts = case.rules, tasks.typed_own(case, one)
    made = {name: fields.field_of(rules, fact, name in case.asked.reads) for name, fact in facts.items()}
    made |= {name: fields.built_in(name) for name in tasks.months(case, one)}
    form = fields.FactForm(request.POST or None, made=made, initial=dict(one.answers))
    met = None
    back = reverse("apply-file", args=[one.file_id])
    if request.method == "POST":
        sent = revision_of(request, one.revision)
        done, met = save(request, form, lambda: answer_claim(one, dict(form.cleaned_data), sent))
        if done is not None:
            return HttpResponseRedirect(back if "back" in request.POST else onward(request, one, back))
    given = vouched_rows(rules, case.asked.own, {
        name: value for name, value in tasks.vouched_for(case, one.offer).items() if name in case.asked.own
    })  # fmt: skip
    return show(request, form, met, one.answers, queries.the_claim(one.pk).revision, rules, facts,
                title=_("Answers about the project"), caption=claim_title(rules, one), back=back,
                given=given)  # fmt: skip


def onward(request: HttpRequest, claim: Claim, back: str) -> str:
    """The section after this one."""
    fresh = queries.the_claim(claim.pk)
    case = case_of(fresh)
    until = until_of(fresh, windows(fresh.programme, fresh.year), now())
    return tasks.after(tasks.claim_sections(fresh, case, until, estimate(case, fresh.offer)[0]), request.path, back)


# Earlier awards -------------------------------------------------------------------------------------------------------


class Award(forms.Form):
    """One earlier award."""

    offer = forms.ChoiceField(label=gettext_lazy("Under which offer"))
    approved = fields.FactField(Wanted(money(), {}), label=gettext_lazy("Amount"), needed=False)
    guide_year = fields.FactField(Wanted(BUILT_IN_KEYS["guide_year"], {}), needed=False,
                                  label=gettext_lazy("Year of the guide"))  # fmt: skip
    on = fields.FactField(Wanted(DATE, {}), label=gettext_lazy("Day of the decision"), needed=False,
                          help_text=gettext_lazy("For example 2023-06-01."))  # fmt: skip


class AnyForm(forms.Form):
    """Whether there are any."""

    any = forms.ChoiceField(
        label=gettext_lazy("Did the enterprise receive awards under this programme before?"), widget=forms.RadioSelect,
        choices=[("no", gettext_lazy("No, none")), ("yes", gettext_lazy("Yes, those below"))],
    )  # fmt: skip


def award_set(rules: Rules) -> type[forms.BaseFormSet]:
    """Forms for earlier awards of a programme, with the keys by which its limits tell subjects apart."""
    options = [("", _("Choose")), *((name, offer_title(rules, name)) for name, one in rules.offers.items()
                                    if one.nature == "award")]  # fmt: skip
    parts: dict[str, forms.Field] = {"offer": forms.ChoiceField(label=_("Under which offer"), choices=options)}
    for name, fact in keys(rules).items():
        what = fields.wanted(rules, fact)
        parts[name] = fields.FactField(what, needed=False, label=title_of(fact), help_text=fields.how(what))
    made = type("AwardOfProgramme", (Award,), parts)
    return forms.formset_factory(made, extra=0, can_delete=True, max_num=200, absolute_max=250)


def keys(rules: Rules) -> dict[str, FactDef]:
    """Facts by which the limits of a programme tell projects and the like apart; the applicant's own code aside."""
    own = {*identity(rules), *BUILT_IN_KEYS}
    found: dict[str, FactDef] = {}
    for name in dict.fromkeys(key for subject in rules.model.subjects.values() for key in subject):
        for known in (rules.model.facts, *(one.facts for one in rules.offers.values())):
            if name in known and name not in own and name not in found:
                found[name] = known[name]
    return found


@screen("answer_file", thing=file_at)
def history(request: HttpRequest, file: UUID) -> HttpResponse:
    """Earlier awards under the programme, any number of them."""
    one = file_at(request, file)
    rules = programme_in_force(one.programme.key)
    kept = one.answers.get(HISTORY)
    form = AnyForm(request.POST or None, initial={} if kept is None else {"any": "yes" if kept else "no"})
    awards_class = award_set(rules)
    longer = one_more(request.POST, "w")
    awards = awards_class(longer if longer is not None else request.POST or None, prefix="w", initial=kept or [])
    back = reverse("apply-file", args=[one.pk])
    met = None
    if longer is not None:
        without_judging(form, awards)
    elif request.method == "POST" and form.is_valid() and (form.cleaned_data["any"] == "no" or awards.is_valid()):
        rows = [] if form.cleaned_data["any"] == "no" else rows_in(awards, rules, one)
        if not rows and form.cleaned_data["any"] == "yes":
            form.add_error("any", _("Name at least one award, or choose that there is none."))
        else:
            sent = revision_of(request, one.revision)
            done, met = save(request, form, lambda: answer_file(one, {HISTORY: rows}, sent))
            if done is not None:
                return HttpResponseRedirect(back)
    if form.is_bound and form.data.get("any") == "no":
        awards = awards_class(prefix="w", initial=[])
    response = render_form(
        request, form, formsets=(awards,), template="apply/history.html", title=_("Earlier awards"), back=back,
        caption=f"{words_of(rules.title)} · {one.year}", revision=queries.the_file(one.pk).revision, met=met,
        kept=[(offer_title(rules, str(row.get("offer"))), row.get("approved", "")) for row in kept or []],
    )  # fmt: skip
    if met:
        response.status_code = CONFLICT
    return response


def rows_in(awards: Any, rules: Rules, file: ApplicationFile) -> list[dict[str, str]]:
    """The awards as a file of facts has them: received by the applicant, so they count at what was received."""
    given = registered(rules, applicant_of(file.enterprise_id))
    subject = {key for each in rules.model.subjects.values() for key in each}
    mine = {name: value for name, value in given.items() if name in subject}
    found = []
    for one in awards.cleaned_data:
        if one and not one.get("DELETE"):
            row = {name: value for name, value in one.items() if name != "DELETE" and value != ""}
            found.append({"state": "approved", **mine, **row})
    return found
