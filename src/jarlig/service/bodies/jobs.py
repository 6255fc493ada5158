"""Jobs of this room: sessions that have run out are removed."""

from __future__ import annotations

from jarlig.service.bodies.models import Session
from jarlig.service.ground.clock import now
from jarlig.service.ground.jobs import job


@job("clear_sessions", every="40 18 * * *")
def clear_sessions() -> None:
    """Removes sessions whose end has passed."""
    Session.objects.filter(expires_at__lt=now()).delete()
