"""What may be read of estimates: one, by its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from jarlig.asking import Interview
from jarlig.service.catalogue.loading import rules_of, version_in_force
from jarlig.service.catalogue.models import Version
from jarlig.service.estimates import codes
from jarlig.service.estimates.carrying import carried
from jarlig.service.estimates.finding import holding
from jarlig.service.estimates.models import EstimateSession
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Missing


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate as it stands: its answers, checked again under the version in force.

    ``dropped`` says what was asked in answers that do not fit the version that is in force by now, in both languages.
    """

    code: str
    interview: Interview
    version: Version
    revision: int
    expires_at: datetime
    superseded: bool
    dropped: tuple[str, ...]

    @property
    def key(self) -> str:
        """The key of its programme."""
        return str(self.version.programme.key)

    @property
    def on(self) -> date:
        """The day of application that it is made for."""
        return self.interview.on


def estimate(code: str) -> Estimate | None:
    """The estimate of a code; None where there is none or where it has expired: the two are told alike.

    Raises:
        Missing: no version of its programme is in force any more.
    """
    meant = codes.read(code)
    if not meant:
        return None
    with holding(meant) as key:
        row = EstimateSession.objects.select_related("programme").filter(code_hash=key, expires_at__gt=now()).first()
    if row is None:
        return None
    version = version_in_force(row.programme.key)
    version.programme = row.programme
    interview, superseded, dropped = carried(rules_of(version), row.answers)
    return Estimate(meant, interview, version, row.revision, row.expires_at, superseded, dropped)


def interview_of(code: str) -> Interview:
    """The questions and answers of a code, from which a draft of an application can begin (转为申报草稿).

    ``Interview.facts(offer)`` gives what was answered as the facts of one offer.

    Raises:
        Missing: there is no estimate of that code, or it has expired.
    """
    found = estimate(code)
    if found is None:
        raise Missing(_("There is no estimate with this code, or it has expired."))
    return found.interview
