"""A ladder as constraints: every node of the kernel over free facts, with the meaning that the exact engine gives it.

Numbers stay integers at their scale, so nothing is ever lost. A product or quotient of two free values is a value of
its own with what is known of it (see ``products``). An encoder may stand on another: it changes some facts and shares
every term that those do not touch, which is how two cases are set side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jarlig.engines.exact.meaning import band_of, division_part
from jarlig.engines.proof.calendar import full_years
from jarlig.engines.proof.past import Past
from jarlig.engines.proof.places import PlaceCode
from jarlig.engines.proof.products import Products
from jarlig.engines.proof.sums import Sums
from jarlig.engines.proof.terms import (
    UNKNOWN,
    Term,
    both,
    chosen,
    compared,
    either,
    every,
    greatest,
    is_plain,
    least,
    negated,
    rounded,
    some,
)
from jarlig.engines.proof.world import IndustryCode, World
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Choice, Code, Date, Division, Number
from jarlig.ladder.steps import Ladder

#: Under these names stand what a person decides, a term that is still open, and the rows of a list.
JUDGED, OPEN, ROWS = "!", "?", "rows:"


class Reads:
    """What each node of a ladder reads, earlier steps included; worked out once for each node."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder
        self.steps = {step.name: step.node for step in ladder.steps}
        self._found: dict[int, frozenset[str]] = {}

    def of(self, node: n.Node) -> frozenset[str]:
        """Names of facts, ``rows:`` of lists, columns as ``.name``, ``history``."""
        if id(node) not in self._found:
            own: set[str] = set()
            if isinstance(node, n.Fact):
                own.add(node.name)
            elif isinstance(node, n.Column):
                own.add("." + node.name)
            elif isinstance(node, n.StepRef):
                own |= self.of(self.steps[node.name])
            elif isinstance(node, n.Earlier):
                own.add("history")
            elif isinstance(node, n.Sum):
                own.add(ROWS + node.rows)
            for child in n.children(node):
                own |= self.of(child)
            if isinstance(node, n.Sum):
                own = {name for name in own if not name.startswith(".")}
            self._found[id(node)] = frozenset(own)
        return self._found[id(node)]


#: What the classes of rows of a list come to: by the place of a class and of a value, or ``count``.
Totals = Mapping[tuple[int, int | str], Any]


