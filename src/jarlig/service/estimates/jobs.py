"""Jobs of this room: estimates whose time is over are removed."""

from __future__ import annotations

from jarlig.service.estimates.models import EstimateSession
from jarlig.service.ground.clock import now
from jarlig.service.ground.jobs import job


@job("clear_estimates", every="50 18 * * *")
def clear_estimates() -> None:
    """Removes estimates 30 days after their last answer."""
    EstimateSession.objects.filter(expires_at__lte=now()).delete()
