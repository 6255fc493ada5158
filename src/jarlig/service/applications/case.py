"""A claim as the engine sees it (测算口径): what was stated, what bodies vouch for, and what is still missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from jarlig.engines.answer import Determination
from jarlig.ladder.kinds import Rows
from jarlig.library import Programme as Rules
from jarlig.policy.facts import BUILT_IN
from jarlig.policy.model import FactDef
from jarlig.service.applications.applicant import Applicant, applicant_of
from jarlig.service.applications.asked import HISTORY, Asked, asked, identity
from jarlig.service.applications.models import ApplicationFile, Claim, Evidence, Line, Submission
from jarlig.service.applications.queries import correction_of, last_submission
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.loading import rules_of, version_in_force
from jarlig.service.catalogue.models import Version
from jarlig.service.catalogue.queries import recognitions_on, vouched
from jarlig.service.ground.clock import today
from jarlig.words.catalogue import words as built_in_words


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
        return self.rules.determine(offer, self.facts(offer), on=self.on, at=place_of(self.rules, self.who) or None)

    def lacks(self, offer: str) -> list[Lack]:
        """Everything that is missing, in the order in which it is asked: answers that the rules read, and documents."""
        known, found = self.facts(offer), []
        for name, fact in {**self.asked.shared, **self.asked.own}.items():
            if name in self.asked.reads and name not in known:
                found.append(Lack("rows" if isinstance(fact.kind, Rows) else "answer", name, title_of(fact)))
        for name in BUILT_IN:
            if name in self.asked.reads and name not in known:
                title = built_in_words("built_in." + name)
                found.append(Lack("answer", name, title.zh if is_chinese() else title.en))
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
    return cases_of(claim.file, [claim])[claim.pk]


def cases_of(file: ApplicationFile, claims: Sequence[Claim]) -> dict[UUID, Case]:
    """Claims of one file as they stand, by their ids; of drafts as many questions for a hundred as for one.

    Raises:
        Missing: see ``case_of``.
    """
    who, day, said = applicant_of(file.enterprise_id), today(), None
    lines = list(Line.objects.filter(file=file).filter(of_these(claims)).order_by("position"))
    papers = evidence_of(file, claims)
    in_force = version_in_force(file.programme.key) if any(one.state == "draft" for one in claims) else None
    found: dict[UUID, Case] = {}
    for claim in claims:
        own = [one for one in papers if one.claim_id in (None, claim.pk)]
        if claim.state != "draft":
            found[claim.pk] = _submitted(file, claim, who, lines, own)
            continue
        assert in_force is not None  # there is a draft
        said = recognitions_on(file.programme, who.uscc, day) if said is None else said
        rules = rules_of(in_force)
        what = asked(rules, claim.offer, day, place_of(rules, who))
        stated = {**file.answers, **claim.answers, **registered(rules, who), **rows_of(lines, claim, what)}
        found[claim.pk] = Case(rules, in_force, day, who, what, stated, vouched(said, claim.project), own)
    return found


def _submitted(
    file: ApplicationFile, claim: Claim, who: Applicant, lines: Sequence[Line], papers: Sequence[Evidence]
) -> Case:
    last = last_submission(claim)
    assert last is not None  # a claim that is no draft has one, unless it was dropped, which nobody looks at
    before: Mapping[str, Any] = json.loads(bytes(last.snapshot))
    day, rules = date.fromisoformat(before["on"]), rules_of(last.version)
    what = asked(rules, claim.offer, day, place_of(rules, who))
    stated = {**file.answers, **claim.answers, **registered(rules, who), **rows_of(lines, claim, what)}
    stated, kept = _but_for(claim, last, before["stated"], stated, papers)
    said = vouched(recognitions_on(file.programme, who.uscc, day), claim.project)
    return Case(rules, last.version, day, who, what, stated, said, kept)


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


def of_these(claims: Sequence[Claim]) -> Q:
    """What stands with one of these claims, or with their file."""
    return Q(claim=None) | Q(claim__in=[one.pk for one in claims])


def place_of(rules: Rules, who: Applicant) -> str:
    """Where the rules see the applicant; empty at a place that is none of the programme's region."""
    return who.place if who.place.startswith(rules.model.region.rstrip("0")) else ""


def registered(rules: Rules, who: Applicant) -> dict[str, str]:
    """What the register of enterprises answers."""
    values = {"uscc": who.uscc, "area": place_of(rules, who)}
    return {name: values[by] for name, by in identity(rules).items() if values[by]}


def rows_of(lines: Sequence[Line], claim: Claim, what: Asked) -> dict[str, list[dict[str, str]]]:
    """The rows of every list that has some, in their order; those of a fact of the offer alone stand with the claim."""
    found: dict[str, list[dict[str, str]]] = {}
    lists = what.lists()
    for line in lines:
        if line.fact in lists and line.claim_id == (claim.pk if line.fact in what.own else None):
            found.setdefault(line.fact, []).append(line.cells)
    return found


def evidence_of(file: ApplicationFile, claims: Sequence[Claim]) -> list[Evidence]:
    """What is attached to these claims, and to their file for all its claims."""
    found = Evidence.objects.filter(file=file, state="attached").filter(of_these(claims))
    return list(found.select_related("stored").order_by("attached_at"))


def title_of(fact: FactDef) -> str:
    """What a fact is called, in the language of the reader."""
    return fact.title.zh if is_chinese() else fact.title.en
