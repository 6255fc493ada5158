"""Nodes of a ladder printed as SQL: the same meaning as ``engines.exact.meaning``, one function a kind of node.

NULL is unknown, and SQL's three-valued logic is that of the language. What SQL would do otherwise is spelt out: caps
are comparisons, for LEAST passes over NULL; a tie rounds away from zero; "none" is a known value and stands beside the
column it is of, for NULL already says something else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from jarlig.engines.sql.dialect import MOST_BIGINT, Dialect
from jarlig.engines.sql.sheet import Sheet, Value
from jarlig.ladder import build, nodes as n
from jarlig.ladder.dates import day_text, month_text
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, YesNo

TRUE, FALSE, NULL = "TRUE", "FALSE", "NULL"


class Names(Protocol):
    """What the names of a ladder are in the tables at hand."""

    def fact(self, node: n.Fact) -> Value:
        """A fact of the case, or a built-in."""

    def column(self, node: n.Column) -> Value:
        """A column of the row at hand."""

    def judged(self, node: n.Judged) -> Value:
        """What a person decided."""

    def opened(self, node: n.Open) -> Value | None:
        """A value to put for an open term; None leaves it unknown."""

    def total(self, node: n.Sum) -> Value:
        """A sum over rows that was computed before."""

    def earlier(self, node: n.Earlier) -> Value:
        """What the history says, computed before."""


def is_wide(kind: Kind) -> bool:
    """Whether a number needs more than 63 bits."""
    return isinstance(kind, Number) and max(-kind.low, kind.high) > MOST_BIGINT


class Printer:
    """Prints nodes into the columns of a sheet."""

    def __init__(self, sheet: Sheet, names: Names) -> None:
        self.sheet, self.names, self.dialect = sheet, names, sheet.dialect
        self.steps: dict[str, Value] = {}
        #: The nodes of the steps whose meaning may be looked through; a step is a column all the same.
        self.meant: dict[str, n.Node] = {}

    def print(self, node: n.Node) -> Value:
        """The value of a node."""
        return _PRINTERS[type(node)](self, node)

    def column(self, node: n.Node) -> Value:
        """The value of a node, cheap to say more than once."""
        return self.sheet.put(self.print(node))

    # leaves

    def literal(self, node: n.Literal) -> Value:
        return Value(written(node.value, node.kind, self.dialect), 0, is_wide(node.kind), "", False, True)

    def open(self, node: n.Open) -> Value:
        found = self.names.opened(node)
        return found if found is not None else Value(self.unknown(node.kind), plain=True)

    def unknown(self, kind: Kind) -> str:
        """NULL of the type of a kind."""
        return f"CAST(NULL AS {sql_type(kind, self.dialect)})"

    def step(self, node: n.StepRef) -> Value:
        return self.steps[node.name]

    # conditions

    def compare(self, node: n.Compare) -> Value:
        left, right = self.column(node.left), self.column(node.right)
        op = "<>" if node.op == "!=" else node.op
        text = f"({left.text} {op} {right.text})"
        if node.op in ("=", "!=") and (left.none or right.none):
            a, b = left.none or FALSE, right.none or FALSE
            same = f"({a} AND {b})" if node.op == "=" else f"NOT ({a} AND {b})"
            known = " AND ".join(f"({side.text} IS NOT NULL OR {flag})" for side, flag in ((left, a), (right, b)))
            text = f"(CASE WHEN {a} OR {b} THEN CASE WHEN {known} THEN {same} END ELSE {text} END)"
        return self._of(text, left, right)

    def all(self, node: n.All | n.AnyOf) -> Value:
        items = [self.print(item) for item in node.items]
        word = " AND " if isinstance(node, n.All) else " OR "
        return self._of("(" + word.join(item.text for item in items) + ")", *items)

    def negated(self, node: n.Not) -> Value:
        item = self.print(node.item)
        return self._of(f"(NOT {item.text})", item)

    def is_none(self, node: n.IsNone) -> Value:
        item = self.column(node.item)
        if isinstance(node.item.kind, Number | Date | Month | YesNo):
            text = f"(CASE WHEN {item.none} THEN TRUE WHEN {item.text} IS NULL THEN NULL ELSE FALSE END)"
            if not item.none:
                text = f"(CASE WHEN {item.text} IS NOT NULL THEN FALSE END)"
        else:
            text = f"({item.text} = '')"
        return self._of(text, item)

    def within(self, node: n.Within) -> Value:
        item = self.column(node.item)
        if isinstance(node.options, n.Literal):
            assert isinstance(node.options.value, frozenset)
            listed = ", ".join(self.dialect.literal(value) for value in sorted(node.options.value))
            text = f"({item.text} IN ({listed}))" if listed else f"(CASE WHEN {item.text} IS NOT NULL THEN FALSE END)"
            return self._of(text, item)
        options = self.print(node.options)
        return self._of(f"contains({options.text}, ';' || {item.text} || ';')", item, options)

    # numbers

    def add(self, node: n.Add) -> Value:
        return self._arithmetic(node, "+")

    def subtract(self, node: n.Subtract) -> Value:
        return self._arithmetic(node, "-")

    def multiply(self, node: n.Multiply) -> Value:
        return self._arithmetic(node, "*")

    def _arithmetic(self, node: n.Add | n.Subtract | n.Multiply, op: str) -> Value:
        left, right = self.print(node.left), self.print(node.right)
        wide = is_wide(node.kind)
        return self._of(f"({self._as(left, wide)} {op} {self._as(right, wide)})", left, right, wide=wide)

    def rescale(self, node: n.Rescale) -> Value:
        item, wide = self.print(node.item), is_wide(node.kind)
        return self._of(f"({self._as(item, wide)} * {self._number(10**node.by)})", item, wide=wide)

    def rounded(self, node: n.Rounded) -> Value:
        kind = node.item.kind
        assert isinstance(kind, Number)
        capped = self._capped(node, kind.scale - node.kind.scale)
        if capped is not None:
            return self.print(capped)
        item, unit = self.column(node.item), 10 ** (kind.scale - node.kind.scale)
        text, wide = half_up(item, kind, unit, self.dialect), is_wide(node.kind)
        return self._of(text if item.wide == wide else f"CAST({text} AS {self._type(wide)})", item, wide=wide)

    def _capped(self, node: n.Rounded, dropped: int) -> n.Least | None:
        """Rounding the lower of a sum and a cap in whole units is the lower of the rounded sum and the cap.

        Rounding keeps the order of numbers; so the sum is divided once, for itself and for what is left of it.
        """
        item = node.item
        if isinstance(item, n.StepRef):
            item = self.meant.get(item.name, item)
        if not isinstance(item, n.Least):
            return None
        scale = node.kind.scale
        for sum_, cap in ((item.left, item.right), (item.right, item.left)):
            if isinstance(cap, n.Rescale) and cap.by >= dropped:
                lower = build.least(build.rounded(sum_, scale), build.at_scale(cap.item, scale))
                return replace(lower, kind=node.kind)
        return None

    def least(self, node: n.Least | n.Greatest) -> Value:
        left, right = self.column(node.left), self.column(node.right)
        wide = is_wide(node.kind)
        a, b = self._as(left, wide), self._as(right, wide)
        sign = "<" if isinstance(node, n.Least) else ">"
        if not right.nullable:  # an unknown left side falls through to itself
            text = f"(CASE WHEN {right.text} {sign} {left.text} THEN {b} ELSE {a} END)"
        elif not left.nullable:
            text = f"(CASE WHEN {left.text} {sign} {right.text} THEN {a} ELSE {b} END)"
        else:
            other = f"{right.text} {sign} {left.text}"  # not so: the left side, unless the right one is unknown
            text = f"(CASE WHEN {other} THEN {b} WHEN {right.text} IS NOT NULL THEN {a} END)"
        return self._of(text, left, right, wide=wide)

    # choices and bands

    def case(self, node: n.Case) -> Value:
        tests = [self.column(test) for test, _ in node.branches]
        values = [self.print(value) for _, value in node.branches]
        last = self.print(node.otherwise)
        arms: list[tuple[str, int]] = []
        for at, test in enumerate(tests):
            if test.nullable:
                arms.append((f"{test.text} IS NULL", -1))
            arms.append((test.text, at))
        return self._branches(node.kind, arms, [*values, last], tests)

    def choose(self, node: n.Choose) -> Value:
        by = self.column(node.by)
        values = [self.print(value) for _, value in node.table]
        arms = [(f"{by.text} = {self.dialect.literal(key)}", at) for at, (key, _) in enumerate(node.table)]
        kind = node.by.kind
        if isinstance(kind, Choice) and set(kind.values) == {key for key, _ in node.table} and not _optional(node.by):
            arms[-1] = (f"{by.text} IS NOT NULL", len(arms) - 1)  # nothing else is left
        return replace(self._branches(node.kind, [*arms], [*values, Value(self.unknown(node.kind))], [by]))

    def banded(self, node: n.Banded) -> Value:
        of = self.column(node.of)
        values = [self.print(value) for value in node.values]
        arms = [(f"{of.text} IS NULL", -1)] if of.nullable else []
        for at, (edge, closed) in enumerate(node.edges):
            arms.append((f"{of.text} {'<=' if closed else '<'} {written(edge, node.of.kind, self.dialect)}", at))
        return self._branches(node.kind, arms, values, [of])

    def grown(self, node: n.Grown) -> Value:
        now, since = self.column(node.now), self.column(node.since)
        values = [self.print(value) for value in (*node.values, node.from_zero)]
        assert isinstance(node.now.kind, Number)
        assert isinstance(node.since.kind, Number)
        one = 10**node.edge_scale
        most = max(abs(node.now.kind.low), node.now.kind.high, abs(node.since.kind.low), node.since.kind.high)
        wide = 2 * most * max(one, *(abs(edge) for edge, _ in node.edges), 1) > MOST_BIGINT
        a, b = self._as(now, wide), self._as(since, wide)
        excess = self.sheet.put(self._of(f"(({a} - {b}) * {self._number(one)})", now, since, wide=wide))
        still = next((at for at, (edge, closed) in enumerate(node.edges) if edge > 0 or (closed and edge == 0)), -2)
        last = len(node.edges)
        arms = [
            (f"{now.text} IS NULL OR {since.text} IS NULL", -1),
            (f"{since.text} <= 0 AND {now.text} > 0", last + 1),
            (f"{since.text} <= 0", last if still == -2 else still),
        ]
        for at, (edge, closed) in enumerate(node.edges):
            bound = f"({self._number(edge)} * {b})"
            arms.append((f"{excess.text} {'<=' if closed else '<'} {bound}", at))
        arms.append((TRUE, last))
        ordered = [*values, Value(self.unknown(node.kind))]
        return self._branches(node.kind, arms, ordered, [now, since, excess])

    def marginal(self, node: n.Marginal) -> Value:
        of = self.column(node.of)
        rates = [self.print(rate) for rate in node.rates]
        wide = is_wide(node.kind)
        low, parts = 0, []
        for at, rate in enumerate(rates):
            top = of.text
            if at < len(node.edges):
                edge = self._number(node.edges[at])
                top = f"CASE WHEN {of.text} > {edge} THEN {edge} ELSE {of.text} END"
            size = f"({top} - {self._number(low)})"
            factor = f"CAST({size} AS {self.dialect.wide})" if wide else size
            parts.append(f"CASE WHEN {of.text} > {self._number(low)} THEN {factor} * {rate.text} ELSE 0 END")
            low = max(low, node.edges[at]) if at < len(node.edges) else low
        text = f"(CASE WHEN {of.text} IS NOT NULL THEN {' + '.join(parts)} END)"
        return self._of(f"CAST({text} AS {self._type(wide)})", of, *rates, wide=wide)

    def every(self, node: n.Steps) -> Value:
        of, step = self.column(node.of), self.column(node.step)
        value = of.text if node.how != "started" else f"({of.text} + {step.text} - 1)"
        count = self.dialect.quotient(value, step.text, is_wide(node.kind))
        text = (
            f"(CASE WHEN {of.text} IS NULL OR {step.text} IS NULL THEN NULL WHEN {of.text} <= 0 THEN 0 "
            f"WHEN {step.text} <= 0 THEN {self._number(node.no_step)} ELSE {count} END)"
        )
        wide = is_wide(node.kind)
        return self._of(f"CAST({text} AS {self._type(wide)})", of, step, wide=wide)

    # parts

    def part(self, node: n.Part) -> Value:
        item = self.column(node.item)
        kind, x = node.item.kind, item.text
        if isinstance(kind, Division):
            text = division_part(x, node.part)
        elif isinstance(kind, Date):
            year = f"CAST(year({x}) AS BIGINT)"
            text = year if node.part == "year" else f"substr(CAST({x} AS {self.dialect.text}), 1, 7)"
        else:
            text = f"substr({x}, 1, 2)"
        if isinstance(kind, Division | Code) and _optional(node.item):
            text = f"CASE WHEN {x} <> '' THEN {text} END"
        always = not item.nullable and isinstance(kind, Date)
        return replace(self._of(f"({text})", item), nullable=not always)

    def years(self, node: n.YearsSince) -> Value:
        start, end = self.column(node.start), self.column(node.end)
        s, e = start.text, end.text
        day = "(month({0}) * 100 + day({0}))"
        leap = f"{day.format(s)} = 229 AND {day.format(e)} = 228 AND month({self.dialect.day_after(e)}) = 3"
        less = f"CASE WHEN {day.format(e)} < {day.format(s)} AND NOT ({leap}) THEN 1 ELSE 0 END"
        count = self.sheet.put(self._of(f"CAST(year({e}) - year({s}) - {less} AS BIGINT)", start, end))
        return self._of(f"(CASE WHEN {count.text} < 0 THEN 0 ELSE {count.text} END)", count)

    # helpers

    def _of(self, text: str, *parts: Value, wide: bool = False) -> Value:
        level = max((part.level for part in parts), default=0)
        return Value(text, level, wide, "", any(part.nullable for part in parts))

    def _branches(
        self, kind: Kind, arms: list[tuple[str, int]], values: list[Value], asked: list[Value]
    ) -> Value:
        """A CASE over values by their place; -1 is unknown, the last value is for all else."""
        wide = is_wide(kind)
        texts = [self._as(value, wide) for value in values]
        whens = " ".join(f"WHEN {test} THEN {NULL if at < 0 else texts[at]}" for test, at in arms)
        text = f"(CASE {whens} ELSE {texts[-1]} END)"
        none = ""
        if any(value.none for value in values):
            flags = [value.none or FALSE for value in values]
            whens = " ".join(f"WHEN {test} THEN {FALSE if at < 0 else flags[at]}" for test, at in arms)
            none = f"(CASE {whens} ELSE {flags[-1]} END)"
        return replace(self._of(text, *values, *asked, wide=wide), none=none)

    def _as(self, value: Value, wide: bool) -> str:
        return f"CAST({value.text} AS {self.dialect.wide})" if wide and not value.wide else value.text

    def _type(self, wide: bool) -> str:
        return self.dialect.wide if wide else "BIGINT"

    def _number(self, value: int) -> str:
        return number(value, self.dialect)


def _optional(node: n.Node) -> bool:
    return any(isinstance(below, n.Fact | n.Column) and below.optional for below in n.walk(node))


def half_up(item: Value, kind: Number, unit: int, dialect: Dialect) -> str:
    """A number in whole units of a power of ten, a tie going away from zero; plainly where it is never negative."""
    if kind.low >= 0 and kind.high + unit <= MOST_BIGINT and not item.wide:
        return dialect.quotient(f"({item.text} + {unit // 2})", str(unit))
    return dialect.half_up(item.text, unit, item.wide)


def number(value: int, dialect: Dialect) -> str:
    """A whole number as written in SQL, of the type that its size asks for."""
    if abs(value) <= MOST_BIGINT:
        return f"CAST({value} AS BIGINT)"
    return f"CAST({dialect.literal(str(value))} AS {dialect.wide})"


def written(value: Any, kind: Kind, dialect: Dialect) -> str:
    """A value of a kind as written in SQL."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, frozenset):
        return dialect.literal(";" + "".join(f"{item};" for item in sorted(value)))
    if isinstance(value, str):
        return dialect.literal(value)
    if isinstance(kind, Date):
        return f"DATE '{day_text(value)}'" if 0 < value <= date.max.toordinal() else NULL
    return dialect.literal(month_text(value)) if isinstance(kind, Month) else number(int(value), dialect)


