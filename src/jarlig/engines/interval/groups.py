"""Gates and award in groups that hang together, each tried with every case of its missing facts.

Units that share a missing fact are tried together, the others apart, so that twenty open yes/no gates cost twenty
evaluations and not a million. While the cases of a group are at most ``MOST_TRIED`` all are tried; beyond that the
facts with the fewest cases are, and the rest stay abstract, which can only widen the range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from jarlig.engines.interval.nodes import State
from jarlig.engines.interval.shape import Rung, Unit
from jarlig.engines.interval.values import (
    BOUNDLESS,
    Key,
    Witness,
    both,
    is_known,
    keys_read,
    reads_of,
    span,
    truth_by,
)

MOST_TRIED = 4_096
#: Rows read over all cases of the facts that sums read; such facts stay abstract beyond that.
_MOST_ROWS = 4_000_000


@dataclass(frozen=True)
class Variable:
    """A missing fact with its cases, or with ``row`` set a row and the ways to fill its unknown cells.

    ``weight`` counts the rows that have to be read again for each case.
    """

    name: str
    options: tuple[Any, ...]
    keys: tuple[Key, ...]
    row: int | None = None
    weight: int = 0

    def put(self, state: State, option: Any) -> dict[Key, Any]:
        """Set the fact, or the cells, and say which completion that is."""
        if self.row is None:
            state.facts[self.name] = option
            return {self.keys[0]: option} if is_known(option) else {}
        state.cells.setdefault(self.name, {})[self.row] = option
        return {(self.name, self.row, column): value for column, value in option.items()}


@dataclass
class Outcome:
    """What gates and award can come to.

    ``holds`` and ``fails`` say whether all gates can hold and whether one can be false, with the facts that do it;
    ``low`` and ``high`` bound the award where the gates hold.
    """

    holds: bool = False
    fails: bool = False
    holds_by: Witness = None
    fails_by: Witness = None
    low: int = BOUNDLESS
    high: int = -BOUNDLESS
    low_by: Witness = None
    high_by: Witness = None
    reads: set[Key] = field(default_factory=set)

    def may_hold(self, by: Witness) -> None:
        self.holds, self.holds_by = True, by if self.holds_by is None else self.holds_by

    def may_fail(self, by: Witness) -> None:
        self.fails, self.fails_by = True, by if self.fails_by is None else self.fails_by

    def may_award(self, value: Any, by: Witness) -> None:
        found = span(value)
        if found.lo < self.low or (found.lo == self.low and self.low_by is None):
            self.low, self.low_by = found.lo, both(by, found.low_by)
        if found.hi > self.high or (found.hi == self.high and self.high_by is None):
            self.high, self.high_by = found.hi, both(by, found.high_by)


def groups(units: list[Unit], linking: set[str]) -> Iterator[list[Unit]]:
    """Units put together as far as they share a missing fact; the award stands last in its group."""
    rest = list(units)
    while rest:
        group, names = [rest.pop(0)], set[str]()
        names |= group[0].reads & linking
        while joined := [unit for unit in rest if unit.reads & names]:
            group += joined
            rest = [unit for unit in rest if unit not in joined]
            for unit in joined:
                names |= unit.reads & linking
        yield sorted(group, key=lambda unit: not unit.is_gate)


def affordable(variables: list[Variable]) -> list[Variable]:
    """The variables whose cases are tried: all, or of the facts those with the fewest cases."""
    if _fits(variables):
        return variables
    facts = sorted((one for one in variables if one.row is None), key=_order)
    size = 0
    while size < len(facts) and _fits(facts[: size + 1]):
        size += 1
    return facts[:size]


def _order(one: Variable) -> tuple[bool, int, str]:
    return one.weight > 0, len(one.options), one.name


def _fits(variables: list[Variable]) -> bool:
    heavy = [one for one in variables if one.weight]
    rows = prod(len(one.options) for one in heavy) * max((one.weight for one in heavy), default=0)
    return prod(len(one.options) for one in variables) <= MOST_TRIED and (not heavy or rows <= _MOST_ROWS)


class Group:
    """Units with the variables that are tried for them."""

    def __init__(self, units: list[Unit], variables: list[Variable], state: State) -> None:
        self.units, self.variables, self.state = units, variables, state
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._places = {
            rung.name: tuple(at for at, one in enumerate(variables) if one.name in rung.reads)
            for unit in units
            for rung in unit.rungs
        }

    def outcome(self) -> Outcome:
        """What the units come to over all cases."""
        found = Outcome()
        ways: list[tuple[tuple[int, ...], Any]] = []
        for way in product(*(range(len(one.options)) for one in self.variables)):
            by: dict[Key, Any] = {}
            for at, one in zip(way, self.variables, strict=True):
                by |= one.put(self.state, one.options[at])
            ways.append((way, self._tried(way, by, found)))
        found.reads |= self._that_matter(ways)
        return found

    def _tried(self, way: tuple[int, ...], by: dict[Key, Any], found: Outcome) -> Any:
        """Note what one case comes to, and give back what of it can be told apart from other cases."""
        holds_by: Witness = by
        may_fail = False
        for unit in self.units:
            if not unit.is_gate:
                break
            holds = self._value(unit.rungs[0], way)
            if holds is False:
                found.may_fail(by)
                return None
            if holds is not True:
                yes, no = truth_by(holds)
                holds_by, may_fail = both(holds_by, yes), True
                found.may_fail(both(by, no))
                found.reads |= keys_read(reads_of(holds))
        found.may_hold(holds_by)
        if self.units[-1].is_gate:
            return may_fail
        for rung in self.units[-1].rungs:
            self.state.steps[rung.name] = value = self._value(rung, way)
        found.may_award(value, holds_by)
        if is_known(value):
            return may_fail, value
        found.reads |= keys_read(value.reads)
        return may_fail, value.lo, value.hi

    def _value(self, rung: Rung, way: tuple[int, ...]) -> Any:
        asked = (rung.name, *[way[at] for at in self._places[rung.name]])
        if asked not in self._kept:
            self._kept[asked] = rung.value(self.state)
        return self._kept[asked]

    def _that_matter(self, ways: list[tuple[tuple[int, ...], Any]]) -> set[Key]:
        """The keys of variables whose case makes a difference somewhere."""
        found: set[Key] = set()
        for at, variable in enumerate(self.variables):
            seen: dict[tuple[int, ...], Any] = {}
            if any(seen.setdefault((*way[:at], *way[at + 1 :]), result) != result for way, result in ways):
                found |= set(variable.keys)
        return found
