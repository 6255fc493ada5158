"""How an estimate is computed (计算过程): every step in words, as the rules tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jarlig.engines.answer import Determination
from jarlig.service.applications.case import case_of
from jarlig.service.web.apply.shared import claim_at, claim_title, crumbs, estimate, lang, words_of
from jarlig.service.web.context import Link
from jarlig.service.web.screens import screen
from jarlig.words.case import Case as Told
from jarlig.words.outcomes import next_steps
from jarlig.words.steps import told_steps


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it is about, its figure, why, and the clauses."""

    head: str
    figure: str
    details: tuple[str, ...]
    cites: str
    holds: bool | None
    is_test: bool


def steps(found: Determination) -> list[Step]:
    """The steps of an answer in the language of the reader."""
    told = Told(found, lang())
    return [
        Step(one.head, one.value, one.details, told.cited(one.cites), one.holds, one.is_test)
        for one in told_steps(told)
    ]


def told(found: Determination) -> dict[str, Any]:
    """What the templates show of an answer: its outcome, its steps, what to do next."""
    case = Told(found, lang())
    lines = steps(found)
    return {
        "outcome": case.outcome_name, "tests": [one for one in lines if one.is_test],
        "figures": [one for one in lines if not one.is_test], "next": list(next_steps(case)),
        "payments": [(words_of(title), fen) for title, fen in found.payments],
    }  # fmt: skip


@screen("answer_claim", thing=claim_at)
def computed(request: HttpRequest, claim: UUID) -> HttpResponse:
    """How the estimate of a claim comes about."""
    one = claim_at(request, claim)
    case = case_of(one)
    worth, found = estimate(case, one.offer)
    crumbs(request, one.file, case.rules, Link(_("How it is computed"), ""))
    values = {"claim": one, "title": claim_title(case.rules, one), "estimate": worth}
    return render(request, "apply/computed.html", {**values, "told": told(found) if found else None})
