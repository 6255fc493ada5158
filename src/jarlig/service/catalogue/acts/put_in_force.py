"""Putting a version in force (发布施行): by another person than the one who imported it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.catalogue.acts.doing import alone
from jarlig.service.catalogue.acts.put_route_in_force import give_way
from jarlig.service.catalogue.acts.supersede import supersede
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.catalogue.models import RouteVersion, Version
from jarlig.service.catalogue.numbering import next_number
from jarlig.service.catalogue.states import OVER
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState


def _another(seat: Sitting | None, version: Any) -> str | None:
    if seat is not None and version is not None and version.imported_by_id == seat.person:
        return _("You imported this version yourself; another person puts it in force.")
    return None


PUT = rule("put_in_force", gettext_lazy("Put a version in force"), "publisher", condition=_another)


def put_in_force(version: Version) -> Version:
    """Lets a checked version take the place of the one in force, and its guides' routes that of others they overlap.

    Raises:
        NotAllowed: from another seat, or by the person who imported it.
        WrongState: when it was not checked, is in force, or is over; or its routes do not go with those written here.
        Broken: when its stored files are not those that were imported.
    """
    require("put_in_force", version)
    alone(version)
    if version.state != "checked":
        raise _not_checked(version)
    if "routes" not in version.report:
        raise WrongState(_("An earlier release checked this version, and its report lacks what is asked for today."),
                         remedy=_("Take it back and import the folder again."))  # fmt: skip
    rules_of(version)
    before = Version.objects.filter(programme=version.programme, state="in_force").first()
    if before is not None:
        supersede(before, version)
    was = fields(version, "state", "put_in_force_by", "in_force_at")
    version.state, version.put_in_force_by_id, version.in_force_at = "in_force", current().person, now()
    try:
        version.save(update_fields=["state", "put_in_force_by", "in_force_at"])
    except IntegrityError as error:  # the second wall, should the first have been passed by
        raise WrongState(_("The database does not let this version pass.")) from error
    record("put_in_force", version, before=was, after=fields(version, "state", "put_in_force_by", "in_force_at"))
    _adopt_routes(version)
    return version


def _not_checked(version: Version) -> WrongState:
    """Why a version in another state is not put in force; a button pressed twice meets its own success."""
    if version.state == "in_force":
        return WrongState(_("This version is in force already; nothing more is to be done."))
    if version.state in OVER:
        return WrongState(_("This version is over."),
                          remedy=_("To go back to it, import its folder again as the next version."))  # fmt: skip
    return WrongState(_("Only a version that the check has passed is put in force."))


def _adopt_routes(version: Version) -> None:
    """Routes of the guides that are not in force as they stand: two persons answer for them as for the version.

    Each takes the place of every route of its year that has its name or one of its offers, also of one written here.

    Raises:
        WrongState: when two of them have an offer in common, or a route written here would leave an offer behind.
    """
    found = [RouteVersion(**read, programme=version.programme, version=version, set_by_id=version.imported_by_id,
                          set_at=now()) for read in version.report["routes"]]  # fmt: skip
    _check_offers(found)
    for made in found:
        kept = False
        for other in _replaced_by(made):
            if other.name == made.name and (other.offers, other.steps, other.corrections) == (
                made.offers, made.steps, made.corrections,
            ):  # fmt: skip
                kept = True
            else:
                give_way(other, "adopt_route")
        if kept:
            continue
        made.number = next_number(RouteVersion, version.programme, year=made.year, name=made.name)
        made.save(force_insert=True)
        made.state, made.put_in_force_by_id = "in_force", current().person
        made.save(update_fields=["state", "put_in_force_by"])
        record("adopt_route", made, after=fields(made, "programme", "year", "name", "number", "offers", "steps"))


def _replaced_by(made: RouteVersion) -> list[RouteVersion]:
    in_force = RouteVersion.objects.filter(programme=made.programme, year=made.year, state="in_force")
    return list(in_force.filter(Q(name=made.name) | Q(offers__overlap=made.offers)).order_by("name"))


def _check_offers(found: list[RouteVersion]) -> None:
    """Whether every offer comes to one route, and none that has a route written here comes to none."""
    leads: dict[tuple[int, str], str] = {}
    for made in found:
        for offer in made.offers:
            first = leads.setdefault((made.year, offer), made.name)
            if first != made.name:
                raise WrongState(
                    _("The guide of %(year)s has two routes for offer %(offer)s: %(first)s and %(second)s.")
                    % {"year": made.year, "offer": offer, "first": first, "second": made.name},
                    remedy=_("Take the version back, name the offer in one of them, and import the folder again."),
                )
    for made in found:
        for other in _replaced_by(made):
            left = [offer for offer in other.offers if (other.year, offer) not in leads]
            if left and other.version_id is None:
                raise WrongState(
                    _("The route %(new)s of the version takes the place of the route %(old)s of %(year)s, written here,"
                      " and offer %(offers)s would have none.")
                    % {"new": made.name, "old": other.name, "year": other.year, "offers": ", ".join(left)},
                    remedy=_("First write that route anew for these offers alone, and have it put in force."),
                )  # fmt: skip
