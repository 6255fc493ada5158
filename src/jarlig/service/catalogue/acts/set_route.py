"""Writing a route (设定审核流程) beside those that guides bring along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Programme, RouteVersion
from jarlig.service.catalogue.numbering import next_number
from jarlig.service.catalogue.routes import read_corrections, read_steps
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid

SET = rule("set_route", gettext_lazy("Write a route"), "author")


def set_route(
    programme: Programme, year: int, name: str, offers: Sequence[str], steps: object, *, title_zh: str, title_en: str,
    corrections: dict[str, Any] | None = None,
) -> RouteVersion:  # fmt: skip
    """Writes a new version of a route; it counts when another person puts it in force.

    Raises:
        NotAllowed: from another seat.
        Missing: when no version of the programme is in force.
        Invalid: for a year without guide, an offer that there is not or that has another route, or unreadable steps.
    """
    require("set_route", programme)
    model = programme_in_force(programme.key).model
    if year not in model.guides:
        raise Invalid(_("There is no guide of %(year)s.") % {"year": year}, field="year")
    if not name.strip() or not title_zh.strip() or not title_en.strip():
        raise Invalid(_("A route has a name and a title in both languages."), field="title_zh")
    for offer in offers:
        if offer not in model.offers:
            raise Invalid(_("There is no offer %(offer)s.") % {"offer": offer[:40]}, field="offers")
        other = RouteVersion.objects.filter(programme=programme, year=year, offers__contains=[offer], state="in_force")
        if other.exclude(name=name).exists():
            raise Invalid(_("Offer %(offer)s has another route this year.") % {"offer": offer}, field="offers")
    made = RouteVersion(
        programme=programme, year=year, name=name.strip(), title_zh=title_zh.strip(), title_en=title_en.strip(),
        number=next_number(RouteVersion, programme, year=year, name=name.strip()), offers=list(offers),
        steps=read_steps(steps, model.bodies), corrections=read_corrections(corrections),
        set_by_id=current().person, set_at=now(),
    )  # fmt: skip
    made.save(force_insert=True)
    record(
        "set_route", made, after=fields(made, "programme", "year", "name", "number", "offers", "steps", "corrections")
    )
    return made
