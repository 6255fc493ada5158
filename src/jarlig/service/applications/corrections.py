"""What is open again while a claim is corrected (补正范围)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jarlig.service.applications.models import Claim
from jarlig.service.applications.queries import correction_of
from jarlig.service.ground.errors import WrongState

WHATS = ("answer", "rows", "document")


def require_open(claim: Claim, what: str, *names: str) -> None:
    """Lets what was asked be changed, and of a draft everything.

    Raises:
        WrongState: for something that the office did not ask about.
    """
    if claim.state != "correcting":
        return
    correction = correction_of(claim)
    asks: list[dict[str, Any]] = correction.asks if correction is not None else []
    if not {(what, name) for name in names} <= {(one["what"], one["name"]) for one in asks}:
        raise WrongState(_("Only what the office has asked about is open again."),
                         remedy=_("See what it has asked, on the page of the claim."))  # fmt: skip
