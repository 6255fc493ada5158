"""Sums over rows (明细合计), those of all offers and plans in one pass: strict, as the exact engine adds up.

A condition that is false drops the row whatever else is unknown. One that is unknown, or an unknown value on a row that
counts, makes the sum unknown. A row that is claimed under another offer is no row of this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """Prints the conditions of a row; what says nothing of the row is computed once for its case."""

    def __init__(self, sheet: Sheet, names: RowNames, cases: Sheet) -> None:
        super().__init__(sheet, names)
        self.row, self.cases = names, cases

    def print(self, node: n.Node) -> Value:
        if isinstance(node, n.Literal | n.Fact | n.Column | n.Open | n.Judged) or _of_rows(node):
            return super().print(node)
        if not _of_cases(node):
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
    sheet = Sheet(dialect, "rows_")
    chosen, used, some = ["n"], dict[str, Value](), []
    for total in wanted:
        names = RowNames(total.base, lines.columns, used)
        printer = RowPrinter(sheet, names, cases)
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
        sheet.put(Value(f"coalesce({added}, 0)", max(keep.level, value.level)), total.name)
        unknown = [f"{keep.text} IS NULL"] if nullable else []
        if value.nullable:
            unknown.append(f"{value.text} IS NULL" if keep.text == TRUE else f"{keep.text} AND {value.text} IS NULL")
        flag = f"coalesce({' OR '.join(unknown)}, FALSE)" if unknown else "FALSE"
        sheet.put(Value(flag, max(keep.level, value.level)), f"{total.name}u")
        chosen += [total.name, f"{total.name}u"]
        some += [f"{total.name} <> 0", *([f"{total.name}u"] if unknown else [])]
    sheet.base = f"SELECT * FROM {lines.table} l"
    if used:
        facts = [name if name.startswith("case_x") else f"{name} AS case_{name}" for name in used]
        beside = ", ".join(f"c.{name if name.startswith('case_x') else 'case_' + name}" for name in used)
        sheet.base = f"SELECT l.*, {beside} FROM {lines.table} l JOIN ({cases.query(['n', *facts])}) c ON c.n = l.n"
    return sheet.query(chosen, " OR ".join(some))


def _of_rows(node: n.Node) -> bool:
    return any(isinstance(below, n.Column) for below in n.walk(node))


def _of_cases(node: n.Node) -> bool:
    return any(isinstance(below, n.Fact) for below in n.walk(node))
