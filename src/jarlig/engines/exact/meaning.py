"""What each node means: the specification, one function a node, over the values of its children.

Values are integers at the scale of their kind, texts, yes/no and sets; ``None`` is unknown. Every other engine, and
the faster closures of this one, are tested against these functions.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jarlig.ladder import nodes as n
from jarlig.ladder.dates import full_years, month_of, year_of
from jarlig.ladder.kinds import Date, Division, Number
from jarlig.ladder.numbers import half_up

Function = Callable[..., Any]

#: The comparisons of the language.
TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: What no number or date is: unknown, and the known value "there is none".
_NOTHING = (None, n.NONE)
_PREFIX = {"region": 2, "league": 4, "county": 6, "township": 9, "village": 12}


def strict(function: Function) -> Function:
    """Unknown as soon as any child is unknown."""

    def known(*values: Any) -> Any:
        return None if None in values else function(*values)

    return known


def measured(function: Function) -> Function:
    """Strict, for numbers and dates: "none" is none of them, and shows only where a guard beside has decided."""

    def known(*values: Any) -> Any:
        return None if None in values or n.NONE in values else function(*values)

    return known


def meaning(node: n.Node) -> Function:
    """The function of a node over the values of its children, in the order of ``jarlig.ladder.nodes.children``."""
    return _MEANINGS[type(node)](node)


def all_of(*values: bool | None) -> bool | None:
    """Kleene's and."""
    if False in values:
        return False
    return None if None in values else True


def any_of(*values: bool | None) -> bool | None:
    """Kleene's or."""
    if True in values:
        return True
    return None if None in values else False


def _literal(node: n.Literal) -> Function:
    return lambda: node.value


def _open(node: n.Node) -> Function:
    return lambda: None


def _compare(node: n.Compare) -> Function:
    return (strict if node.op in ("=", "!=") else measured)(TESTS[node.op])


def _within(node: n.Within) -> Function:
    return strict(lambda value, options: value in options)


def _rescale(node: n.Rescale) -> Function:
    factor = 10**node.by
    return measured(lambda value: value * factor)


def _rounded(node: n.Rounded) -> Function:
    kind = node.item.kind
    assert isinstance(kind, Number)
    unit = 10 ** (kind.scale - node.kind.scale)
    return measured(lambda value: half_up(value, unit))


def _case(node: n.Case) -> Function:
    def choose(*values: Any) -> Any:
        for at in range(0, len(values) - 1, 2):
            if values[at] is None:
                return None
            if values[at]:
                return values[at + 1]
        return values[-1]

    return choose


def _choose(node: n.Choose) -> Function:
    index = {key: at for at, (key, _) in enumerate(node.table)}

    def choose(by: Any, *values: Any) -> Any:
        at = index.get(by)
        return None if at is None else values[at]

    return choose


def band_of(edges: tuple[tuple[int, bool], ...]) -> Callable[[int], int]:
    """Which band a number falls into."""
    cuts = [2 * edge + (1 if closed else 0) for edge, closed in edges]
    return lambda value: bisect_left(cuts, 2 * value + 1)


def _banded(node: n.Banded) -> Function:
    band = band_of(node.edges)
    return lambda of, *values: None if of in _NOTHING else values[band(of)]


def _marginal(node: n.Marginal) -> Function:
    edges = node.edges

    def slices(of: Any, *rates: int | None) -> int | None:
        if of in _NOTHING:
            return None
        amount, low = 0, 0
        for edge, rate in zip((*edges, of), rates, strict=True):
            size = max(0, min(of, edge) - low)
            if size and rate is None:
                return None
            amount += size * (rate or 0)
            low = max(low, edge)
        return amount

    return slices


def _grown(node: n.Grown) -> Function:
    one = 10**node.edge_scale
    edges = node.edges

    def grown(now: Any, since: Any, *values: Any) -> Any:
        if now in _NOTHING or since in _NOTHING:
            return None
        if since <= 0 and now > 0:
            return values[-1]
        since, excess = (since, (now - since) * one) if since > 0 else (1, 0)  # from nil to nil nothing grew
        for at, (edge, closed) in enumerate(edges):
            bound = edge * since
            if excess < bound or (closed and excess == bound):
                return values[at]
        return values[len(edges)]

    return grown


def _steps(node: n.Steps) -> Function:
    no_step, started = node.no_step, node.how == "started"

    def count(of: int, step: int) -> int:
        if of <= 0:
            return 0
        if step <= 0:
            return no_step
        return -(-of // step) if started else of // step

    return measured(count)


def part_of(node: n.Part) -> Callable[[Any], Any]:
    """The function that takes a part of a known value."""
    if isinstance(node.item.kind, Division):
        return division_part(node.part)
    if isinstance(node.item.kind, Date):
        return year_of if node.part == "year" else month_of
    return lambda code: code[:2]


def division_part(part: str) -> Callable[[str], str | None]:
    """The division of a code at a coarser level; None when the code itself is coarser than that.

    ``150221102`` lies in region 150000, league 150200 and county 150221; county of 150200 is unknown.
    """
    digits = _PREFIX[part]

    @lru_cache(maxsize=1 << 15)
    def cut(code: str) -> str | None:
        level = (
            2
            if code.endswith("0000") and len(code) == 6
            else 4
            if code.endswith("00") and len(code) == 6
            else len(code)
        )
        return None if digits > level else code[:digits].ljust(6, "0")

    return cut


_MEANINGS: dict[type, Callable[[Any], Function]] = {
    n.Literal: _literal,
    n.Open: _open,
    n.Compare: _compare,
    n.All: lambda node: all_of,
    n.AnyOf: lambda node: any_of,
    n.Not: lambda node: strict(lambda value: not value),
    n.IsNone: lambda node: strict(lambda value: value == n.NONE),
    n.Within: _within,
    n.Add: lambda node: measured(lambda a, b: a + b),
    n.Subtract: lambda node: measured(lambda a, b: a - b),
    n.Multiply: lambda node: measured(lambda a, b: a * b),
    n.Rescale: _rescale,
    n.Rounded: _rounded,
    n.Least: lambda node: measured(min),
    n.Greatest: lambda node: measured(max),
    n.Case: _case,
    n.Choose: _choose,
    n.Banded: _banded,
    n.Marginal: _marginal,
    n.Grown: _grown,
    n.Steps: _steps,
    n.Part: lambda node: measured(part_of(node)),
    n.YearsSince: lambda node: measured(full_years),
}
