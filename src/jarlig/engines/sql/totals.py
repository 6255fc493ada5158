"""Sums over rows (明细合计), all those of one plan in one pass over its rows: strict, as the exact engine adds up.

A condition that is false drops the row whatever else is unknown. One that is unknown, or an unknown value on a row that
counts, makes the sum unknown. A row that is claimed under another offer is no row of this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jarlig.engines.sql.climbing import Base
from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.lines import Lines
from jarlig.engines.sql.printing import TRUE, Printer, is_wide
from jarlig.engines.sql.sheet import Sheet, Value
from jarlig.ladder import nodes as n


@dataclass
class RowNames:
    """Names as the conditions of a row read them: its columns, and beside them what its case says."""

    base: Base
    lines: Mapping[str, Value]
    used: dict[str, Value] = field(default_factory=dict)

    def fact(self, node: n.Fact) -> Value:
        value = self.base.fact(node)
        if not value.text.isidentifier():  # the same for every case, or given by no table
            return value
        self.used[value.text] = value
        if value.none:
            self.used[value.none] = value
        none = f"case_{value.none}" if value.none else ""
        return Value(f"case_{value.text}", 0, value.wide, none, value.nullable, True)

    def column(self, node: n.Column) -> Value:
        return self.lines[node.name]

    def judged(self, node: n.Judged) -> Value:
        return self.base.judged(node)

    def opened(self, node: n.Open) -> Value | None:
        return self.base.opened(node)

    def total(self, node: n.Sum) -> Value:
        raise KeyError(node.rows)

    def earlier(self, node: n.Earlier) -> Value:
        raise KeyError(node.what)


@dataclass(frozen=True)
class Total:
    """A sum that is wanted: the offer whose rows it adds up, and its node."""

    offer: str
    node: n.Sum


def totals_query(
    dialect: Dialect, lines: Lines, wanted: Mapping[Total, str], bases: Mapping[str, Base], where: str
) -> str:
    """One pass over the rows of a plan: ``n``, and for each sum its value and whether it is unknown (``NAMEu``).

    ``where`` picks the rows of the plan.
    """
    names = {offer: RowNames(base, lines.columns) for offer, base in bases.items()}
    sheet = Sheet(dialect, "SELECT * FROM rows_")
    chosen = ["n"]
    for total, name in wanted.items():
        printer = Printer(sheet, names[total.offer])
        tests = [printer.print(test) for test in total.node.where]
        mine = f"(for_ IS NULL OR for_ = {dialect.literal(total.offer)})" if lines.has_for else ""
        value = sheet.put(printer.print(total.node.value))
        level = max((test.level for test in tests), default=0)
        texts = [test.text for test in tests] + ([mine] if mine else [])
        nullable = any(test.nullable for test in tests)
        keep = sheet.put(Value(f"({' AND '.join(texts)})", level, nullable=nullable)) if texts else Value(TRUE)
        typed = f"CAST({value.text} AS {dialect.wide})" if is_wide(total.node.kind) else value.text
        summed = f"sum({typed})" if keep.text == TRUE else f"sum(CASE WHEN {keep.text} THEN {typed} END)"
        kind = dialect.wide if is_wide(total.node.kind) else "BIGINT"
        chosen.append(f"CAST({summed} AS {kind}) AS {name}")
        unknown = []
        if keep.text != TRUE and nullable:
            unknown.append(f"{keep.text} IS NULL")
        if value.nullable:
            unknown.append(f"{value.text} IS NULL" if keep.text == TRUE else f"{keep.text} AND {value.text} IS NULL")
        chosen.append(f"bool_or({' OR '.join(unknown)}) AS {name}u" if unknown else f"FALSE AS {name}u")
    used: dict[str, Value] = {}
    for found in names.values():
        used.update(found.used)
    rows = f"SELECT * FROM {lines.table} WHERE {where}"
    if used:
        beside = ", ".join(f"c.{name} AS case_{name}" for name in used)
        rows = f"SELECT l.*, {beside} FROM {lines.table} l JOIN cases c ON c.n = l.n WHERE l.{where}"
    sheet.base = f"SELECT * FROM ({rows})"
    return sheet.query(chosen) + " GROUP BY n"


