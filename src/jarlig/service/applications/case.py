"""A claim as the engine sees it (测算口径): what was stated, what bodies vouch for, and what is still missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jarlig.engines.answer import Determination
from jarlig.ladder.kinds import Rows
from jarlig.library import Programme as Rules
from jarlig.policy.model import FactDef
from jarlig.service.applications.applicant import Applicant, applicant_of
from jarlig.service.applications.asked import HISTORY, Asked, asked, identity
from jarlig.service.applications.models import ApplicationFile, Claim, Evidence, Line, Submission
from jarlig.service.applications.queries import correction_of, last_submission
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.loading import rules_of, version_in_force
from jarlig.service.catalogue.models import Version
from jarlig.service.catalogue.queries import recognised
from jarlig.service.ground.clock import today


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing (缺项): a fact or a document, by name, and its words for the reader."""

    what: str  # answer, rows or document
    name: str
    title: str

    def __str__(self) -> str:
        return {
            "answer": _("Not answered: %(title)s."), "rows": _("No row yet: %(title)s."),
            "document": _("No document yet: %(title)s."),
        }[self.what] % {"title": self.title}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A claim on a day: its rules, what is asked, what was ``stated``, and what the register says (``recognised``)."""

    rules: Rules
    version: Version
    on: date
    who: Applicant
    asked: Asked
    stated: Mapping[str, Any]
    recognised: Mapping[str, Any]
    evidence: Sequence[Evidence] = field(default=())

    def facts(self, offer: str) -> dict[str, Any]:
        """What is known, as a file of facts has it: where a body vouches, its word stands for the applicant's."""
        own = self.recognised.get(offer)
        shared = {name: value for name, value in self.recognised.items() if not isinstance(value, Mapping)}
        found = {**self.stated, **shared, **(own if isinstance(own, Mapping) else {})}
        names = {*self.asked.shared, *self.asked.own, HISTORY, "claim_month", "claim_year"}
        return {name: value for name, value in found.items() if name in names}

    def determination(self, offer: str) -> Determination:
        """What the rules make of it."""
        return self.rules.determine(offer, self.facts(offer), on=self.on, at=self.who.place or None)

    def lacks(self, offer: str) -> list[Lack]:
        """Everything that is missing, in the order in which it is asked: answers that the rules read, and documents."""
        known, found = self.facts(offer), []
        for name, fact in {**self.asked.shared, **self.asked.own}.items():
            if name in self.asked.reads and name not in known:
                found.append(Lack("rows" if isinstance(fact.kind, Rows) else "answer", name, title_of(fact)))
        if HISTORY in self.asked.reads and HISTORY not in known:
            found.append(Lack("answer", HISTORY, _("earlier awards")))
        had = {one.kind for one in self.evidence}
        words = self.rules.model.evidence
        found += [
            Lack("document", kind, words[kind].zh if is_chinese() else words[kind].en)
            for kind in documents(self, offer) if kind not in had
        ]  # fmt: skip
        return found


def documents(case: Case, offer: str) -> list[str]:
    """The documents by which what was stated is shown, each once; what a body has recognised needs none."""
    known = case.facts(offer)
    own = case.recognised.get(offer)
    vouched = {*case.recognised, *(own if isinstance(own, Mapping) else ())}
    every = {**case.asked.shared, **case.asked.own}
    wanted = (one.evidence for name, one in every.items() if name in known and name not in vouched)
    return list(dict.fromkeys(kind for kinds in wanted for kind in kinds))


def case_of(claim: Claim) -> Case:
    """A claim as it stands: a draft today under the version in force, a submitted one on its day under its version.

    While it is corrected it is what was submitted, but for what was asked.

    Raises:
        Missing: when no version of its programme is in force.
    """
    last = None if claim.state == "draft" else last_submission(claim)
    before: Mapping[str, Any] = json.loads(bytes(last.snapshot)) if last is not None else {}
    version = last.version if last is not None else version_in_force(claim.programme.key)
    day = date.fromisoformat(before["on"]) if before else today()
    file, rules, who = claim.file, rules_of(version), applicant_of(claim.enterprise_id)
    what = asked(rules, claim.offer, day, who.place)
    stated = {**file.answers, **claim.answers, **registered(rules, who), **rows_of(file, claim, what)}
    papers = evidence_of(file, claim)
    if last is not None:
        stated, papers = _but_for(claim, last, before["stated"], stated, papers)
    said = recognised(claim.programme, who.uscc, day, claim.project)
    return Case(rules, version, day, who, what, stated, said, papers)


def _but_for(
    claim: Claim, last: Submission, before: Mapping[str, Any], now: Mapping[str, Any], papers: Sequence[Evidence]
) -> tuple[dict[str, Any], list[Evidence]]:
    """What was submitted, with what is asked as it stands now."""
    correction = correction_of(claim) if claim.state == "correcting" else None
    open_ = {(one["what"], one["name"]) for one in correction.asks} if correction is not None else set()
    facts = {name for what, name in open_ if what != "document"}
    kinds = {name for what, name in open_ if what == "document"}
    kept = {name: value for name, value in before.items() if name not in facts}
    sent = Evidence.objects.filter(pk__in=last.enclosures.values("evidence")).select_related("stored")
    enclosed = [one for one in sent.order_by("attached_at") if one.kind not in kinds]
    return {**kept, **{name: now[name] for name in facts if name in now}}, [
        *enclosed, *(one for one in papers if one.kind in kinds)
    ]  # fmt: skip


def registered(rules: Rules, who: Applicant) -> dict[str, str]:
    """What the register of enterprises answers."""
    values = {"uscc": who.uscc, "area": who.place}
    return {name: values[by] for name, by in identity(rules).items() if values[by]}


def rows_of(file: ApplicationFile, claim: Claim | None, what: Asked) -> dict[str, list[dict[str, str]]]:
    """The rows of every list that has some, in their order; those of a fact of the offer alone stand with the claim."""
    found: dict[str, list[dict[str, str]]] = {}
    lines = Line.objects.filter(file=file, fact__in=what.lists()).order_by("position")
    for line in lines:
        if line.claim_id == (claim.pk if claim is not None and line.fact in what.own else None):
            found.setdefault(line.fact, []).append(line.cells)
    return found


def evidence_of(file: ApplicationFile, claim: Claim) -> list[Evidence]:
    """What is attached to a claim, and to its file for all its claims."""
    found = Evidence.objects.filter(file=file, state="attached").select_related("stored").order_by("attached_at")
    return [one for one in found if one.claim_id in (None, claim.pk)]


def title_of(fact: FactDef) -> str:
    """What a fact is called, in the language of the reader."""
    return fact.title.zh if is_chinese() else fact.title.en
