"""Nodes put together with their kinds worked out: units checked, scales aligned, widths computed.

Every function raises KindError when the operands do not go together or the result would not fit.
"""

from __future__ import annotations

from jarlig.ladder.kinds import (
    PURE,
    Kind,
    KindError,
    Number,
    Unit,
    difference_kind,
    exactly,
    fits,
    hull,
    product_kind,
    rescaled,
    same,
    sum_kind,
)
from jarlig.ladder.nodes import (
    Add,
    All,
    Case,
    Compare,
    Fact,
    Greatest,
    Least,
    Literal,
    Multiply,
    Node,
    Rescale,
    Rounded,
    Subtract,
)
from jarlig.ladder.numbers import half_up


def number_kind(node: Node) -> Number:
    """The node's kind when it is a number."""
    if not isinstance(node.kind, Number):
        raise KindError(f"应为数值，实为{node.kind.text}", f"a number is needed here, not {node.kind.text}")
    return node.kind


def literal(value: int, scale: int, unit: Unit = PURE, source: str = "") -> Literal:
    """A number as written."""
    return Literal(value, exactly(value, scale, unit), source)


def in_unit(node: Node, unit: Unit) -> Node:
    """Plain numbers in the unit of the place they stand in: written ones, alone or as branches of a case."""
    kind = node.kind
    if not isinstance(kind, Number) or kind.unit:
        return node
    inside = Number(unit, kind.scale, kind.low, kind.high)
    if isinstance(node, Literal):
        return Literal(node.value, inside, node.source)
    if isinstance(node, Case):
        values = [in_unit(value, unit) for value in (*(value for _, value in node.branches), node.otherwise)]
        if all(number_kind(value).unit == unit for value in values):
            tests = [test for test, _ in node.branches]
            return Case(tuple(zip(tests, values[:-1], strict=True)), values[-1], inside)
    return node


def at_scale(node: Node, scale: int) -> Node:
    """The same number with as many decimals; a literal is rewritten instead of wrapped."""
    kind = number_kind(node)
    if kind.scale == scale:
        return node
    wider = rescaled(kind, scale)
    if isinstance(node, Literal) and isinstance(node.value, int):
        return Literal(node.value * 10 ** (scale - kind.scale), wider, node.source)
    return Rescale(node, scale - kind.scale, wider)


def aligned(left: Node, right: Node) -> tuple[Node, Node]:
    """Both numbers at the finer of their two scales; units must agree."""
    a, b = number_kind(left), number_kind(right)
    same(a, b)
    scale = max(a.scale, b.scale)
    return at_scale(left, scale), at_scale(right, scale)


def add(left: Node, right: Node) -> Add:
    """Left + right."""
    left, right = aligned(left, right)
    return Add(left, right, sum_kind(number_kind(left), number_kind(right)))


def subtract(left: Node, right: Node) -> Subtract:
    """Left - right."""
    left, right = aligned(left, right)
    return Subtract(left, right, difference_kind(number_kind(left), number_kind(right)))


def multiply(left: Node, right: Node) -> Multiply:
    """Left * right; scales add."""
    return Multiply(left, right, product_kind(number_kind(left), number_kind(right)))


def least(left: Node, right: Node) -> Least:
    """The lower of the two."""
    left, right = aligned(left, right)
    a, b = number_kind(left), number_kind(right)
    return Least(left, right, Number(a.unit, a.scale, min(a.low, b.low), min(a.high, b.high)))


def greatest(left: Node, right: Node) -> Greatest:
    """The higher of the two."""
    left, right = aligned(left, right)
    a, b = number_kind(left), number_kind(right)
    return Greatest(left, right, Number(a.unit, a.scale, max(a.low, b.low), max(a.high, b.high)))


def not_below_zero(node: Node) -> Node:
    """The number, or 0 when it is negative; a number that cannot be negative is left as it is."""
    kind = number_kind(node)
    return node if kind.low >= 0 else greatest(node, Literal(0, exactly(0, kind.scale, kind.unit)))


def rounded(node: Node, scale: int = 2) -> Node:
    """Half-up to ``scale`` decimals; a number that has no more is brought to the scale instead."""
    kind = number_kind(node)
    if kind.scale <= scale:
        return at_scale(node, scale)
    unit = 10 ** (kind.scale - scale)
    return Rounded(node, fits(Number(kind.unit, scale, half_up(kind.low, unit), half_up(kind.high, unit))))


def compare(op: str, left: Node, right: Node) -> Compare:
    """Left op right; numbers are aligned, other kinds must be the same."""
    if isinstance(left.kind, Number) and isinstance(right.kind, Number):
        left, right = aligned(left, right)
    elif type(left.kind) is not type(right.kind):
        raise KindError(
            f"不能比较：{left.kind.text} 与 {right.kind.text}",
            f"cannot compare {left.kind.text} with {right.kind.text}",
        )
    return Compare(op, left, right)


def all_of(items: list[Node]) -> Node:
    """Every item; one item stands for itself."""
    return items[0] if len(items) == 1 else All(tuple(items))


def one_kind(values: list[Node]) -> tuple[list[Node], Kind]:
    """Values that may stand in one place, brought to one kind: numbers to one scale and the hull of their bounds."""
    if not all(isinstance(value.kind, Number) for value in values):
        first = values[0].kind
        if any(value.kind != first for value in values):
            raise KindError("各分支的类型不同", "the branches are of different kinds")
        return values, first
    scale = max(number_kind(value).scale for value in values)
    level = [at_scale(value, scale) for value in values]
    return level, fits(hull([number_kind(value) for value in level]))


def fact(name: str, kind: Kind) -> Fact:
    """A fact of the case."""
    return Fact(name, kind)
