"""Abstract values: what a node can be while facts are missing, and how to bring each end about.

A value is either known, and then stands as itself, or one of three shapes: ``Span`` for numbers and dates, ``Truth``
for a yes/no that can be both, ``Among`` for words and codes. Every end carries a *witness*, the facts that bring it
about, and what it was read from. Both are trees that are only flattened for the answer, so that joining costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jarlig.ladder.kinds import CNY, MOST_FEN, USD, Choice, Date, Kind, Month, Number, YesNo
from jarlig.policy.values import FIRST_DAY, LAST_DAY

#: A missing thing: a fact by name, or a cell of a row as (rows, index, column), or ``history``.
Key = str | tuple[str, int, str]
#: Facts that bring a value about: mappings, joined in tuples; a later one stands. None: no such facts are known.
Witness = Mapping[Any, Any] | tuple[Any, ...] | None
#: Keys that a value may depend on: sets, joined in tuples.
Reads = frozenset[Any] | tuple[Any, ...]

#: Stands for "without bound"; every number of a ladder has at most 38 digits, so that sums and products stay apart.
BOUNDLESS = 10**60
_FAR = 10**45
FIRST_MONTH, LAST_MONTH = 1900 * 12, 2199 * 12 + 11
HISTORY = "history"


class Span:
    """A number or date between two ends, each with its witness; ``key`` when it is a fact itself times ``unit``."""

    __slots__ = ("hi", "high_by", "key", "lo", "low_by", "reads", "unit")

    def __init__(
        self, lo: int, hi: int, low_by: Witness, high_by: Witness, reads: Reads, key: Key | None = None, unit: int = 1
    ) -> None:
        self.lo, self.hi, self.low_by, self.high_by, self.reads = lo, hi, low_by, high_by, reads
        self.key, self.unit = key, unit

    def inside(self, low: int, high: int) -> Witness:
        """Facts that put the number between two values, both included; None when none are known."""
        if low <= self.lo <= high:
            return self.low_by
        if low <= self.hi <= high:
            return self.high_by
        value = -(-low // self.unit)
        if self.key is not None and self.lo <= value * self.unit <= min(high, self.hi):
            return {self.key: value}
        return None


class Truth:
    """A yes/no that can be either, with the facts for each."""

    __slots__ = ("no_by", "reads", "yes_by")

    def __init__(self, yes_by: Witness, no_by: Witness, reads: Reads) -> None:
        self.yes_by, self.no_by, self.reads = yes_by, no_by, reads


class Among:
    """A word, code or set out of several, each with its witness; ``options`` None is anything at all."""

    __slots__ = ("options", "reads")

    def __init__(self, options: dict[Any, Witness] | None, reads: Reads) -> None:
        self.options, self.reads = options, reads


ABSTRACT = (Span, Truth, Among)


def is_known(value: Any) -> bool:
    """Whether a value is settled."""
    return value.__class__ not in ABSTRACT


def both(one: Witness, other: Witness) -> Witness:
    """Facts that bring both about; what is said later stands where they differ."""
    if one is None or other is None:
        return None
    if not one:
        return other
    return (one, other) if other else one


def reads_of(*values: Any) -> Reads:
    """Everything that several values depend on; known ones depend on nothing."""
    found = tuple(value.reads for value in values if value.__class__ in ABSTRACT)
    return found[0] if len(found) == 1 else found


def span(value: Any) -> Span:
    """A known number as a span of one."""
    return value if value.__class__ is Span else Span(value, value, (), (), ())


def settled(lo: int, hi: int, low_by: Witness, high_by: Witness, reads: Reads) -> Any:
    """A span, or the number itself when both ends meet: what is settled depends on nothing any more."""
    if lo == hi:
        return lo
    return Span(-BOUNDLESS if lo <= -_FAR else lo, BOUNDLESS if hi >= _FAR else hi, low_by, high_by, reads)


def is_boundless(end: int) -> bool:
    """Whether an end stands for "without bound"."""
    return abs(end) >= _FAR


def hull(found: Iterable[tuple[Witness, Any]], reads: Reads) -> Any:
    """Whatever any of several values can be, each with the facts that make it the one that counts."""
    cases = list(found)
    values = [value for _, value in cases]
    first = values[0]
    if all(is_known(value) and value == first for value in values):
        return first
    read = (reads, reads_of(*values))
    if any(value.__class__ is Truth or value.__class__ is bool for value in values):
        yes = [both(by, truth_by(value)[0]) for by, value in cases if value is not False]
        no = [both(by, truth_by(value)[1]) for by, value in cases if value is not True]
        return Truth(best(yes), best(no), read) if yes and no else bool(yes)
    if any(value.__class__ is Among or value.__class__ in (str, frozenset) for value in values):
        return _any_of_sets(cases, read)
    spans = [(by, span(value)) for by, value in cases]
    lo, hi = min(one.lo for _, one in spans), max(one.hi for _, one in spans)
    low_by = best(both(by, one.low_by) for by, one in spans if one.lo == lo)
    high_by = best(both(by, one.high_by) for by, one in spans if one.hi == hi)
    return settled(lo, hi, low_by, high_by, read)


def _any_of_sets(cases: list[tuple[Witness, Any]], reads: Reads) -> Any:
    options: dict[Any, Witness] = {}
    for by, value in cases:
        if value.__class__ is not Among:
            options.setdefault(value, by)
        elif value.options is None:
            return Among(None, reads)
        else:
            for option, option_by in value.options.items():
                options.setdefault(option, both(by, option_by))
    return Among(options, reads)


def truth_by(value: Any) -> tuple[Witness, Witness]:
    """The facts for yes and for no; a known answer needs none."""
    return (value.yes_by, value.no_by) if value.__class__ is Truth else ((), ())


def best(found: Iterable[Witness]) -> Witness:
    """The first witness that is known."""
    return next((by for by in found if by is not None), None)


def bounds(kind: Kind) -> tuple[int, int]:
    """The lowest and highest number of a kind (最小、最大值).

    A number that is only kept below the highest figure the file format can hold has no bound: a range that ended at
    999,999,999,999.99 yuan would say that somebody had set that limit.
    """
    if isinstance(kind, Date):
        return FIRST_DAY, LAST_DAY
    if isinstance(kind, Month):
        return FIRST_MONTH, LAST_MONTH
    if not isinstance(kind, Number):
        return 0, 1
    most = MOST_FEN if kind.unit in (CNY, USD) and kind.scale == 2 else 10 ** (12 + kind.scale)
    return -BOUNDLESS if kind.low <= -most else kind.low, BOUNDLESS if kind.high >= most else kind.high


def unknown(kind: Kind, key: Key, within: tuple[int, int] | None = None) -> Any:
    """A missing fact: everything its kind, or the range given for it, leaves possible."""
    reads: Reads = frozenset((key,))
    if isinstance(kind, YesNo):
        return Truth({key: True}, {key: False}, reads)
    if isinstance(kind, Choice) and kind.values:
        return Among({value: {key: value} for value in kind.values}, reads)
    if isinstance(kind, Number | Date | Month):
        lo, hi = within or bounds(kind)
        return piece(kind, key, lo, hi)
    return Among(None, reads)


def piece(kind: Kind, key: Key, lo: int, hi: int) -> Any:
    """A stretch of a missing number; an end without bound is shown by the highest value that the kind can hold."""
    if lo == hi:
        return lo
    low, high = (kind.low, kind.high) if isinstance(kind, Number) else (lo, hi)
    first, last = low if is_boundless(lo) else lo, high if is_boundless(hi) else hi
    return Span(lo, hi, {key: first}, {key: last}, frozenset((key,)), key)


def top(kind: Kind) -> Any:
    """A value that no completion of the facts can settle: a term still open, or a place that no list names."""
    if isinstance(kind, YesNo):
        return Truth(None, None, ())
    if isinstance(kind, Number | Date | Month):
        lo, hi = bounds(kind)
        return Span(lo, hi, None, None, ())
    return Among(None, ())


def completion(by: Witness) -> dict[Any, Any] | None:
    """A witness as one mapping; a later fact stands, and histories are put together."""
    if by is None:
        return None
    found: dict[Any, Any] = {}
    trees: list[Any] = [by]
    while trees:
        tree = trees.pop()
        if isinstance(tree, tuple):
            trees.extend(reversed(tree))
            continue
        for key, value in tree.items():
            if key == HISTORY and key in found:
                value = (*found[key], *(award for award in value if award not in found[key]))
            found[key] = value
    return found


def keys_read(reads: Reads) -> set[Key]:
    """Everything that a value may depend on."""
    found: set[Key] = set()
    seen: set[int] = set()
    trees: list[Any] = [reads]
    while trees:
        tree = trees.pop()
        if isinstance(tree, frozenset):
            found |= tree
        elif id(tree) not in seen:
            seen.add(id(tree))
            trees.extend(tree)
    return found
