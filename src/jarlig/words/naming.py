"""Names and values for people: titles and labels in place of names and codes, units as the programme calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Choice, Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.steps import Words
from jarlig.policy.model import FactDef, Offer, Programme
from jarlig.reference.divisions import divisions
from jarlig.reference.errors import BadCode, UnknownDivision
from jarlig.words import fmt
from jarlig.words.catalogue import SAYINGS, say

#: A whole number that never gets larger than a year is written without commas, as years are.
_LAST_YEAR = 9_999
#: What a place of the formula is called when the term that fills it has no title of its own.
_PLACES = ("amount", "rate", "each", "cap", "floor", "limit", "pool", "split")


@dataclass(frozen=True)
class Namer:
    """Names and values of one offer in one language.

    ``facts`` are the offer's facts as the guide and the place fill them: their titles and labels are the words.
    """

    programme: Programme
    offer: Offer
    facts: Mapping[str, FactDef]
    lang: str

    def say(self, key: str, **values: str) -> str:
        """A saying of the catalogue in the language of this speaker."""
        return say(key, self.lang, **values)

    # names

    def title(self, name: str) -> str:
        """What a fact or built-in is called."""
        fact = self.facts.get(name)
        if fact:
            return fact.title[self.lang]
        return self.say("built_in." + name) if "built_in." + name in SAYINGS else name.replace("_", " ")

    def column(self, rows: str, name: str) -> str:
        """What a column of rows is called; one without a title stands as it is spelt."""
        definition = self.facts[rows].columns.get(name) if rows in self.facts else None
        return self._spelt(definition, name)

    def any_column(self, name: str) -> str:
        """What a column is called, whichever rows it stands in."""
        found = (fact.columns[name] for fact in self.facts.values() if name in fact.columns)
        return self._spelt(next(found, None), name)

    def history_column(self, name: str) -> str:
        """What a part of an earlier award is called; a subject's key is called as its fact."""
        return self.say("history." + name) if "history." + name in SAYINGS else self.title(name)

    def _spelt(self, definition: FactDef | None, name: str) -> str:
        title = definition.title[self.lang] if definition else name
        return title if title != name else name.replace("_", " ")

    def term(self, name: str) -> str:
        """What a term that somebody must fill, or a figure that somebody decides, is called."""
        term = self.offer.terms.get(name)
        title = (term.title[self.lang] if term else "") or self._parameter(name)
        if title:
            return title
        if term:
            column = term.of.rpartition(".")[2]
            return self.say("term." + term.form, of=self.any_column(column) if column else "")
        fact = next((f for f in (*self.facts.values(), *self._columns()) if f.name == name), None)
        if fact:
            return self.say("term.choices", of=self._spelt(fact, name))
        for part in self.offer.parts:
            if name.startswith(part.name + "_"):
                return self.say("of_part", part=part.title[self.lang], what=self.term(name[len(part.name) + 1 :]))
        place = next((key for key in _PLACES if name == key or name.startswith(key + "_")), "amount")
        return self.say("place." + place)

    def _parameter(self, name: str) -> str:
        parameter = self.programme.parameters.get(name)
        return parameter.title[self.lang] if parameter else ""

    def _columns(self) -> list[FactDef]:
        return [column for fact in self.facts.values() for column in fact.columns.values()]

    # values

    def value(self, value: Any, kind: Kind, about: n.Node | None = None) -> str:
        """A value as people write it; ``about`` is the fact or column it belongs to, whose labels apply."""
        if value is None:
            return self.say("unknown")
        if value == n.NONE:
            return self.say("none")
        if isinstance(kind, Number):
            return self.figure(value, kind)
        if isinstance(kind, YesNo):
            return fmt.yes_no(value, self.lang)
        if isinstance(kind, Date):
            return fmt.day(value, self.lang)
        if isinstance(kind, Month):
            return fmt.month(value, self.lang)
        if isinstance(kind, Some):
            return self.options(value, kind.of, about)
        if isinstance(kind, Division):
            return division_name(value, self.lang)
        return self.label(value, about) if isinstance(kind, Choice) else str(value)

    def figure(self, value: int, kind: Number, ratio: bool = False) -> str:
        """A number as people write it; a pure number with decimals is a ratio, and so a percentage."""
        if not kind.unit and (ratio or kind.scale):
            return fmt.percent(value, kind.scale)
        if not kind.unit and kind.high <= _LAST_YEAR:
            return str(value)
        return fmt.quantity(value, kind.scale, kind.unit, self.programme.units, self.lang)

    def label(self, value: str, about: n.Node | None = None) -> str:
        """The label of a choice."""
        name = about.name if isinstance(about, n.Fact | n.Column) else ""
        for fact in (*self.facts.values(), *self._columns()):
            if value in fact.labels and (not name or fact.name == name):
                return fact.labels[value][self.lang]
        return value

    def options(self, values: frozenset[str], choice: Choice, about: n.Node | None = None) -> str:
        """A set of choices in the order of the programme."""
        order = [value for value in choice.values if value in values]
        rest = sorted(values.difference(order))
        if about is not None and isinstance(about.kind, Division):
            labels = [division_name(value, self.lang) for value in (*order, *rest)]
        elif isinstance(about, n.Part):
            labels = [
                self.say("run", first=first, last=last) if first != last else first
                for first, last in runs([*order, *rest])
            ]
        else:
            labels = [self.label(value, about) for value in (*order, *rest)]
        return fmt.listed(labels, self.lang, Words("、", "or")) or self.say("none")


def runs(codes: list[str]) -> list[tuple[str, str]]:
    """Codes that count up one by one, as their first and last: ``13 14 15 43`` gives 13 to 15, and 43."""
    found: list[tuple[str, str]] = []
    for code in sorted(codes):
        if found and code.isdecimal() and found[-1][1].isdecimal() and int(code) == int(found[-1][1]) + 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


def division_name(code: str, lang: str) -> str:
    """The name of a division by the shipped table; a finer code stands beside the name, an unknown one alone."""
    try:
        found = divisions().division(code)
    except (BadCode, UnknownDivision):
        return code
    name = found.zh if lang == "zh" else found.en
    return name if code == found.code else say("division", lang, name=name, code=code)
