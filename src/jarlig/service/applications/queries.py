"""What may be seen of files and claims (申报查询): the database answers first, by its row security."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from jarlig.service.applications.models import ApplicationFile, Claim, Correction, Evidence, Line, Submission
from jarlig.service.catalogue.models import Programme, Window
from jarlig.service.catalogue.queries import standing
from jarlig.service.enterprises.models import Enterprise
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Missing


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


def files_of(enterprise: Enterprise) -> list[ApplicationFile]:
    """The files of an enterprise, the newest first."""
    found = ApplicationFile.objects.filter(enterprise=enterprise).select_related("programme")
    return list(found.order_by("-year", "-begun_at"))


def claims_of(file: ApplicationFile) -> list[Claim]:
    """The claims of a file that were not dropped, in the order in which they were begun."""
    return list(Claim.objects.filter(file=file).exclude(state="dropped").order_by("begun_at"))


def lines_of(file: ApplicationFile, claim: Claim | None, fact: str) -> list[Line]:
    """The rows of one list, in their order."""
    return list(Line.objects.filter(file=file, claim=claim, fact=fact).order_by("position"))


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
    instant = now()
    for wanted in ("open", "not_yet"):
        for one in found:
            if standing(one, instant) == wanted:
                return one
    return found[-1]


def _there(found: Any) -> Any:
    one = found.first()
    if one is None:
        raise Missing(_("There is no such thing, or none that you may see."))
    return one
