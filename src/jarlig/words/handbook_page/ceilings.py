"""The highest sum that one claim can give, read from the figures of its ladder and never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import CNY, MOST_FEN, Kind, Number
from jarlig.ladder.steps import Ladder
from jarlig.policy.context import MOST_RATE


def ceiling(ladder: Ladder) -> int | None:
    """The most that a claim can give, in fen; None where no figure of the ladder sets it."""
    most = _Most(ladder).of(ladder.step(ladder.award).node)
    return None if most is None else int(most * 100 + Fraction(1, 2))


class _Most:
    """The highest value of a node. Sums already paid only lower, so what is subtracted counts as nothing."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder

    def of(self, node: n.Node) -> Fraction | None:
        if isinstance(node, n.Literal):
            return _exact(node.value, node.kind) if isinstance(node.value, int) else None
        if isinstance(node, n.StepRef):
            return self.of(self.ladder.step(node.name).node)
        if isinstance(node, n.Rescale | n.Rounded):
            return self.of(node.item)
        if isinstance(node, n.Subtract):
            return self.of(node.left)
        if isinstance(node, n.Open | n.Judged | n.Fact):
            return _stated(node)
        if isinstance(node, n.Least):
            known = [most for most in (self.of(node.left), self.of(node.right)) if most is not None]
            return min(known, default=None)
        if isinstance(node, n.Add | n.Multiply):
            left, right = self.of(node.left), self.of(node.right)
            if left is None or right is None:
                return None
            return left + right if isinstance(node, n.Add) else left * right
        return self._highest(_branches(node))

    def _highest(self, nodes: Iterable[n.Node]) -> Fraction | None:
        found = [self.of(node) for node in nodes]
        known = [most for most in found if most is not None]
        return max(known) if known and len(known) == len(found) else None


def _branches(node: n.Node) -> tuple[n.Node, ...]:
    if isinstance(node, n.Greatest):
        return node.left, node.right
    if isinstance(node, n.Choose):
        return tuple(value for _, value in node.table)
    if isinstance(node, n.Banded):
        return node.values
    if isinstance(node, n.Grown):
        return (*node.values, node.from_zero)
    if isinstance(node, n.Case):
        return (*(value for _, value in node.branches), node.otherwise)
    return ()


def _stated(node: n.Open | n.Judged | n.Fact) -> Fraction | None:
    """The bound of a value that somebody states: only one that the rules themselves write counts."""
    kind = node.kind
    if not isinstance(kind, Number):
        return None
    if isinstance(node, n.Fact):
        share = not kind.unit and kind.scale > 0 and 0 <= kind.high <= 10**kind.scale
        return _exact(kind.high, kind) if share else None
    free = MOST_FEN if kind.unit == CNY else MOST_RATE * 10**kind.scale
    return _exact(kind.high, kind) if kind.high < free else None


def _exact(value: int, kind: Kind) -> Fraction | None:
    return Fraction(value, 10**kind.scale) if isinstance(kind, Number) else None
