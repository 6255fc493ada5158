"""What the tests of the sign-in read back: acts of the log, open sessions."""

from __future__ import annotations

from tests.service.browsing import Browser

from jarlig.service.audit.models import Act
from jarlig.service.bodies.models import Session
from jarlig.service.ground.context import Who, acting


def acts() -> list[str]:
    """The acts of the log, oldest first."""
    with acting(Who(role="jarlig_worker")):
        return list(Act.objects.order_by("at").values_list("act", flat=True))


def sessions() -> int:
    """How many sessions somebody is signed in with."""
    with acting(Who(role="jarlig_gate")):
        return int(Session.objects.exclude(account=None).count())


def is_in(one: Browser) -> bool:
    """Whether this browser sees the page of its account."""
    return bool(one.get("/account/").status_code == 200)
