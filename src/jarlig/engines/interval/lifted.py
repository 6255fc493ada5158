"""What each node makes of abstract values, one function a node over the values of its children.

At least one of the values is not known. Every function keeps inclusion: less unknown going in never gives more coming
out; and where the facts behind its children are different ones, each end comes with facts that attain it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jarlig.engines.exact.meaning import band_of, meaning
from jarlig.engines.interval.values import (
    BOUNDLESS,
    Among,
    Reads,
    Span,
    Truth,
    Witness,
    best,
    both,
    hull,
    is_known,
    reads_of,
    settled,
    span,
    top,
)
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number
from jarlig.ladder.numbers import half_up

Lifted = Callable[..., Any]

#: A number of plain size at which the inner bands of growth are shown.
_PLAIN = 10**8


def lifted(node: n.Node) -> Lifted:
    """The function of a node over abstract values, in the order of ``jarlig.ladder.nodes.children``."""
    return _LIFTED[type(node)](node)


def _compare(node: n.Compare) -> Lifted:
    op = node.op

    def compare(a: Any, b: Any) -> Any:
        if Span not in (a.__class__, b.__class__):
            return _equal_words(a, b, op)
        if n.NONE in (a, b):
            return op == "!="
        one, other = span(a), span(b)
        reads = reads_of(a, b)
        if op in ("=", "!="):
            return _equal(one, other, reads, op == "=")
        if op in (">", "<="):
            one, other = other, one
        # what remains is one < other for "<" and ">", and its opposite for ">=" and "<="
        can, cannot = one.lo < other.hi, one.hi >= other.lo
        if not (can and cannot):
            return can is (op in ("<", ">"))
        yes, no = both(one.low_by, other.high_by), both(one.high_by, other.low_by)
        return Truth(yes, no, reads) if op in ("<", ">") else Truth(no, yes, reads)

    return compare


def _equal(one: Span, other: Span, reads: Reads, wanted: bool) -> Any:
    low, high = max(one.lo, other.lo), min(one.hi, other.hi)
    if low > high:
        return not wanted
    same = None
    for point in (low, high):
        same = best((same, both(one.inside(point, point), other.inside(point, point))))
    ends = (both(one.low_by, other.high_by) if one.lo != other.hi else None,
            both(one.high_by, other.low_by) if one.hi != other.lo else None)  # fmt: skip
    return Truth(same, best(ends), reads) if wanted else Truth(best(ends), same, reads)


def _options(value: Any) -> dict[Any, Witness] | None:
    if value.__class__ is Among:
        found: dict[Any, Witness] | None = value.options
        return found
    return {True: value.yes_by, False: value.no_by} if value.__class__ is Truth else {value: ()}


def _equal_words(a: Any, b: Any, op: str) -> Any:
    one, other, reads = _options(a), _options(b), reads_of(a, b)
    if one is None or other is None:
        return Truth(None, None, reads)
    same = [both(one[value], other[value]) for value in one if value in other]
    apart = [both(x, y) for v, x in one.items() for w, y in other.items() if v != w]
    if not (same and apart):
        return bool(same) is (op == "=")
    yes, no = (same, apart) if op == "=" else (apart, same)
    return Truth(best(yes), best(no), reads)


def _all_of(*values: Any) -> Any:
    if any(value is False for value in values):
        return False
    open_ = [value for value in values if value is not True]
    yes: Witness = ()
    for value in open_:
        yes = both(yes, value.yes_by)
    return Truth(yes, best(value.no_by for value in open_), reads_of(*open_))


def _opposite(value: Truth) -> Truth:
    return Truth(value.no_by, value.yes_by, value.reads)


def _any_of(*values: Any) -> Any:
    if any(value is True for value in values):
        return True
    return _opposite(
        _all_of(*[value if value is False else _opposite(value) for value in values if value is not False])
    )


def _is_none(node: n.Node) -> Lifted:
    def is_none(value: Any) -> Any:
        if value.__class__ is not Among or value.options is None:
            return Truth(None, None, value.reads)
        return _equal_words(value, n.NONE, "=")

    return is_none


def _within(item: Any, options: Any) -> Any:
    if options.__class__ is Among or item.options is None:
        reads = reads_of(item, options)
        sets = options.options if options.__class__ is Among else None
        if sets is None or not is_known(item):
            return Truth(None, None, reads)
        return hull([(by, item in chosen) for chosen, by in sets.items()], reads)
    return hull([(by, value in options) for value, by in item.options.items()], item.reads)


def _add(a: Any, b: Any) -> Any:
    x, y = span(a), span(b)
    return settled(x.lo + y.lo, x.hi + y.hi, both(x.low_by, y.low_by), both(x.high_by, y.high_by), reads_of(a, b))


def _subtract(a: Any, b: Any) -> Any:
    x, y = span(a), span(b)
    return settled(x.lo - y.hi, x.hi - y.lo, both(x.low_by, y.high_by), both(x.high_by, y.low_by), reads_of(a, b))


def _multiply(a: Any, b: Any) -> Any:
    x, y = span(a), span(b)
    corners = [
        (x.lo * y.lo, x.low_by, y.low_by),
        (x.lo * y.hi, x.low_by, y.high_by),
        (x.hi * y.lo, x.high_by, y.low_by),
        (x.hi * y.hi, x.high_by, y.high_by),
    ]
    lo, hi = min(corner[0] for corner in corners), max(corner[0] for corner in corners)
    low_by = best(both(p, q) for value, p, q in corners if value == lo)
    high_by = best(both(p, q) for value, p, q in corners if value == hi)
    return settled(lo, hi, low_by, high_by, reads_of(a, b))


def _rescale(node: n.Rescale) -> Lifted:
    by = 10**node.by

    def rescale(value: Span) -> Any:
        found = settled(value.lo * by, value.hi * by, value.low_by, value.high_by, value.reads)
        if found.__class__ is Span:
            found.key, found.unit = value.key, value.unit * by
        return found

    return rescale


def _rounded(node: n.Rounded) -> Lifted:
    kind = node.item.kind
    assert isinstance(kind, Number)
    unit = 10 ** (kind.scale - node.kind.scale)
    return _rising(lambda value: half_up(value, unit))


def _rising(function: Callable[[int], int]) -> Lifted:
    """A function that never falls: ends go to ends."""
    return lambda value: settled(function(value.lo), function(value.hi), value.low_by, value.high_by, value.reads)


def _least(a: Any, b: Any) -> Any:
    x, y = span(a), span(b)
    if x.hi <= y.lo:
        return a
    if y.hi <= x.lo:
        return b
    low_by = x.low_by if x.lo < y.lo else y.low_by if y.lo < x.lo else best((x.low_by, y.low_by))
    return settled(min(x.lo, y.lo), min(x.hi, y.hi), low_by, both(x.high_by, y.high_by), reads_of(a, b))


def _greatest(a: Any, b: Any) -> Any:
    x, y = span(a), span(b)
    if x.lo >= y.hi:
        return a
    if y.lo >= x.hi:
        return b
    high_by = x.high_by if x.hi > y.hi else y.high_by if y.hi > x.hi else best((x.high_by, y.high_by))
    return settled(max(x.lo, y.lo), max(x.hi, y.hi), both(x.low_by, y.low_by), high_by, reads_of(a, b))


def _banded(node: n.Banded) -> Lifted:
    band, edges = band_of(node.edges), node.edges

    def banded(of: Any, *values: Any) -> Any:
        if is_known(of):
            return values[band(of)]
        first, last = band(of.lo), band(of.hi)
        found: list[tuple[Witness, Any]] = []
        for at in range(first, last + 1):
            low = of.lo if at == first else edges[at - 1][0] + (1 if edges[at - 1][1] else 0)
            high = of.hi if at == last else edges[at][0] - (0 if edges[at][1] else 1)
            found.append((of.inside(low, high), values[at]))
        return hull(found, of.reads)

    return banded


def _marginal(node: n.Marginal) -> Lifted:
    edges = node.edges

    def marginal(of: Any, *rates: Any) -> Any:
        whole = span(of)
        total: Any = 0
        low = 0
        for edge, rate in zip((*edges, None), rates, strict=True):
            least, most = (max(0, (v if edge is None else min(v, edge)) - low) for v in (whole.lo, whole.hi))
            total = _add(total, _multiply(settled(least, most, whole.low_by, whole.high_by, whole.reads), rate))
            low = low if edge is None else max(low, edge)
        return total

    return marginal


def _grown(node: n.Grown) -> Lifted:
    one, edges = 10**node.edge_scale, node.edges

    def band(now: int, since: int) -> int:
        excess = (now - since) * one
        for at, (edge, closed) in enumerate(edges):
            bound = edge * since
            if excess < bound or (closed and excess == bound):
                return at
        return len(edges)

    def grown(a: Any, b: Any, *values: Any) -> Any:
        now, since = span(a), span(b)
        found: list[tuple[Witness, Any]] = []
        if since.lo <= 0 and now.hi > 0:
            found.append((both(now.inside(1, max(1, now.hi)), since.low_by), values[-1]))
        if since.lo <= 0 and now.lo <= 0:
            found.append((both(now.low_by, since.low_by), values[band(1, 1)]))
        if since.hi > 0:
            least = max(1, since.lo)
            low, high = [(now.lo, since.hi), (now.lo, least)], [(now.hi, least), (now.hi, since.hi)]
            first, last = min(band(*pair) for pair in low), max(band(*pair) for pair in high)
            pairs = [(now.lo, since.hi), (now.hi, least), (now.lo, least), (now.hi, since.hi)]
            ends = (min(now.hi, _PLAIN), max(now.lo, 0))
            starts = [least, min(since.hi, _PLAIN), *(end * one // max(1, one + e) for end in ends for e, _ in edges)]
            for start in {one_ for at in starts for one_ in (at, at + 1) if one_ > 0}:
                for edge, _ in edges:
                    reached = start - (-edge * start // one)
                    pairs += [(reached, start), (reached + 1, start)]
            for at in range(first, last + 1):
                hits = [both(now.inside(v, v), since.inside(w, w)) for v, w in pairs if band(v, w) == at]
                found.append((best(hits), values[at]))
        return hull(found, reads_of(a, b))

    return grown


def _steps(node: n.Steps) -> Lifted:
    exact = meaning(node)

    def count(a: Any, b: Any) -> Any:
        of, step = span(a), span(b)
        reads = reads_of(a, b)
        found: list[tuple[Witness, Any]] = []
        if step.lo <= 0 and of.hi > 0:
            found.append((both(of.inside(1, max(1, of.hi)), step.low_by), node.no_step))
        if step.lo <= 0 and of.lo <= 0:
            found.append((both(of.low_by, step.low_by), 0))
        if step.hi > 0:
            least = max(1, step.lo)
            low, high = exact(of.lo, step.hi), BOUNDLESS if of.hi >= BOUNDLESS else exact(of.hi, least)
            high_by = both(of.high_by, step.inside(least, least))
            found.append(((), settled(low, high, both(of.low_by, step.high_by), high_by, reads)))
        return hull(found, reads)

    return count


def _part(node: n.Part) -> Lifted:
    exact, kind = meaning(node), node.kind

    def part(value: Any) -> Any:
        if value.__class__ is Span:
            return _rising(exact)(value)
        if value.options is None:
            return Among(None, value.reads)
        parts: dict[Any, Witness] = {}
        for option, by in value.options.items():
            cut = exact(option)
            if cut is None:
                return top(kind)
            parts.setdefault(cut, by)
        return Among(parts, value.reads) if len(parts) > 1 else next(iter(parts))

    return part


def _years_since(node: n.Node) -> Lifted:
    exact = meaning(node)

    def years(a: Any, b: Any) -> Any:
        start, end = span(a), span(b)
        low, high = exact(start.hi, end.lo), exact(start.lo, end.hi)
        return settled(low, high, both(start.high_by, end.low_by), both(start.low_by, end.high_by), reads_of(a, b))

    return years


_LIFTED: dict[type, Callable[[Any], Lifted]] = {
    n.Compare: _compare,
    n.All: lambda node: _all_of,
    n.AnyOf: lambda node: _any_of,
    n.Not: lambda node: _opposite,
    n.IsNone: _is_none,
    n.Within: lambda node: _within,
    n.Add: lambda node: _add,
    n.Subtract: lambda node: _subtract,
    n.Multiply: lambda node: _multiply,
    n.Rescale: _rescale,
    n.Rounded: _rounded,
    n.Least: lambda node: _least,
    n.Greatest: lambda node: _greatest,
    n.Banded: _banded,
    n.Marginal: _marginal,
    n.Grown: _grown,
    n.Steps: _steps,
    n.Part: _part,
    n.YearsSince: _years_since,
}
