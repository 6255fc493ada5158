"""Sums over rows while cells, facts or the rows themselves are missing.

Rows that are wholly known are added up column by column with the closures of the exact engine. Rows with unknown cells
are grouped by what is unknown in them and tried with every case of those cells, again column by column; only a row
whose unknown is a number, or whose conditions hang on an unknown fact, is looked at by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import compress, product
from math import prod
from typing import Any

from jarlig.engines.exact.closures import STEP, row_masks, vector
from jarlig.engines.interval.nodes import Compiled, State, compiled
from jarlig.engines.interval.unknowns import OTHER
from jarlig.engines.interval.values import (
    Key,
    Reads,
    Span,
    Witness,
    both,
    bounds,
    completion,
    hull,
    is_boundless,
    is_known,
    reads_of,
    settled,
    span,
    unknown,
)
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import CNY, Choice, Date, Kind, Month, Number, Rows, YesNo
from jarlig.ladder.tables import Table

#: The cases of a cell, by rows, column and key; and totals or counts told in place of rows.
Options = Callable[[str, str, Key], tuple[Any, ...] | None]
Totals = Mapping[str, tuple[int, int]]
#: Ways to fill the unknown cells of one row that are tried one by one.
_TRIED = 256
#: Rows that are made up to show what rows not given could be.
_MADE = 5_000
#: Marks a cell that is unknown although the setting at hand would fill it.
OPEN = object()


class SumPlan:
    """A sum made ready once for a ladder."""

    def __init__(self, node: n.Sum) -> None:
        self.node, self.rows = node, node.rows
        self.where: Compiled = compiled(n.All(node.where))
        self.value, self.sums_money = compiled(node.value), sums_money(node)
        self.masks, self.values = row_masks(node), vector(node.value)
        below = [one for top in (*node.where, node.value) for one in n.walk(top)]
        self.where_columns, self.value_columns = _columns(node.where), _columns((node.value,))
        self.columns = tuple(dict.fromkeys((*self.where_columns, *self.value_columns)))
        names = [one.name for one in below if isinstance(one, n.Fact)]
        names += ["!" + one.name for one in below if isinstance(one, n.Judged)]
        self.facts = tuple(dict.fromkeys(names))
        self.steps = tuple(dict.fromkeys(one.name for one in below if isinstance(one, n.StepRef)))

    def given(self, state: State) -> tuple[Any, ...]:
        """What the sum reads besides the rows: the same values, the same sum."""
        return (*(state.facts[name] for name in self.facts), *(state.steps[name] for name in self.steps))

    def environment(self, state: State) -> dict[str, Any]:
        """The facts as the exact engine takes them: None for what is not settled."""
        found = {name: state.facts[name] for name in self.facts}
        found |= {STEP + name: state.steps[name] for name in self.steps}
        return {name: value if is_known(value) else None for name, value in found.items()}


def _columns(nodes: Iterable[n.Node]) -> tuple[str, ...]:
    found = (one.name for node in nodes for one in n.walk(node) if isinstance(one, n.Column))
    return tuple(dict.fromkeys(found))


@dataclass
class Loose:
    """What some rows can add together, and each of those that are not settled by itself."""

    parts: dict[int, Any]
    lo: int
    hi: int
    low_by: Witness
    high_by: Witness
    reads: Reads


class RowBook:
    """The tables of one case; sums are kept as long as what they read stays the same."""

    def __init__(
        self, plans: Mapping[int, SumPlan], kinds: Mapping[str, Kind], options: Options, totals: Totals,
        counts: Totals,
    ) -> None:  # fmt: skip
        self.plans, self.kinds, self.options, self.totals, self.counts = plans, kinds, options, totals, counts
        self._kept: dict[tuple[Any, ...], Any] = {}

    def sum(self, node: n.Sum, state: State) -> Any:
        """What a sum can be, in the scale of its kind."""
        plan = self.plans[id(node)]
        table = state.facts[plan.rows]
        asked = (plan, table, *plan.given(state))
        if table is None:
            return self._keep((*asked, "absent"), lambda: self._absent(plan, state))
        found: Loose = self._keep((*asked, "known"), lambda: self._known(plan, table, state))
        if not self.loose_rows(plan, table):
            return settled(found.lo, found.hi, found.low_by, found.high_by, found.reads)
        loose = self.loose(plan, table, state)
        lo, hi, reads = found.lo + loose.lo, found.hi + loose.hi, (found.reads, loose.reads)
        low_by, high_by = both(found.low_by, loose.low_by), both(found.high_by, loose.high_by)
        for index, cells in state.cells.get(plan.rows, {}).items():
            if index in loose.parts:
                old, new = span(loose.parts[index]), span(self._row(plan, table, index, state, cells))
                lo, hi, reads = lo + new.lo - old.lo, hi + new.hi - old.hi, (reads, new.reads)
                low_by, high_by = both(low_by, new.low_by), both(high_by, new.high_by)
        return settled(lo, hi, low_by, high_by, reads)

    def _keep(self, asked: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if asked not in self._kept:
            self._kept[asked] = make()
        return self._kept[asked]

    def loose_rows(self, plan: SumPlan, table: Table) -> dict[int, tuple[str, ...]]:
        """Rows in which a column that the sum reads is unknown, with those columns."""
        found: dict[int, tuple[str, ...]] = self._keep((plan, table, "rows"), lambda: _loose_rows(plan, table))
        return found

    def loose(self, plan: SumPlan, table: Table, state: State) -> Loose:
        """The rows of a sum with unknown cells, as far as the setting at hand leaves them unknown."""
        asked = (plan, table, *plan.given(state), state.setting)
        found: Loose = self._keep(asked, lambda: self._loose(plan, table, state))
        return found

    def _known(self, plan: SumPlan, table: Table, state: State) -> Loose:
        """The rows that are wholly known; a fact they hang on may not be."""
        loose = self.loose_rows(plan, table)
        if loose:
            table = self._keep((plan, table, "without"), lambda: _without(plan, table, loose))
        env = plan.environment(state)
        masks, values = plan.masks(env, table), plan.values(env, table)
        if None not in masks:
            counted = list(compress(values, masks))
            if None not in counted:
                total = sum(counted)
                return Loose({}, total, total, (), (), ())
        return self._unsettled(plan, table, state, masks, values)

    def _unsettled(self, plan: SumPlan, table: Table, state: State, masks: list[Any], values: list[Any]) -> Loose:
        """Rows that hang on unknown facts: each different condition, and each different value, is asked once."""
        tests = _asked_once(plan.where, plan.where_columns, table, state)
        adds = _asked_once(plan.value, plan.value_columns, table, state)
        lo = hi = 0
        found: dict[tuple[int, int], Span] = {}
        for index, (mask, value) in enumerate(zip(masks, values, strict=True)):
            holds = tests(index) if mask is None else mask
            if holds is False:
                continue
            added = span(_counted(holds, adds(index) if value is None else value))
            lo, hi = lo + added.lo, hi + added.hi
            if added.lo != added.hi:
                found[id(holds), id(added) if value is None else value > 0] = added
        reads = tuple(part.reads for part in found.values())
        return Loose({}, lo, hi, *_joined(found.values()), reads)

    def _loose(self, plan: SumPlan, table: Table, state: State) -> Loose:
        filled = state.setting.cells.get(plan.rows, {}) if state.setting else {}
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, names in self.loose_rows(plan, table).items():
            cells = filled.get(index)
            groups[tuple(name for name in names if name not in cells) if cells else names].append(index)
        parts: dict[int, Any] = {}
        for names, indexes in groups.items():
            parts |= self._group(plan, table, state, names, indexes, filled)
        spans = [part for part in parts.values() if part.__class__ is Span]
        return Loose(
            parts,
            sum(part.lo if part.__class__ is Span else part for part in parts.values()),
            sum(part.hi if part.__class__ is Span else part for part in parts.values()),
            *_joined(spans),
            tuple(part.reads for part in spans),
        )  # fmt: skip

    def _group(
        self, plan: SumPlan, table: Table, state: State, names: tuple[str, ...], indexes: list[int],
        filled: Mapping[int, Mapping[str, Any]],
    ) -> dict[int, Any]:  # fmt: skip
        """What each row of a group adds, all of them unknown in the same columns."""
        options = [self.options(plan.rows, name, "") for name in names]
        listed = [one for one in options if one is not None and all(is_known(value) for value in one)]
        if len(listed) < len(names) or prod(len(one) for one in listed) > _TRIED:
            return {index: self._row(plan, table, index, state, {}) for index in indexes}
        columns = {name: [filled.get(i, _NO_CELLS).get(name, table.columns[name][i]) for i in indexes]
                   for name in plan.columns if name not in names}  # fmt: skip
        env, ways = plan.environment(state), list(product(*listed))
        added: list[list[int]] = []
        for way in ways:
            whole = Table(
                {**columns, **{name: [value] * len(indexes) for name, value in zip(names, way, strict=True)}},
                len(indexes),
            )
            masks, values = plan.masks(env, whole), plan.values(env, whole)
            if None in masks or None in compress(values, masks):
                return {index: self._row(plan, table, index, state, {}) for index in indexes}
            added.append([value if mask else 0 for mask, value in zip(masks, values, strict=True)])
        return {index: _part(plan.rows, index, names, ways, sums)
                for index, sums in zip(indexes, zip(*added, strict=True), strict=True)}  # fmt: skip

    def _row(self, plan: SumPlan, table: Table, index: int, state: State, cells: Mapping[str, Any]) -> Any:
        filled = state.setting.cells.get(plan.rows, {}).get(index, _NO_CELLS) if state.setting else _NO_CELLS
        row = {name: table.columns[name][index] for name in plan.columns}
        row |= {name: filled[name] for name in row if row[name] is None and name in filled}
        row |= {name: None if cells[name] is OPEN else cells[name] for name in row if name in cells}
        return self._tried(plan, row, state, index)

    def _tried(
        self, plan: SumPlan, row: dict[str, Any], state: State, index: int = -1, counts: bool = False
    ) -> Any:  # fmt: skip
        """What one row adds: its unknown cells tried one way after the other, the fewest cases first.

        A row that ``counts`` is known to meet every condition; None when no row can.
        """
        options = []
        kind = self.kinds[plan.rows]
        assert isinstance(kind, Rows)
        for name in [name for name, value in row.items() if value is None]:
            column = kind.column(name)
            assert column is not None
            key = (plan.rows, index, name)
            row[name] = unknown(column, key)
            found = self.options(plan.rows, name, key)
            if found is not None:
                options.append((len(found), name, found))
        options.sort(key=lambda one: one[:2])
        while prod(size for size, _, _ in options) > _TRIED:
            options.pop()
        ways: list[tuple[Witness, Any]] = []
        for way in product(*(found for _, _, found in options)):
            chosen = dict(zip((name for _, name, _ in options), way, strict=True))
            by = {(plan.rows, index, name): value for name, value in chosen.items() if is_known(value)}
            state.row = {**row, **chosen}
            holds = plan.where(state)
            if not counts:
                ways.append((by, 0 if holds is False else _counted(holds, plan.value(state))))
            elif holds is not False:
                ways.append((by, plan.value(state)))
        state.row = {}
        if not ways:
            return None
        return hull(ways, tuple(frozenset(((plan.rows, index, name),)) for _, name, _ in options))

    def _absent(self, plan: SumPlan, state: State) -> Any:
        """Rows that are not given: a total told in their place, or any number of rows of any values."""
        reads: Reads = frozenset((plan.rows,))
        kind = plan.node.kind
        told = plan.rows in self.totals and plan.sums_money
        if plan.rows in self.counts and not told:
            return self._numbered(plan, state, reads)
        if told:
            lo, hi = self.totals[plan.rows]
            more, less = 10 ** max(0, kind.scale - 2), 10 ** max(0, 2 - kind.scale)
            return settled(lo * more // less, -(-hi * more // less), None, None, reads)
        rows = self.kinds[plan.rows]
        assert isinstance(rows, Rows)
        part = span(self._tried(plan, dict.fromkeys(plan.columns), state))
        lo, hi = rows.most * min(0, part.lo), rows.most * max(0, part.hi)
        low_by = self._made(rows, plan, part.low_by, part.lo) if lo else {plan.rows: Table(_blank(rows, 0), 0)}
        high_by = self._made(rows, plan, part.high_by, part.hi) if hi else {plan.rows: Table(_blank(rows, 0), 0)}
        return settled(lo, hi, low_by, high_by, (reads, reads_of(*(v for v in plan.given(state) if not is_known(v)))))

    def _numbered(self, plan: SumPlan, state: State, reads: Reads) -> Any:
        """So many rows that count, each of any values that let it count."""
        least, most = self.counts[plan.rows]
        one = self._tried(plan, dict.fromkeys(plan.columns), state, counts=True)
        part = span(0 if one is None else one)
        lo, hi = min(least * part.lo, most * part.lo), max(least * part.hi, most * part.hi)
        return settled(lo, hi, None, None, (reads, reads_of(*(v for v in plan.given(state) if not is_known(v)))))

    def _made(self, kind: Rows, plan: SumPlan, by: Witness, end: int) -> Witness:
        """Rows that add up to an end: as many as there may be, or one where even one has no bound."""
        cells = completion(by)
        size = 1 if is_boundless(end) else kind.most
        if cells is None or size > _MADE:
            return None
        columns = _blank(kind, size)
        for key, value in cells.items():
            if isinstance(key, tuple) and key[0] == plan.rows:
                columns[key[2]] = [value] * size
        facts = {key: value for key, value in cells.items() if not isinstance(key, tuple)}
        return both({plan.rows: Table(columns, size)}, facts)


_NO_CELLS: dict[str, Any] = {}
#: Of these a sum of money is made that a person could add up; with others a rule works on each row by itself.
_ADDED = (n.Column, n.Literal, n.Rescale, n.Add, n.Subtract, n.Case, n.IsNone, n.Not)


def sums_money(node: n.Sum) -> bool:
    """Whether a sum adds up money as it stands on the rows, so that its total can be told without them."""
    below = list(n.walk(node.value))
    return (
        node.kind.unit == CNY
        and any(isinstance(one, n.Column) for one in below)
        and all(isinstance(one, _ADDED) for one in below)
    )


def _counted(holds: Any, value: Any) -> Any:
    """What a row adds that is not left out: one that may be left out may also add nothing."""
    return value if holds is True else hull([(holds.yes_by, value), (holds.no_by, 0)], holds.reads)


def _joined(parts: Iterable[Span]) -> tuple[Witness, Witness]:
    """What brings the low ends of several about, and the high ends."""
    ends = [(part.low_by, part.high_by) for part in parts]
    low, high = tuple(low for low, _ in ends), tuple(high for _, high in ends)
    return None if None in low else low, None if None in high else high


def _asked_once(item: Compiled, names: tuple[str, ...], table: Table, state: State) -> Callable[[int], Any]:
    """The value of a node on a row; rows that agree in the columns it reads share one answer."""
    columns = [table.columns[name] for name in names]
    kept: dict[tuple[Any, ...], Any] = {}

    def ask(index: int) -> Any:
        row = tuple([column[index] for column in columns])
        if row not in kept:
            state.row = dict(zip(names, row, strict=True))
            kept[row] = item(state)
        return kept[row]

    return ask


def _part(rows: str, index: int, names: tuple[str, ...], ways: list[tuple[Any, ...]], sums: tuple[int, ...]) -> Any:
    lo, hi = min(sums), max(sums)
    if lo == hi:
        return lo
    keys: list[Key] = [(rows, index, name) for name in names]
    low_by, high_by = (dict(zip(keys, ways[sums.index(end)], strict=True)) for end in (lo, hi))
    return Span(lo, hi, low_by, high_by, frozenset(keys))


def _loose_rows(plan: SumPlan, table: Table) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for name in plan.columns:
        column = table.columns[name]
        if None in column:
            for index, value in enumerate(column):
                if value is None:
                    found[index] = (*found.get(index, ()), name)
    return found


def _without(plan: SumPlan, table: Table, loose: Iterable[int]) -> Table:
    keep = [True] * table.size
    for index in loose:
        keep[index] = False
    return Table({name: list(compress(table.columns[name], keep)) for name in plan.columns}, sum(keep))


def _blank(kind: Rows, size: int) -> dict[str, list[Any]]:
    return {name: [_plain(column)] * size for name, column in kind.columns}


def _plain(kind: Kind) -> Any:
    """A value of a kind for a cell that no figure reads."""
    if isinstance(kind, Number | Date | Month):
        return max(0, bounds(kind)[0])
    if isinstance(kind, YesNo):
        return False
    return kind.values[0] if isinstance(kind, Choice) and kind.values else OTHER
