"""Sums over rows (明细合计), those of all offers and plans in one pass: strict, as the exact engine adds up.

A condition that is false drops the row whatever else is unknown. One that is unknown, or an unknown value on a row that
counts, makes the sum unknown. A row that is claimed under another offer is no row of this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jarlig.engines.sql.climbing import Base
from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.kept import Lines
from jarlig.engines.sql.printing import TRUE, Printer, is_wide
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


class RowPrinter(Printer):
    """Prints what is asked of a row.

    What says nothing of the row is made once for its case; what asks the row alone is made before its case is joined,
    where equal texts are still one entry of a dictionary.
    """

    def __init__(self, sheet: Sheet, names: RowNames, rows: Sheet, cases: Sheet) -> None:
        super().__init__(sheet, names)
        self.row, self.rows, self.cases = names, rows, cases

    def print(self, node: n.Node) -> Value:
        if isinstance(node, n.Literal | n.Fact | n.Column | n.Open | n.Judged):
            return super().print(node)
        of_row, of_case = _reads(node, n.Column), _reads(node, n.Fact | n.Judged)
        if of_row and not of_case:
            found = self.rows.put(Printer(self.rows, self.row).print(node))
            return replace(found, level=0)
        if of_row or not of_case:
            return super().print(node)
        value = Printer(self.cases, self.row.base).print(node)
        known = next((name for name, one in self.row.used.items() if one == value), "")
        if not known:
            known = f"case_x{len(self.row.used)}"
            self.row.used[known] = value
            self.cases.put(value, known)
        return Value(known, 0, value.wide, "", value.nullable, True)


def totals_query(dialect: Dialect, lines: Lines, wanted: Sequence[Total], plan: str, plans: Sequence[int]) -> str:
    """One pass over the rows: ``n``, and for each sum what the row adds and whether it leaves it unknown (``NAMEu``).

    Args:
        dialect: the spelling.
        lines: the rows.
        wanted: the sums.
        plan: the column with the number of the plan of a row's case.
        plans: all the numbers that occur in it.
    """
    cases = Sheet(dialect, "SELECT * FROM cases", "case_k")
    rows = Sheet(dialect, f"SELECT * FROM {lines.rows}", "row_k")
    sheet = Sheet(dialect, "")
    chosen, used = ["n"], dict[str, Value]()
    for total in wanted:
        printer = RowPrinter(sheet, RowNames(total.base, lines.columns, used), rows, cases)
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
        typed = f"CAST({value.text} AS {dialect.wide})" if is_wide(total.node.kind) else value.text
        added = typed if keep.text == TRUE else f"CASE WHEN {keep.text} THEN {typed} END"
        unknown = [f"{keep.text} IS NULL"] if nullable else []
        if value.nullable:
            unknown.append(f"{value.text} IS NULL" if keep.text == TRUE else f"{keep.text} AND {value.text} IS NULL")
        flag = f"coalesce({' OR '.join(unknown)}, FALSE)" if unknown else "FALSE"
        chosen += [f"coalesce({added}, 0) AS {total.name}", f"{flag} AS {total.name}u"]
    listed = f"({rows.query(['*'])})" if rows.columns else lines.rows
    sheet.base = f"SELECT * FROM {lines.beside(f'SELECT * FROM {listed}', rows.columns)} l"
    if used:
        facts = [name if name.startswith("case_x") else f"{name} AS case_{name}" for name in used]
        names = ", ".join(f"c.{name if name.startswith('case_x') else 'case_' + name}" for name in used)
        query = cases.query(["n", *facts])
        sheet.base = f"SELECT l.*, {names} FROM ({sheet.base}) l JOIN ({query}) c ON c.n = l.n"
    return sheet.query(chosen)


def _reads(node: n.Node, what: Any) -> bool:
    return any(isinstance(below, what) for below in n.walk(node))