class Encoder:
    """The terms of a ladder's nodes over the facts of a world."""

    def __init__(self, ladder: Ladder, world: World) -> None:
        self.ladder, self.world, self.reads = ladder, world, Reads(ladder)
        self.base: Encoder | None = None
        self.changed: frozenset[str] = frozenset()
        self.facts: Mapping[str, Term] = {}
        self.columns: Mapping[str, Term] = {}
        self.extra_rows: Mapping[str, tuple[Mapping[str, Term], ...]] = {}
        self.totals: Mapping[str, Totals] = {}
        self.sums, self.past, self.products = Sums(self), Past(self), Products(self)
        self._terms: dict[int, Term] = {}

    def beside(
        self,
        world: World,
        facts: Mapping[str, Term] | None = None,
        columns: Mapping[str, Term] | None = None,
        rows: Mapping[str, tuple[Mapping[str, Term], ...]] | None = None,
        totals: Mapping[str, Totals] | None = None,
    ) -> Encoder:
        """The same ladder over a case that differs in some facts, stands in a row, has more rows, or other rows."""
        made = Encoder.__new__(Encoder)
        made.ladder, made.world, made.reads, made.base = self.ladder, world, self.reads, self
        made.facts, made.columns, made.extra_rows, made.totals = facts or {}, columns or {}, rows or {}, totals or {}
        lists = [ROWS + name for name in (*made.extra_rows, *made.totals)]
        made.changed = frozenset((*made.facts, *("." + name for name in made.columns), *lists))
        made.sums, made.past, made.products = self.sums, self.past, self.products
        made._terms = {}
        return made

    def step(self, name: str) -> Term:
        """The term of a step."""
        return self.node(self.reads.steps[name])

    def node(self, node: n.Node) -> Term:
        """The term of a node."""
        if self.base is not None and not self.changed & self.reads.of(node):
            return self.base.node(node)
        found = self._terms.get(id(node))
        if found is None:
            found = self._terms[id(node)] = _RULES[type(node)](self, node)
        return found

    def gates(self) -> list[Term]:
        """The gates, in their order."""
        return [self.step(name) for name in self.ladder.gates]

    def award(self) -> Term:
        """The award, whatever the gates say."""
        return self.step(self.ladder.award)

    def eligible(self) -> Any:
        """Every gate holds and the award is known."""
        return both(*(both(gate.known, gate.value) for gate in self.gates()), self.award().known)

    def measured(self, node: n.Node) -> Term:
        """A number or day that is counted with: "none" is none of them, so it is unknown."""
        value, known, none = self.node(node)
        return Term(value, both(known, negated(none)))

    def low(self, node: n.Node) -> int:
        """The lowest that the kind of a number allows."""
        kind = node.kind
        assert isinstance(kind, Number)
        return kind.low

    # leaves

    def literal(self, node: n.Literal) -> Term:
        if isinstance(node.kind, Division):
            return Term(int(str(node.value)))
        if isinstance(node.kind, Code):
            return Term(self.world.texts.code(str(node.value)))
        return Term(node.value)

    def fact(self, node: n.Fact) -> Term:
        own = self.facts.get(node.name)
        return self.world.fact(node.name, node.kind, node.optional) if own is None else own

    def column(self, node: n.Column) -> Term:
        return self.columns[node.name]

    def step_ref(self, node: n.StepRef) -> Term:
        return self.step(node.name)

    def open(self, node: n.Open) -> Term:
        """Whatever a guide or a place will fill in, inside its bounds."""
        return self.world.fact(OPEN + node.term, node.kind)

    def judged(self, node: n.Judged) -> Term:
        return self.world.fact(JUDGED + node.name, node.kind)

    # conditions

    def compare(self, node: n.Compare) -> Term:
        if node.op in ("=", "!="):
            same = self._same(self.node(node.left), self.node(node.right))
            return same if node.op == "=" else Term(negated(same.value), same.known)
        left, right = self.measured(node.left), self.measured(node.right)
        return Term(compared(node.op, left.value, right.value), both(left.known, right.known))

    def _same(self, one: Term, other: Term) -> Term:
        same = self.world.plain(one.value) == self.world.plain(other.value)
        alike = both(negated(one.none), negated(other.none), same)
        return Term(either(both(one.none, other.none), alike), both(one.known, other.known))

    def all_of(self, node: n.All) -> Term:
        return every([self.node(item) for item in node.items])

    def any_of(self, node: n.AnyOf) -> Term:
        return some([self.node(item) for item in node.items])

    def negation(self, node: n.Not) -> Term:
        item = self.node(node.item)
        return Term(negated(item.value), item.known)

    def is_none(self, node: n.IsNone) -> Term:
        item = self.node(node.item)
        return Term(item.none, item.known)

    def within(self, node: n.Within) -> Term:
        item, options = self.node(node.item), self.node(node.options)
        value = self.world.plain(item.value)
        known = both(item.known, options.known)
        if isinstance(options.value, frozenset):
            among = [value == self._written(text, node.item) for text in sorted(options.value)]
        else:
            among = [both(value == self.world.texts.number(text), flag) for text, flag in options.value.items()]
        return Term(both(negated(item.none), either(*among)), known)

    def _written(self, text: str, beside: n.Node) -> int:
        if isinstance(beside.kind, Division):
            return int(text)
        return self.world.texts.code(text) if isinstance(beside.kind, Code) else self.world.texts.number(text)

    # arithmetic

    def _pair(self, left: n.Node, right: n.Node, of: Callable[[Any, Any], Any]) -> Term:
        one, other = self.measured(left), self.measured(right)
        return Term(of(one.value, other.value), both(one.known, other.known))

    def add(self, node: n.Add) -> Term:
        return self._pair(node.left, node.right, lambda a, b: a + b)

    def subtract(self, node: n.Subtract) -> Term:
        return self._pair(node.left, node.right, lambda a, b: a - b)

    def least(self, node: n.Least) -> Term:
        return self._pair(node.left, node.right, least)

    def greatest(self, node: n.Greatest) -> Term:
        return self._pair(node.left, node.right, greatest)

    def multiply(self, node: n.Multiply) -> Term:
        return self._pair(node.left, node.right, lambda a, b: self.products.product(self, node, a, b))

    def rescale(self, node: n.Rescale) -> Term:
        item = self.measured(node.item)
        return Term(item.value * int(10**node.by), item.known)

    def rounded(self, node: n.Rounded) -> Term:
        kind = node.item.kind
        assert isinstance(kind, Number)
        item = self.measured(node.item)
        return Term(rounded(item.value, 10 ** (kind.scale - node.kind.scale), kind.low), item.known)

    # choices

    def case(self, node: n.Case) -> Term:
        found = self.node(node.otherwise)
        for test, then in reversed(node.branches):
            asked, taken = self.node(test), self.node(then)
            found = _picked(asked.value, taken, found, asked.known)
        return found

    def choose(self, node: n.Choose) -> Term:
        by = self.node(node.by)
        value = self.world.plain(by.value)
        numbers = [self._written(text, node.by) for text, _ in node.table]
        if is_plain(value):
            taken = [self.node(then) for at, (_, then) in zip(numbers, node.table, strict=True) if at == value]
            return Term(taken[0].value, both(taken[0].known, by.known), taken[0].none) if taken else UNKNOWN
        kind = node.by.kind
        closed = isinstance(kind, Choice) and {text for text, _ in node.table} >= set(kind.values) and bool(kind.values)
        listed = closed or either(*(value == at for at in numbers))
        found = self.node(node.table[-1][1])
        for at, (_, then) in zip(reversed(numbers[:-1]), reversed(node.table[:-1]), strict=True):
            found = _picked(value == at, self.node(then), found)
        return Term(found.value, both(by.known, negated(by.none), listed, found.known), found.none)

    def banded(self, node: n.Banded) -> Term:
        of = self.measured(node.of)
        if is_plain(of.value):
            taken = self.node(node.values[band_of(node.edges)(of.value)])
            return Term(taken.value, both(of.known, taken.known), taken.none)
        found = self.node(node.values[-1])
        for (edge, closed), then in zip(reversed(node.edges), reversed(node.values[:-1]), strict=True):
            found = _picked(of.value <= edge if closed else of.value < edge, self.node(then), found)
        return Term(found.value, both(of.known, found.known), found.none)

    def marginal(self, node: n.Marginal) -> Term:
        of = self.measured(node.of)
        amount, known, low = 0, of.known, 0
        for index, rate in enumerate(node.rates):
            part = of.value - low if index == len(node.edges) else least(of.value, node.edges[index]) - low
            size, by = greatest(part, 0), self.measured(rate)
            amount = amount + self.products.product(self, rate, size, by.value)
            known = both(known, either(by.known, size == 0))
            low = node.edges[index] if index < len(node.edges) else low
        return Term(amount, known)

    def grown(self, node: n.Grown) -> Term:
        now, since = self.measured(node.now), self.measured(node.since)
        band, first = self.growth(node, now.value, since.value)
        found = self.node(node.values[-1])
        for below, then in zip(reversed(band), reversed(node.values[:-1]), strict=True):
            found = _picked(below, self.node(then), found)
        found = _picked(first, self.node(node.from_zero), found)
        return Term(found.value, both(now.known, since.known, found.known), found.none)

    def growth(self, node: n.Grown, now: Any, since: Any) -> tuple[list[Any], Any]:
        """Whether growth lies below each edge, and whether it starts from nothing."""
        some_since = since > 0
        excess = chosen(some_since, (now - since) * 10**node.edge_scale, 0)
        unit = chosen(some_since, since, 1)
        below = [excess <= edge * unit if closed else excess < edge * unit for edge, closed in node.edges]
        return below, both(negated(some_since), now > 0)

    def steps(self, node: n.Steps) -> Term:
        of, step = self.measured(node.of), self.measured(node.step)
        return Term(self.products.steps(self, node, of.value, step.value), both(of.known, step.known))

    # parts of values

    def part(self, node: n.Part) -> Term:
        item = self.measured(node.item)
        if isinstance(item.value, PlaceCode):
            return Term(item.value.part(node.part), item.known)
        if isinstance(item.value, IndustryCode):
            return Term(item.value.sector, item.known)
        if isinstance(node.item.kind, Date):
            year, month, _ = self.world.calendar(item.value)
            return Term(year if node.part == "year" else year * 12 + month - 1, item.known)
        if is_plain(item.value) and isinstance(node.item.kind, Division):
            found = division_part(node.part)(str(item.value))
            return UNKNOWN if found is None else Term(int(found), item.known)
        raise Unsupported(f"{node.part} of a value that is itself worked out")

    def years_since(self, node: n.YearsSince) -> Term:
        start, end = self.measured(node.start), self.measured(node.end)
        years = full_years(self.world.calendar(start.value), self.world.calendar(end.value))
        return Term(years, both(start.known, end.known))

    # rows and the past

    def sum(self, node: n.Sum) -> Term:
        return self.sums.total(self, node)

    def earlier(self, node: n.Earlier) -> Term:
        return self.past.earlier(self, node)


