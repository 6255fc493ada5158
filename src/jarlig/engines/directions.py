"""Which way an award moves when a cost rises, read from the ladder alone; and what an award can never exceed.

``+``: never falls. ``b``: a baseline (基期数、已获金额): stands only where more of it rightly means less, as in growth
since a year or a difference to pay. ``?``: this reading cannot tell. Nothing here is guessed: what is ``+`` is proven.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import Ladder

#: A fact by its name, a column as ``rows.column``, or the number of rows as ``rows.``
Moves = dict[str, str]
BUILT_IN = frozenset(("on", "at", "guide_year", "claim_year", "claim_month"))


class Directions:
    """The directions of a ladder's award in each number that a recipient states."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder
        self._steps: dict[str, Moves] = {}

    def award(self) -> Moves:
        """How the award moves with every number."""
        return self.step(self.ladder.award)

    def step(self, name: str) -> Moves:
        """How a step moves."""
        if name not in self._steps:
            self._steps[name] = self.node(self.ladder.step(name).node)
        return self._steps[name]

    def node(self, node: n.Node) -> Moves:
        """How a node moves."""
        rule = _RULES.get(type(node))
        if rule is not None:
            return rule(self, node)
        return unsure(*(self.node(child) for child in n.children(node)))

    def fact(self, node: n.Fact) -> Moves:
        return {node.name: "+"} if isinstance(node.kind, Number) and node.name not in BUILT_IN else {}

    def same(self, node: n.Node) -> Moves:
        """As its parts: sums, caps, floors, rounding."""
        return merged(*(self.node(child) for child in n.children(node)))

    def subtract(self, node: n.Subtract) -> Moves:
        return merged(self.node(node.left), turned(self.node(node.right)))

    def multiply(self, node: n.Multiply) -> Moves:
        return merged(*(self._factor(one, other) for one, other in ((node.left, node.right), (node.right, node.left))))

    def _factor(self, one: n.Node, other: n.Node) -> Moves:
        kind, moves = other.kind, self.node(one)
        assert isinstance(kind, Number)
        return moves if kind.low >= 0 else turned(moves) if kind.high <= 0 else unsure(moves)

    def choose(self, node: n.Choose) -> Moves:
        return merged(*(self.node(value) for _, value in node.table))

    def banded(self, node: n.Banded) -> Moves:
        of = self.node(node.of)
        values = merged(*(self.node(value) for value in node.values))
        return merged(of if rising(node.values) else unsure(of), values)

    def grown(self, node: n.Grown) -> Moves:
        now, since = self.node(node.now), self.node(node.since)
        up = rising(node.values)
        values = merged(*(self.node(value) for value in (*node.values, node.from_zero)))
        return merged(now if up else unsure(now), turned(since) if up else unsure(since), values)

    def marginal(self, node: n.Marginal) -> Moves:
        of = self.node(node.of)
        never_negative = all(isinstance(rate.kind, Number) and rate.kind.low >= 0 for rate in node.rates)
        rates = merged(*(self.node(rate) for rate in node.rates))
        return merged(of if never_negative else unsure(of), rates)

    def steps(self, node: n.Steps) -> Moves:
        return merged(self.node(node.of), turned(self.node(node.step)))

    def case(self, node: n.Case) -> Moves:
        values = merged(*(self.node(value) for _, value in node.branches), self.node(node.otherwise))
        tests = [self.node(test) for test, _ in node.branches]
        if len(node.branches) == 1:
            test, value = node.branches[0]
            low, high = getattr(value.kind, "low", 0), getattr(node.otherwise.kind, "high", 0)
            if low >= high and self.turns_on(test):
                return merged(values, *tests)
        return merged(values, unsure(*tests))

    def turns_on(self, test: n.Node) -> bool:
        """Whether a condition, once it holds, still holds when any number in it rises."""
        if isinstance(test, n.StepRef):
            return self.turns_on(self.ladder.step(test.name).node)
        if isinstance(test, n.All | n.AnyOf):
            return all(self.turns_on(item) for item in test.items)
        if not isinstance(test, n.Compare):
            return not self.node(test)
        left, right = self.node(test.left), self.node(test.right)
        if test.op in (">", ">="):
            return not right and set(left.values()) <= {"+"}
        if test.op in ("<", "<="):
            return not left and set(right.values()) <= {"+"}
        return not left and not right

    def compare(self, node: n.Compare) -> Moves:
        """A condition that turns on has the direction of its numbers; any other is not told."""
        both = merged(self.node(node.left), self.node(node.right))
        return both if self.turns_on(node) else unsure(both)

    def sum(self, node: n.Sum) -> Moves:
        """Every numeric column of the rows, and one more row whose value is not negative."""
        value = self.node(node.value)
        tests = unsure(*(self.node(test) for test in node.where))
        kind = node.value.kind
        assert isinstance(kind, Number)
        takes = any(isinstance(below, n.Subtract) for below in n.walk(node.value))
        less = kind.low < 0 and (takes or set(value.values()) != {"+"})
        columns = {c.name for below in (node.value, *node.where) for c in n.walk(below) if isinstance(c, n.Column)}
        moves = merged(value, tests)
        named = {f"{node.rows}.{name}" if name in columns else name: way for name, way in moves.items()}
        return {f"{node.rows}.": "?" if less else "+", **named}

    def column(self, node: n.Column) -> Moves:
        return {node.name: "+"} if isinstance(node.kind, Number) else {}

    def nothing(self, node: n.Node) -> Moves:
        return {}


