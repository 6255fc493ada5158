"""Deleting an estimate (删除测算记录): at once and whole, by whoever has its code."""

from __future__ import annotations

from jarlig.service.estimates import codes
from jarlig.service.estimates.finding import holding
from jarlig.service.estimates.models import EstimateSession


def delete_estimate(code: str) -> None:
    """Removes the estimate of a code; nothing of it remains, and where there was none nothing happens.

    It is no act of office and stands in no log; see ``begin_estimate``.
    """
    meant = codes.read(code)
    if meant:
        with holding(meant) as key:
            EstimateSession.objects.filter(code_hash=key).delete()
