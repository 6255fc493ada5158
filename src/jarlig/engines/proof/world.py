"""What is free in a proof: every fact of a case over all that its kind allows, and the way back to a written case.

Texts are numbered: those that a ladder writes by their own numbers, any other number is some other text. A place is
its division code as a number, cut into parts by arithmetic. What holds of a free value is kept with it, so that a
proof is about real cases only and a model can be read as one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import z3

from jarlig.engines.proof.calendar import Calendar, calendar
from jarlig.engines.proof.places import PlaceCode
from jarlig.engines.proof.terms import Term
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.nodes import NONE
from jarlig.policy.values import FIRST_DAY, LAST_DAY
from jarlig.reference.uscc import organisation_check_character, uscc_check_character

#: Months that a fact may name.
_MONTHS = (12, 9999 * 12 + 11)
Read = Callable[[z3.ModelRef], Any]


@dataclass
class Free:
    """A free value: its term, and how it is read from a model."""

    term: Term
    read: Read


class Texts:
    """The numbers of texts, and texts for numbers that stand for none."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.codes: set[str] = set()
        self._others: dict[tuple[str, int], str] = {}
        self._made = itertools.count(1)

    def number(self, text: str) -> int:
        """The number of a text that is written somewhere."""
        return self.numbers.setdefault(text, len(self.numbers))

    def code(self, text: str) -> int:
        """The number of a written code, which a fact that is a code may be; no word of a choice is one."""
        self.codes.add(text)
        return self.number(text)

    def text(self, number: int, form: str) -> str:
        """The text of a number; a number that is no written text of this form is a well-formed one of nobody."""
        for text, known in self.numbers.items():
            if known == number and (text in self.codes or form == "choice"):
                return text
        if (form, number) not in self._others:
            made = next(m for m in map(_maker(form), self._made) if m not in self.numbers)
            self._others[form, number] = made
        return self._others[form, number]

    def sector(self, number: int) -> str:
        """A sector of industry by its number; one that no rule names for any other number."""
        for text, known in self.numbers.items():
            if known == number and len(text) == 2 and text.isdigit():
                return text
        return next(f"{n:02d}" for n in range(1, 100) if f"{n:02d}" not in self.numbers)


