"""Who sits here now (当前岗位): the seat of this transaction as the database confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from jarlig.service.bodies.roles import ROLES, Role
from jarlig.service.ground.context import current


@dataclass(frozen=True, slots=True)
class Sitting:
    """A person on a seat: what may be asked and done hangs on this and nothing else."""

    person: UUID
    seat: UUID
    role: str
    body: UUID
    area: UUID
    path: str
    level: str

    @property
    def title(self) -> Role:
        """The role with its words."""
        return ROLES[self.role]

    def covers(self, path: str) -> bool:
        """Whether an area lies at or under that of the seat; what has no area is covered from the top alone."""
        return path.startswith(self.path) if path else self.level == "region"


def sitting() -> Sitting | None:
    """The seat of this transaction; None where nobody sits: not signed in, no seat chosen, or no longer held."""
    who = current()
    if who.person is None or who.seat is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, role, body, area, path, level FROM jarlig.my_seat()")
        found = cursor.fetchone()
    return Sitting(who.person, *found) if found else None
