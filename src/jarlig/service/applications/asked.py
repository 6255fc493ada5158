"""What a claim is asked (填报事项): the facts of its offer and the shared ones that its rules read; from data alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jarlig.asking.estimates import estimates_of
from jarlig.ladder.kinds import Code, Rows, Some
from jarlig.library import Programme as Rules
from jarlig.policy.awards import read_history
from jarlig.policy.casefile import Facts
from jarlig.policy.facts import BUILT_IN, typed_facts
from jarlig.policy.messages import PolicyError
from jarlig.policy.model import FactDef
from jarlig.service.applications.errors import unreadable
from jarlig.service.ground.errors import Invalid

#: Earlier awards, told as rows beside the facts of the programme.
HISTORY = "history"
#: The longest text of one answer, and the most lists of words.
MOST_TEXT, MOST_WORDS = 2_000, 200


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts that a claim is asked: ``shared`` stand in its file, ``own`` in the claim, in the order of rules."""

    shared: Mapping[str, FactDef]
    own: Mapping[str, FactDef]
    reads: frozenset[str]

    def lists(self) -> dict[str, FactDef]:
        """Those that are told row by row."""
        return {name: one for name, one in {**self.shared, **self.own}.items() if isinstance(one.kind, Rows)}


def asked(rules: Rules, offer: str, on: date, at: str = "") -> Asked:
    """What an offer asks of an applicant on a day at a place."""
    plan = rules.desk.plans.plan(on.toordinal(), None, at)
    defs = plan.fact_defs(offer)
    reads = estimates_of(rules).reads(plan, offer).names
    own = {name: one for name, one in defs.items() if name not in rules.model.facts}
    common = {*reads, *identity(rules)} & rules.model.facts.keys()
    shared = {name: one for name, one in defs.items() if name in common}
    return Asked(shared, own, frozenset(reads))


def identity(rules: Rules) -> dict[str, str]:
    """Facts that the register of enterprises answers, and by what: ``uscc`` or ``area``. Nobody types them.

    The applicant's own code is the shared fact of that form; the place is the one that the programme names for it.
    """
    facts = rules.model.facts.items()
    found = {name: "uscc" for name, one in facts if isinstance(one.kind, Code) and one.kind.form == "uscc"}
    if rules.model.applied_at:
        found[rules.model.applied_at] = "area"
    return found


def checked(rules: Rules, defs: Mapping[str, FactDef], offer: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they are kept: those of a fact there is, each a value that its kind takes; empty ones are not known.

    Raises:
        Invalid: for the first that is not; its ``field`` is the name of the fact.
    """
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        none_chosen = value == [] and name in defs and isinstance(defs[name].kind, Some)
        if value in ("", None, []) and name != HISTORY and not none_chosen:
            continue
        if name == HISTORY:
            _checked_history(rules, value)
        elif name in BUILT_IN or (name in defs and not isinstance(defs[name].kind, Rows)):
            _checked_value(rules, defs, offer, name, value)
        else:
            raise no_such_answer(name)
        kept[name] = value
    return kept


def no_such_answer(name: str) -> Invalid:
    """Nothing of this name is asked: fields that nobody asked for are never written (I17)."""
    return Invalid(_("Nothing is asked under the name %(name)s.") % {"name": name[:80]}, field=name[:80])


def checked_rows(rules: Rules, definition: FactDef, offer: str, rows: list[dict[str, str]]) -> None:
    """Looks at the rows of a list as the rules will.

    Raises:
        Invalid: for the first cell that cannot stand, or rows that are told apart by nothing.
    """
    try:
        typed_facts(Facts({definition.name: rows}), {definition.name: definition}, offer, programme=rules.model)
    except PolicyError as error:
        raise unreadable(error, definition.name) from error


def _checked_value(rules: Rules, defs: Mapping[str, FactDef], offer: str, name: str, value: Any) -> None:
    plain = isinstance(value, str) and len(value) <= MOST_TEXT
    words = isinstance(value, list) and len(value) <= MOST_WORDS and all(isinstance(one, str) for one in value)
    if not (plain or words):
        raise Invalid(_("This answer is too long."), field=name)
    try:
        own = {name: defs[name]} if name in defs else {}
        typed_facts(Facts({name: value}), own, offer, programme=rules.model)
    except PolicyError as error:
        raise unreadable(error, name) from error


def _checked_history(rules: Rules, value: Any) -> None:
    if not isinstance(value, list) or len(value) > MOST_WORDS:
        raise Invalid(_("Earlier awards are told row by row."), field=HISTORY)
    try:
        read_history(Facts({HISTORY: value}), value, (HISTORY,), rules.model)
    except PolicyError as error:
        raise unreadable(error, HISTORY) from error
