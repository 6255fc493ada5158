"""The seats that a person may sit on today (可用岗位): their own, and those on which they are a deputy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import get_language

from jarlig.service.bodies.roles import ROLES, Role
from jarlig.service.ground.context import on_behalf_of

_SEATS = """
    SELECT s.id, s.role, b.name_zh, b.name_en, a.id, a.name_zh, a.name_en, a.path, a.level, s.body_id,
           CASE WHEN s.person_id = %(person)s THEN NULL ELSE d.ends_on END,
           CASE WHEN s.person_id = %(person)s THEN '' ELSE holder.name END
    FROM bodies_seat s JOIN bodies_body b ON b.id = s.body_id JOIN bodies_area a ON a.id = s.area_id
    JOIN bodies_person holder ON holder.id = s.person_id
    LEFT JOIN LATERAL (
        SELECT max(one.ends_on) AS ends_on FROM bodies_deputy one
        WHERE one.seat_id = s.id AND one.person_id = %(person)s AND NOT one.is_ended
          AND jarlig.today() BETWEEN one.starts_on AND one.ends_on
    ) d ON true
    WHERE s.state = 'held' AND jarlig.today() BETWEEN s.starts_on AND coalesce(s.ends_on, 'infinity')
      AND (s.person_id = %(person)s OR d.ends_on IS NOT NULL)
    ORDER BY a.path, b.name_zh, s.role, s.id
"""


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat that its person may choose today; for a deputy with the day on which that ends, and for whom."""

    id: UUID
    role: str
    body_zh: str
    body_en: str
    area: UUID
    area_zh: str
    area_en: str
    path: str
    level: str
    body: UUID
    deputy_until: date | None
    deputy_for: str

    @property
    def title(self) -> Role:
        """The role with its words."""
        return ROLES[self.role]

    @property
    def office(self) -> str:
        """The body, in the language of the reader where it has a name in it."""
        return (self.body_en if (get_language() or "").startswith("en") else "") or self.body_zh


def seats_of(person: UUID) -> tuple[HeldSeat, ...]:
    """The seats that a person may sit on today, asked by the sign-in."""
    with on_behalf_of(role="jarlig_gate"), connection.cursor() as cursor:
        cursor.execute(_SEATS, {"person": person})
        return tuple(HeldSeat(*row) for row in cursor.fetchall())
