"""Questions and answers (答题): the next question is always the one that can change the answer most."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jarlig.asking import ENOUGH, Interview, Question
from jarlig.policy.messages import PolicyError
from jarlig.service.estimates.acts.keep_answers import keep_answers
from jarlig.service.estimates.carrying import on_another_day
from jarlig.service.estimates.queries import Estimate
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Missing
from jarlig.service.web.context import Link, fill
from jarlig.service.web.estimate.browser import on_estimate
from jarlig.service.web.estimate.drawing import control, described
from jarlig.service.web.estimate.forms import (
    AnswerForm,
    HistoryForm,
    awards,
    awards_sent,
    headed,
    said,
)
from jarlig.service.web.estimate.start import standing
from jarlig.service.web.figures import chinese
from jarlig.service.web.forms import UNPROCESSABLE, is_bad, one_more, without_judging

#: From where a question was opened, and where its answer leads back to.
BACK = {"answers": "estimate-answers", "result": "estimate-result"}


@on_estimate
def onward(request: HttpRequest, one: Estimate) -> HttpResponse:
    """Leads to the next question, or to the result where no answer can change anything any more."""
    return _to_next(one.interview)


@on_estimate
def question(request: HttpRequest, one: Estimate, topic: str) -> HttpResponse:
    """A question; sent, its answer is kept and the next one follows."""
    interview = one.interview
    asked = asked_for(interview, topic)
    if request.method != "POST":
        return _page(request, one, asked)
    if "unknown" in request.POST:
        return _kept(request, one, interview.answer(asked.id, None))
    if asked.kind == "history":
        return _history(request, one, asked)
    form = AnswerForm(interview, asked, request.POST)
    if form.is_valid():
        try:
            return _kept(request, one, interview.answer(asked.id, form.reply()))
        except PolicyError as error:
            form.add_error("value", sentence(error))
    return _page(request, one, asked, form)


def asked_for(interview: Interview, topic: str) -> Question:
    """The question of that id.

    Raises:
        Missing: there is none.
    """
    try:
        return interview.question(topic)
    except PolicyError as error:
        raise Missing(_("There is no such question.")) from error


def sentence(error: PolicyError) -> str:
    """What is wrong with an answer, in the reader's language."""
    return " ".join(one.zh if chinese() else headed(one.en) for one in error.problems)


def _history(request: HttpRequest, one: Estimate, asked: Question) -> HttpResponse:
    if "nothing" in request.POST:
        return _kept(request, one, one.interview.answer(asked.id, []))
    longer = one_more(request.POST, "awards")
    told = awards(one.interview, longer if longer is not None else request.POST)
    form = HistoryForm(request.POST)
    if longer is not None:
        without_judging(form, told)
        return _page(request, one, asked, form, told)
    if told.is_valid():
        try:
            return _kept(request, one, one.interview.answer(asked.id, awards_sent(told)))
        except PolicyError as error:
            form.add_error(None, sentence(error))
    return _page(request, one, asked, form, told)


def _kept(request: HttpRequest, one: Estimate, made: Interview) -> HttpResponse:
    """Keeps an answer; where the first result is reached it comes now, else the next question."""
    first = made.enough() and not one.interview.enough()
    keep_answers(one, made)
    back = BACK.get(request.GET.get("from", ""))
    if back or first:
        return HttpResponseRedirect(reverse(back or "estimate-result"))
    return _to_next(made)


def _to_next(interview: Interview) -> HttpResponse:
    found = interview.next_question()
    if found is None:
        return HttpResponseRedirect(reverse("estimate-result"))
    return HttpResponseRedirect(reverse("estimate-question", args=[found.id]))


def _page(
    request: HttpRequest, one: Estimate, asked: Question, form: Any = None, told: Any = None
) -> HttpResponse:  # fmt: skip
    """The page of a question."""
    interview = one.interview
    if form is None:
        form = HistoryForm() if asked.kind == "history" else AnswerForm(interview, asked)
    if told is None and asked.kind == "history":
        told = awards(interview)
    bad = is_bad(form) or (told is not None and is_bad(told))
    came = request.GET.get("from", "")
    title = headed(said(asked.title))
    if asked.kind == "yes_no" and not title.endswith(("?", "？")):
        title += "？" if chinese() else "?"
    beside = _told(asked)
    return render(request, "estimate/question.html", {
        **shared(one), "asked": asked, "form": form, "awards": told, "bad": bad, "title": title, "came": came,
        "back": _before(interview, asked.id, came), "number": _number(interview, asked.id), "enough": ENOUGH,
        "is_enough": interview.enough(), "told": beside, "described": described(beside),
        "action": request.get_full_path(),
        "control": "" if told is not None else control(form, title, beside),
    }, status=UNPROCESSABLE if bad else 200)  # fmt: skip


