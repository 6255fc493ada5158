"""Sums over rows (明细合计), those of all offers and plans in one pass: strict, as the exact engine adds up.

A condition that is false drops the row whatever else is unknown. One that is unknown, or an unknown value on a row that
counts, makes the sum unknown. A row that is claimed under another offer is no row of this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jarlig.engines.sql.climbing import Base
from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.printing import TRUE, Printer, is_wide
from jarlig.engines.sql.settling import Lines
from jarlig.engines.sql.sheet import Sheet, Value
from jarlig.ladder import nodes as n


@dataclass
class RowNames:
    """Names as the conditions of a row read them: its columns, and beside them what its case says."""

    base: Base
    lines: Mapping[str, Value]
    used: dict[str, Value]

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


@dataclass
class Total:
    """A sum that is wanted: its column, the offer whose rows it adds up, its node, and the plans that ask for it."""

    name: str
    offer: str
    node: n.Sum
    base: Base
    plans: list[int]


def totals_query(dialect: Dialect, lines: Lines, wanted: Sequence[Total], plan: str, plans: Sequence[int]) -> str:
    """One pass over the rows: ``n``, and for each sum its value and whether it is unknown (``NAMEu``).

    Args:
        dialect: the spelling.
        lines: the rows.
        wanted: the sums.
        plan: the column with the number of the plan of a row's case.
        plans: all the numbers that occur in it.
    """
    sheet = Sheet(dialect, "rows_")
    chosen, used = ["n"], dict[str, Value]()
    for total in wanted:
        names = RowNames(total.base, lines.columns, used)
        printer = Printer(sheet, names)
        tests = [printer.print(test) for test in total.node.where]
        if lines.has_for:
            mine = f"(for_ IS NULL OR for_ = {dialect.literal(total.offer)})"
            tests.append(Value(mine, nullable=False))
        if len(total.plans) < len(plans):
            tests.append(Value(f"{plan} IN ({', '.join(map(str, total.plans))})", nullable=False))
        value = sheet.put(printer.print(total.node.value))
        nullable = any(test.nullable for test in tests)
        level = max((test.level for test in tests), default=0)
        keep = Value(TRUE, plain=True)
        if tests:
            keep = sheet.put(Value(f"({' AND '.join(test.text for test in tests)})", level, nullable=nullable))
        wide = is_wide(total.node.kind)
        typed = f"CAST({value.text} AS {dialect.wide})" if wide else value.text
        summed = f"sum({typed})" if keep.text == TRUE else f"sum(CASE WHEN {keep.text} THEN {typed} END)"
        chosen.append(f"CAST({summed} AS {dialect.wide if wide else 'BIGINT'}) AS {total.name}")
        unknown = [f"{keep.text} IS NULL"] if nullable else []
        if value.nullable:
            unknown.append(f"{value.text} IS NULL" if keep.text == TRUE else f"{keep.text} AND {value.text} IS NULL")
        chosen.append(f"bool_or({' OR '.join(unknown)}) AS {total.name}u" if unknown else f"FALSE AS {total.name}u")
    sheet.base = f"SELECT * FROM {lines.table} l"
    if used:
        beside = ", ".join(f"c.{name} AS case_{name}" for name in used)
        sheet.base = f"SELECT l.*, {beside} FROM {lines.table} l JOIN cases c ON c.n = l.n"
    return sheet.query(chosen) + " GROUP BY n"
