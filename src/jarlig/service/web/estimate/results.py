"""What it comes to (测算结果): each measure with its sum or range, what is missing, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.asking import Interview, Result, SumStep
from jarlig.service.catalogue import queries
from jarlig.service.catalogue.models import Window
from jarlig.service.estimates.queries import Estimate
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.errors import Missing
from jarlig.service.web.context import Link, fill
from jarlig.service.web.estimate.answers import crumbs, shared
from jarlig.service.web.estimate.browser import on_estimate
from jarlig.service.web.estimate.forms import headed, said
from jarlig.service.web.figures import chinese

#: In which part of the page a measure stands.
GROUPS = ("can", "may", "informs", "not_now")
_DEAD = ("lapsed", "closed", "not_eligible", "transfer", "set_aside")


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure on the page of the result, in the reader's words."""

    offer: str
    title: str
    group: str
    status: str
    low: int | None
    high: int | None
    rough: bool
    says: str
    next: str
    closes_at: datetime | None
    closes: date | None
    refused: list[str] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)  # id of the question, and what it asks
    unknown: list[tuple[str, str]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    first: list[tuple[str, list[str], list[str]]] = field(default_factory=list)  # body, facts, evidence
    bodies: list[str] = field(default_factory=list)
    steps: bool = False
    words: str = ""  # instead of those of the status

    @property
    def exact(self) -> bool:
        """Whether it is one sum."""
        return self.low is not None and self.low == self.high


@on_estimate
def index(request: HttpRequest, one: Estimate) -> HttpResponse:
    """Every measure of the programme on the answers so far, and what can be got together."""
    interview = one.interview
    windows = queries.windows(one.version.programme)
    instant = now() if one.on == today() else None
    shown = [told(interview, result, windows, instant) for result in interview.results()]
    total = interview.total()
    titles = {offer: said(each.title) for offer, each in interview.programme.offers.items()}
    alike: dict[tuple[str, ...], list[Shown]] = {}
    for each in shown:
        if each.group == GROUPS[-1]:
            alike.setdefault((each.status, *(each.refused or [each.says]), each.next), []).append(each)
    fill(request, crumbs=crumbs(_("Result")))
    return render(request, "estimate/result.html", {
        **shared(one), "groups": [(name, [each for each in shown if each.group == name]) for name in GROUPS[:-1]],
        "not_now": list(alike.values()),
        "total": total, "counted": [offer for offer in total.offers if interview.wanted(offer)],
        "unsummed": [(said(each.says), [(offer, titles[offer]) for offer in each.offers]) for each in total.unsummed],
        "more": interview.next_question(), "left": len(interview.questions()),
        "unknown": any(value is None for value in interview.answers.values()),
    })  # fmt: skip


def told(interview: Interview, one: Result, windows: Any, instant: datetime | None) -> Shown:
    """A result in the reader's words; windows are looked at where it is for an application at this instant."""
    group = group_of(one)
    first = [(said(each.body), [said(fact) for fact in each.first], [said(shown) for shown in each.evidence])
             for each in one.verifiers if each.first]  # fmt: skip
    live = group in ("can", "may")
    closing = _closing(windows, one.offer, instant) if instant is not None and live else None
    return Shown(
        offer=one.offer, title=said(one.title), group=group, status=status_of(one), low=one.low, high=one.high,
        rough=one.rough, says=headed(said(one.says)), next=headed(said(one.next)), closes_at=closing,
        words=_("No amount") if one.high == 0 and one.settled != "set_aside" and one.nature == "award" else "",
        closes=one.closes if live and one.closes is not None else None,
        refused=[headed(said(each)) for each in one.refused],
        missing=[(id_, headed(said(interview.title(id_)))) for id_ in one.missing],
        unknown=[(id_, headed(said(interview.title(id_)))) for id_ in one.unknown if id_ not in one.missing],
        lists=[said(each) for each in one.lists] if live else [], first=first if group != "not_now" else [],
        bodies=[said(each) for each in one.bodies], steps=bool(interview.steps(one.offer)),
    )  # fmt: skip


def group_of(one: Result) -> str:
    """``can`` (at least something), ``may``, ``informs`` (no award is paid) or ``not_now``."""
    if one.settled in _DEAD or one.nature == "transfer":
        return "not_now"
    if one.high == 0:
        return "not_now"
    if one.nature == "inform":
        return "informs"
    return "can" if one.low else "may"


def status_of(one: Result) -> str:
    """The status word of a result."""
    if one.settled == "set_aside":
        return "not_counted"
    if one.nature == "transfer":
        return "transfer"
    if one.settled in ("lapsed", "not_eligible", "awaiting_guide"):
        return one.settled
    if one.settled == "closed":
        return "not_open"
    if one.nature == "inform":
        return "tax_information"
    if one.outcome == "needs_decision":
        return "person_decides"
    if one.high == 0:
        return "refused"
    if one.low is not None and one.low == one.high:
        return "determined"
    return "undetermined" if one.high is None else "range"


def _closing(windows: Any, offer: str, instant: datetime) -> datetime | None:
    found: list[Window] = [each for each in windows
                           if each.offer == offer and queries.standing(each, instant) == "open"]  # fmt: skip
    return min((each.closes_at for each in found), default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a sum, in the reader's words."""

    head: str
    figure: str
    says: str
    clause: str
    condition: bool
    holds: bool | None


@on_estimate
def sum_of(request: HttpRequest, one: Estimate, offer: str) -> HttpResponse:
    """How one measure comes to its sum: the conditions, then step by step, each with its clause."""
    interview = one.interview
    if offer not in interview.programme.offers:
        raise Missing(_("There is no such measure."))
    windows = queries.windows(one.version.programme)
    shown = told(interview, interview.result(offer), windows, now() if one.on == today() else None)
    steps = [_step(each) for each in interview.steps(offer)]
    fill(request, crumbs=(*crumbs("")[:1], Link(_("Result"), reverse("estimate-result")), Link(shown.title, "")))
    return render(request, "estimate/sum.html", {
        **shared(one), "shown": shown, "conditions": [each for each in steps if each.condition],
        "steps": [each for each in steps if not each.condition],
    })  # fmt: skip


def _step(one: SumStep) -> Step:
    lang = "zh" if chinese() else "en"
    return Step(headed(one.head[lang]), one.figure[lang], headed(one.says[lang]), one.clause[lang], one.condition,
                one.holds)  # fmt: skip