class Unsupported(Exception):
    """A node in a place where no proof is made of it; the property is then not proved, with this reason."""


def _picked(condition: Any, then: Term, other: Term, known: Any = True) -> Term:
    value = _pick_value(condition, then.value, other.value)
    inner = chosen(condition, then.known, other.known)
    return Term(value, both(known, inner), chosen(condition, then.none, other.none))


def _pick_value(condition: Any, then: Any, other: Any) -> Any:
    if condition is True or condition is False or then is other:
        return other if condition is False else then
    if isinstance(then, dict | frozenset | PlaceCode | IndustryCode | str):
        raise Unsupported("a choice between places, sets or texts")
    return chosen(condition, then, other)


_RULES: dict[type, Callable[[Encoder, Any], Term]] = {
    n.Literal: Encoder.literal,
    n.Fact: Encoder.fact,
    n.Column: Encoder.column,
    n.StepRef: Encoder.step_ref,
    n.Open: Encoder.open,
    n.Judged: Encoder.judged,
    n.Compare: Encoder.compare,
    n.All: Encoder.all_of,
    n.AnyOf: Encoder.any_of,
    n.Not: Encoder.negation,
    n.IsNone: Encoder.is_none,
    n.Within: Encoder.within,
    n.Add: Encoder.add,
    n.Subtract: Encoder.subtract,
    n.Multiply: Encoder.multiply,
    n.Rescale: Encoder.rescale,
    n.Rounded: Encoder.rounded,
    n.Least: Encoder.least,
    n.Greatest: Encoder.greatest,
    n.Case: Encoder.case,
    n.Choose: Encoder.choose,
    n.Banded: Encoder.banded,
    n.Marginal: Encoder.marginal,
    n.Grown: Encoder.grown,
    n.Steps: Encoder.steps,
    n.Part: Encoder.part,
    n.YearsSince: Encoder.years_since,
    n.Sum: Encoder.sum,
    n.Earlier: Encoder.earlier,
}

__all__ = ["JUDGED", "OPEN", "ROWS", "Encoder", "Reads", "Totals", "Unsupported"]
