"""One case with facts missing: what is missing, which cases of it a ladder can tell apart, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import Any

from jarlig.engines.interval.groups import MOST_TRIED, Group, Outcome, Variable, affordable, groups
from jarlig.engines.interval.history import HistoryBook, missing_cells, subject_values
from jarlig.engines.interval.nodes import Compiled, State, compiled
from jarlig.engines.interval.rows import RowBook
from jarlig.engines.interval.shape import Shape
from jarlig.engines.interval.unknowns import OTHER, cases
from jarlig.engines.interval.values import (
    HISTORY,
    Key,
    Span,
    Witness,
    best,
    both,
    completion,
    is_boundless,
    is_known,
    unknown,
)
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Rows
from jarlig.ladder.tables import Table

Cells = dict[str, dict[int, dict[str, Any]]]


@dataclass(eq=False)
class Setting:
    """Missing facts held fixed: facts by name, and cells by rows and index.

    ``kept`` holds what gates and award come to under it, as long as nothing that they read is changed.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    cells: Cells = field(default_factory=dict)
    kept: dict[tuple[int, ...], Outcome] = field(default_factory=dict)


@dataclass
class Answer:
    """The award over all completions, and over those in which every gate holds (``held_low_by``)."""

    low: int
    high: int
    low_by: Witness
    high_by: Witness
    held_low_by: Witness
    reads: set[Key]


