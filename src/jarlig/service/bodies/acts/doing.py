"""What every act of this room does: takes the thing as it stands now, and says in words what the database refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.models import Body, Person, Seat
from jarlig.service.bodies.roles import INCOMPATIBLE, ROLES
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState

Thing = TypeVar("Thing", bound=Model)

#: What the constraints of the database say to a person who gets past every earlier check, and the field it is about.
WALLS = {
    "incompatible_roles": ("role", gettext_lazy("This person holds a role that does not go with this one.")),
    "body_closed": ("body", gettext_lazy("This body is closed.")),
    "seat_outside_body": ("area", gettext_lazy("The area of a seat lies in that of its body.")),
    "seat_third_party": ("role", gettext_lazy("A third party has seats of a third party, and nobody else has.")),
    "person_left": ("person", gettext_lazy("This person has left.")),
    "deputy_for_whom": ("person", gettext_lazy("A deputy sits for somebody else, on a seat that is held.")),
    "deputy_within_seat": ("ends_on", gettext_lazy("The days of a deputy lie within those of the seat.")),
    "days_shrink": ("ends_on", gettext_lazy("A last day can come nearer and not move away.")),
    "area_division_once": ("division", gettext_lazy("Another area has this division code.")),
    "body_name_once_an_area": ("name_zh", gettext_lazy("This area has a body of that name.")),
    "two_persons": ("", gettext_lazy("Two persons put something in force: another person does this.")),
    "calendar_year_in_force_once": ("", gettext_lazy("Another calendar of this year has come in force meanwhile.")),
    "text_in_force_once": ("", gettext_lazy("Another version of this text has come in force meanwhile.")),
    "account_login_once": ("login", gettext_lazy("Somebody has this login already.")),
    "bodies_account_login_key": ("login", gettext_lazy("Somebody has this login already.")),
    "text_version_once": ("", gettext_lazy("Somebody has written a version meanwhile. Look at it, then try again.")),
}


def locked(thing: Thing) -> Thing:
    """The thing as it stands now, kept from others until the act ends.

    Raises:
        Missing: when it is not there, or lies where whoever acts changes nothing.
    """
    kind = type(thing)
    found: Thing | None = kind._base_manager.select_for_update(of=("self",)).filter(pk=thing.pk).first()
    if found is None:
        raise Missing(_("There is no such thing here."))
    return found


@contextmanager
def walls() -> Iterator[None]:
    """Writes; what a constraint of the database refuses becomes a refusal in words, and nothing is written.

    Raises:
        Invalid: when a constraint that ``WALLS`` knows refuses.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in WALLS:
            raise
        field, reason = WALLS[name]
        raise Invalid(reason, field=field) from error


def check_compatible(person: Person, role: str, first: date, last: date | None) -> None:
    """Whether the role goes with all that the person holds in those days, wherever that is.

    Raises:
        Invalid: naming the other role and why the two do not go together.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.conflict(%s, %s, %s, %s)", [person.pk, role, first, last])
        other = cursor.fetchone()[0]
    if other is not None:
        raise Invalid(
            _("%(name)s is %(other)s in those days: %(reason)s.")
            % {"name": person.name, "other": ROLES[other].title, "reason": INCOMPATIBLE[frozenset({role, other})]},
            field="role",
        )


def require_body_within(path: str, body: Body) -> None:
    """Whether the body itself, and not only part of its area, lies under the seat from which it is done.

    Raises:
        NotAllowed: otherwise.
    """
    if not body.area.path.startswith(path):
        raise NotAllowed(_("%(body)s is administered from above.") % {"body": body.name_zh})


def check_not_last(seats: list[Seat], day: date) -> None:
    """Whether somebody who sits by then still administers the region when these seats end with that day.

    Whoever ends such a seat waits for whoever ends another: two who end each other's at once would both find one left.

    Raises:
        WrongState: when nobody would.
    """
    ending: set[UUID] = {seat.pk for seat in seats}
    if not any(seat.role == "administrator" and seat.area.level == "region" for seat in seats):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jarlig.not_last'))")
    others = Seat.objects.filter(
        role="administrator", area__level="region", state="held", starts_on__lte=day, ends_on=None
    )
    if not others.exclude(pk__in=ending).exists():
        raise WrongState(
            _("Nobody would administer the region any more."), remedy=_("Appoint another administrator first.")
        )


def lock_holder(person: Person) -> None:
    """Keeps others from giving this person a seat until the act ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.lock_holder(%s)", [person.pk])
