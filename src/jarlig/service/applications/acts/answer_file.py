"""Answering what all claims of a file share (填写共用信息)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from jarlig.service.applications.acts.begin_file import taken_over
from jarlig.service.applications.asked import checked, identity, no_such_answer
from jarlig.service.applications.errors import stale
from jarlig.service.applications.models import ApplicationFile
from jarlig.service.applications.queries import the_file
from jarlig.service.applications.speaking import drafts
from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current

ANSWER = rule("answer_file", gettext_lazy("Answer what claims share"), condition=drafts)


def answer_file(file: ApplicationFile, answers: Mapping[str, Any], revision: int) -> ApplicationFile:
    """Keeps answers to shared facts; an empty one makes it not known again. Others stay as they are.

    Args:
        file: the file.
        answers: by the name of the fact, as a file of facts spells them; ``history`` for earlier awards.
        revision: that of the file as the person saw it.

    Raises:
        NotAllowed: to who is not of the enterprise.
        Conflict: when somebody else has changed the file meanwhile.
        Invalid: for an answer that the fact does not take, or a fact that is not asked.
    """
    require("answer_file", file)
    one = the_file(file.pk, lock=True)
    if one.revision != revision:
        raise stale()
    rules = programme_in_force(one.programme.key)
    for name in answers:
        if name in identity(rules):
            raise no_such_answer(name)
    offer = next(iter(rules.offers))
    kept = checked(rules, rules.model.facts, offer, answers)
    before = {name: one.answers.get(name) for name in answers}
    one.answers = {**{name: value for name, value in one.answers.items() if name not in answers}, **kept}
    touched(one, **taken_over(one))
    # Answers often tell of people: what they were is committed to, under whoever gave them.
    person = current().person
    assert person is not None
    named = {f"answers.{name}": value for name, value in before.items()}
    record("answer_file", one, before=named, after={f"answers.{name}": kept.get(name) for name in answers},
           personal=dict.fromkeys(named, person))  # fmt: skip
    return one


def touched(file: ApplicationFile, **changes: str) -> None:
    """Writes a file with its next revision."""
    for name, value in changes.items():
        setattr(file, name, value)
    file.revision += 1
    file.changed_by_id, file.changed_at = current().person, now()
    file.save(update_fields=["answers", "revision", "changed_by", "changed_at", *changes])
