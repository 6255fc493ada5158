"""Answering what one offer asks (填写事项信息)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from jarlig.service.applications.applicant import applicant_of
from jarlig.service.applications.asked import asked, checked
from jarlig.service.applications.case import place_of
from jarlig.service.applications.corrections import require_open
from jarlig.service.applications.errors import not_editable, stale
from jarlig.service.applications.models import Claim
from jarlig.service.applications.queries import the_claim
from jarlig.service.applications.speaking import drafts
from jarlig.service.applications.states import EDITABLE
from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.context import current

ANSWER = rule("answer_claim", gettext_lazy("Answer what an offer asks"), condition=drafts)


def answer_claim(claim: Claim, answers: Mapping[str, Any], revision: int) -> Claim:
    """Keeps answers to the facts of the claim's offer; an empty one makes it not known again.

    Args:
        claim: the claim.
        answers: by the name of the fact, as a file of facts spells them.
        revision: that of the claim as the person saw it.

    Raises:
        NotAllowed: to who is not of the enterprise.
        WrongState: when it was submitted or is gone, or the office has not asked about it.
        Conflict: when somebody else has changed it meanwhile.
        Invalid: for an answer that the fact does not take, or a fact that is not asked.
    """
    one = open_claim("answer_claim", claim, revision)
    require_open(one, "answer", *answers)
    rules = programme_in_force(one.programme.key)
    what = asked(rules, one.offer, today(), place_of(rules, applicant_of(one.enterprise_id)))
    kept = checked(rules, what.own, one.offer, answers)
    before = {name: one.answers.get(name) for name in answers}
    one.answers = {**{name: value for name, value in one.answers.items() if name not in answers}, **kept}
    touched(one)
    person = current().person
    assert person is not None  # the rule has let somebody pass
    named = {f"answers.{name}": value for name, value in before.items()}
    record("answer_claim", one, before=named, after={f"answers.{name}": kept.get(name) for name in answers},
           personal=dict.fromkeys(named, person))  # fmt: skip
    return one


def open_claim(act: str, claim: Claim, revision: int) -> Claim:
    """A claim, held, that may be changed by whoever acts.

    Raises:
        NotAllowed, WrongState, Conflict: see ``answer_claim``.
    """
    require(act, claim)
    if claim.state not in EDITABLE:
        raise not_editable()
    one = the_claim(claim.pk, lock=True)
    if one.state not in EDITABLE:
        raise not_editable()
    if one.revision != revision:
        raise stale()
    return one


def touched(claim: Claim, *changed: str) -> None:
    """Writes a claim with its next revision."""
    claim.revision += 1
    claim.changed_by_id, claim.changed_at = current().person, now()
    claim.save(update_fields=["answers", "revision", "changed_by", "changed_at", *changed])
