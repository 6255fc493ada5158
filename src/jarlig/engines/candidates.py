"""The values at which an offer's rules can change: what a search needs to try, and no more.

Between two neighbouring values that a rule is compared with, nothing changes; so a fact that is only compared with
written values is searched *completely* by trying each of them, one less and one more, and the ends of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jarlig.engines.exact.closures import scalar
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import month_of
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.steps import Ladder

#: A well-formed value of each form of code, belonging to nobody.
SAMPLES = {
    "uscc": "91150000000000000Y",
    "invoice": "23151000000000000001",
    "sha256": "0" * 64,
    "industry": "0111",
    "bank": "000000000000",
    "project": "P-1",
    "text": "T-1",
}
#: Digits of a code at each level of division.
_DIGITS = {"region": 6, "league": 6, "county": 6, "township": 9, "village": 12}
#: Places of two provinces: one of them lies outside whatever a rule names.
_OUTSIDE = ("110101", "310101")
MOST_POINTS = 48
_FREE = (n.Fact, n.Column, n.StepRef, n.Sum, n.Earlier, n.Open, n.Judged)
Read = n.Fact | n.Column


def resolved(ladder: Ladder, node: n.Node) -> Iterator[n.Node]:
    """The node and everything below it, earlier steps of the ladder included."""
    for below in n.walk(node):
        yield below
        if isinstance(below, n.StepRef):
            yield from resolved(ladder, ladder.step(below.name).node)


def reads(ladder: Ladder, node: n.Node) -> tuple[str, ...]:
    """Names of the facts, rows and history that a node reads, each once."""
    found: dict[str, None] = {}
    for below in resolved(ladder, node):
        if isinstance(below, n.Fact):
            found[below.name] = None
        elif isinstance(below, n.Sum):
            found[below.rows] = None
        elif isinstance(below, n.Earlier):
            found["history"] = None
    return tuple(found)


def constant(node: n.Node, fixed: Mapping[str, Any] | None = None) -> Any:
    """The value of a node that reads nothing but what is fixed; None when it reads more or is open."""
    fixed = fixed or {}
    for below in n.walk(node):
        if isinstance(below, _FREE) and getattr(below, "name", "") not in fixed:
            return None
    return scalar(node)(dict(fixed))


class Points:
    """For each fact and column of a ladder, the values it is compared with, and whether that is all that gates ask."""

    def __init__(self, ladder: Ladder, fixed: Mapping[str, Any]) -> None:
        self.ladder, self.fixed = ladder, fixed
        self.points: dict[str, set[int]] = {}
        self.texts: dict[str, set[str]] = {}
        self.plain: set[int] = set()
        self.read: dict[str, set[int]] = {}
        gates = [ladder.step(name).node for name in ladder.gates]
        self._read(0, gates)
        for gate in gates:
            for node in n.walk(gate):
                self._read(id(node), n.children(node))
        for node in ladder.nodes():
            self._note(node)
        self.simple = {name for name, parents in self.read.items() if parents <= self.plain}

    def _read(self, parent: int, nodes: Iterable[n.Node]) -> None:
        """Where gates read a fact: one fact is one node, whoever reads it."""
        for node in nodes:
            if isinstance(node, n.Fact | n.Column):
                self.read.setdefault(node.name, set()).add(parent)

    def _note(self, node: n.Node) -> None:
        if isinstance(node, n.Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if (value := constant(other, self.fixed)) is not None:
                    self._compared(node, one, [value])
        elif isinstance(node, n.Within) and isinstance(values := constant(node.options), frozenset):
            self._compared(node, node.item, sorted(values))
        elif isinstance(node, n.Banded | n.Marginal):
            edges = [edge if isinstance(edge, int) else edge[0] for edge in node.edges]
            for below in resolved(self.ladder, node.of):
                if isinstance(below, n.Fact | n.Column) and isinstance(below.kind, Number):
                    self._add(below, edges, getattr(node.of.kind, "scale", 0))
                elif isinstance(below, n.Fact) and isinstance(below.kind, Date):
                    self.points.setdefault(below.name, set()).update(edges)
        elif isinstance(node, n.IsNone | n.Not | n.All | n.AnyOf):
            self.plain.add(id(node))

    def _compared(self, parent: n.Node, side: n.Node, values: list[Any]) -> None:
        """A side of a comparison: a fact itself, one with more decimals, or a part of one."""
        item, scale = side, getattr(side.kind, "scale", 0)
        while isinstance(item, n.Rescale | n.Part):
            parent, item = item, item.item
        if not isinstance(item, n.Fact | n.Column):
            return
        if not isinstance(side, n.Part) or isinstance(item.kind, Division):
            self.plain.add(id(parent))
        if values and isinstance(values[0], str):
            self.texts.setdefault(item.name, set()).update(values)
        elif isinstance(item.kind, Number):
            self._add(item, values, scale)
        elif not isinstance(side, n.Part):
            self.points.setdefault(item.name, set()).update(values)

    def _add(self, item: Read, values: Iterable[int], scale: int) -> None:
        assert isinstance(item.kind, Number)
        down = 10 ** max(0, scale - item.kind.scale)
        up = 10 ** max(0, item.kind.scale - scale)
        found = self.points.setdefault(item.name, set())
        for value in values:
            found.update((value * up // down, -(-value * up // down)))

    def is_complete(self, name: str, kind: Kind) -> bool:
        """Whether trying the candidates of a fact is, for the gates, as good as trying every value."""
        if isinstance(kind, YesNo):
            return True
        if isinstance(kind, Choice):
            return bool(kind.values)
        return name in self.simple and isinstance(kind, Number | Date | Code | Division)

    def candidates(self, name: str, kind: Kind, on: int) -> tuple[Any, ...]:
        """Values worth trying, friendly ones first."""
        if isinstance(kind, YesNo):
            return True, False
        if isinstance(kind, Choice):
            return kind.values
        if isinstance(kind, Some):
            return frozenset(kind.of.values), frozenset()
        if isinstance(kind, Number):
            return _numbers(kind, frozenset(self.points.get(name, ())))
        if isinstance(kind, Date):
            near = {on, *self.points.get(name, ())}
            return tuple(dict.fromkeys([on, *sorted(day + shift for day in near for shift in (-1, 0, 1))]))
        if isinstance(kind, Month):
            return (month_of(on), *sorted(self.points.get(name, ())))
        if isinstance(kind, Division):
            return _divisions(kind, frozenset(self.texts.get(name, ())))
        return (*sorted(self.texts.get(name, ())), SAMPLES.get(getattr(kind, "form", ""), SAMPLES["text"]))


@cache
def _numbers(kind: Number, points: frozenset[int]) -> tuple[int, ...]:
    """The points with their neighbours, the ends, and a spread of magnitudes; a common magnitude first."""
    unit = 10**kind.scale
    spread = {unit * 10**power for power in range(0, 13, 2)} | {0}
    near = {point + shift for point in points for shift in (-1, 0, 1)}
    inside = sorted(value for value in near | spread | {kind.low, kind.high} if kind.low <= value <= kind.high)
    friendly = [value for value in (unit * 10**6, unit * 100) if kind.low <= value <= kind.high]
    return tuple(dict.fromkeys([*friendly, *inside]))[:MOST_POINTS]


def _outside(codes: frozenset[str]) -> str:
    return next((code for code in _OUTSIDE if not any(one[:2] == code[:2] for one in codes)), _OUTSIDE[0])


@cache
def _divisions(kind: Division, codes: frozenset[str]) -> tuple[str, ...]:
    """Each written code as it is and as a place inside it, and a place outside all of them."""
    most = _DIGITS[kind.level]
    found: list[str] = []
    for code in (*sorted(codes), _outside(codes)):
        inside = code
        while inside.endswith("00") and len(inside) == 6 and "00" in (inside[2:4], inside[4:6]):
            inside = f"{inside[:2]}01{inside[4:]}" if inside[2:4] == "00" else f"{inside[:4]}02"
        found += [(inside + "001001")[:most], code]
    return tuple(dict.fromkeys(code for code in found if len(code) <= most))