class Case:
    """The facts of one case, known and missing."""

    def __init__(
        self, shape: Shape, env: Mapping[str, Any], ranges: Mapping[str, tuple[int, int]],
        totals: Mapping[str, tuple[int, int]], counts: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:  # fmt: skip
        self.shape, self.env, self.ranges, self.totals = shape, env, ranges, totals
        self.told = {*totals, *(counts or {})}
        self.rows = RowBook(shape.plans, shape.kinds, self.column_cases, totals, counts or {})
        self.limits = HistoryBook(env["on"], env.get("guide_year"))
        self._compiled: dict[int, Compiled] = {}
        self._columns: dict[Any, tuple[Any, ...] | None] = {}
        self.tables: dict[str, Table | None] = {plan.rows: env.get(plan.rows) for plan in shape.plans.values()}
        self.facts: dict[str, Any] = {**self.tables, HISTORY: env.get(HISTORY)}
        self.missing: list[Key] = []
        for name, kind in shape.facts.items():
            value = env.get(name)
            self.facts[name] = unknown(kind, name, ranges.get(name)) if value is None else value
            if value is None:
                self.missing.append(name)
        self.options = {name: self._fact_cases(name) for name in self.missing if isinstance(name, str)}
        self._find_missing_rows()
        self.variables = [*self._fact_variables(), *self._row_variables()]

    def sum(self, node: n.Sum, state: State) -> Any:
        """What a sum over rows can be."""
        return self.rows.sum(node, state)

    def earlier(self, node: n.Earlier, state: State) -> Any:
        """What a limit can count."""
        return self.limits.earlier(node, state)

    def _find_missing_rows(self) -> None:
        found: dict[Key, None] = {}
        for plan in self.shape.plans.values():
            table = self.tables[plan.rows]
            if table is None:
                found[plan.rows] = None
                continue
            for index, names in self.rows.loose_rows(plan, table).items():
                found.update({(plan.rows, index, name): None for name in names})
        self.missing += found
        if self.shape.limits:
            history = self.facts[HISTORY]
            self.missing += [HISTORY] if history is None else missing_cells(self.shape.limits, history)

    def _known(self, node: n.Node) -> Any:
        """The value of a node, None while it is not settled or hangs on a row or an earlier step."""
        if any(isinstance(below, n.Column | n.StepRef | n.Sum | n.Earlier) for below in n.walk(node)):
            return None
        if id(node) not in self._compiled:
            self._compiled[id(node)] = compiled(node)
        value = self._compiled[id(node)](State(self, self.facts))
        return value if is_known(value) else None

    def _fact_cases(self, name: str) -> tuple[Any, ...] | None:
        uses = self.shape.uses.get("f:" + name, [])
        asked = [use.op for use in uses if use.how == "subject"]
        held = [v for key in asked for v in subject_values(self.facts[HISTORY], key) if isinstance(v, str)]
        return cases(self.shape.facts[name], name, uses, self._known, held, self.ranges.get(name))

    def column_cases(self, rows: str, column: str, key: Key) -> tuple[Any, ...] | None:
        """The cases of an unknown cell; the same for every row as far as they are plain values."""
        if key:
            plain = self.column_cases(rows, column, "")
            if plain is None or all(is_known(value) for value in plain):
                return plain
        asked = (rows, column, key)
        if asked not in self._columns:
            kind = self.shape.kinds[rows]
            assert isinstance(kind, Rows)
            of = kind.column(column)
            assert of is not None
            self._columns[asked] = cases(of, key, self.shape.uses.get(f"c:{rows}:{column}", []), self._known)
        return self._columns[asked]

    def _fact_variables(self) -> list[Variable]:
        found = []
        for name, options in self.options.items():
            if options is not None and len(options) > 1:
                tables = [self.tables[plan.rows] for plan in self.shape.plans.values() if name in plan.facts]
                weight = sum(table.size for table in tables if table is not None)
                found.append(Variable(name, options, (name,), weight=weight))
        return found

    def _row_variables(self) -> list[Variable]:
        """Rows as variables of their own, while there are few enough of them to try them all."""
        cells: dict[tuple[str, int], list[str]] = {}
        for key in self.missing:
            if isinstance(key, tuple) and key[0] in self.tables:
                cells.setdefault((key[0], key[1]), []).append(key[2])
        found: list[Variable] = []
        ways = 1
        for (rows, index), names in cells.items():
            options = [self.column_cases(rows, name, "") for name in names]
            listed = [one for one in options if one is not None and all(is_known(value) for value in one)]
            ways *= prod(len(one) for one in listed)
            if len(listed) < len(options) or ways > MOST_TRIED:
                return []
            fillings = tuple(dict(zip(names, way, strict=True)) for way in product(*listed))
            found.append(Variable(rows, fillings, tuple((rows, index, name) for name in names), index))
        return found

    def solve(
        self, setting: Setting | None = None, facts: Mapping[str, Any] | None = None, cells: Cells | None = None
    ) -> Answer:
        """What the award can be, with some of the missing facts held fixed."""
        given = {**self.facts, **(setting.facts if setting else {}), **(facts or {})}
        free = [one for one in self.variables if (one.row is None and given[one.name] is self.facts[one.name])
                or (one.row is not None and setting is None)]  # fmt: skip
        linking = {one.name for one in free}
        if setting is None:
            linking |= {key[0] for key in self.missing if isinstance(key, tuple)}
        changed = {*(facts or ()), *(cells or ())}
        parts = []
        for units in groups(self.shape.units, linking):
            names = frozenset[str]().union(*(unit.reads for unit in units))
            kept = setting.kept if setting and not names & changed else {}
            asked = tuple(map(id, units))
            if asked not in kept:
                state = State(self, dict(given))
                state.setting, state.cells = setting, dict(cells or {})
                tried = affordable([one for one in free if one.name in names])
                kept[asked] = Group(units, tried, state).outcome()
            parts.append(kept[asked])
            if not units[-1].is_gate:
                award = parts[-1]
        answer = _answer(parts, award)
        if any(HISTORY in (key, key[0]) for key in answer.reads):
            answer.reads |= self._keys_of_subjects()
        return answer

    def _keys_of_subjects(self) -> set[Key]:
        """Missing facts by which awards of the history are matched: they count as long as the history may count."""
        keys = {node.name for limit in self.shape.limits for _, top in limit.subject for node in n.walk(top)
                if isinstance(node, n.Fact)}  # fmt: skip
        return {key for key in self.missing if key in keys}

    def climbed(self) -> State:
        """Every step on the way to the award, with what it can be."""
        state = State(self, self.facts)
        for rung in self.shape.award.rungs:
            state.steps[rung.name] = rung.value(state)
        return state

    def setting(self, by: Witness, boundless: bool) -> Setting:
        """A whole completion: what a witness says, and a plain value for the rest.

        With ``boundless`` the facts that have no bound are left open, so that what they could do stays visible.
        """
        chosen = completion(by) or {}
        made = Setting()
        history = chosen.get(HISTORY, ()) if self.facts[HISTORY] is None else self.facts[HISTORY]
        made.facts[HISTORY] = self._completed_history(list(history), chosen)
        for key in self.missing:
            if key == HISTORY or (isinstance(key, tuple) and key[0] == HISTORY):
                continue
            if isinstance(key, tuple):
                value = chosen[key] if key in chosen else self.plain(key)
                made.cells.setdefault(key[0], {}).setdefault(key[1], {})[key[2]] = value
            elif not (key in self.told or (boundless and self._has_no_bound(key))):
                made.facts[key] = chosen[key] if key in chosen else self.plain(key)
        return made

    def _has_no_bound(self, name: str) -> bool:
        value = self.facts[name]
        return value is None or (value.__class__ is Span and (is_boundless(value.lo) or is_boundless(value.hi)))

    def _completed_history(self, history: list[Any], chosen: Mapping[Key, Any]) -> list[Any]:
        plain = {"offer": OTHER, "on": self.env["on"], "guide_year": self.env.get("guide_year"), "state": "void",
                 "capped": 0, "approved": 0, "recovered": 0}  # fmt: skip
        for key in self.missing:
            if isinstance(key, tuple) and key[0] == HISTORY:
                award, name = history[key[1]], key[2]
                value = chosen.get(key, plain.get(name, OTHER))
                keys = award.keys if name in plain else {**award.keys, name: value}
                history[key[1]] = replace(award, keys=keys, **({name: value} if name in plain else {}))
        return history

    def choices(self, key: Key) -> tuple[Any, ...]:
        """Values that a missing fact or cell could take, both ends of a stretch; empty when they cannot be listed."""
        if isinstance(key, tuple):
            options = self.column_cases(key[0], key[2], key) if key[0] != HISTORY else ()
        else:
            options = self.options.get(key) or ()
        ends: dict[Any, None] = {}
        for option in options or ():
            ends.update(dict.fromkeys((option.lo, option.hi) if option.__class__ is Span else (option,)))
        return tuple(ends)

    def plain(self, key: Key) -> Any:
        """A value for a missing fact that nothing else asks to be of some kind."""
        if isinstance(key, str) and key in self.tables:
            kind = self.shape.kinds[key]
            assert isinstance(kind, Rows)
            return Table({name: [] for name, _ in kind.columns}, 0)
        choices = self.choices(key)
        if not choices:
            return OTHER
        return next((one for one in choices if not (isinstance(one, int) and is_boundless(one))), 0)


def _answer(parts: list[Outcome], award: Outcome) -> Answer:
    """The groups together: the award where every gate of every group holds, and nothing where one is false."""
    reads = set[Key]().union(*(part.reads for part in parts))
    fails_by = best(part.fails_by for part in parts if part.fails)
    if not all(part.holds for part in parts):
        return Answer(0, 0, fails_by, fails_by, fails_by, set())
    low_by, high_by = award.low_by, award.high_by
    for part in parts:
        if part is not award:
            low_by, high_by = both(low_by, part.holds_by), both(high_by, part.holds_by)
    held, low = low_by, max(0, award.low)
    if any(part.fails for part in parts):
        low, low_by = 0, best((fails_by, held if low == 0 else None))
    return Answer(low, max(0, award.high), low_by, high_by, held, reads)
