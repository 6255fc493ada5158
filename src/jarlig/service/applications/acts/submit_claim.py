"""Submitting a claim (提交申报): exactly once, while the window is open by the clock of the database."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications import events
from jarlig.service.applications.case import Case, case_of
from jarlig.service.applications.errors import Conflict, Incomplete, not_editable, stale
from jarlig.service.applications.models import Claim, Enclosure, Stated, Submission
from jarlig.service.applications.queries import correction_of, submission_by, the_claim, window_for
from jarlig.service.applications.snapshot import snapshot
from jarlig.service.applications.speaking import speaks
from jarlig.service.applications.stated import statements
from jarlig.service.applications.states import EDITABLE
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.models import Window
from jarlig.service.catalogue.queries import held_open, route_of
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Missing, WrongState
from jarlig.words.canonical import digest

SUBMIT = rule("submit_claim", gettext_lazy("Submit a claim"), condition=speaks)
#: Letters of a claim's number: none that is read for another.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def submit_claim(claim: Claim, key: UUID, seen: str, declared: str) -> Submission:
    """Freezes what a claim says and hands it in; the answer is the acknowledgement.

    Sent again with the same key it answers the same, also after the window has closed: nothing is done twice, and a
    lost answer is had by asking again.

    Args:
        claim: the claim.
        key: came with the form that is sent.
        seen: which state of the claim the person read and declared true (``seen_of``).
        declared: the declaration as they read it.

    Raises:
        NotAllowed: to who does not speak for the enterprise.
        WrongState: outside the window or the days of a correction, or when it was submitted otherwise or is gone.
        Conflict: when the claim has changed since it was read, or the key came with another.
        Incomplete: with everything that is missing.
    """
    require("submit_claim", claim)
    again = _again(claim, key, seen)
    if again is not None:
        return again
    if claim.state not in EDITABLE:
        raise not_editable()
    one = the_claim(claim.pk, lock=True)
    again = _again(one, key, seen)
    if again is not None:
        return again
    if one.state not in EDITABLE:
        raise not_editable()
    if seen_of(one) != seen:
        raise stale()
    window = _in_time(one)
    case = case_of(one)
    lacks = case.lacks(one.offer)
    if lacks:
        raise Incomplete([str(lack) for lack in lacks])
    return _handed_in(one, case, window, key, seen, declared)


def _in_time(claim: Claim) -> Window:
    """The window in which it is handed in, held open; of a correction the first one, while its days last."""
    if claim.state == "draft":
        window = window_for(claim.programme, claim.offer, claim.year)
        held_open(window)
        return window
    correction, first = correction_of(claim), claim.submissions.select_related("window").get(number=1)
    if correction is None or correction.due_on < today():
        raise WrongState(_("The days for this correction are over."))
    found: Window = first.window
    return found


def seen_of(claim: Claim) -> str:
    """A word for the state of a claim with its file: another one whenever something in it has changed."""
    attached = claim.file.evidence.filter(state="attached").order_by("pk").values_list("pk", flat=True)
    state = [claim.pk, claim.revision, claim.file.revision, *attached]
    return digest("\n".join(map(str, state)).encode())


def _first(claim: Claim, made: Submission, case: Case) -> None:
    """The claim gets its number, its office and its route."""
    claim.state, claim.submitted_at, claim.area_id = "submitted", made.submitted_at, case.who.area.pk
    claim.number = f"{claim.year}-" + "".join(secrets.choice(ALPHABET) for _each in range(8))
    try:
        claim.route = route_of(claim.programme, claim.year, claim.offer)
    except Missing:
        claim.route = None  # the office sets one before it looks at the claim; nobody misses a window for it
    claim.changed_by_id, claim.changed_at = made.submitted_by_id, made.submitted_at
    claim.save(update_fields=["state", "submitted_at", "area", "number", "route", "changed_by", "changed_at"])


def _answered(claim: Claim, made: Submission) -> None:
    """The claim goes back to the level that asked; when it was submitted first stays."""
    correction = correction_of(claim)
    assert correction is not None  # _in_time has found it, and the claim is held
    correction.state, correction.answered_by, correction.ended_at = "answered", made, made.submitted_at
    correction.save(update_fields=["state", "answered_by", "ended_at"])
    claim.state = "submitted"
    claim.save(update_fields=["state"])


def _again(claim: Claim, key: UUID, seen: str) -> Submission | None:
    found = submission_by(claim.pk, key)
    if found is not None and found.seen != seen:
        raise Conflict(_("This form was sent already, with something else in it."),
                       remedy=_("Look at what was submitted."))  # fmt: skip
    return found


def _handed_in(claim: Claim, case: Case, window: Window, key: UUID, seen: str, declared: str) -> Submission:
    number = claim.submissions.count() + 1
    data = snapshot(claim, case, number, window, declared)
    made = Submission(claim=claim, number=number, key=key, seen=seen, window=window, version=case.version,
                      snapshot=data, sha256=digest(data), submitted_by_id=current().person)  # fmt: skip
    made.save(force_insert=True)
    made.refresh_from_db(fields=["submitted_at"])  # the database says when
    Enclosure.objects.bulk_create(Enclosure(submission=made, evidence=one) for one in case.evidence)
    Stated.objects.bulk_create(
        Stated(submission=made, fact=one.fact, position=one.position, is_shared=one.is_shared, key=one.key,
               loose=one.loose) for one in statements(case.asked, claim.offer, case.stated)
    )  # fmt: skip
    before = fields(claim, "state")
    if claim.state == "draft":
        _first(claim, made, case)
    else:
        _answered(claim, made)
    after = {**fields(claim, "state", "number", "area_id", "route_id"),
             **fields(made, "id", "sha256", "window_id", "version_id", "submitted_at")}  # fmt: skip
    record("submit_claim", claim, before=before, after=after)
    events.tell(events.claim_submitted, made)
    return made
