"""Every rule with its answer for the reader (权限说明), so that nobody has to guess why a button is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jarlig.service.bodies.permission import RULES, Rule, answers
from jarlig.service.bodies.roles import ROLES
from jarlig.service.bodies.seats import HeldSeat
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.web.screens import screen


@dataclass(frozen=True, slots=True)
class Row:
    """A rule, whether the reader may, why, and from which other seats of theirs they may."""

    act: str
    title: str
    who: str
    where: str
    allowed: bool
    reason: str
    elsewhere: Sequence[HeldSeat]


@screen(None)
def show(request: HttpRequest) -> HttpResponse:
    """All rules, or that of the act which the address names; asked of no thing in particular."""
    wanted = request.GET.get("act", "")
    acts = sorted(RULES) if wanted not in RULES else [wanted]
    here = answers(acts)
    others = {}
    for seat in request.seats:
        if request.seat is None or seat.id != request.seat.id:
            with on_behalf_of(seat=seat.id):
                others[seat] = answers(acts)
    rows = [
        Row(
            act, str(RULES[act].title), who(RULES[act]), where(RULES[act]), here[act].allowed, here[act].reason,
            [] if here[act].allowed else [seat for seat, told in others.items() if told[act].allowed],
        )
        for act in acts
    ]  # fmt: skip
    rows.sort(key=lambda row: (not row.allowed, row.title))
    return render(request, "why/show.html", {"rows": rows, "seat": request.seat, "one": wanted in RULES})


def who(one: Rule) -> str:
    """The roles of a rule in words."""
    if not one.roles:
        return _("Whoever is signed in")
    return _(", ").join(str(role.title) for name, role in ROLES.items() if name in one.roles)


def where(one: Rule) -> str:
    """How a thing must lie to the seat, in words."""
    return {
        "area": _("in the area of the seat"),
        "body": _("of the body of the seat"),
        "top": _("from a seat of the region"),
    }.get(one.where, "")  # fmt: skip
