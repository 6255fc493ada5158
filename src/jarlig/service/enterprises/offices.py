"""What the banner's receiver is shown (受理查询): letters, disputes, new names and accounts of the area of the seat."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Func, QuerySet, TextField
from django.utils.translation import gettext as _

from jarlig.service.bodies.models import Area
from jarlig.service.bodies.permission import rows
from jarlig.service.documents.models import StoredFile
from jarlig.service.enterprises.models import (
    AuthorisationLetter,
    BankAccount,
    Dispute,
    Enterprise,
    LegalPersonProof,
    Membership,
    Renaming,
)
from jarlig.service.enterprises.queries import NAME, there
from jarlig.service.ground.errors import Invalid

Evidence = tuple[list[AuthorisationLetter], list[LegalPersonProof]]
_CLAIMANT = Func(F("membership_id"), function="jarlig.member_name", output_field=TextField())


def letters_here() -> QuerySet[AuthorisationLetter]:
    """Letters that the receiver's seat decides, each with the claimant's ``name``."""
    return (
        AuthorisationLetter.objects.filter(rows("accept_letter", path="membership__enterprise__area__path"))
        .select_related("membership__enterprise__area", "membership__stated_area")
        .annotate(name=_CLAIMANT)
        .order_by("given_at")
    )


def letter_here(identity: UUID) -> AuthorisationLetter:
    """One of them.

    Raises:
        Missing: when there is none in the area of the seat.
    """
    return there(letters_here().filter(pk=identity).first())


def paper(one: AuthorisationLetter | Renaming) -> StoredFile | None:
    """The file of a letter or renaming; None for an officer who sees the row and has a stake in the enterprise."""
    found: StoredFile | None = StoredFile.objects.filter(pk=one.file_id).first()
    return found


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
    return there(disputes_here().filter(pk=identity).first())


def renamings_here() -> QuerySet[Renaming]:
    """Renamings that the receiver's seat decides."""
    return (
        Renaming.objects.filter(rows("decide_renaming", path="enterprise__area__path"))
        .select_related("enterprise__area")
        .order_by("asked_at")
    )


def renaming_here(identity: UUID) -> Renaming:
    """One of them.

    Raises:
        Missing: when there is none in the area of the seat.
    """
    return there(renamings_here().filter(pk=identity).first())


def accounts_here() -> QuerySet[BankAccount]:
    """Accounts of the area of the seat; the receiver may be the second person."""
    return (
        BankAccount.objects.filter(rows("accept_letter", path="enterprise__area__path"))
        .select_related("enterprise__area")
        .order_by("asked_at")
    )


def account_here(identity: UUID) -> BankAccount:
    """One of them.

    Raises:
        Missing: when there is none in the area of the seat.
    """
    return there(accounts_here().filter(pk=identity).first())


def ending_here() -> QuerySet[Enterprise]:
    """Enterprises of the area of the seat, with those that are no more; nobody speaks yet for a draft."""
    found = Enterprise.objects.filter(rows("close_enterprise", path="area__path")).exclude(state="draft")
    return found.select_related("area").order_by("name", "uscc")


def enterprise_here(identity: UUID) -> Enterprise:
    """One of them.

    Raises:
        Missing: when there is none in the area of the seat.
    """
    return there(ending_here().filter(pk=identity).first())


def remaining(uscc: str) -> Enterprise:
    """The active enterprise of this code, into which another may be merged.

    Raises:
        Invalid: when there is none in the area of the seat.
    """
    found: Enterprise | None = ending_here().filter(uscc=uscc.strip(), state="active").first()
    if found is None:
        raise Invalid(_("No active enterprise has this code here."), field="uscc", remedy=_("Compare the code."))
    return found


def same_account_elsewhere(account: BankAccount) -> list[str]:
    """Names of other enterprises of the area that name the same account: something for a person to judge."""
    others = BankAccount.objects.filter(index=account.index).exclude(enterprise_id=account.enterprise_id)
    return list(others.values_list("enterprise__name", flat=True).distinct().order_by("enterprise__name"))


def open_dispute_of(membership: Membership) -> Dispute | None:
    """The dispute that a claimant's letter belongs to; None when none is open."""
    found: Dispute | None = Dispute.objects.filter(claimant=membership, state="open").first()
    return found


def with_name(membership: Membership) -> Membership:
    """The membership with the ``name`` of its person."""
    return there(Membership.objects.filter(pk=membership.pk).annotate(name=NAME).select_related("stated_area").first())


def registry_area(division: str) -> Area | None:
    """The area whose registry issues codes with these six digits; None when it is not of this installation."""
    found: Area | None = Area.objects.filter(division=division).first()
    return found


def waiting_here() -> dict[str, int]:
    """How much waits in each queue."""
    return {
        "letters": letters_here().filter(state="waiting").count(),
        "disputes": disputes_here().filter(state="open").count(),
        "names": renamings_here().filter(state="asked").count(),
        "accounts": accounts_here().filter(state="asked").count(),
    }


def evidence_of(memberships: Sequence[Membership]) -> dict[UUID, Evidence]:
    """Letters and proofs of some memberships, for who decides between them."""
    found: dict[UUID, Evidence] = {one.pk: ([], []) for one in memberships}
    for letter in AuthorisationLetter.objects.filter(membership__in=found).select_related("file").order_by("given_at"):
        found[letter.membership_id][0].append(letter)
    for proof in LegalPersonProof.objects.filter(membership__in=found).order_by("said_at"):
        found[proof.membership_id][1].append(proof)
    return found
