"""Invoices that are stated twice (重复列报): in which rows of one's own, and whether by somebody else; never by whom.

It is a finding and refuses nothing: a person judges it with a reason. What an applicant states counts once it is
submitted and until it is withdrawn; their own drafts are looked at beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from jarlig.policy.rows import FOR
from jarlig.reference import BadCode, check_invoice
from jarlig.service.applications.asked import Asked
from jarlig.service.applications.case import case_of
from jarlig.service.applications.invoices import columns_of
from jarlig.service.applications.models import ApplicationFile, Claim, Stated, Submission
from jarlig.service.applications.queries import claims_of
from jarlig.service.applications.speaking import speaks
from jarlig.service.applications.states import EDITABLE, GONE
from jarlig.service.catalogue.kinds import is_chinese

#: Letters that are read for digits, and the digits.
_READ_FOR = str.maketrans("OQDILSZB", "00011528")
_NO_LETTER = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Statement:
    """An invoice as a row states it; rows are counted from 0."""

    fact: str
    position: int
    is_shared: bool
    key: str
    loose: str


@dataclass(frozen=True, slots=True)
class Row:
    """Another row in which an invoice stands: of which claim (its number once it is submitted), list and position."""

    claim: UUID
    number: str | None
    offer: str
    fact: str
    position: int
    is_alike: bool  # only a look-alike

    def __str__(self) -> str:
        said = {"claim": self.number or _("draft"), "offer": self.offer, "row": self.position + 1}
        return _("claim %(claim)s (offer %(offer)s), row %(row)s") % said


@dataclass(frozen=True, slots=True)
class Twice:
    """An invoice of a claim that stands somewhere else too: ``rows`` the reader may see, and whether by others.

    ``elsewhere`` and ``alike_elsewhere`` are None to who may not ask.
    """

    statement: Statement
    rows: tuple[Row, ...]
    elsewhere: bool | None
    alike_elsewhere: bool | None

    def sentences(self) -> list[str]:
        """What is found, each a sentence for the reader."""
        key, found = self.statement.key, []
        for is_alike, words in (
            (False, _("Invoice %(key)s also stands in: %(rows)s.")),
            (True, _("Invoice %(key)s looks like one in: %(rows)s.")),
        ):
            rows = [str(one) for one in self.rows if one.is_alike is is_alike]
            if rows:
                found.append(words % {"key": key, "rows": ("；" if is_chinese() else "; ").join(rows)})
        if self.elsewhere:
            found.append(_("Invoice %(key)s is also stated by another applicant.") % {"key": key})
        elif self.alike_elsewhere:
            found.append(_("Another applicant states an invoice that looks like %(key)s.") % {"key": key})
        return found


def key_of(cell: str) -> str:
    """The one text for an invoice however it was typed; of what is no invoice number, the text in one spelling."""
    try:
        return check_invoice(cell).key
    except BadCode:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)).upper()


def loose_of(key: str) -> str:
    """A key with letters that are read for digits taken as those, and nothing between groups."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", key).upper().translate(_READ_FOR))


def statements(what: Asked, offer: str, stated: Mapping[str, Any]) -> list[Statement]:
    """The invoices that the rows of a claim state, of every list whose rows are told apart by one."""
    found: list[Statement] = []
    for fact, definition in what.lists().items():
        which = columns_of(definition)
        if which is None or which.number not in getattr(definition.kind, "key", ()):
            continue
        for position, cells in enumerate(stated.get(fact, ())):
            if cells.get(which.number) and cells.get(FOR, "") in ("", offer):
                key = key_of(cells[which.number])
                found.append(Statement(fact, position, fact in what.shared, key, loose_of(key)))
    return found


def stated_twice(claim: Claim) -> list[Twice]:
    """The invoices of a claim that stand in other rows that the reader may see, or are stated by another applicant.

    To people of the enterprise the other rows are its own, drafts of the same file among them; to an officer they are
    those of claims that are taken where they sit.
    """
    # An officer sees a claim and never its file: to them it is what was last submitted, also while it is corrected.
    file = ApplicationFile.objects.filter(pk=claim.file_id).first()
    drafts = [one for one in claims_of(file) if one.state in EDITABLE] if file is not None else []
    is_drafted = claim.pk in [one.pk for one in drafts]
    own = _drafted(claim) if is_drafted else _submitted(claim)
    if not own:
        return []
    others = [(claim, one) for one in own]
    for draft in drafts:
        if draft.pk != claim.pk:
            others += [(draft, one) for one in _drafted(draft)]
    others += _seen({one.loose for one in own}, [claim, *drafts])
    told = None if is_drafted and speaks(None, claim) is not None else _elsewhere(claim, own)
    found = []
    for one in own:
        rows = tuple(sorted(set(_rows_beside(claim, one, others)), key=str))
        exact = None if told is None else told.get(one.key, False)
        alike = None if told is None else one.key in told and not exact
        if rows or exact or alike:
            found.append(Twice(one, rows, exact, alike))
    return found


def _rows_beside(claim: Claim, one: Statement, others: Iterable[tuple[Claim, Statement]]) -> Iterable[Row]:
    for where, other in others:
        is_same = where.pk == claim.pk and (other.fact, other.position) == (one.fact, one.position)
        # A row of the file stands in every claim of it and is still one row.
        is_same |= where.file_id == claim.file_id and one.is_shared and other.is_shared and other.fact == one.fact
        if other.loose == one.loose and not is_same:
            yield Row(where.pk, where.number, where.offer, other.fact, other.position, other.key != one.key)


def _drafted(claim: Claim) -> list[Statement]:
    case = case_of(claim)
    return statements(case.asked, claim.offer, case.stated)


def _submitted(claim: Claim) -> list[Statement]:
    last = claim.submissions.order_by("-number").first()
    return [_statement(one) for one in last.stated.order_by("fact", "position")] if last is not None else []


def _seen(loose: set[str], but: list[Claim]) -> list[tuple[Claim, Statement]]:
    """What the last submissions of other claims state, as far as the database shows them to the reader."""
    newer = Submission.objects.filter(claim=OuterRef("submission__claim"), number__gt=OuterRef("submission__number"))
    rows = Stated.objects.filter(~Exists(newer), loose__in=loose).select_related("submission__claim")
    rows = rows.exclude(submission__claim__in=but).exclude(submission__claim__state__in=GONE)
    return [(one.submission.claim, _statement(one)) for one in rows]


def _statement(one: Stated) -> Statement:
    return Statement(one.fact, one.position, one.is_shared, one.key, one.loose)


def _elsewhere(claim: Claim, own: list[Statement]) -> dict[str, bool]:
    """Of the keys that another applicant states: whether just so, or only a look-alike."""
    pairs = sorted({(one.key, one.loose) for one in own})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, exact FROM jarlig.stated_elsewhere(%s, %s, %s)",
            [claim.pk, [key for key, _loose in pairs], [loose for _key, loose in pairs]],
        )
        return dict(cursor.fetchall())
