"""Sums over rows in a proof: never so many rows, always any number of them.

A row is looked at alone: which of the ladder's filters it can pass together, and what its value can be. Rows that pass
the same filters are a class, and what they add up to is one free number for each value that is summed. Two sums over
the same rows are made of the same classes, so a row that counts in both is in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import z3

from jarlig.engines.proof.terms import Term, both, chosen, either, every, fails, holds, negated
from jarlig.engines.proof.world import Free, World
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Kind, Number

if TYPE_CHECKING:
    from jarlig.engines.proof.encode import Encoder, Totals

#: More filters over one list are not told apart together; each then has rows of its own.
MOST_FILTERS = 3
#: Milliseconds for a question about a single row.
ROW_TIME = 2_000
#: Where other totals of a class are given, this stands for the number of its rows.
COUNT = "count"
Filter = tuple[n.Node, ...]


@dataclass
class Class:
    """The rows that pass some filters and no other: how many there are, and what each value adds up to."""

    passes: tuple[int, ...]
    count: Any = None
    totals: dict[int, Any] = field(default_factory=dict)


@dataclass
class Group:
    """All sums over one list: their filters, the values that they add up, and the classes of rows."""

    rows: str
    filters: list[Filter] = field(default_factory=list)
    values: list[n.Node] = field(default_factory=list)
    sums: list[n.Sum] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)


class Sums:
    """The sums of a ladder over free rows."""

    def __init__(self, root: Encoder, also: Iterable[n.Node] = ()) -> None:
        """The sums of the root's ladder, and of further nodes over the same rows."""
        self.root, self.also = root, tuple(also)
        self._groups: dict[str, Group] = {}
        self._changed: dict[tuple[int, int], Any] = {}
        self._known: dict[int, Any] = {}

    def total(self, encoder: Encoder, node: n.Sum) -> Term:
        """What a sum comes to; conditions that read no column decide over all rows at once."""
        columns, plain = self._parted(node)
        guard = every([encoder.node(test) for test in plain])
        core = self._core(encoder, node, columns)
        known = core.known
        if guard.known is not True:  # rows that other conditions drop do not ask for it
            known = chosen(guard.known, core.known, encoder.world.boolean("rows known"))
        counts = both(guard.known, guard.value)
        return Term(chosen(counts, core.value, 0), either(both(guard.known, negated(guard.value)), known))

    def _parted(self, node: n.Sum) -> tuple[Filter, Filter]:
        columns = tuple(test for test in node.where if _reads_row(test))
        return columns, tuple(test for test in node.where if not _reads_row(test))

    def _core(self, encoder: Encoder, node: n.Sum, columns: Filter) -> Term:
        found = self._of_classes(encoder, node, columns)
        inner = frozenset().union(*(self.root.reads.of(item) for item in (*columns, node.value)))
        changed = encoder
        while changed.base is not None and not changed.facts:
            changed = changed.base
        if inner & frozenset(changed.facts):
            known = True if found.known is True else encoder.world.boolean(f"{node.rows} known")
            found = Term(self._with_other_facts(changed, node, found.value), known)
        added = _added(encoder, node.rows)
        for row in added:
            value = self.contribution(encoder, node, row)
            found = Term(found.value + value.value, both(found.known, value.known))
        if added:  # however many rows there are, they are no more than the list may hold
            encoder.world.hold(found.value >= node.kind.low, found.value <= node.kind.high)
        return found

    def contribution(self, encoder: Encoder, node: n.Sum, row: Mapping[str, Term]) -> Term:
        """What one row adds to a sum, by the conditions that read it."""
        columns, _ = self._parted(node)
        at = encoder.beside(encoder.world, columns=row)
        passed, value = every([at.node(test) for test in columns]), at.measured(node.value)
        counts = holds(passed)
        return Term(chosen(counts, value.value, 0), either(fails(passed), both(counts, value.known)))

    # classes of rows

    def group(self, rows: str) -> Group:
        """The sums over a list, their classes worked out once."""
        if rows not in self._groups:
            self._groups[rows] = self._grouped(rows)
        return self._groups[rows]

    def groups(self) -> list[Group]:
        """The lists that have been read."""
        return list(self._groups.values())

    def _grouped(self, rows: str) -> Group:
        made = Group(rows)
        for node in (*self.root.ladder.nodes(), *self.also):
            if isinstance(node, n.Sum) and node.rows == rows and node not in made.sums:
                made.sums.append(node)
                columns, _ = self._parted(node)
                if columns not in made.filters:
                    made.filters.append(columns)
                if node.value not in made.values:
                    made.values.append(node.value)
        indices = range(len(made.filters))
        largest = len(indices) if len(indices) <= MOST_FILTERS else 1
        for passes in (one for size in range(1, largest + 1) for one in combinations(indices, size)):
            made_class = self._class(made, passes)
            if made_class is not None:
                made.classes.append(made_class)
        return made

    def _class(self, group: Group, passes: tuple[int, ...]) -> Class | None:
        world = World(self.root.world)
        at = self.root.beside(world, columns=self.free_row(world, group))
        tests = [holds(every([at.node(test) for test in columns])) for columns in group.filters]
        alone = len(group.filters) > MOST_FILTERS
        inside = [test if index in passes else negated(test) for index, test in enumerate(tests)
                  if index in passes or not alone]  # fmt: skip
        if self._never(world, *inside):
            return None
        made = Class(passes)
        sums = [s for s in group.sums if group.filters.index(self._parted(s)[0]) in passes]
        counted = [s for s in sums if not _reads_row(s.value)]
        if counted:
            made.count = self.root.world.integer(f"{group.rows}.count", 0, _most(counted))
        for index, value in enumerate(group.values):
            using = [s for s in sums if s.value == value]
            if using:
                made.totals[index] = self._total(made, using[0], at, world, inside)
        self._ordered(group, made, at, world, inside)
        return made

    def _total(self, made: Class, node: n.Sum, at: Encoder, world: World, inside: list[Any]) -> Any:
        kind = node.value.kind
        assert isinstance(kind, Number)
        if not _reads_row(node.value) and made.count is not None:
            each = self.root.node(node.value).value
            return made.count * each
        low = node.kind.low
        if low < 0 and self._never(world, *inside, at.node(node.value).value < 0):
            low = 0
        total = self.root.world.integer(f"{node.rows}.sum", low, node.kind.high)
        if made.count is not None:
            lowest = 0 if low == 0 and kind.low < 0 else kind.low
            self.root.world.hold(total >= made.count * lowest, total <= made.count * kind.high)
        return total

    def _ordered(self, group: Group, made: Class, at: Encoder, world: World, inside: list[Any]) -> None:
        """A value that is never above another adds up to no more."""
        for one, other in combinations([index for index in made.totals if _reads_row(group.values[index])], 2):
            a, b = group.values[one].kind, group.values[other].kind
            assert isinstance(a, Number)
            assert isinstance(b, Number)
            if (a.unit, a.scale) != (b.unit, b.scale):
                continue
            for less, more in ((one, other), (other, one)):
                low, high = at.node(group.values[less]).value, at.node(group.values[more]).value
                if self._never(world, *inside, low > high):
                    self.root.world.hold(made.totals[less] <= made.totals[more])

    def _of_classes(self, encoder: Encoder, node: n.Sum, columns: Filter) -> Term:
        group = self.group(node.rows)
        index, value = group.filters.index(columns), group.values.index(node.value)
        own = _own_totals(encoder, node.rows)
        parts = [own.get((at, value), one.totals[value]) for at, one in enumerate(group.classes) if index in one.passes]
        total: Any = sum(parts[1:], parts[0]) if parts else 0
        return Term(total, self._always_known(group, node, columns))

    def _always_known(self, group: Group, node: n.Sum, columns: Filter) -> Any:
        """Whether a row of known columns always says whether it counts and what; else it is left free."""
        if id(node) not in self._known:
            world = World(self.root.world)
            at = self.root.beside(world, columns=self.free_row(world, group))
            passed, value = every([at.node(test) for test in columns]), at.measured(node.value)
            open_ = both(negated(fails(passed)), negated(both(passed.known, value.known)))
            sure = open_ is False or self._never(world, open_)
            self._known[id(node)] = True if sure else self.root.world.boolean(f"{node.rows} known")
        return self._known[id(node)]

    def _with_other_facts(self, encoder: Encoder, node: n.Sum, before: Any) -> Any:
        """The sum over the same rows where facts that the rows are judged by differ; held to the sum before."""
        key = (id(node), id(encoder))
        if key not in self._changed:
            after = encoder.world.integer(f"{node.rows}.sum", node.kind.low, node.kind.high)
            world = World(encoder.world)
            row = self.free_row(world, self.group(node.rows))
            one = self.contribution(self.root.beside(world), node, row)
            other = self.contribution(encoder.beside(world), node, row)
            if self._never(world, one.value > other.value):
                encoder.world.hold(before <= after)
            if self._never(world, one.value < other.value):
                encoder.world.hold(before >= after)
            self._changed[key] = after
        return self._changed[key]

    def _never(self, world: World, *query: Any) -> bool:
        """Whether no row and no facts are so."""
        if any(one is False for one in query):
            return True
        solver = z3.SimpleSolver()
        solver.set("timeout", ROW_TIME)
        solver.add(*world.given, *world.exact, *(one for one in query if one is not True))
        return bool(solver.check() == z3.unsat)

    # rows

    @property
    def texts_read(self) -> frozenset[str]:
        """The columns that any sum reads."""
        return frozenset(name for group in self._groups.values() for name in self.read_columns(group))

    def read_columns(self, group: Group) -> dict[str, n.Column]:
        """The columns that the sums over a list read."""
        items = [item for s in group.sums for item in (*s.where, s.value)]
        found = [below for item in items for below in n.walk(item) if isinstance(below, n.Column)]
        return {column.name: column for column in found}

    def free_row(self, world: World, group: Group) -> dict[str, Term]:
        """A row of which nothing is said."""
        return {name: free.term for name, free in self.free_columns(world, group).items()}

    def free_columns(
        self, world: World, group: Group, kinds: Mapping[str, Kind] | None = None
    ) -> dict[str, Free]:
        """The columns of a free row that sums read, of these kinds where they are narrower."""
        kinds = kinds or {}
        return {
            name: world.free(f"{group.rows}.{name}", kinds.get(name, column.kind), column.optional)
            for name, column in self.read_columns(group).items()
        }


def _added(encoder: Encoder, rows: str) -> tuple[Mapping[str, Term], ...]:
    at: Encoder | None = encoder
    while at is not None:
        if rows in at.extra_rows:
            return at.extra_rows[rows]
        at = at.base
    return ()


def _own_totals(encoder: Encoder, rows: str) -> Totals:
    at: Encoder | None = encoder
    while at is not None:
        if rows in at.totals:
            return at.totals[rows]
        at = at.base
    return {}


def _reads_row(node: n.Node) -> bool:
    return any(isinstance(below, n.Column) for below in n.walk(node))


def _most(counted: list[n.Sum]) -> int:
    """How many rows there may be: the width of a sum over them says so."""
    found = [s.kind.high // k.high for s in counted if isinstance(k := s.value.kind, Number) and k.high > 0]
    return max(found, default=0)


