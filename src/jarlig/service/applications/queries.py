"""What may be seen of files and claims (申报查询): the database answers first, by its row security."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications.models import (
    ApplicationFile,
    Claim,
    Correction,
    Enclosure,
    Evidence,
    Submission,
)
from jarlig.service.bodies.permission import rule
from jarlig.service.catalogue.models import Programme, Window
from jarlig.service.catalogue.queries import standing
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Missing

LOOK = rule("look_at_claims", gettext_lazy("Read claims of the area"), "receiver", "reviewer", "approver", "finance",
            "auditor", "discipline", where="")  # fmt: skip


def the_file(identity: UUID, lock: bool = False) -> ApplicationFile:
    """A file.

    Raises:
        Missing: when there is none, or none that may be seen.
    """
    found = ApplicationFile.objects.select_related("programme__area").filter(pk=identity)
    return _there(found.select_for_update(of=("self",)) if lock else found)


def the_claim(identity: UUID, lock: bool = False) -> Claim:
    """A claim; held with its file, the file first, when it will be changed.

    Raises:
        Missing: when there is none, or none that may be seen; and of one that may not be changed, when it is held.
    """
    # Not joined with its file: officers who see the claim do not see what else the enterprise drafts.
    found = Claim.objects.select_related("programme__area", "area").filter(pk=identity)
    one: Claim = _there(found)
    if lock:
        the_file(one.file_id, lock=True)
        one = _there(found.select_for_update(of=("self",)))
    return one


def claims_of(file: ApplicationFile) -> list[Claim]:
    """The claims of a file that were not dropped, in the order in which they were begun."""
    return list(Claim.objects.filter(file=file).exclude(state="dropped").order_by("begun_at"))


def the_evidence(identity: UUID) -> Evidence:
    """A piece of evidence.

    Raises:
        Missing: when there is none, or none that may be seen.
    """
    return _there(Evidence.objects.select_related("file", "claim", "stored").filter(pk=identity))


def submissions_of(claim: Claim) -> list[Submission]:
    """What was submitted of a claim, the first first, without its bytes."""
    return list(Submission.objects.filter(claim=claim).defer("snapshot").order_by("number"))


def submission_by(claim: UUID, key: UUID) -> Submission | None:
    """What was submitted with this key; None when nothing was."""
    found: Submission | None = Submission.objects.filter(claim_id=claim, key=key).select_related("claim").first()
    return found


def last_submission(claim: Claim) -> Submission | None:
    """What was submitted of a claim last, with its bytes; None of a draft."""
    found: Submission | None = (
        Submission.objects.filter(claim=claim).select_related("version").order_by("number").last()
    )
    return found


def correction_of(claim: Claim) -> Correction | None:
    """What is asked of a claim now; None when nothing is."""
    found: Correction | None = Correction.objects.filter(claim=claim, state="open").first()
    return found


def corrections_of(claim: Claim) -> list[Correction]:
    """Everything that offices have asked of a claim, the first first."""
    return list(Correction.objects.filter(claim=claim).order_by("asked_at"))


def window_for(programme: Programme, offer: str, year: int) -> Window:
    """The window in which an offer is applied for: the one that is open, else the next, else the last.

    Raises:
        Missing: when there is none at all.
    """
    found: Sequence[Window] = list(
        Window.objects.filter(programme=programme, offer=offer, year=year).order_by("opens_at")
    )
    if not found:
        raise Missing(_("No applications for this offer are announced for %(year)s.") % {"year": year})
    return standing_best(found, now())


def standing_best(found: Sequence[Window], instant: datetime) -> Window:
    """Of windows in their order, at least one: the one that is open, else the next, else the last."""
    for wanted in ("open", "not_yet"):
        for one in found:
            if standing(one, instant) == wanted:
                return one
    return found[-1]


def files_for(enterprises: Iterable[UUID]) -> list[ApplicationFile]:
    """The files of enterprises, the newest year first, each with its claims that were not dropped."""
    claims = Claim.objects.exclude(state="dropped").defer("answers").order_by("begun_at")
    found = ApplicationFile.objects.filter(enterprise__in=list(enterprises)).select_related("programme")
    return list(found.prefetch_related(Prefetch("claims", claims)).order_by("-year", "programme__key", "-begun_at"))


def the_submission(identity: UUID) -> Submission:
    """What was submitted.

    Raises:
        Missing: when there is none, or none that may be seen.
    """
    whole = Submission.objects.select_related("claim__programme", "claim__area", "version")
    return _there(whole.filter(pk=identity))


def enclosed(submission: Submission) -> list[Evidence]:
    """The documents that went with a submission."""
    found = Enclosure.objects.filter(submission=submission).select_related("evidence__stored").order_by("pk")
    return [one.evidence for one in found]


def claim_taken(identity: UUID) -> Claim:
    """A claim that was submitted in the area of the seat; its file is the enterprise's alone.

    Raises:
        Missing: when there is none, or none that may be seen; a draft is none.
    """
    return _there(claims_taken().filter(pk=identity))


def claims_taken() -> QuerySet[Claim]:
    """Claims that were submitted in the area of the seat, the newest first; row security says which those are."""
    found = Claim.objects.exclude(state__in=("draft", "dropped")).defer("answers")
    return found.select_related("enterprise", "programme", "area").order_by("-submitted_at")


def _there(found: Any) -> Any:
    one = found.first()
    if one is None:
        raise Missing(_("There is no such thing, or none that you may see."))
    return one