def merged(*moves: Moves) -> Moves:
    """Several parts that all push the same way; where two pull apart, it is not told."""
    found: Moves = {}
    for move in moves:
        for name, way in move.items():
            found[name] = way if found.get(name, way) == way else "?"
    return found


def turned(moves: Moves) -> Moves:
    """What is taken away: a rising number becomes a baseline."""
    return {name: "b" if way == "+" else "?" for name, way in moves.items()}


def unsure(*moves: Moves) -> Moves:
    """Numbers whose direction is not told."""
    return {name: "?" for move in moves for name in move}


def rising(values: tuple[n.Node, ...]) -> bool:
    """Whether the values of bands never fall from one band to the next, whatever they are."""
    kinds = [value.kind for value in values]
    return all(isinstance(a, Number) and isinstance(b, Number) and a.high <= b.low for a, b in pairwise(kinds))


def stays_within(ladder: Ladder, node: n.Node, cap: str) -> bool:
    """Whether a node is proven never to exceed the step ``cap``, or its rounding, whatever the facts are."""

    def inside(item: n.Node) -> bool:
        return stays_within(ladder, item, cap)

    if isinstance(node, n.StepRef):
        return node.name == cap or inside(ladder.step(node.name).node)
    if isinstance(node, n.Rounded | n.Rescale):
        return inside(node.item)
    if isinstance(node, n.Least):
        return inside(node.left) or inside(node.right)
    if isinstance(node, n.Greatest):
        return all(inside(side) or _never_above(ladder, side, cap) for side in (node.left, node.right))
    if isinstance(node, n.Subtract):
        kind = node.right.kind
        return isinstance(kind, Number) and kind.low >= 0 and inside(node.left)
    return _never_above(ladder, node, cap)


def _never_above(ladder: Ladder, node: n.Node, cap: str) -> bool:
    """By the bounds of the kinds alone: the highest value of the node is not above the lowest of the cap."""
    a, b = node.kind, ladder.step(cap).node.kind
    assert isinstance(a, Number)
    assert isinstance(b, Number)
    highest, lowest = a.high * int(10**b.scale), b.low * int(10**a.scale)
    return highest <= lowest


_RULES: dict[type, Callable[[Directions, Any], Moves]] = {
    n.Literal: Directions.nothing,
    n.Open: Directions.nothing,
    n.Judged: Directions.nothing,
    n.Earlier: Directions.nothing,
    n.YearsSince: Directions.nothing,
    n.Within: Directions.nothing,
    n.IsNone: Directions.nothing,
    n.Part: Directions.nothing,
    n.Fact: Directions.fact,
    n.Column: Directions.column,
    n.StepRef: lambda directions, node: directions.step(node.name),
    n.Add: Directions.same,
    n.Rescale: Directions.same,
    n.Rounded: Directions.same,
    n.Least: Directions.same,
    n.Greatest: Directions.same,
    n.All: Directions.same,
    n.AnyOf: Directions.same,
    n.Subtract: Directions.subtract,
    n.Multiply: Directions.multiply,
    n.Choose: Directions.choose,
    n.Banded: Directions.banded,
    n.Grown: Directions.grown,
    n.Marginal: Directions.marginal,
    n.Steps: Directions.steps,
    n.Case: Directions.case,
    n.Compare: Directions.compare,
    n.Sum: Directions.sum,
}
