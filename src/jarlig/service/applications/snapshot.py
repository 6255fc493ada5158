"""What is submitted, as exact bytes (申报快照): the same claim gives the same bytes, and a changed one others."""

from __future__ import annotations

from typing import Any

from jarlig.service.applications.case import Case
from jarlig.service.applications.models import Claim
from jarlig.service.catalogue.models import Window
from jarlig.words import receipts
from jarlig.words.canonical import canonical, canonical_facts

FORMAT = "jarlig-submission-1"


def snapshot(claim: Claim, case: Case, number: int, window: Window, declared: str) -> bytes:
    """Everything that a claim says: who, for what, under which rules, stated, vouched for, shown, and what it comes to.

    Args:
        claim: the claim, with its file and enterprise.
        case: the same as the engine sees it.
        number: the how many-th submission of the claim it is.
        window: within which it is submitted.
        declared: the declaration as the applicant read it.
    """
    said: dict[str, Any] = {
        "format": FORMAT,
        "claim": str(claim.pk),
        "submission": number,
        "enterprise": {"uscc": case.who.uscc, "name": case.who.name},
        "programme": claim.programme.key,
        "version": case.version.sha256,
        "year": claim.year,
        "offer": claim.offer,
        "project": claim.project,
        "place": case.who.place,
        "window": str(window.pk),
        "on": case.on.isoformat(),
        "stated": canonical_facts(dict(case.stated)),
        "recognised": canonical_facts(dict(case.recognised)),
        "evidence": [
            {"kind": one.kind, "fact": one.fact, "row": one.row_key, "name": one.stored.name,
             "sha256": one.stored.sha256, "size": one.stored.size}
            for one in case.evidence
        ],
        "declared": declared,
        "computed": receipts.make(case.determination(claim.offer)),
    }  # fmt: skip
    return canonical(said)
