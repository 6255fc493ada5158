"""Sums over rows (明细合计), those of all offers and plans in one pass: strict, as the exact engine adds up.

A condition that is false drops the row whatever else is unknown. One that is unknown, or an unknown value on a row that
counts, makes the sum unknown. A row that is claimed under another offer is no row of this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jarlig.engines.sql.climbing import Base
from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.kept import Lines
from jarlig.engines.sql.printing import FALSE, NULL, TRUE, Printer, is_wide
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
    """A sum that is wanted: the offer whose rows it adds up, its node, and the plans that ask for it."""

    offer: str
    node: n.Sum
    base: Base
    plans: list[int]


@dataclass
class Column:
    """A column of sums. A case has one plan, so sums of one offer that no plan asks for together are one column."""

    name: str
    totals: list[Total]

    @property
    def wide(self) -> bool:
        """Whether the sums need more than 63 bits."""
        return is_wide(self.totals[0].node.kind)

    def takes(self, total: Total) -> bool:
        """Whether a sum can stand in this column too."""
        mine = {plan for one in self.totals for plan in one.plans}
        alike = total.offer == self.totals[0].offer and is_wide(total.node.kind) == self.wide
        return alike and mine.isdisjoint(total.plans)


def columns_of(totals: Iterable[Total], prefix: str) -> list[Column]:
    """The columns in which some sums stand."""
    columns: list[Column] = []
    for total in totals:
        column = next((one for one in columns if one.takes(total)), None)
        if column is None:
            columns.append(Column(f"{prefix}{len(columns)}", [total]))
        else:
            column.totals.append(total)
    return columns


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


def totals_query(dialect: Dialect, lines: Lines, wanted: Sequence[Column], plan: str, plans: Sequence[int]) -> str:
    """One pass over the rows: ``n``, and for each sum what the row adds, NULL where it leaves the sum unknown.

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
    for column in wanted:
        kept, values = [], []
        for total in column.totals:
            printer = RowPrinter(sheet, RowNames(total.base, lines.columns, used), rows, cases)
            kept.append(_all([printer.print(test) for test in total.node.where]))
            values.append(sheet.put(printer.print(total.node.value)))
        keep = _by_plan(plan, plans, column, kept, FALSE)
        if lines.has_for:
            mine = f"(for_ IS NULL OR for_ = {dialect.literal(column.totals[0].offer)})"
            keep = _all([keep, Value(mine, nullable=False)])
        value = _by_plan(plan, plans, column, values, NULL)
        added = f"CAST({value.text} AS {dialect.wide})" if column.wide else value.text
        if keep.text != TRUE:
            test = sheet.put(keep).text
            added = f"CASE WHEN {test} THEN {added} {f'WHEN NOT {test} THEN' if keep.nullable else 'ELSE'} 0 END"
        chosen.append(f"{added} AS {column.name}")
    listed = f"({rows.query(['*'])})" if rows.columns else lines.rows
    facts = {name: name if name.startswith("case_x") else f"case_{name}" for name in used}
    of_case = cases.query(["*", *(f"{name} AS {fact}" for name, fact in facts.items() if name != fact)])
    sheet.base = lines.beside(f"SELECT * FROM {listed}", rows.columns, of_case, list(facts.values()))
    return sheet.query(chosen)


def _all(tests: Sequence[Value]) -> Value:
    """All of some conditions."""
    tests = [test for test in tests if test.text != TRUE]
    if len(tests) < 2:
        return tests[0] if tests else Value(TRUE, nullable=False, plain=True)
    text = f"({' AND '.join(test.text for test in tests)})"
    return Value(text, max(test.level for test in tests), nullable=any(test.nullable for test in tests))


def _by_plan(plan: str, plans: Sequence[int], column: Column, values: Sequence[Value], other: str) -> Value:
    """What holds under the plan of a row's case; ``other`` under the plans that ask for no sum of the column."""
    asked = [number for total in column.totals for number in total.plans]
    all_ask, level = len(asked) == len(plans), max(value.level for value in values)
    if len({value.text for value in values}) == 1:
        if all_ask or other == NULL:  # a value is asked only where the row is kept
            return values[0]
        return _all([values[0], Value(f"{plan} IN ({', '.join(map(str, asked))})", nullable=False)])
    arms = [
        f"WHEN {plan} IN ({', '.join(map(str, total.plans))}) THEN {value.text}"
        for total, value in zip(column.totals, values, strict=True)
    ]
    last = f"ELSE {values[-1].text}" if all_ask else f"ELSE {other}"
    text = f"(CASE {' '.join(arms[: len(arms) - all_ask])} {last} END)"
    wide = any(value.wide for value in values)
    return Value(text, level, wide, "", any(value.nullable for value in values))


def _reads(node: n.Node, what: Any) -> bool:
    return any(isinstance(below, what) for below in n.walk(node))
