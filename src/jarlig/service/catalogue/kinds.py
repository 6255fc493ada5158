"""Kinds of recognition (认定事项): the facts that a programme leaves to a body to vouch for, from its data alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext as _

from jarlig.ladder.kinds import Rows
from jarlig.ladder.numbers import NumberError
from jarlig.library import Programme as Rules
from jarlig.policy.model import FactDef
from jarlig.policy.values import converter
from jarlig.service.ground.days import read_day
from jarlig.service.ground.errors import Invalid, Missing


@dataclass(frozen=True, slots=True)
class Kind:
    """A fact that a body vouches for: ``key`` is its name, or ``offer.name`` for a fact of one offer."""

    key: str
    offer: str
    fact: FactDef

    @property
    def department(self) -> str:
        """The word of the programme for the body that vouches for it."""
        return self.fact.verified_by

    def title(self) -> str:
        """What it is, in the language of the reader, by the programme's own words."""
        words = self.fact.title.zh if is_chinese() else self.fact.title.en
        return f"{self.offer} {words}" if self.offer else words


def is_chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def kinds(rules: Rules) -> dict[str, Kind]:
    """Everything that can be recognised under a programme, in its order."""
    found: dict[str, Kind] = {}
    for fact in rules.model.facts.values():
        if fact.verified_by and not isinstance(fact.kind, Rows):
            found[fact.name] = Kind(fact.name, "", fact)
    for offer in rules.offers.values():
        for fact in offer.facts.values():
            if fact.verified_by and not isinstance(fact.kind, Rows):
                key = f"{offer.offer}.{fact.name}"
                found[key] = Kind(key, offer.offer, fact)
    return found


def kind_of(rules: Rules, key: str) -> Kind:
    """The kind of that key.

    Raises:
        Missing: when the programme leaves no such fact to a body.
    """
    found = kinds(rules).get(key)
    if found is None:
        raise Missing(_("The programme leaves nothing to a body under this name: %(name)s.") % {"name": key[:80]},
                      field="kind")  # fmt: skip
    return found


def check_value(kind: Kind, text: str) -> str:
    """The value as it is written in a file of facts.

    Raises:
        Invalid: when the fact cannot hold it.
    """
    if kind.fact.or_none and text == "none":
        return text
    try:
        converter(kind.fact.kind)(text)
    except NumberError as error:
        why = error.zh if is_chinese() else error.en
        raise Invalid(
            _("%(value)s cannot stand here: %(why)s.") % {"value": text[:80], "why": why}, field="value"
        ) from None
    return text


def day(text: str, field: str) -> date:
    """A date as written in a sheet.

    Raises:
        Invalid: when it is none.
    """
    found = read_day(text)
    if found is None:
        raise Invalid(_("%(text)s is no date; write it 2024-05-10.") % {"text": text[:40]}, field=field)
    return found
