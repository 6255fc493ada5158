"""Asking for a correction (一次性告知补正): everything at once, with its reason and the day by which it is made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.ladder.kinds import Rows
from jarlig.library import Programme as Rules
from jarlig.service.applications import events
from jarlig.service.applications.asked import Asked, asked, identity
from jarlig.service.applications.corrections import WHATS
from jarlig.service.applications.models import Claim, Correction
from jarlig.service.applications.queries import last_submission, the_claim
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.calendar import add_working_days
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.enterprises.speaking import no_stake
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.errors import Invalid, WrongState

ASK = rule("ask_correction", gettext_lazy("Ask for a correction"), "receiver", "reviewer", condition=no_stake)
MOST_ASKS, LONGEST_REASON = 50, 2_000


def ask_correction(claim: Claim, asks: Sequence[tuple[str, str]], reason: str) -> Correction:
    """Gives a submitted claim back for what is named, as often as its route lets each level.

    Args:
        claim: the claim.
        asks: ``answer``, ``rows`` or ``document``, and the name of the fact or document.
        reason: what is wrong and how it is put right, for the enterprise.

    Raises:
        NotAllowed: outside the area of the seat, or for who has a stake in the enterprise.
        WrongState: when it is not submitted, its route lets nobody ask, or this level has asked already.
        Invalid: without a reason, or for something that the claim does not ask.
        UnknownYear: when the working days of the year are not known.
    """
    seat = require("ask_correction", claim)
    assert seat is not None  # a rule with roles has let somebody pass
    one = the_claim(claim.pk)
    if one.state != "submitted" or one.route is None:
        raise WrongState(_("A correction is asked of a claim that is submitted and has its route."))
    rules, what, tidy = *_asked_of(one), reason.strip()
    if not tidy or len(tidy) > LONGEST_REASON:
        raise Invalid(_("Say why, in at most %(most)s characters.") % {"most": LONGEST_REASON}, field="reason")
    if not asks or len(asks) > MOST_ASKS or not all(_is_asked(rules, what, *ask) for ask in asks):
        raise Invalid(_("Choose what is to be put right, from what the claim asks."), field="asks")
    allowed = one.route.corrections
    if Correction.objects.filter(claim=one, level=seat.level).count() >= allowed.get("each_level", 0):
        raise WrongState(_("This level has asked for as many corrections as the route lets it."),
                         remedy=_("Decide on the claim as it stands."))  # fmt: skip
    made = Correction(
        claim=one, asks=[{"what": what, "name": name} for what, name in dict.fromkeys(asks)], reason=tidy,
        level=seat.level, asked_by_id=seat.person, seat_id=seat.seat, asked_at=now(),
        due_on=add_working_days(today(), max(1, allowed.get("workdays", 0))),
    )  # fmt: skip
    made.save(force_insert=True)
    before = fields(one, "state")
    one.state = "correcting"
    one.save(update_fields=["state"])
    record("ask_correction", one, before=before, after={**fields(one, "state"), **fields(made, "id", "asks", "due_on")},
           reason=tidy)  # fmt: skip
    events.tell(events.correction_asked, made)
    return made


def _asked_of(claim: Claim) -> tuple[Rules, Asked]:
    """What the claim was asked, under the rules of its submission: its file is the enterprise's own."""
    last = last_submission(claim)
    assert last is not None  # a claim that is submitted has one
    before = json.loads(bytes(last.snapshot))
    rules = rules_of(last.version)
    return rules, asked(rules, claim.offer, date.fromisoformat(before["on"]), before["place"])


def _is_asked(rules: Rules, asked_of: Asked, what: str, name: str) -> bool:
    every = {**asked_of.shared, **asked_of.own}
    if what not in WHATS or name in identity(rules):
        return False
    if what == "document":
        return name in rules.model.evidence
    return name in every and isinstance(every[name].kind, Rows) is (what == "rows")
