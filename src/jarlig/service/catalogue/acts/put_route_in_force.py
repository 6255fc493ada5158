"""Putting a written route in force (启用审核流程): by another person than the one who wrote it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.catalogue.acts.doing import alone
from jarlig.service.catalogue.models import RouteVersion
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState


def _another(seat: Sitting | None, route: Any) -> str | None:
    if seat is not None and route is not None and route.set_by_id == seat.person:
        return _("You wrote this yourself; another person puts it in force.")
    return None


PUT = rule("put_route_in_force", gettext_lazy("Put a route in force"), "publisher", condition=_another)


def put_route_in_force(route: RouteVersion) -> RouteVersion:
    """Claims that begin from here on go this way; those that run keep theirs.

    Raises:
        NotAllowed: from another seat, or by the person who wrote it.
        WrongState: when it is no draft, or an offer of it has another route by now.
    """
    require("put_route_in_force", route)
    alone(route)
    if route.state != "draft":
        raise WrongState(_("Only a draft is put in force."))
    in_force = RouteVersion.objects.filter(programme=route.programme, year=route.year, state="in_force")
    if in_force.filter(offers__overlap=route.offers).exclude(name=route.name).exists():
        raise WrongState(_("An offer of this route has another route by now."))
    for before in in_force.filter(name=route.name):
        give_way(before, "put_route_in_force")
    route.state, route.put_in_force_by_id = "in_force", current().person
    route.save(update_fields=["state", "put_in_force_by"])
    record(
        "put_route_in_force",
        route,
        before={"state": "draft"},
        after=fields(route, "state", "put_in_force_by", "number"),
    )
    return route


def give_way(route: RouteVersion, act: str) -> None:
    """Ends a route because another takes its place; claims that began with it keep it."""
    route.state = "superseded"
    route.save(update_fields=["state"])
    record(act, route, before={"state": "in_force"}, after={"state": "superseded"})