class World:
    """The free values of a ladder and all that holds of them; a branch adds to the world it stands in."""

    def __init__(self, parent: World | None = None, apart: World | None = None, region: str = "") -> None:
        """A world of its own, a branch of another, or one ``apart`` that shares nothing with another but its texts.

        ``region`` is that of the programme; where it is a province, places lie in it or in another one.
        """
        self.parent = parent
        self.own: list[Any] = []
        self.own_exact: list[Any] = []
        other = parent or apart
        self.region: str = region or (other.region if other else "")
        self.texts: Texts = other.texts if other else Texts()
        self._names: Any = other._names if other else itertools.count()
        self._calendars: dict[int, tuple[Any, Calendar]] = {}
        self.facts: dict[str, Free] = {}

    @property
    def given(self) -> list[Any]:
        """What holds of the free values."""
        return [*(self.parent.given if self.parent else ()), *self.own]

    @property
    def exact(self) -> list[Any]:
        """Products and quotients of free values, which are left out where bounds on them are enough."""
        return [*(self.parent.exact if self.parent else ()), *self.own_exact]

    def hold(self, *constraints: Any) -> None:
        """Something holds of the free values."""
        self.own += [one for one in constraints if one is not True]

    def integer(self, about: str, low: int | None = None, high: int | None = None) -> z3.ArithRef:
        """A free whole number."""
        made = z3.Int(f"{about}#{next(self._names)}")
        if low is not None:
            self.own.append(made >= low)
        if high is not None:
            self.own.append(made <= high)
        return made

    def boolean(self, about: str) -> z3.BoolRef:
        """A free yes or no."""
        return z3.Bool(f"{about}#{next(self._names)}")

    def fact(self, name: str, kind: Kind, optional: bool = False) -> Term:
        """The term of a fact, the same wherever it is read."""
        found = self.known_fact(name)
        if found is None:
            found = self.facts[name] = self.free(name, kind, optional)
        return found.term

    def known_fact(self, name: str) -> Free | None:
        """A fact that was read before."""
        return self.facts.get(name) or (self.parent.known_fact(name) if self.parent else None)

    def free(self, name: str, kind: Kind, optional: bool = False) -> Free:
        """A free value of a kind."""
        made = self._free(name, kind)
        if not optional:
            return made
        none = self.boolean(f"{name} none")
        plain = made.read

        def read(model: z3.ModelRef) -> Any:
            return NONE if truth(model, none) else plain(model)

        return Free(Term(made.term.value, True, none), read)

    def _free(self, name: str, kind: Kind) -> Free:
        if isinstance(kind, YesNo):
            flag = self.boolean(name)
            return Free(Term(flag), lambda model: truth(model, flag))
        if isinstance(kind, Some):
            flags = {value: self.boolean(f"{name}.{value}") for value in kind.of.values}
            return Free(Term(flags), lambda m: frozenset(value for value, flag in flags.items() if truth(m, flag)))
        if isinstance(kind, Division):
            place = PlaceCode(self, name, kind.level)
            return Free(Term(place), place.read)
        if isinstance(kind, Choice):
            word = self.integer(name, 0)
            if kind.values:
                self.own.append(z3.Or(*(word == self.texts.number(value) for value in kind.values)))
            return Free(Term(word), lambda model: self.texts.text(number(model, word), "choice"))
        if isinstance(kind, Code):
            return self._code(name, kind)
        low, high = self._bounds(kind)
        value = self.integer(name, low, high)
        return Free(Term(value), lambda model: number(model, value))

    def _bounds(self, kind: Kind) -> tuple[int, int]:
        if isinstance(kind, Number):
            return kind.low, kind.high
        if isinstance(kind, Date):
            return FIRST_DAY, LAST_DAY
        assert isinstance(kind, Month), kind
        return _MONTHS

    def _code(self, name: str, kind: Code) -> Free:
        text = self.integer(name, 0)
        if kind.form != "industry":
            return Free(Term(text), lambda model: self.texts.text(number(model, text), kind.form))
        code = IndustryCode(text, self.integer(f"{name}.sector", 0))

        def read(model: z3.ModelRef) -> str:
            written = self.texts.text(number(model, code.text), "industry")
            sector = self.texts.sector(number(model, code.sector))
            return written if written.startswith(sector) else sector + "10"

        return Free(Term(code), read)

    def calendar(self, day: Any) -> Calendar:
        """Year, month and day of a day."""
        found = self._calendars.get(day.get_id()) if isinstance(day, z3.ExprRef) else None
        if found is None and self.parent is not None and isinstance(day, z3.ExprRef):
            found = self.parent._calendars.get(day.get_id())
        if found is not None:
            return found[1]
        made = calendar(self, day)
        if isinstance(day, z3.ExprRef):
            self._calendars[day.get_id()] = day, made
        return made

    def plain(self, value: Any) -> Any:
        """A value as what it is compared by: a written text or code as its number."""
        if isinstance(value, PlaceCode):
            return value.whole()
        if isinstance(value, IndustryCode):
            return value.text
        return self.texts.number(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class IndustryCode:
    """A code of an industry and the sector it begins with."""

    text: z3.ArithRef
    sector: z3.ArithRef


def number(model: z3.ModelRef, value: Any) -> int:
    """The whole number that a model gives a term."""
    return int(model.eval(value, model_completion=True).as_long()) if isinstance(value, z3.ExprRef) else int(value)


def truth(model: z3.ModelRef, value: Any) -> bool:
    """Whether a model lets a term hold."""
    return z3.is_true(model.eval(value, model_completion=True)) if isinstance(value, z3.ExprRef) else bool(value)


def samples(form: str) -> Iterable[str]:
    """Well-formed codes of a form, belonging to nobody, without end."""
    return map(_maker(form), itertools.count(1))


def _maker(form: str) -> Callable[[int], str]:
    return _MAKERS.get(form, _MAKERS["text"])


def _uscc(count: int) -> str:
    body = f"91150000{count:08d}"
    body += organisation_check_character(body[8:])
    return body + uscc_check_character(body)


_MAKERS: dict[str, Callable[[int], str]] = {
    "uscc": _uscc,
    "invoice": lambda n: f"23151{n:015d}",
    "sha256": lambda n: f"{n:064x}",
    "industry": lambda n: f"{n:04d}",
    "project": lambda n: f"P-{n}",
    "bank": lambda n: f"{n:012d}",
    "text": lambda n: f"T-{n}",
}
