"""Why something may not be done, and who may (不予办理的说明): for the person who was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import get_language

from jarlig.service.bodies.permission import RULES, may, offices
from jarlig.service.bodies.roles import ROLES
from jarlig.service.bodies.seats import HeldSeat
from jarlig.service.ground.context import current, on_behalf_of
from jarlig.service.ground.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the page of a refusal tells: the act, its reason, one's own seats that may, and the offices that may."""

    reason: str
    remedy: str
    title: str = ""
    seats: Sequence[HeldSeat] = ()
    offices: Sequence[str] = ()
    back: str = "/"


def explained(request: HttpRequest, error: NotAllowed) -> Refusal:
    """The refusal in full, as far as it is known which act was asked."""
    rule = RULES.get(error.act)
    if rule is None or connection.needs_rollback:
        return Refusal(str(error.reason), str(error.remedy))
    area = str(getattr(error.thing, "area_path", "") or (request.seat.path if request.seat else ""))
    return Refusal(
        str(error.reason),
        str(error.remedy),
        str(rule.title),
        other_seats(request, error.act, error.thing),
        [f"{_in_language(zh, en)} · {ROLES[role].title}" for zh, en, role in offices(rule, area)],
        request.get_full_path() if request.method == "GET" else "/",
    )


def other_seats(request: HttpRequest, act: str, thing: Any = None) -> list[HeldSeat]:
    """The reader's other seats from which they might do this."""
    here = current().seat
    found = []
    for seat in request.seats:
        if seat.id != here:
            with on_behalf_of(seat=seat.id):
                if may(act, thing).allowed:
                    found.append(seat)
    return found


def _in_language(zh: str, en: str) -> str:
    return (en if (get_language() or "").startswith("en") else "") or zh
