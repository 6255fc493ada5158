"""The edges of a ladder, where a cap, a floor, a band, a step or a condition changes the answer; and facts on them.

Each edge has a gap (what is told apart, less the bound); facts are found backwards, by halving an input until the gap
is one fen below nothing, nothing, and one fen above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

from jarlig.engines.candidates import resolved
from jarlig.engines.exact import Climber
from jarlig.engines.exact.closures import scalar, vector
from jarlig.ladder import nodes as n
from jarlig.ladder.history import EarlierAward
from jarlig.ladder.kinds import Choice, Date, Month, Number, Rows, YesNo
from jarlig.ladder.numbers import half_up
from jarlig.ladder.steps import Ladder
from jarlig.ladder.tables import Table
from jarlig.policy.values import FIRST_DAY, LAST_DAY

Env = dict[str, Any]
SIDES = (-1, 0, 1)
_MONTHS = (1900 * 12, 2200 * 12 - 1)
#: A variable that is no fact: the sum of the one earlier award of a case.
PAID = "paid before"
MOST_COMBINATIONS = 48


@dataclass
class Edge:
    """One place where a ladder turns; ``gap`` gives its distance for a case (for each row, when it stands in rows)."""

    name: str
    what: str
    rows: str
    unit: int
    left: n.Node
    right: n.Node
    gap: Callable[[Env], list[int | None]] = field(repr=False)

    def sides(self, env: Env) -> set[int]:
        """On which sides of the edge a case lies within a fen."""
        found = {half_up(gap, self.unit) for gap in self.gap(env) if gap is not None}
        return {side for side in SIDES if side in found}


@dataclass(frozen=True)
class Shot:
    """A case that lies on one side of an edge; ``near`` when no case lies within a fen of that side."""

    env: Env
    near: bool


class Edges:
    """The edges of one ladder."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder, self.climber = ladder, Climber(ladder)
        self.full: dict[str, n.Node] = {}
        for step in ladder.steps:
            self.full[step.name] = n.substituted(step.node, self.full)
        self.all: list[Edge] = []
        for step in ladder.steps:
            for edge in self._in(step.node, step.name, ""):  # one by one: a name counts those before it
                self.all.append(edge)

    # finding

    def _in(self, node: n.Node, step: str, rows: str) -> Iterator[Edge]:
        if isinstance(node, n.Least | n.Greatest):
            low = isinstance(node, n.Greatest)
            zero = low and isinstance(node.right, n.Literal) and node.right.value == 0
            what = "zero" if zero else "floor" if low else "cap"
            yield from self._edge(step, what, rows, node.left, node.right)
        elif isinstance(node, n.Compare):
            yield from self._edge(step, "test", rows, node.left, node.right)
        elif isinstance(node, n.Banded | n.Marginal):
            for edge in node.edges:
                at = edge if isinstance(edge, int) else edge[0]
                yield from self._edge(step, f"band@{at}", rows, node.of, n.Literal(at, node.of.kind))
        elif isinstance(node, n.Steps):
            yield from self._edge(step, "first", rows, node.of, node.step)
        elif isinstance(node, n.Grown):
            for at, _ in node.edges:
                yield from self._grown(step, at, rows, node)
        if isinstance(node, n.Sum):
            for test in (*node.where, node.value):
                yield from self._in(test, step, node.rows)
        elif not isinstance(node, n.Earlier):
            for child in n.children(node):
                yield from self._in(child, step, rows)

    def _edge(self, step: str, what: str, rows: str, left: n.Node, right: n.Node) -> Iterator[Edge]:
        left, right = (n.substituted(side, self.full) for side in (left, right))
        if not self._measured(left) or not self._measured(right) or not (self.reads(left) | self.reads(right)):
            return
        if any(isinstance(node, n.Earlier) and node.what != "amount" for node in (*n.walk(left), *n.walk(right))):
            return
        kind = left.kind
        money = isinstance(kind, Number) and any(name in ("CNY", "USD") for name, _ in kind.unit)
        unit = 10 ** max(0, kind.scale - 2) if money and isinstance(kind, Number) else 1
        yield Edge(self._name(step, what), what.partition("@")[0], rows, unit, left, right, _gap(rows, left, right))

    def _grown(self, step: str, at: int, rows: str, node: n.Grown) -> Iterator[Edge]:
        now, since = (n.substituted(side, self.full) for side in (node.now, node.since))
        one, a, b = 10**node.edge_scale, scalar(now), scalar(since)

        def gap(env: Env) -> list[int | None]:
            new, old = a(env), b(env)
            return [None if new is None or old is None or old <= 0 else (new - old) * one - at * old]

        yield Edge(self._name(step, f"growth@{at}"), "growth", rows, one, now, since, gap)

    def _name(self, step: str, what: str) -> str:
        name, count = f"{step}:{what}", sum(edge.name.partition("#")[0] == f"{step}:{what}" for edge in self.all)
        return f"{name}#{count + 1}" if count else name

    @staticmethod
    def _measured(node: n.Node) -> bool:
        return isinstance(node.kind, Number | Date | Month)

    def reads(self, node: n.Node) -> set[str]:
        """Inputs that a search may move: numbers, days and months of facts and columns, and the sum paid before."""
        found = set()
        for below in n.walk(node):
            if isinstance(below, n.Fact | n.Column) and isinstance(below.kind, Number | Date | Month):
                found.add(below.name)
            elif isinstance(below, n.Earlier) and below.what == "amount":
                found.add(PAID)
        return found - {"on", "guide_year"}

    # solving

    def shots(self, bases: list[Env], kinds: dict[str, Any]) -> dict[str, dict[int, Shot]]:
        """For each edge (and each written bound that it can have), a case on each side, as far as one was found."""
        found: dict[str, dict[int, Shot]] = {}
        for edge in self.all:
            for base in bases:
                for env in self._combinations(edge, base, kinds):
                    if edge.rows and not getattr(env.get(edge.rows), "size", 0):
                        continue
                    known = found.setdefault(self.key(edge, env), {})
                    if len(known) < 3 or any(shot.near for shot in known.values()):
                        self._solve(edge, env, kinds, known)
        return found

    def key(self, edge: Edge, env: Env) -> str:
        """The edge with its bound, when that is written and not counted."""
        if self.reads(edge.right) or edge.what in ("test", "zero", "growth", "band"):
            return edge.name
        if edge.rows:
            table = env.get(edge.rows)
            bounds = vector(edge.right)(env, table) if table is not None and table.size else [None]
            return f"{edge.name}={bounds[0]}"
        return f"{edge.name}={scalar(edge.right)(env)}"

    def _combinations(self, edge: Edge, base: Env, kinds: dict[str, Any]) -> Iterator[Env]:
        """The base with every choice and yes/no that the edge reads, as long as nobody is refused for it."""
        names: dict[str, tuple[Any, ...]] = {}
        columns: dict[str, tuple[Any, ...]] = {}
        for side in (edge.left, edge.right):
            for node in resolved(self.ladder, side):
                if isinstance(node, n.Fact | n.Column):
                    options = (True, False) if isinstance(node.kind, YesNo) else ()
                    options = node.kind.values if isinstance(node.kind, Choice) else options
                    if options:
                        (names if isinstance(node, n.Fact) else columns)[node.name] = options
        for count, values in enumerate(product(*names.values(), *columns.values())):
            if count >= MOST_COMBINATIONS:
                return
            env = {**base, **dict(zip(names, values, strict=False))}
            for column, value in zip(columns, values[len(names) :], strict=True):
                env = _with_column(env, column, value, kinds)
            if not self.climber.climb(dict(env)).refused:
                yield env

    def _solve(self, edge: Edge, env: Env, kinds: dict[str, Any], known: dict[int, Shot]) -> None:
        node = {below.name: below.kind for side in (edge.left, edge.right) for below in n.walk(side)
                if isinstance(below, n.Fact | n.Column)}  # fmt: skip
        for name in sorted(self.reads(edge.left) | self.reads(edge.right)):
            low, high = _ends(node.get(name))
            move = self._mover(edge, name, env, kinds)
            if move is None:
                continue
            gap = partial(_moved, edge, move)
            for side, (value, near) in _crossings(gap, low, high, edge.unit).items():
                if side not in known or (known[side].near and not near):
                    known[side] = Shot(move(value), near)

    def _mover(self, edge: Edge, name: str, env: Env, kinds: dict[str, Any]) -> Callable[[int], Env] | None:
        if name == PAID:
            earlier = next(b for side in (edge.left, edge.right) for b in n.walk(side) if isinstance(b, n.Earlier))
            keys = {key: scalar(value)(env) for key, value in earlier.subject}
            on, year, offer = env["on"] - 1, env.get("guide_year"), earlier.offers[0]
            others = [award for award in env.get("history") or [] if award.offer not in earlier.offers]

            def paid(value: int) -> Env:
                award = EarlierAward(offer, on, year, "approved", value, value, id="H-edge", keys=keys)
                return {**env, "history": [*others, award]}

            return paid
        if name in env and name in kinds:
            return lambda value: {**env, name: value}
        if any(isinstance(kind, Rows) and kind.column(name) for kind in kinds.values()):
            return lambda value: _with_column(env, name, value, kinds)
        return (lambda value: {**env, name: value}) if name.startswith("claim_") else None


