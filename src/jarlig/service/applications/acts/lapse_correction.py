"""A correction that was not made in time (逾期未补正，视为撤回)."""

from __future__ import annotations

from jarlig.service.applications import events
from jarlig.service.applications.models import Claim, Correction
from jarlig.service.audit.record import fields, record
from jarlig.service.ground.clock import now, today

#: Why a claim is withdrawn that nobody withdrew: written down, so in the language that binds.
LAPSED = "逾期未补正，视为撤回申报。"


def lapse_corrections(most: int = 500) -> int:
    """Withdraws claims whose corrections were due before today; how many. The worker calls it and acts for nobody."""
    due = Correction.objects.filter(state="open", due_on__lt=today()).order_by("due_on").values_list("claim", flat=True)
    done = 0
    for identity in list(due[:most]):
        # The claim is held first, as by whoever hands the correction in at this very moment.
        claim = Claim.objects.select_for_update(of=("self",)).select_related("area").get(pk=identity)
        one = Correction.objects.filter(claim=claim, state="open").first()
        if one is None:
            continue
        before = fields(claim, "state")
        one.state, one.ended_at = "lapsed", now()
        one.save(update_fields=["state", "ended_at"])
        claim.state, claim.reason, claim.ended_at = "withdrawn", LAPSED, one.ended_at
        claim.save(update_fields=["state", "reason", "ended_at"])
        record("lapse_correction", claim, before=before, after=fields(claim, "state"), reason=LAPSED)
        events.tell(events.correction_lapsed, one)
        done += 1
    return done
