"""Taking a document out of a draft (移除证明材料)."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications.corrections import require_open
from jarlig.service.applications.errors import not_editable
from jarlig.service.applications.models import Evidence
from jarlig.service.applications.queries import the_claim
from jarlig.service.applications.speaking import drafts
from jarlig.service.applications.states import EDITABLE
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import WrongState


def of_file(seat: Sitting | None, thing: Any) -> str | Promise | None:
    """A condition of rules: whoever drafts in the file of the document."""
    return drafts(seat, None if thing is None else thing.file)


REMOVE = rule("remove_evidence", gettext_lazy("Remove a document"), condition=of_file)


def remove_evidence(one: Evidence) -> Evidence:
    """Takes a document out; with what was submitted before it stays.

    Raises:
        NotAllowed: to who is not of the enterprise.
        WrongState: when it is out already, or its claim was submitted or is gone.
    """
    require("remove_evidence", one)
    if one.claim is not None:
        claim = the_claim(one.claim_id, lock=True) if one.claim.state in EDITABLE else one.claim
        if claim.state not in EDITABLE:
            raise not_editable()
        require_open(claim, "document", one.kind)
    one.refresh_from_db(fields=["state"])
    if one.state != "attached":
        raise WrongState(_("This document was removed already."))
    before = fields(one, "state")
    one.state, one.removed_at = "removed", now()
    one.save(update_fields=["state", "removed_at"])
    record("remove_evidence", one, before=before, after=fields(one, "state"))
    return one
