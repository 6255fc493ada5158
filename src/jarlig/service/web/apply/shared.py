"""What the screens of an application share (申报页面公用): things of addresses, deadlines, estimates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from markupsafe import Markup

from jarlig.engines.answer import Determination
from jarlig.library import Programme as Rules
from jarlig.policy.messages import PolicyError
from jarlig.service.applications import queries
from jarlig.service.applications.case import Case
from jarlig.service.applications.models import ApplicationFile, Claim
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.models import Window
from jarlig.service.catalogue.queries import standing
from jarlig.service.enterprises.models import Membership
from jarlig.service.enterprises.queries import my_places
from jarlig.service.ground.errors import Missing
from jarlig.service.web.cells import tag
from jarlig.service.web.context import Link, fill
from jarlig.service.web.figures import day, local, moment
from jarlig.words import outcomes
from jarlig.words.case import Case as Told

#: Outcomes that are an amount, a range, or wait for something.
RANGED = ("award", "range")
_SECONDS = 86_400


def lang() -> str:
    """The language of rules for this reader."""
    return "zh" if is_chinese() else "en"


def words_of(said: Any) -> str:
    """Words of a programme in the language of the reader."""
    return str(said[lang()])


# Things of addresses --------------------------------------------------------------------------------------------------


def place_in(_request: HttpRequest, enterprise: UUID, **_more: Any) -> Membership:
    """The place of whoever asks in an enterprise.

    Raises:
        Missing: when they have none.
    """
    for one in my_places():
        if one.enterprise_id == enterprise and one.state in ("asked", "accepted") and not one.over:
            return one
    raise Missing(_("There is no such thing, or none that you may see."))


def file_at(_request: HttpRequest, file: UUID, **_more: Any) -> ApplicationFile:
    """The file of an address."""
    return queries.the_file(file)


def claim_at(_request: HttpRequest, claim: UUID, **_more: Any) -> Claim:
    """The claim of an address."""
    return queries.the_claim(claim)


def crumbs(request: HttpRequest, file: ApplicationFile, rules: Rules, *more: Link) -> None:
    """The way from "My applications" to here."""
    title = f"{words_of(rules.title)} · {file.year}"
    first = Link(_("My applications"), reverse("apply"))
    fill(request, crumbs=(first, Link(title, reverse("apply-file", args=[file.pk]) if more else ""), *more))


def offer_title(rules: Rules, offer: str) -> str:
    """An offer by its id and its words."""
    found = rules.offers.get(offer)
    return f"{offer} {words_of(found.title)}" if found else offer


def claim_title(rules: Rules, claim: Claim) -> str:
    """A claim by its offer and project."""
    title = offer_title(rules, claim.offer)
    return f"{title} · {claim.project}" if claim.project else title


# Deadlines ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when, or from when, an offer is applied for: its standing, words, and the ring that shows them."""

    standing: str  # open, not_yet, closed, none
    words: str
    left: str = ""
    done: float = 0
    whole: float = 1
    state: str = ""

    @property
    def clock(self) -> dict[str, Any]:
        """As the clock takes it."""
        return {"words": self.words, "done": self.done, "whole": self.whole, "state": self.state}


def deadline(windows: Iterable[Window], offer: str, year: int, instant: datetime) -> Deadline:
    """The window of an offer in a year, in words."""
    found = [one for one in windows if one.offer == offer and one.year == year]
    if not found:
        return Deadline("none", _("No window is announced"))
    one = queries.standing_best(found, instant)
    stands = standing(one, instant)
    if stands == "not_yet":
        return Deadline(
            stands, _("Opens %(moment)s") % {"moment": moment(one.opens_at)}, days_left(one.opens_at, instant)
        )
    if stands == "closed":
        return Deadline(stands, _("Closed %(moment)s") % {"moment": moment(one.closes_at)})
    left = (one.closes_at - instant).total_seconds()
    whole = max(1.0, (one.closes_at - one.opens_at).total_seconds())
    return Deadline(stands, _("Until %(moment)s") % {"moment": moment(one.closes_at)},
                    days_left(one.closes_at, instant), whole - left, whole,
                    "soon" if left < 3 * _SECONDS else "")  # fmt: skip


def until_of(claim: Claim, windows: Iterable[Window], instant: datetime) -> Deadline:
    """Until when a claim is handed in: in the window of its offer, or by the day that a correction names."""
    correction = queries.correction_of(claim) if claim.state == "correcting" else None
    if correction is None:
        return deadline(windows, claim.offer, claim.year, instant)
    said = {"day": day(correction.due_on), "reason": correction.reason}
    words = _("Correction asked until %(day)s: %(reason)s") % said
    return Deadline("open" if correction.due_on >= local(instant).date() else "closed", words)


def days_left(until: datetime, instant: datetime) -> str:
    """How many days there are until then."""
    days = int((until - instant).total_seconds() // _SECONDS)
    if days < 1:
        return _("Less than a day")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def state_tag(state: str) -> Markup:
    """The state of a claim, as its tag."""
    return tag({"correcting": "correction_asked", "dropped": "closed"}.get(state, state))


# Estimates ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the rules make of a claim as it stands: sums in fen, None where they are not known, and the verdict."""

    kind: str  # amount, range, open, none, problem
    low: int | None
    high: int | None
    words: str


def estimate(case: Case, offer: str) -> tuple[Estimate, Determination | None]:
    """The estimate of a claim; of answers that do not go together, what the rules say of them."""
    try:
        found = case.determination(offer)
    except PolicyError as error:
        first = error.problems[0]
        return Estimate("problem", None, None, first.zh if is_chinese() else first.en), None
    return estimated(found), found


def estimated(found: Determination) -> Estimate:
    """An answer of the rules as a sum or a range with its verdict."""
    words = outcomes.verdict(Told(found, lang()))
    if found.outcome == "award":
        return Estimate("amount", found.amount, found.amount, words)
    if found.outcome == "range" and found.low is not None:
        kind = "open" if found.high is None else "amount" if found.low == found.high else "range"
        return Estimate(kind, found.low, found.high, words)
    return Estimate("none", None, None, words)


def together(found: Mapping[UUID, Estimate]) -> tuple[int, int] | None:
    """The estimates of several claims added up; None where one of them has no bounds, or there is none."""
    known = [one for one in found.values() if one.kind in ("amount", "range")]
    if not known or len(known) < len(found):
        return None
    return sum(one.low or 0 for one in known), sum(one.high or 0 for one in known)
