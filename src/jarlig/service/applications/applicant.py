"""Who applies (申报主体): the enterprise as the register has it, or as whoever has only asked to join wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from jarlig.service.bodies.models import Area
from jarlig.service.enterprises.models import Enterprise, Membership
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Missing

#: An area whose division the rules know has six digits; a development zone may have none.
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Applicant:
    """Code, name and place of registration of an enterprise."""

    uscc: str
    name: str
    area: Area

    @property
    def place(self) -> str:
        """The division where it is registered; empty where it has none that rules know."""
        division = self.area.division or ""
        return division if len(division) == DIGITS and division.isdecimal() else ""


def applicant_of(enterprise: UUID) -> Applicant:
    """The enterprise of a file, as whoever acts may know it.

    Raises:
        Missing: to who has nothing to do with it.
    """
    found = Enterprise.objects.select_related("area").filter(pk=enterprise).first()
    if found is not None:
        return Applicant(found.uscc, found.name, found.area)
    asked = (
        Membership.objects.filter(enterprise_id=enterprise, person_id=current().person, state="asked")
        .select_related("stated_area").first()
    )  # fmt: skip
    if asked is None:
        raise Missing(_("There is no such thing, or none that you may see."))
    return Applicant(asked.uscc, asked.stated_name, asked.stated_area)
