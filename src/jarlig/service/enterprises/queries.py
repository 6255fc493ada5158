"""What may be seen of enterprises (企业查询): the database answers first, by its row security."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField
from django.utils.translation import gettext as _

from jarlig.service.bodies.permission import rows
from jarlig.service.enterprises.models import (
    AuthorisationLetter,
    BankAccount,
    Dispute,
    Enterprise,
    LegalPersonProof,
    Membership,
    Renaming,
)
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Missing

Thing = TypeVar("Thing")
Evidence = tuple[list[AuthorisationLetter], list[LegalPersonProof]]
#: Joins without the row of the enterprise, which who has only asked may not see.
_NAME = Func(F("id"), function="jarlig.member_name", output_field=TextField())
_CLAIMANT = Func(F("membership_id"), function="jarlig.member_name", output_field=TextField())


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
    return list(others.filter(spoken).annotate(name=_NAME).order_by("asked_at").distinct())


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
    return found


def my_place(identity: UUID) -> Membership:
    """A place of whoever acts.

    Raises:
        Missing: when it is not theirs.
    """
    found = Membership.objects.filter(pk=identity, person_id=current().person).select_related("stated_area").first()
    return _there(found)


def my_enterprise(identity: UUID) -> Enterprise:
    """An enterprise for which whoever acts speaks.

    Raises:
        Missing: when they do not; told as if there were none.
    """
    found = Enterprise.objects.filter(pk=identity, memberships__in=_accepted()).select_related("area").first()
    return _there(found)


def members(enterprise: Enterprise) -> list[Membership]:
    """Who is in an enterprise, and who asks to be appointed, each with ``name``."""
    return list(
        Membership.objects.filter(enterprise=enterprise).annotate(name=_NAME).order_by("state", "role", "asked_at")
    )


def member_of(enterprise: Enterprise, identity: UUID) -> Membership:
    """One of them.

    Raises:
        Missing: when there is none.
    """
    return _there(Membership.objects.filter(enterprise=enterprise, pk=identity).annotate(name=_NAME).first())


def accounts(enterprise: Enterprise) -> list[BankAccount]:
    """Its accounts, the newest first."""
    return list(BankAccount.objects.filter(enterprise=enterprise).order_by("-asked_at"))


def account_of(enterprise: Enterprise, identity: UUID) -> BankAccount:
    """One of its accounts.

    Raises:
        Missing: when there is none.
    """
    return _there(BankAccount.objects.filter(enterprise=enterprise, pk=identity).select_related("enterprise").first())


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


def letters_here() -> QuerySet[AuthorisationLetter]:
    """Letters that the receiver's seat decides, each with the claimant's ``name``."""
    return (
        AuthorisationLetter.objects.filter(rows("accept_letter", path="membership__enterprise__area__path"))
        .select_related("membership__enterprise__area", "membership__stated_area", "file")
        .annotate(name=_CLAIMANT)
        .order_by("given_at")
    )


def letter_here(identity: UUID) -> AuthorisationLetter:
    """One of them.

    Raises:
        Missing: when there is none in the area of the seat.
    """
    return _there(letters_here().filter(pk=identity).first())


def disputes_here() -> QuerySet[Dispute]:
    """Disputes that the receiver's seat decides, each with the claimant's ``name``."""
    name = Func(F("claimant_id"), function="jarlig.member_name", output_field=TextField())
    return (
        Dispute.objects.filter(rows("decide_dispute", path="enterprise__area__path"))
        .select_related("enterprise__area", "claimant__stated_area")
        .annotate(name=name)
        .order_by("opened_at")
    )


def dispute_here(identity: UUID) -> Dispute:
    """One of them.

    Raises:
        Missing: when there is none in the area of the seat.
    """
    return _there(disputes_here().filter(pk=identity).first())


def evidence_of(memberships: Sequence[Membership]) -> dict[UUID, Evidence]:
    """Letters and proofs of some memberships, for who decides between them."""
    found: dict[UUID, Evidence] = {one.pk: ([], []) for one in memberships}
    for letter in AuthorisationLetter.objects.filter(membership__in=found).select_related("file").order_by("given_at"):
        found[letter.membership_id][0].append(letter)
    for proof in LegalPersonProof.objects.filter(membership__in=found).order_by("said_at"):
        found[proof.membership_id][1].append(proof)
    return found


def _accepted() -> QuerySet[Membership]:
    return Membership.objects.filter(person_id=current().person, state="accepted")


def _there(found: Thing | None) -> Thing:
    if found is None:
        raise Missing(_("There is no such thing, or none that you may see."))
    return found
