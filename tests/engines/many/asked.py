"""Nodes printed as SQL over a table of cases, and what an engine answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jarlig.engines.exact.closures import STEP, scalar
from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.printing import Printer, is_wide, sql_type
from jarlig.engines.sql.sheet import Sheet, Value
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import month_text
from jarlig.ladder.kinds import Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.numbers import parse_month
from jarlig.ladder.steps import Step

Env = dict[str, Any]


def is_flagged(kind: Kind) -> bool:
    """Whether "none" stands in a column of its own."""
    return isinstance(kind, Number | Date | Month | YesNo)


@dataclass
class Columns:
    """Every leaf of some nodes as a column of one table: facts, and sums and questions computed beforehand."""

    nodes: Sequence[n.Node]
    leaves: dict[n.Node, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for root in self.nodes:
            for node in n.walk(root):
                if isinstance(node, n.Fact | n.Sum | n.Earlier | n.Judged):
                    self.leaves.setdefault(node, f"x{len(self.leaves)}")

    def value(self, node: n.Fact | n.Sum | n.Earlier | n.Judged) -> Value:
        name = self.leaves[node]
        optional = getattr(node, "optional", False) and is_flagged(node.kind)
        return Value(name, 0, is_wide(node.kind), f"{name}n" if optional else "", True, True)

    fact = total = earlier = judged = value

    def column(self, node: n.Column) -> Value:
        raise KeyError(node.name)

    def opened(self, node: n.Open) -> Value | None:
        return None

    def put(self, backend: Backend, envs: Iterable[Env]) -> None:
        """The table ``cases`` with a row for each environment."""
        columns = [("n", "BIGINT")]
        for node, name in self.leaves.items():
            columns.append((name, sql_type(node.kind, backend.dialect)))
            if self.value(node).none:
                columns.append((f"{name}n", "BOOLEAN"))
        read = {node: scalar(node) for node in self.leaves}
        backend.put("cases", columns, ([at, *self._cells(env, read)] for at, env in enumerate(envs)))

    def _cells(self, env: Env, read: Mapping[n.Node, Any]) -> Iterable[Any]:
        for node in self.leaves:
            found = read[node](env)
            is_none = isinstance(found, str) and found == n.NONE
            if self.value(node).none:
                yield None if is_none else stored(found, node.kind)
                yield is_none
            else:
                yield "" if is_none else stored(found, node.kind)


def stored(value: Any, kind: Kind) -> Any:
    """A value as it goes into a column."""
    if value is None:
        return None
    if isinstance(kind, Date):
        return date.fromordinal(value)
    if isinstance(kind, Month):
        return month_text(value)
    return ";" + "".join(f"{item};" for item in sorted(value)) if isinstance(kind, Some) else value


def answered(backend: Backend, steps: Sequence[Step], envs: Sequence[Env]) -> list[list[Any]]:
    """The values of all steps for each environment, as the SQL engine computes them."""
    names = Columns([step.node for step in steps])
    names.put(backend, envs)
    sheet = Sheet(backend.dialect, "SELECT * FROM cases")
    printer = Printer(sheet, names)
    wanted, at = ["n"], []
    for step in steps:
        value = printer.steps[step.name] = sheet.put(printer.print(step.node), "=" + step.name)
        at.append(len(wanted))
        wanted += [value.text, value.none or "FALSE"]
    rows = sorted(backend.ask(sheet.query(wanted)), key=lambda row: row[0])
    places = list(zip(at, steps, strict=True))
    return [[told(row[place], row[place + 1], step.node.kind) for place, step in places] for row in rows]


def told(value: Any, is_none: bool | None, kind: Kind) -> Any:
    """A value from a column as the exact engine has it."""
    if is_none:
        return n.NONE
    if value is None:
        return None
    if isinstance(kind, Date):
        return value.toordinal()
    if isinstance(kind, Month):
        return parse_month(value)
    if isinstance(kind, Number):
        return int(value)
    return n.NONE if value == "" and not isinstance(kind, Some | Division) else value


def exactly(steps: Sequence[Step], envs: Sequence[Env]) -> list[list[Any]]:
    """The values of all steps for each environment, as the exact engine computes them."""
    closures = [(STEP + step.name, scalar(step.node)) for step in steps]
    rows = []
    for env in envs:
        mine, row = dict(env), []
        for name, closure in closures:
            mine[name] = closure(mine)
            row.append(mine[name])
        rows.append(row)
    return rows