def _gap(rows: str, left: n.Node, right: n.Node) -> Callable[[Env], list[int | None]]:
    if not rows:
        a, b = scalar(left), scalar(right)
        return lambda env: [_less(a(env), b(env))]
    of, than = vector(left), vector(right)

    def gaps(env: Env) -> list[int | None]:
        table = env.get(rows)
        if table is None:
            return []
        return [_less(x, y) for x, y in zip(of(env, table), than(env, table), strict=True)]

    return gaps


def _less(a: Any, b: Any) -> int | None:
    return None if a in (None, n.NONE) or b in (None, n.NONE) else a - b


def _moved(edge: Edge, move: Callable[[int], Env], value: int) -> int | None:
    gaps = edge.gap(move(value))
    return gaps[0] if gaps else None


def _with_column(env: Env, column: str, value: Any, kinds: dict[str, Any]) -> Env:
    """The case with a column of its first row changed; more rows are dropped."""
    for name, kind in kinds.items():
        table = env.get(name)
        if isinstance(kind, Rows) and kind.column(column) and isinstance(table, Table) and table.size:
            columns = {key: values[:1] for key, values in table.columns.items()}
            return {**env, name: Table({**columns, column: [value]}, 1)}
    return env


def _ends(kind: Any) -> tuple[int, int]:
    if isinstance(kind, Date):
        return FIRST_DAY, LAST_DAY
    if isinstance(kind, Month):
        return _MONTHS
    return (kind.low, kind.high) if isinstance(kind, Number) else (0, 10**14)