def sql_type(kind: Kind, dialect: Dialect) -> str:
    """The type of a column that holds values of a kind."""
    if isinstance(kind, Number):
        return dialect.wide if is_wide(kind) else "BIGINT"
    if isinstance(kind, YesNo):
        return "BOOLEAN"
    if isinstance(kind, Date):
        return "DATE"
    return dialect.text


def division_part(x: str, part: str) -> str:
    """The division of a code at a coarser level; NULL when the code itself is coarser than that."""
    if part == "region":
        return f"substr({x}, 1, 2) || '0000'"
    if part == "league":
        return f"CASE WHEN length({x}) = 6 AND right({x}, 4) = '0000' THEN NULL ELSE substr({x}, 1, 4) || '00' END"
    if part == "county":
        return f"CASE WHEN length({x}) = 6 AND right({x}, 2) = '00' THEN NULL ELSE substr({x}, 1, 6) END"
    digits = {"township": 9, "village": 12}[part]
    return f"CASE WHEN length({x}) >= {digits} THEN substr({x}, 1, {digits}) END"


_PRINTERS: dict[type, Callable[[Printer, Any], Value]] = {
    n.Literal: Printer.literal,
    n.Fact: lambda printer, node: printer.names.fact(node),
    n.Column: lambda printer, node: printer.names.column(node),
    n.StepRef: Printer.step,
    n.Open: Printer.open,
    n.Judged: lambda printer, node: printer.names.judged(node),
    n.Compare: Printer.compare,
    n.All: Printer.all,
    n.AnyOf: Printer.all,
    n.Not: Printer.negated,
    n.IsNone: Printer.is_none,
    n.Within: Printer.within,
    n.Add: Printer.add,
    n.Subtract: Printer.subtract,
    n.Multiply: Printer.multiply,
    n.Rescale: Printer.rescale,
    n.Rounded: Printer.rounded,
    n.Least: Printer.least,
    n.Greatest: Printer.least,
    n.Case: Printer.case,
    n.Choose: Printer.choose,
    n.Banded: Printer.banded,
    n.Marginal: Printer.marginal,
    n.Grown: Printer.grown,
    n.Steps: Printer.every,
    n.Part: Printer.part,
    n.YearsSince: Printer.years,
    n.Sum: lambda printer, node: printer.names.total(node),
    n.Earlier: lambda printer, node: printer.names.earlier(node),
}