def _told(asked: Question) -> dict[str, Any]:
    """What stands beside a question, in the reader's words."""
    return {
        "why": headed(said(asked.why)),
        "hint": hint_of(asked),
        "unit": said(asked.unit),
        "bounds": said(asked.bounds),
        "evidence": [said(one) for one in asked.evidence],
        "verified_by": said(asked.verified_by),
        "effects": [{"title": said(one.title), "offer": one.offer, "worth": one.worth, "rule": said(one.rule),
                     "clause": said(one.clause)} for one in asked.effects],
    }  # fmt: skip


def hint_of(asked: Question) -> str:
    """How to answer on a page: where something is written the rules half says it, where something is chosen we do."""
    here = {
        "yes_no": "", "choice": "", "history": "", "division": "",
        "set": _("Choose all that apply."),
        "offers": _("Choose all that could apply: nothing is asked about the others."),
        "date": _("For example 2023 6 1"),
    }  # fmt: skip
    return here.get(asked.kind, headed(said(asked.hint)))


def _number(interview: Interview, topic: str) -> int:
    answered = list(interview.answers)
    return answered.index(topic) + 1 if topic in answered else len(answered) + 1


def _before(interview: Interview, topic: str, came: str) -> str:
    """The page before: from where the question was opened, or the question answered before it."""
    if came in BACK:
        return reverse(BACK[came])
    answered = list(interview.answers)
    earlier = answered[: answered.index(topic)] if topic in answered else answered
    return reverse("estimate-question", args=[earlier[-1]]) if earlier else reverse("estimate")


def shared(one: Estimate) -> dict[str, Any]:
    """What every page of an estimate says: its programme, its day, and what has changed since."""
    rules, day = one.interview.programme, today()
    titles = {question.id: said(question.title) for id_ in one.dropped
              if (question := _known(one.interview, id_)) is not None}  # fmt: skip
    return {
        "estimate": one, "programme": said(rules.title), "today": day, "other_day": one.on != day,
        "stands": standing(rules, one.version.programme, one.on), "sample": rules.model.sample,
        "dropped": [titles.get(id_, id_) for id_ in one.dropped], "answered": len(one.interview.answers),
    }  # fmt: skip


def _known(interview: Interview, topic: str) -> Question | None:
    try:
        return interview.question(topic)
    except PolicyError:
        return None


@on_estimate
def index(request: HttpRequest, one: Estimate) -> HttpResponse:
    """What was answered, each with a way to change it."""
    lang = "zh" if chinese() else "en"
    rows = [(id_, headed(said(one.interview.title(id_))), one.interview.said(id_, lang), value is None)
            for id_, value in one.interview.answers.items()]  # fmt: skip
    fill(request, crumbs=crumbs(_("Your answers")))
    return render(request, "estimate/answers.html", {
        **shared(one), "rows": rows, "unknown": any(row[3] for row in rows), "more": one.interview.next_question(),
    })  # fmt: skip


def crumbs(here: str) -> tuple[Link, ...]:
    """Where a page of an estimate lies."""
    return (Link(_("Check what you can get"), reverse("estimate")), Link(here, ""))


@require_POST
@on_estimate
def forget(request: HttpRequest, one: Estimate, topic: str) -> HttpResponse:
    """Takes an answer back, so that its question may be asked again."""
    keep_answers(one, one.interview.forget(asked_for(one.interview, topic).id))
    return HttpResponseRedirect(reverse("estimate-answers"))


@require_POST
@on_estimate
def again(request: HttpRequest, one: Estimate) -> HttpResponse:
    """Everything that was not known may be asked again."""
    made = one.interview.again()
    keep_answers(one, made)
    return _to_next(made)


@require_POST
@on_estimate
def on_today(request: HttpRequest, one: Estimate) -> HttpResponse:
    """The same answers for an application today."""
    made, _dropped = on_another_day(one.interview, today())
    keep_answers(one, made)
    return HttpResponseRedirect(reverse("estimate-result"))
