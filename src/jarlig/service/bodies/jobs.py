"""Jobs of this room: what the sign-in needed for a while is removed when that is over."""

from __future__ import annotations

from jarlig.service.bodies.kept import clear_expired
from jarlig.service.bodies.models import Session
from jarlig.service.ground.clock import now
from jarlig.service.ground.jobs import job


@job("clear_sessions", every="40 18 * * *")
def clear_sessions() -> None:
    """Removes sessions whose end has passed, whoever they belonged to."""
    Session.objects.filter(expires_at__lte=now()).delete()


@job("clear_attempts", every="45 18 * * *")
def clear_attempts() -> None:
    """Removes counts of attempts, of accounts and addresses alike, and used codes, that count for nothing any more."""
    clear_expired()