def _crossings(gap: Callable[[int], int | None], low: int, high: int, unit: int) -> dict[int, tuple[int, bool]]:
    """For each side, the input that brings the gap there, or the nearest that there is."""
    first, last = gap(low), gap(high)
    if first is None or last is None or ((first < 0) == (last < 0) and 0 not in (first, last)):
        return {}
    sign = 1 if last > first else -1

    def least(target: int) -> int:
        """The lowest input from which the gap, in the direction it moves, is not below a target."""
        a, b = low, high
        while a < b:
            middle = (a + b) // 2
            value = gap(middle)
            a, b = (a, middle) if value is not None and sign * value >= target else (middle + 1, b)
        return a

    found: dict[int, tuple[int, bool]] = {}
    for side in SIDES:
        at = least(sign * side * unit)
        near = [x for x in (at, at - 1, at + 1) if low <= x <= high]
        exact = next((x for x in near if gap(x) == side * unit), None)
        rounded = next((x for x in near if (g := gap(x)) is not None and half_up(g, unit) == side), None)
        value = exact if exact is not None else rounded
        if value is not None:
            found[side] = value, False
        elif side:
            beyond = at if sign * side > 0 else least(0) - 1
            if low <= beyond <= high and (g := gap(beyond)) is not None and g * side > 0:
                found[side] = beyond, True
    return found
