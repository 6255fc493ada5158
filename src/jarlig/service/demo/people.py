"""Who may be picked (可选人员): everybody with an account, by the office in which they sit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db import connection
from django.utils.translation import get_language

from jarlig.service.bodies.models import Account
from jarlig.service.bodies.roles import ROLES, Role
from jarlig.service.enterprises.models import Membership
from jarlig.service.ground.context import on_behalf_of

_SEATS = """
    SELECT s.id, s.person_id, p.name, s.role, b.name_zh, b.name_en, a.name_zh, a.name_en, a.level
    FROM bodies_seat s JOIN bodies_person p ON p.id = s.person_id AND p.state = 'active'
    JOIN bodies_body b ON b.id = s.body_id JOIN bodies_area a ON a.id = s.area_id
    WHERE s.state = 'held' AND jarlig.today() BETWEEN s.starts_on AND coalesce(s.ends_on, 'infinity')
      AND EXISTS (SELECT FROM bodies_account c WHERE c.person_id = p.id AND c.is_active)
    ORDER BY nullif(a.level, 'region') NULLS FIRST, a.order_key, b.name_zh, p.name, s.role, s.id
"""

_OTHERS = """
    SELECT p.id, p.name FROM bodies_person p
    WHERE p.state = 'active' AND NOT EXISTS (SELECT FROM bodies_seat s WHERE s.person_id = p.id)
      AND EXISTS (SELECT FROM bodies_account c WHERE c.person_id = p.id AND c.is_active)
    ORDER BY p.name, p.id LIMIT %s
"""
#: As many people of enterprises are shown.
MOST = 60


@dataclass(frozen=True, slots=True)
class Sitter:
    """A person on a seat."""

    seat: UUID
    person: UUID
    name: str
    role: Role
    body: str
    area: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person of an enterprise."""

    person: UUID
    name: str
    enterprise: str
    role: str


@dataclass(frozen=True, slots=True)
class Office:
    """A body, and who sits there."""

    body: str
    sitters: tuple[Sitter, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An area and its offices."""

    area: str
    offices: tuple[Office, ...]


def places() -> list[Place]:
    """Everybody who may be picked: the region first; in each area the offices with most seats first."""
    found = []
    for area, sitting in groupby(_sitters(), lambda one: one.area):
        offices = [Office(body, tuple(group)) for body, group in groupby(sitting, lambda one: one.body)]
        found.append(Place(area, tuple(sorted(offices, key=lambda one: -len(one.sitters)))))
    return found


def sitter(seat: str) -> Sitter | None:
    """The person on that seat, if they may be picked."""
    return next((one for one in _sitters() if str(one.seat) == seat), None)


def speakers() -> list[Speaker]:
    """People without a seat, with the enterprise that they speak for or have named."""
    with on_behalf_of(role="jarlig_gate"), connection.cursor() as cursor:
        cursor.execute(_OTHERS, [MOST])
        people = cursor.fetchall()
    return [Speaker(person, name, *_enterprise(person)) for person, name in people]


def speaker(person: str) -> UUID | None:
    """The person of that id, if they may be picked without a seat."""
    return next((one.person for one in speakers() if str(one.person) == person), None)


def _enterprise(person: UUID) -> tuple[str, str]:
    """Name of the enterprise and what the person is there; empty for who has named none."""
    with on_behalf_of(role="jarlig_gate", person=person):
        place = Membership.objects.filter(person=person).order_by("-asked_at").first()
    return (place.stated_name, place.role) if place else ("", "")


def account_of(person: UUID) -> Account:
    """The account by which that person signs in."""
    accounts = Account.objects.select_related("person").filter(person=person, is_active=True)
    found: Account = accounts.earliest("login")
    return found


def _sitters() -> Iterable[Sitter]:
    english = (get_language() or "").startswith("en")
    with on_behalf_of(role="jarlig_gate"), connection.cursor() as cursor:
        cursor.execute(_SEATS)
        rows = cursor.fetchall()
    for seat, person, name, role, body_zh, body_en, area_zh, area_en, _level in rows:
        body, area = (body_en or body_zh, area_en or area_zh) if english else (body_zh, area_zh)
        yield Sitter(seat, person, name, ROLES[role], body, area)
