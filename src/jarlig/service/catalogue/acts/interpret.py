"""Answering a question about a clause (政策解释)."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Interpretation, Programme
from jarlig.service.catalogue.numbering import next_number
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid

INTERPRET = rule("interpret", gettext_lazy("Write an interpretation"), "author")
MOST = 5_000


def interpret(
    programme: Programme, clause: str, question: str, answer: str, *, question_en: str = "", answer_en: str = "",
    replaces: Interpretation | None = None,
) -> Interpretation:  # fmt: skip
    """Writes down a question and its answer; it counts when a second person has confirmed it.

    Raises:
        NotAllowed: from another seat.
        Missing: when no version of the programme is in force.
        Invalid: for a clause there is not, an empty or too long text, or an interpretation of another programme.
    """
    require("interpret", programme)
    if clause not in programme_in_force(programme.key).model.clauses:
        raise Invalid(_("There is no clause %(clause)s.") % {"clause": clause[:40]}, field="clause")
    for name, text in (("question", question), ("answer", answer)):
        if not text.strip():
            raise Invalid(_("Question and answer are written in Chinese; English may follow."), field=name)
    if max(map(len, (question, answer, question_en, answer_en))) > MOST:
        raise Invalid(_("At most %(most)s characters.") % {"most": MOST}, field="answer")
    if replaces is not None and replaces.programme_id != programme.pk:
        raise Invalid(_("That is an interpretation of another programme."), field="replaces")
    made = Interpretation(
        programme=programme, number=next_number(Interpretation, programme), clause=clause, question_zh=question.strip(),
        question_en=question_en.strip(), answer_zh=answer.strip(), answer_en=answer_en.strip(), dated=today(),
        written_by_id=current().person, replaces=replaces,
    )  # fmt: skip
    made.save(force_insert=True)
    names = ("programme", "number", "clause", "question_zh", "question_en", "answer_zh", "answer_en", "replaces")
    record("interpret", made, after=fields(made, *names))
    return made
