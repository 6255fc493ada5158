"""The sections of a file (任务清单): what is done, in progress, not begun, cannot start, or has a problem."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from jarlig.ladder.kinds import Rows
from jarlig.library import Programme as Rules
from jarlig.policy.facts import BUILT_IN
from jarlig.policy.model import FactDef
from jarlig.service.applications.asked import HISTORY, identity
from jarlig.service.applications.case import Case, documents, title_of
from jarlig.service.applications.models import ApplicationFile, Claim
from jarlig.service.applications.queries import correction_of
from jarlig.service.web.apply.shared import Deadline, Estimate

DONE, BEGUN, NOT_BEGUN, BLOCKED, PROBLEM = "completed", "in_progress", "not_started", "cannot_start", "problem"


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its words, where it is filled in, how it stands."""

    title: str
    href: str
    status: str
    hint: str = ""
    words: str = ""


def is_open(claim: Claim, what: str, name: str) -> bool:
    """Whether something of a claim may be changed: of a draft everything, later what the office has asked about."""
    if claim.state == "draft":
        return True
    if "asks_now" not in claim.__dict__:  # once for the page
        correction = correction_of(claim)
        claim.asks_now = [] if correction is None else correction.asks
    return {"what": what, "name": name} in claim.asks_now


def typed_own(case: Case, claim: Claim) -> dict[str, FactDef]:
    """Facts of the offer that the applicant types: no lists, nothing that a body vouches for."""
    vouched = vouched_for(case, claim.offer)
    return {name: one for name, one in case.asked.own.items()
            if not isinstance(one.kind, Rows) and name not in vouched and is_open(claim, "answer", name)}  # fmt: skip


def own_lists(case: Case, claim: Claim) -> dict[str, FactDef]:
    """The lists of the offer that may be changed."""
    return {name: one for name, one in case.asked.own.items()
            if isinstance(one.kind, Rows) and is_open(claim, "rows", name)}  # fmt: skip


def months(case: Case, claim: Claim) -> list[str]:
    """The month or year of claiming, where the rules read it."""
    return [name for name in BUILT_IN if name in case.asked.reads and is_open(claim, "answer", name)]


def vouched_for(case: Case, offer: str) -> dict[str, Any]:
    """What bodies vouch for, of all facts that the claim is asked."""
    own = case.recognised.get(offer)
    shared = {name: value for name, value in case.recognised.items() if not isinstance(value, Mapping)}
    return {**shared, **(own if isinstance(own, Mapping) else {})}


def typed_shared(rules: Rules, cases: Iterable[Case]) -> dict[str, FactDef]:
    """Shared facts that the applicant types, in the order of the rules: those that one of the claims reads.

    While there is no claim, all that the programme has.
    """
    every = list(cases)
    given = identity(rules).keys() | {name for one in every for name in one.recognised}
    needed = {name for one in every for name in one.asked.shared}
    return {
        name: fact for name, fact in rules.model.facts.items()
        if not isinstance(fact.kind, Rows) and name not in given and (name in needed or not every)
    }  # fmt: skip


def asks_history(cases: Iterable[Case]) -> bool:
    """Whether one of the claims asks for earlier awards."""
    return any(HISTORY in one.asked.reads for one in cases)


def stands(names: Collection[str], needed: Collection[str], known: Collection[str]) -> str:
    """How a section of answers stands."""
    if all(name in known for name in (needed or names)):
        return DONE
    return BEGUN if any(name in known for name in names) else NOT_BEGUN


def shared_sections(file: ApplicationFile, rules: Rules, cases: Mapping[Any, Case]) -> list[Section]:
    """What all claims of a file share."""
    found: list[Section] = []
    every = list(cases.values())
    facts = typed_shared(rules, every)
    if facts:
        needed = [name for name in facts if any(name in one.asked.reads for one in every)]
        known = [name for name in facts if name in file.answers]
        hint = _("%(known)s of %(all)s answered") % {"known": len(known), "all": len(facts)}
        status = stands(facts, needed, file.answers)
        found.append(Section(_("About the enterprise"), reverse("apply-shared", args=[file.pk]), status, hint))
    if asks_history(every):
        rows = file.answers.get(HISTORY)
        hint = "" if rows is None else _("None") if not rows else _rows(len(rows))
        status = NOT_BEGUN if rows is None else DONE
        found.append(Section(_("Earlier awards"), reverse("apply-history", args=[file.pk]), status, hint))
    return found


def claim_sections(claim: Claim, case: Case, until: Deadline, estimate: Estimate) -> list[Section]:
    """The sections of a draft: answers, one a list, documents, check and submit."""
    found: list[Section] = []
    known, offer = case.facts(claim.offer), claim.offer
    facts = typed_own(case, claim)
    names = [*facts, *months(case, claim)]
    if names:
        needed = [name for name in names if name in case.asked.reads]
        hint = _("%(known)s of %(all)s answered") % {"known": sum(one in known for one in names), "all": len(names)}
        status = stands(names, needed, known)
        found.append(Section(_("Answers about the project"), reverse("apply-answers", args=[claim.pk]), status, hint))
    for name, fact in own_lists(case, claim).items():
        rows = known.get(name) or []
        status = DONE if rows or name not in case.asked.reads else NOT_BEGUN
        found.append(Section(title_of(fact), reverse("apply-rows", args=[claim.pk, name]), status, _rows(len(rows))))
    kinds = [one for one in documents(case, offer) if is_open(claim, "document", one)]
    had = {one.kind for one in case.evidence}
    shown = sum(kind in had for kind in kinds)
    hint = _("%(known)s of %(all)s kinds attached") % {"known": shown, "all": len(kinds)}
    status = NOT_BEGUN if not shown else DONE if shown == len(kinds) else BEGUN
    found.append(Section(_("Documents"), reverse("apply-documents", args=[claim.pk]), status if kinds else DONE, hint))
    found.append(_last(claim, case, until, estimate))
    return found


def _last(claim: Claim, case: Case, until: Deadline, estimate: Estimate) -> Section:
    href, title = reverse("apply-check", args=[claim.pk]), _("Check answers and submit")
    lacks = case.lacks(claim.offer)
    if estimate.kind == "problem":
        return Section(title, href, PROBLEM, estimate.words)
    if lacks:
        said = ngettext("%(count)s thing is missing", "%(count)s things are missing", len(lacks))
        return Section(title, href, BLOCKED, said % {"count": len(lacks)})
    if until.standing != "open":
        return Section(title, href, BLOCKED, until.words)
    return Section(title, href, NOT_BEGUN, _("Everything is there"))


def _rows(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}


def after(sections: Iterable[Section], href: str, otherwise: str) -> str:
    """The address of the section after that one."""
    listed = [one.href for one in sections]
    at = listed.index(href) + 1 if href in listed else len(listed)
    return listed[at] if at < len(listed) else otherwise
