"""Keeping what was answered (保存答案): the estimate of a code with other answers, or for another day."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext as _

from jarlig.asking import Interview, to_json
from jarlig.service.estimates.acts.begin_estimate import KEPT
from jarlig.service.estimates.finding import holding
from jarlig.service.estimates.models import EstimateSession
from jarlig.service.estimates.queries import Estimate
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import WrongState


def keep_answers(estimate: Estimate, interview: Interview) -> None:
    """Keeps the answers of an interview under the code of an estimate, for 30 days from now.

    It is no act of office and stands in no log; see ``begin_estimate``.

    Raises:
        WrongState: it was changed or deleted since it was read.
    """
    instant = now()
    with holding(estimate.code) as key:
        kept = EstimateSession.objects.filter(
            code_hash=key, revision=estimate.revision, expires_at__gt=instant
        ).update(
            answers=to_json(interview), on=interview.on, sha256=estimate.version.sha256, revision=F("revision") + 1,
            expires_at=instant + KEPT,
        )  # fmt: skip
    if not kept:
        raise WrongState(
            _("This estimate was changed or deleted at the same moment."), remedy=_("Look at it and answer again.")
        )
