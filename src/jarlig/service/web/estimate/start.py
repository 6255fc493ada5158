"""Where an estimate begins (开始测算): what it is, what to have at hand, how long it takes, until when to apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from allauth.core.internal.httpkit import get_client_ip
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.asking import ENOUGH, Interview
from jarlig.library import Programme as Rules
from jarlig.service.catalogue import queries
from jarlig.service.catalogue.loading import rules_of, version_in_force
from jarlig.service.catalogue.models import Programme, Version
from jarlig.service.estimates.acts.begin_estimate import begin_estimate
from jarlig.service.estimates.acts.resume_estimate import may_begin
from jarlig.service.estimates.queries import estimate
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.errors import Refused
from jarlig.service.web.context import Link, fill
from jarlig.service.web.estimate.browser import code_of, kept_by_no_cache, opened
from jarlig.service.web.estimate.forms import headed, said
from jarlig.service.web.fields import DatePartsField
from jarlig.service.web.figures import chinese
from jarlig.service.web.forms import UNPROCESSABLE, is_bad
from jarlig.service.web.screens import screen

#: So many of the first questions are named, so that what they need can be at hand.
NAMED = 6


class DayForm(forms.Form):
    """For which day of application."""

    day = DatePartsField(label=gettext_lazy("Day of application"), required=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a programme stands on a day: what is to be said of it, in the reader's words.

    ``how`` is ``open``, ``lapsed``, ``not_yet`` (its first day is to come), ``awaiting_guide`` or empty.
    """

    how: str
    day: date | None = None
    closes_at: datetime | None = None


@screen(None, public=True)
@kept_by_no_cache
def index(request: HttpRequest) -> HttpResponse:
    """The programmes to choose from; where there is one, its start page."""
    found = queries.versions_in_force()
    if len(found) == 1:
        return _start(request, found[0], None)
    shown = [(one.programme.key, one.title_zh if chinese() else one.title_en, one.document,
              standing(rules_of(one), one.programme, today())) for one in found]  # fmt: skip
    return render(request, "estimate/index.html", {"programmes": shown, "open": estimate(code_of(request))})


@screen(None, public=True)
@kept_by_no_cache
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """The start page of a programme; sent, the first question."""
    version = version_in_force(key)
    form = DayForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _start(request, version, form)
    if not may_begin(get_client_ip(request) or ""):
        form.add_error(None, _("Too many estimates were begun from here. Wait five minutes and try again."))
        return _start(request, version, form)
    try:
        code = begin_estimate(key, form.cleaned_data["day"])
    except Refused as error:
        form.add_error(error.field or None, str(error))
        return _start(request, version, form)
    return opened(HttpResponseRedirect(reverse("estimate-next")), code)


def _start(request: HttpRequest, version: Version, form: DayForm | None) -> HttpResponse:
    rules, day = rules_of(version), today()
    interview = Interview.begin(rules, day)  # what the first question needs is compiled while the page is read
    if len(queries.versions_in_force()) > 1:
        fill(request, crumbs=(Link(_("Check what you can get"), reverse("estimate")),))
    bad = form is not None and is_bad(form)
    stands = standing(rules, version.programme, day)
    if form is None or not form.is_bound:
        form = DayForm(initial={"day": day})
    return render(request, "estimate/start.html", {
        "key": version.programme.key, "programme": said(rules.title), "document": version.document, "form": form,
        "bad": bad, "stands": stands, "today": day, "enough": ENOUGH, "open": estimate(code_of(request)),
        "first": [headed(said(one.title)) for one in interview.questions()[:NAMED]], "sample": rules.model.sample,
        "measures": sum(offer.nature == "award" for offer in rules.model.offers.values()),
    }, status=UNPROCESSABLE if bad else 200)  # fmt: skip


def standing(rules: Rules, programme: Programme, day: date) -> Standing:
    """How a programme stands for an application on a day."""
    first, last = (date.fromordinal(end) for end in rules.model.valid)
    if day > last:
        return Standing("lapsed", last)
    if day < first:
        return Standing("not_yet", first)
    if not any(guide.start <= day.toordinal() <= guide.end for guide in rules.model.guides.values()):
        return Standing("awaiting_guide")
    instant = now()
    if day != instant.date():
        return Standing("")
    closing = [one.closes_at for one in queries.windows(programme) if queries.standing(one, instant) == "open"]
    return Standing("open", closes_at=min(closing)) if closing else Standing("")
