"""Writing the rows of a list (填写明细)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications.acts.answer_claim import open_claim, touched
from jarlig.service.applications.applicant import applicant_of
from jarlig.service.applications.asked import asked, checked_rows, no_such_answer
from jarlig.service.applications.case import place_of
from jarlig.service.applications.corrections import require_open
from jarlig.service.applications.models import Claim, Line
from jarlig.service.applications.speaking import drafts
from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Invalid
from jarlig.words.canonical import canonical, digest

WRITE = rule("write_rows", gettext_lazy("Write rows of a claim"), condition=drafts)
LONGEST_CELL = 500


def write_rows(claim: Claim, fact: str, rows: Sequence[Mapping[str, str]], revision: int) -> Claim:
    """Puts these rows in the place of those that a list of the claim's offer had.

    Args:
        claim: the claim.
        fact: the list.
        rows: cells by the name of their column, as a file of facts spells them; an empty cell is not known.
        revision: that of the claim as the person saw it.

    Raises:
        NotAllowed: to who is not of the enterprise.
        WrongState: when the claim was submitted or is gone, or the office has not asked about the list.
        Conflict: when somebody else has changed it meanwhile.
        Invalid: for a list that is not asked, or a cell that its column does not take, naming its row.
    """
    one = open_claim("write_rows", claim, revision)
    require_open(one, "rows", fact)
    rules = programme_in_force(one.programme.key)
    what = asked(rules, one.offer, today(), place_of(rules, applicant_of(one.enterprise_id)))
    definition = what.lists().get(fact)
    if definition is None or fact not in what.own:
        raise no_such_answer(fact)
    tidy = [{name: cell for name, cell in row.items() if cell != ""} for row in rows]
    if any(len(cell) > LONGEST_CELL for row in tidy for cell in row.values()):
        raise Invalid(_("A cell holds at most %(most)s characters.") % {"most": LONGEST_CELL}, field=fact)
    checked_rows(rules, definition, one.offer, tidy)
    held = Line.objects.filter(file_id=one.file_id, claim=one, fact=fact)
    before = _hash([line.cells for line in held.order_by("position")])
    held.delete()
    Line.objects.bulk_create(
        Line(file_id=one.file_id, claim=one, fact=fact, position=position, cells=cells)
        for position, cells in enumerate(tidy)
    )
    touched(one)
    record("write_rows", one, before={fact: before}, after={fact: _hash(tidy), "rows": len(tidy)})
    return one


def _hash(rows: list[dict[str, str]]) -> str:
    return digest(canonical(rows))
