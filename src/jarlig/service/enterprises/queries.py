"""What may be seen of enterprises (企业查询): the database answers first, by its row security."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField
from django.utils.translation import gettext as _

from jarlig.service.bodies.models import Area
from jarlig.service.enterprises.models import (
    BankAccount,
    Dispute,
    Enterprise,
    Membership,
    Renaming,
)
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Missing

Thing = TypeVar("Thing")
#: Joins without the row of the enterprise, which who has only asked may not see.
NAME = Func(F("id"), function="jarlig.member_name", output_field=TextField())


def settle(membership: Membership) -> None:
    """Gives a draft the name and area of who shows first that they speak for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.settle(%s)", [membership.pk])


def is_contested(membership: Membership) -> bool:
    """Whether somebody else speaks for the enterprise or has handed in a letter; told to who has given one, else no."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.contested(%s)", [membership.pk])
        found: bool = cursor.fetchone()[0]
    return found


def rivals(membership: Membership) -> list[Membership]:
    """Who else speaks for the enterprise or has a letter waiting, for the officer who decides."""
    others = Membership.objects.filter(enterprise_id=membership.enterprise_id, role="signatory").exclude(
        pk=membership.pk
    )
    spoken = Q(state="accepted") | Q(state="asked", letters__state="waiting")
    return list(others.filter(spoken).annotate(name=NAME).order_by("asked_at").distinct())


def my_places() -> list[Membership]:
    """The places of whoever acts, newest first, each with its enterprise where it may be seen."""
    found = list(
        Membership.objects.filter(person_id=current().person)
        .select_related("stated_area")
        .prefetch_related("letters", "disputes")
        .order_by("-asked_at")
    )
    seen = Enterprise.objects.filter(pk__in={one.enterprise_id for one in found if one.state == "accepted"})
    known = {one.pk: one for one in seen.select_related("area")}
    for one in found:
        one.seen = known.get(one.enterprise_id)
    return _over(found)


def my_place(identity: UUID) -> Membership:
    """A place of whoever acts.

    Raises:
        Missing: when it is not theirs.
    """
    found = Membership.objects.filter(pk=identity, person_id=current().person).select_related("stated_area").first()
    return _over([there(found)])[0]


def my_enterprise(identity: UUID) -> Enterprise:
    """An enterprise for which whoever acts speaks.

    Raises:
        Missing: when they do not; told as if there were none.
    """
    found = Enterprise.objects.filter(pk=identity, memberships__in=_accepted()).select_related("area").first()
    return there(found)


def members(enterprise: Enterprise) -> list[Membership]:
    """Who is in an enterprise, and who asks to be appointed, each with ``name``."""
    return _over(
        list(Membership.objects.filter(enterprise=enterprise).annotate(name=NAME).order_by("state", "role", "asked_at"))
    )


def member_of(enterprise: Enterprise, identity: UUID) -> Membership:
    """One of them.

    Raises:
        Missing: when there is none.
    """
    return there(Membership.objects.filter(enterprise=enterprise, pk=identity).annotate(name=NAME).first())


def accounts(enterprise: Enterprise) -> list[BankAccount]:
    """Its accounts, the newest first."""
    return list(BankAccount.objects.filter(enterprise=enterprise).order_by("-asked_at"))


def account_of(enterprise: Enterprise, identity: UUID) -> BankAccount:
    """One of its accounts.

    Raises:
        Missing: when there is none.
    """
    return there(BankAccount.objects.filter(enterprise=enterprise, pk=identity).select_related("enterprise").first())


def account_in_force(enterprise: Enterprise) -> BankAccount | None:
    """The account to which it is paid; None while there is none."""
    found: BankAccount | None = BankAccount.objects.filter(enterprise=enterprise, state="confirmed").first()
    return found


def former_names(enterprise: Enterprise) -> list[str]:
    """The names it had before, the latest first."""
    return list(
        Renaming.objects.filter(enterprise=enterprise, state="accepted")
        .order_by("-decided_at")
        .values_list("former", flat=True)
    )


def renamings(enterprise: Enterprise) -> list[Renaming]:
    """Its renamings, the newest first."""
    return list(Renaming.objects.filter(enterprise=enterprise).order_by("-asked_at"))


def disputes_of(enterprise: Enterprise) -> list[Dispute]:
    """Disputes over who speaks for it, as both sides see them."""
    return list(Dispute.objects.filter(enterprise=enterprise).order_by("-opened_at"))


def _over(places: list[Membership]) -> list[Membership]:
    """Says of each place whether its last day is over, which nobody has to write down."""
    day = today()
    for one in places:
        one.over = one.state == "accepted" and one.ends_on is not None and one.ends_on < day
    return places


def _accepted() -> QuerySet[Membership]:
    return Membership.objects.filter(person_id=current().person, state="accepted")


def there(found: Thing | None) -> Thing:
    """What was found.

    Raises:
        Missing: when it was not; whether there is one that may not be seen is not told.
    """
    if found is None:
        raise Missing(_("There is no such thing, or none that you may see."))
    return found


def places_of_registration() -> list[Area]:
    """Banners, counties, districts and zones, in the order of their names under their league or city."""
    found = Area.objects.filter(level__in=("county", "filing")).select_related("parent")
    return list(found.order_by("parent__division", "parent__order_key", "order_key", "division"))
