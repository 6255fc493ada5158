"""Which missing fact to ask for first (缺失事实排序).

The worth of a missing fact is the widest change of the award, in fen, that it makes by itself while the others stay as
in one of two completions: the one with the highest award, and the one with the lowest award that passes every gate.
Facts without bound stay open there, so that what they can do shows as "no bound" (None). A fact that shows no change
there, though the award may depend on it in another completion, is given an upper bound: for a cell what its row can
add, carried through the steepest steps of the ladder; otherwise the width of the whole range. 0 means that the fact
cannot change the figure at all.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from jarlig.engines.interval.case import Answer, Case, Setting
from jarlig.engines.interval.nodes import State, compiled
from jarlig.engines.interval.rows import OPEN, SumPlan
from jarlig.engines.interval.values import HISTORY, Key, is_boundless, span
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number

#: Cells whose worth is found by trying them; the rest get an upper bound.
MOST_RANKED = 50


def worths(case: Case, answer: Answer) -> dict[Key, int | None]:
    """The worth of every missing fact and cell; see above for what it says."""
    boundless = is_boundless(answer.high)
    settings = [case.setting(answer.high_by, boundless), case.setting(answer.held_low_by, boundless)]
    width = None if boundless else answer.high - answer.low
    bounds = _cell_bounds(case, width)
    live = [key for key in case.missing if key in answer.reads]
    cells = sorted((key for key in live if key in bounds), key=lambda key: _largest_first(bounds[key]))
    tried = {*cells[:MOST_RANKED], *(key for key in live if key not in bounds)}
    found: dict[Key, int | None] = {}
    for key in case.missing:
        if key not in answer.reads or width == 0:
            found[key] = 0
        elif key not in tried:
            found[key] = bounds[key]
        else:
            changes = [_change(case, setting, key) for setting in settings]
            largest = None if None in changes else max(change for change in changes if change is not None)
            bound = bounds.get(key, width)
            found[key] = bound if largest == 0 else largest
    return found


def by_worth(found: dict[Key, int | None]) -> list[tuple[Key, int | None]]:
    """Keys with their worth: those without bound first, then the largest."""
    return sorted(found.items(), key=lambda one: _largest_first(one[1]))


def _largest_first(worth: int | None) -> tuple[bool, int]:
    return worth is not None, -(worth or 0)


def _change(case: Case, setting: Setting, key: Key) -> int | None:
    """How far the award moves while only one missing fact does; None without bound."""
    choices = case.choices(key)
    if not choices:
        found = [_without(case, setting, key)]
        change = max(one.high - one.low for one in found)
        return None if is_boundless(change) else change
    found = [_with(case, setting, key, value) for value in choices]
    lows, highs = [one.low for one in found], [one.high for one in found]
    change = max(max(lows) - min(lows), max(highs) - min(highs))
    return None if is_boundless(change) else change


def _with(case: Case, setting: Setting, key: Key, value: Any) -> Answer:
    if isinstance(key, str):
        return case.solve(setting, {key: value})
    return case.solve(setting, cells={key[0]: {key[1]: {key[2]: value}}})


def _without(case: Case, setting: Setting, key: Key) -> Answer:
    """The award with one missing fact open and the others fixed."""
    name = key if isinstance(key, str) else key[0]
    if isinstance(key, tuple) and name != HISTORY:
        return case.solve(setting, cells={key[0]: {key[1]: {key[2]: OPEN}}})
    return case.solve(setting, {name: case.facts[name]})


def _cell_bounds(case: Case, width: int | None) -> dict[Key, int | None]:
    """An upper bound for the worth of each unknown cell: what its row can add, times the steepest way to the award."""
    state = case.climbed()
    found: dict[Key, Fraction | None] = {}
    for plan in case.shape.plans.values():
        table = case.tables[plan.rows]
        if table is None:
            continue
        loose = case.rows.loose_rows(plan, table)
        if not loose:
            continue
        steepest = Steepness(case, plan, state).of_award()
        for index, part in case.rows.loose(plan, table, state).parts.items():
            whole = span(part)
            size = None if steepest is None or is_boundless(whole.hi - whole.lo) else steepest * (whole.hi - whole.lo)
            for name in loose[index]:
                before = found.get((plan.rows, index, name), Fraction(0))
                found[plan.rows, index, name] = None if size is None or before is None else before + size
    return {key: _in_fen(size, width) for key, size in found.items()}


def _in_fen(size: Fraction | None, width: int | None) -> int | None:
    """A bound in whole fen, one more for rounding, and never more than the range is wide."""
    if size is None:
        return width
    fen = 0 if size == 0 else -(-size.numerator // size.denominator) + 1
    return fen if width is None else min(fen, width)


class Steepness:
    """How much the award can change for each unit that one sum changes; None where it can jump."""

    def __init__(self, case: Case, plan: SumPlan, state: State) -> None:
        self.case, self.plan, self.state = case, plan, state
        self.steps = {step.name: step.node for step in case.shape.ladder.steps}

    def of_award(self) -> Fraction | None:
        """From the sum to the award; a gate that reads the sum is a jump."""
        ladder = self.case.shape.ladder
        if any(self._reads(self.steps[name]) for name in ladder.gates):
            return None
        return self.of(self.steps[ladder.award])

    def _reads(self, node: n.Node) -> bool:
        return any(below is self.plan.node or (isinstance(below, n.StepRef) and self._reads(self.steps[below.name]))
                   for below in n.walk(node))  # fmt: skip

    def of(self, node: n.Node) -> Fraction | None:
        """From the sum to one node."""
        if node is self.plan.node:
            return Fraction(1)
        if not self._reads(node):
            return Fraction(0)
        if isinstance(node, n.StepRef):
            return self.of(self.steps[node.name])
        if isinstance(node, n.Rescale):
            return self._times(self.of(node.item), Fraction(10**node.by))
        if isinstance(node, n.Rounded):
            kind = node.item.kind
            assert isinstance(kind, Number)
            return self._times(self.of(node.item), Fraction(1, 10 ** (kind.scale - node.kind.scale)))
        if isinstance(node, n.Add | n.Subtract):
            return self._sum(self.of(node.left), self.of(node.right))
        if isinstance(node, n.Multiply):
            return self._sum(self._times(self.of(node.left), self._size(node.right)),
                             self._times(self.of(node.right), self._size(node.left)))  # fmt: skip
        if isinstance(node, n.Least | n.Greatest):
            one, other = self.of(node.left), self.of(node.right)
            return None if one is None or other is None else max(one, other)
        return None

    def _size(self, node: n.Node) -> Fraction | None:
        value = span(compiled(node)(self.state))
        size = max(abs(value.lo), abs(value.hi))
        return None if is_boundless(size) else Fraction(size)

    def _times(self, one: Fraction | None, other: Fraction | None) -> Fraction | None:
        if one == 0 or other == 0:
            return Fraction(0)
        return None if one is None or other is None else one * other

    def _sum(self, one: Fraction | None, other: Fraction | None) -> Fraction | None:
        return None if one is None or other is None else one + other
