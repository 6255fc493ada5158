"""Bases to nodes: a scalar expression, a sum or a count over rows, and the names in reach of a row."""

from __future__ import annotations

from jarlig.ladder import build
from jarlig.ladder.kinds import KindError, Number, Rows
from jarlig.ladder.nodes import (
    Column,
    Node,
    Sum,
)
from jarlig.policy import model
from jarlig.policy.context import Context
from jarlig.policy.expressions import compile_expression, compile_test
from jarlig.policy.messages import Place, PolicyError, nearest, problem


def total(base: model.Total, context: Context) -> Node:
    """The node of a base: a scalar expression, a sum over rows, or a count of rows."""
    if not base.over:
        if base.expression is None:
            raise PolicyError((problem("E604", base.place, ""),))
        return compile_expression(base.expression, context.scope)
    rows, inner = row_scope(base.over, base.place, context)
    where = tuple(compile_test(test.expression, inner.scope) for test in base.where)
    value = build.literal(1, 0) if base.expression is None else compile_expression(base.expression, inner.scope)
    return sum_over(base.over, where, value, rows.most, base)


def sum_over(rows: str, where: tuple[Node, ...], value: Node, most: int, at: model.Total | model.ForEach) -> Sum:
    """A sum over at most ``most`` rows; its width is the column's times the number of rows."""
    try:
        kind = build.number_kind(value)
        width = Number(kind.unit, kind.scale, min(0, kind.low) * most, max(0, kind.high) * most)
        if width.digits > 38:
            raise KindError(f"合计可能有 {width.digits} 位数字", f"the sum may need {width.digits} digits")
    except KindError as error:
        place = at.place if isinstance(at, model.Total) else at.formula.place
        raise PolicyError((problem("E501", place, rows, zh=error.zh, en=error.en),)) from error
    return Sum(rows, where, value, width)


def row_scope(rows: str, place: Place, context: Context) -> tuple[Rows, Context]:
    """The names in reach of a row: its columns beside the facts, terms and built-ins."""
    facts = {**context.programme.facts, **context.offer.facts}
    fact = facts.get(rows)
    if fact is None or not isinstance(fact.kind, Rows):
        valid = [name for name, f in facts.items() if isinstance(f.kind, Rows)]
        raise PolicyError(
            (problem("E301", place, rows, name=rows, near=nearest(rows, valid) or "", valid=", ".join(valid)),)
        )
    columns: dict[str, Node] = {
        name: Column(name, kind, name in fact.kind.optional) for name, kind in fact.kind.columns
    }
    return fact.kind, context.within(context.scope.with_columns(columns, fact.kind.optional))
