"""Rows for a counterexample: a list whose classes of rows add up to what a model says.

The rows of a proof are any number; here a few are looked for that come to the same. When none are found the model is
no case, and nothing is refuted by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import z3

from jarlig.engines.proof.sums import COUNT, Class, Group
from jarlig.engines.proof.terms import every, holds, negated
from jarlig.engines.proof.world import Free, World, number, samples
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Code, Kind, Rows
from jarlig.ladder.tables import Table

if TYPE_CHECKING:
    from jarlig.engines.proof.encode import Totals
    from jarlig.engines.proof.standing import Standing

#: So many different rows are tried for a class; of more rows all but one are alike.
MOST_DIFFERENT = 4
#: A counterexample with a longer list is not made.
MOST_ROWS = 2_000
#: Milliseconds to look for the rows of a class.
TIME = 2_000
Cells = dict[str, Any]


def made_table(
    standing: Standing,
    model: z3.ModelRef,
    group: Group,
    added: list[Cells],
    env: Mapping[str, Any],
    totals: Totals | None = None,
) -> Table | None:
    """The rows of a model and some further ones; None when no rows come to what the model (or ``totals``) says."""
    kind = standing.rows_kind(group.rows)
    cells: list[Cells] = []
    for at, one in enumerate(group.classes):
        found = _rows(standing, model, group, _with_totals(one, at, totals or {}), kind)
        if found is None or len(cells) + len(found) > min(MOST_ROWS, kind.most):
            return None
        cells += found
    cells += added
    rows = [{name: _cell(standing, name, column, row, kind, env) for name, column in kind.columns} for row in cells]
    for at, row in enumerate(rows):
        _number(row, kind, at, standing)
    return Table({name: [row[name] for row in rows] for name, _ in kind.columns}, len(rows))


def _with_totals(one: Class, at: int, totals: Totals) -> Class:
    """A class that comes to other totals."""
    own = {index: totals.get((at, index), total) for index, total in one.totals.items()}
    return Class(one.passes, totals.get((at, COUNT), one.count), own)


def _rows(standing: Standing, model: z3.ModelRef, group: Group, one: Class, kind: Rows) -> list[Cells] | None:
    """Rows of one class: different ones, or many of one and another that brings the rest."""
    totals = {index: number(model, total) for index, total in one.totals.items()}
    count = None if one.count is None else number(model, one.count)
    if not any(totals.values()) and not count:
        return []
    sizes = range(1, MOST_DIFFERENT + 1) if count is None else [min(count, MOST_DIFFERENT)]
    for size in sizes:
        more = 0 if count is None else count - size
        found = _solved(standing, model, group, one, (size, more), totals, kind)
        if found is not None:
            return [found[0]] * more + found
    return None


def _solved(
    standing: Standing,
    model: z3.ModelRef,
    group: Group,
    one: Class,
    sizes: tuple[int, int],
    totals: Mapping[int, int],
    kind: Rows,
) -> list[Cells] | None:
    encoder, (size, more) = standing.encoder, sizes
    world = World(standing.world)
    solver = z3.SimpleSolver()
    solver.set("timeout", TIME)
    columns: list[dict[str, Free]] = []
    sums: dict[int, Any] = dict.fromkeys(totals, 0)
    kinds = dict(kind.columns)
    for at in range(size):
        row = encoder.sums.free_columns(world, group, kinds)
        columns.append(row)
        inside = encoder.beside(world, columns={name: free.term for name, free in row.items()})
        for index, filter_ in enumerate(group.filters):
            test = holds(every([inside.node(item) for item in filter_]))
            solver.add(test if index in one.passes else negated(test))
        for index in totals:
            value = inside.measured(group.values[index]).value
            sums[index] = sums[index] + value * (1 + more if at == 0 else 1)
    solver.add(*world.given, *world.exact, *(total == totals[index] for index, total in sums.items()))
    solver.add(*(declared() == model[declared] for declared in model.decls() if declared.arity() == 0))
    if solver.check() != z3.sat:
        return None
    found = solver.model()
    return [{name: free.read(found) for name, free in row.items()} for row in columns]


def _cell(standing: Standing, name: str, column: Kind, row: Cells, kind: Rows, env: Mapping[str, Any]) -> Any:
    """A cell that rules read has its value; any other has the first that is worth writing."""
    if name in row:
        return row[name]
    if name in kind.optional:
        return n.NONE
    return next(iter(standing.search.points.candidates(name, column, env["on"])), None)


def _number(row: Cells, kind: Rows, at: int, standing: Standing) -> None:
    """Give a row a key of its own, where the key holds a code."""
    for name in reversed(kind.key):
        column = kind.column(name)
        if isinstance(column, Code) and name not in standing.encoder.sums.texts_read:
            row[name] = next(text for index, text in enumerate(samples(column.form)) if index == at)
            return
