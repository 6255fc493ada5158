"""A question as a page or a terminal shows it: the programme's own words in both languages, and why it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jarlig.asking.reading import plain_number
from jarlig.engines.interval.values import bounds, is_boundless
from jarlig.ladder.kinds import CNY, Choice, Code, Date, Division, Kind, Month, Number, Some, YesNo, unit_text
from jarlig.ladder.steps import Words

NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from."""

    id: str
    title: Words


@dataclass(frozen=True)
class Effect:
    """What an answer can do to one offer: how far it can move the sum, in fen, and by which rule.

    ``worth`` is None when its effect has no bound. ``why`` is the programme's own reason for asking, ``rule`` what the
    rule says of the fact, ``clause`` where it stands.
    """

    offer: str
    title: Words
    worth: int | None
    why: Words = NO_WORDS
    rule: Words = NO_WORDS
    clause: Words = NO_WORDS


@dataclass(frozen=True)
class Question:
    """A question (问题).

    Attributes:
        id: stays the same whatever else is answered.
        kind: ``yes_no``, ``choice``, ``set``, ``money``, ``number``, ``ratio``, ``date``, ``month``, ``code``,
            ``division``, ``total``, ``count``, ``history`` or ``offers``.
        title: what is asked.
        why: why it is asked: the programme's own reason, or the condition that reads it.
        hint: how to write the answer, and which lines of a list count.
        unit: of a number; empty where there is none.
        bounds: between what an answer must lie, in words; empty where there is no bound.
        least: the lower bound as a field of a form spells it; empty without one.
        most: the upper bound.
        options: to choose from; empty for other kinds.
        unknown: how one says that one does not know, which is always an answer.
        or_none: whether "none" is an answer.
        fact: the fact as a facts file spells it; empty where it is none.
        effects: what an answer can do, for each offer that it touches, the largest first.
        worth: in fen, over all offers of awards together; None without bound.
        evidence: by what it is shown.
        verified_by: the body that verifies it; empty when none does.
    """

    id: str
    kind: str
    title: Words
    why: Words = NO_WORDS
    hint: Words = NO_WORDS
    unit: Words = NO_WORDS
    bounds: Words = NO_WORDS
    least: str = ""
    most: str = ""
    options: tuple[Option, ...] = ()
    unknown: Words = NO_WORDS
    or_none: bool = False
    fact: str = ""
    effects: tuple[Effect, ...] = ()
    worth: int | None = 0
    evidence: tuple[Words, ...] = ()
    verified_by: Words = NO_WORDS

    @property
    def offers(self) -> tuple[str, ...]:
        """The offers that it concerns."""
        return tuple(effect.offer for effect in self.effects)


def kind_name(kind: Kind) -> str:
    """What kind of question asks for a value of a kind."""
    if isinstance(kind, Number):
        if kind.unit and kind.unit[0][0] in ("CNY", "USD") and len(kind.unit) == 1:
            return "money"
        return "ratio" if not kind.unit and kind.scale else "number"
    plain: dict[type, str] = {
        YesNo: "yes_no", Choice: "choice", Some: "set", Date: "date", Month: "month", Code: "code",
        Division: "division",
    }  # fmt: skip
    return plain[type(kind)]


def ends(kind: Kind) -> tuple[int | None, int | None]:
    """The lowest and the highest value that an answer can be; None where nobody set a bound."""
    if not isinstance(kind, Number | Date | Month):
        return None, None
    low, high = bounds(kind)
    return None if is_boundless(low) else low, None if is_boundless(high) else high


def spelled(kind: Kind, value: int | None) -> str:
    """A value as a field of a form spells it; empty for none."""
    if value is None:
        return ""
    if isinstance(kind, Date):
        return date.fromordinal(value).isoformat()
    if isinstance(kind, Month):
        return f"{value // 12:04d}-{value % 12 + 1:02d}"
    assert isinstance(kind, Number)
    return plain_number(Decimal(value).scaleb(-kind.scale))


def unit_words(kind: Kind, units: Callable[[str], Words]) -> Words:
    """The unit of a number in words."""
    if not isinstance(kind, Number) or not kind.unit:
        return NO_WORDS
    if kind.unit == CNY:
        return Words("元", "CNY")
    name = unit_text(kind.unit)
    return Words("美元", "USD") if name == "USD" else units(name)
