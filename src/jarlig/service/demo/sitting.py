"""Acting as somebody of the cast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from jarlig.service.bodies.models import Account, Seat
from jarlig.service.ground.context import Who, acting

GATE = Who(role="jarlig_gate")


@contextmanager
def sits(login: str, role: str) -> Iterator[Seat]:
    """A transaction on behalf of an officer, on a seat of theirs."""
    with acting(GATE):
        seat = Seat.objects.filter(person__accounts__login=login, role=role, state="held").earliest("starts_on", "id")
    with acting(Who("jarlig_person", seat.person_id, seat.id)):
        yield seat


@contextmanager
def acts(login: str) -> Iterator[UUID]:
    """A transaction on behalf of a person without a seat."""
    with acting(GATE):
        person: UUID = Account.objects.get(login=login).person_id
    with acting(Who("jarlig_person", person)):
        yield person
