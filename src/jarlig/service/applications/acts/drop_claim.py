"""Dropping a draft (删除草稿): it is no longer shown; nothing of it was ever submitted."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications.acts.answer_claim import open_claim, touched
from jarlig.service.applications.models import Claim
from jarlig.service.applications.speaking import drafts
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import rule
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import WrongState

DROP = rule("drop_claim", gettext_lazy("Drop a draft"), condition=drafts)


def drop_claim(claim: Claim, revision: int) -> Claim:
    """Puts a draft away.

    Raises:
        NotAllowed: to who is not of the enterprise.
        WrongState: when it was submitted or is gone.
        Conflict: when somebody else has changed it meanwhile.
    """
    one = open_claim("drop_claim", claim, revision)
    if one.state != "draft":
        raise WrongState(_("Only a draft is dropped."), remedy=_("A submitted claim is withdrawn."))
    before = fields(one, "state")
    one.state, one.ended_at = "dropped", now()
    touched(one, "state", "ended_at")
    record("drop_claim", one, before=before, after=fields(one, "state"))
    return one
