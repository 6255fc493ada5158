"""The one permission function (权限): a person, an act, a thing; yes or no, with the reason.

Each act has one rule, written down beside the act by ``rule``. The database has the second wall: its row security
answers by the same seat, and where a rule is forgotten or wrong nothing is seen or changed all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jarlig.service.bodies.roles import ROLES
from jarlig.service.bodies.sitting import Sitting, sitting
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import NotAllowed

#: A further condition of a rule: None when it is met, otherwise the sentence that says why not.
Condition = Callable[[Sitting | None, Any], "str | Promise | None"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do an act (权限规则).

    ``roles`` are those of officers; empty with ``signed_in`` for acts of everybody who has signed in. ``where`` says
    how the thing must lie to the seat: ``area`` (in its area), ``body`` (of its body), ``top`` (the seat is the
    region's), or empty.
    """

    act: str
    title: Promise
    roles: frozenset[str] = frozenset()
    where: str = "area"
    condition: Condition | None = None
    signed_in: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, and why; ``rule`` is what it was answered by."""

    allowed: bool
    reason: str
    rule: Rule


RULES: dict[str, Rule] = {}


def rule(
    act: str, title: Promise, *roles: str, where: str = "area", condition: Condition | None = None
) -> Rule:  # fmt: skip
    """Writes down who may do an act; each act has one rule.

    Raises:
        ValueError: for a role there is not, or an act that has a rule already.
    """
    unknown = set(roles) - set(ROLES)
    if unknown or (act in RULES and RULES[act].title != title) or where not in ("area", "body", "top", ""):
        raise ValueError(f"rule {act!r}: {unknown or where}")
    made = Rule(act, title, frozenset(roles), where if roles else "", condition)
    RULES[act] = made
    return made


def may(act: str, thing: Any = None) -> Answer:
    """Whether whoever acts now may do this to that, and why (not).

    Raises:
        KeyError: for an act that has no rule; nothing is allowed by being forgotten.
    """
    return _answer(RULES[act], sitting(), thing)


def answers(acts: Iterable[str]) -> dict[str, Answer]:
    """The same for several acts, of no thing in particular, with one question to the database."""
    seat = sitting()
    return {act: _answer(RULES[act], seat, None) for act in acts}


def require(act: str, thing: Any = None) -> Sitting | None:
    """The seat from which the act is done.

    Raises:
        NotAllowed: with the reason, when it may not be done.
    """
    answer = may(act, thing)
    if not answer.allowed:
        raise NotAllowed(answer.reason, remedy=_remedy(answer.rule), act=act, thing=thing)
    return sitting()


def rows(act: str, path: str = "area__path", body: str = "body") -> Q:
    """The same rule as a filter: those rows to which whoever acts now may do this.

    Args:
        act: the act.
        path: field that holds the path of a row's area.
        body: field that holds a row's body.
    """
    one, seat = RULES[act], sitting()
    nothing = Q(pk__in=[])
    if one.roles:
        if seat is None or seat.role not in one.roles:
            return nothing
        if one.where == "area":
            return Q(**{f"{path}__startswith": seat.path})
        if one.where == "body":
            return Q(**{body: seat.body})
        return Q() if one.where == "" or seat.level == "region" else nothing
    return Q() if current().person is not None or not one.signed_in else nothing


def offices(one: Rule, area: str) -> list[tuple[str, str, str]]:
    """Which offices may do an act over an area: names of the body in both languages, and the role; never a person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_zh, name_en, role FROM jarlig.offices(%s, %s)", [sorted(one.roles), area])
        return list(cursor.fetchall())


def read_rules() -> None:
    """Reads the acts of every room, so that every rule is known from the start."""
    for config in apps.get_app_configs():
        if config.name.startswith("jarlig.service.") and find_spec(f"{config.name}.acts"):
            package = import_module(f"{config.name}.acts")
            for module in iter_modules(package.__path__):
                import_module(f"{package.__name__}.{module.name}")


def _answer(one: Rule, seat: Sitting | None, thing: Any) -> Answer:
    if one.signed_in and current().person is None:
        return Answer(False, _("You are not signed in."), one)
    reason = _refusal(one, seat, thing)
    return Answer(reason is None, reason or _("You may do this."), one)


def _refusal(one: Rule, seat: Sitting | None, thing: Any) -> str | None:
    if one.roles:
        names = _roles(one)
        if seat is None:
            return _("This is done from a seat, by: %(roles)s. You sit on none here.") % {"roles": names}
        if seat.role not in one.roles:
            return _("This is done by: %(roles)s. You sit here as: %(role)s.") % {
                "roles": names, "role": seat.title.title}  # fmt: skip
        if one.where == "top" and seat.level != "region":
            return _("This is done by a seat of the region.")
        if one.where == "area" and thing is not None and not seat.covers(str(getattr(thing, "area_path", ""))):
            return _("This lies outside the area of your seat.")
        if one.where == "body" and thing is not None and getattr(thing, "body_id", None) != seat.body:
            return _("This is another body's.")
    found = one.condition(seat, thing) if one.condition else None
    return None if found is None else str(found)


def _roles(one: Rule) -> str:
    return _(", ").join(str(role.title) for name, role in ROLES.items() if name in one.roles)


def _remedy(one: Rule) -> str:
    if one.roles:
        return _("Change to a seat that may, or ask whoever holds one.")
    return _("Ask the office in charge.")
