"""Lists that are not plain (需逐行核对的明细): found by their keys, netted in the engine or read row by row.

What is plain runs in the engine. A list with anything else in it (a repeated key, a reversal of a reversal, a key that
is not known beside a reversal) is read by the very code that reads one case, which nets it or says what is wrong. A
list that is wrong leaves its whole case out: without one of its rows, the sum would be another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from jarlig.engines.sql.asking import ListSlot
from jarlig.engines.sql.backend import ROW
from jarlig.engines.sql.intake import RAW, Intake, Reject, Rejects
from jarlig.engines.sql.kept import Lines
from jarlig.engines.sql.printing import sql_type
from jarlig.engines.sql.reading import Reader
from jarlig.engines.sql.repeated import Keys
from jarlig.engines.sql.sheet import Value
from jarlig.engines.sql.spreadsheet import plainly
from jarlig.ladder.kinds import Date, Kind, Number, Rows
from jarlig.ladder.nodes import NONE
from jarlig.ladder.steps import Words
from jarlig.ladder.tables import Table
from jarlig.policy.casefile import Facts
from jarlig.policy.messages import PolicyError
from jarlig.policy.rows import FOR, table_of


class Settling:
    """Settles one list: repeated keys, reversals, lists that are too long."""

    def __init__(
        self, intake: Intake, slot: ListSlot, made: Lines, source: str, needed: set[str], keys: Keys, rejects: Rejects
    ) -> None:
        self.intake, self.slot, self.made, self.source = intake, slot, made, source
        self.kind, self.keys, self.rejects = slot.rows, keys, rejects
        self.backend, self.dialect = intake.backend, intake.dialect
        self.columns = {name: value for name, value in made.columns.items() if name in needed}

    def settle(self) -> None:
        """Find the lists that need to be read row by row, net the plain reversals, and put all together."""
        kind, made, table = self.kind, self.made, self.made.table
        self.reversible = False
        if kind.reverses:
            own = made.columns[kind.reverses].text
            again = f"SELECT 1 FROM {table} WHERE {own} IS DISTINCT FROM '' LIMIT 1"
            self.reversible = bool(self.backend.ask(again))
        if made.count > kind.most:
            self._too_many()
        tells = " UNION ".join(f"SELECT n FROM ({query})" for query in self._suspects())
        some = False
        if tells:
            self.backend.keep("suspect", f"SELECT DISTINCT n FROM ({tells}) WHERE n NOT IN (SELECT n FROM out)")
            some = bool(self.backend.ask("SELECT 1 FROM suspect LIMIT 1"))
        select = self._netted()
        made.columns = self.columns
        if some:
            self._by_hand()
            names = ", ".join(made.names(self.columns))
            select = (
                f"SELECT * FROM ({select}) WHERE n NOT IN (SELECT n FROM suspect) UNION ALL SELECT {names} FROM by_hand"
            )
            made.columns = {name: _nullable(value) for name, value in self.columns.items()}
        if self.reversible or some:
            made.table, made.view = f"{self.intake.name}_net", None
            self.backend.keep(made.table, select)
            if not table.startswith("("):
                self.backend.drop(table)

    def _too_many(self) -> None:
        """Lists longer than their kind allows: the widths of all sums rest on it."""
        most, name, file = self.kind.most, self.slot.source, self.intake.staged.source.name
        case = f"CAST(c.{self.dialect.ident('case')} AS {self.dialect.text})"
        query = (
            f"SELECT c.n, count(*), min({self.intake.line}), any_value({case}) FROM {self.source} "
            f"GROUP BY c.n HAVING count(*) > {most}"
        )
        long = self.backend.ask(query)
        for _, size, line, whose in long:
            why = Words(f"{name} 有 {size} 行，最多 {most} 行", f"{name} has {size} rows, at most {most}")
            self.rejects.add(Reject(file, line, whose, name, "", why))
        if long:
            self._leave_out([row[0] for row in long])

    def _leave_out(self, cases: Iterable[int]) -> None:
        self.backend.put("wrong", [("n", "BIGINT")], [[n] for n in cases])
        self.backend.keep("out", "SELECT n FROM out UNION ALL SELECT n FROM wrong")

    def _suspects(self) -> Iterator[str]:
        """Queries for the cases whose list is not plain."""
        kind, table, columns = self.kind, self.made.table, self.made.columns
        if self.keys.within:
            yield self.keys.within
        if not self.reversible:
            return
        keys = [columns[name].text for name in kind.key]
        own = columns[kind.reverses].text
        vague = " OR ".join(f"{key} IS NULL" for key in (*keys, own))
        touched = f"SELECT n FROM {table} WHERE {own} IS DISTINCT FROM ''"
        yield f"SELECT n FROM {table} WHERE ({vague}) AND n IN ({touched})"
        if any(name in kind.optional and isinstance(what, Number) for name, what in kind.columns):
            yield touched
        signed = [columns[name].text for name in _signed(kind) if name in columns]
        other = " OR ".join(
            ["p.n IS NULL", f"p.{own} <> ''"]
            + ([f"{RAW}.for_ IS DISTINCT FROM p.for_"] if self.made.has_for else [])
            + [f"sign({RAW}.{s}) * sign(p.{s}) > 0 OR abs({RAW}.{s}) > abs(p.{s})" for s in signed]
        )
        yield (
            f"SELECT {RAW}.n FROM {table} {RAW} LEFT JOIN {table} p ON {self._parent()} "
            f"WHERE {RAW}.{own} <> '' AND ({other})"
        )
        if signed:
            left = " OR ".join(f"sign(max(p.{s}) + sum({RAW}.{s})) * sign(max(p.{s})) < 0" for s in signed)
            yield (
                f"SELECT any_value({RAW}.n) AS n FROM {table} {RAW} JOIN {table} p ON {self._parent()} "
                f"WHERE {RAW}.{own} <> '' GROUP BY p.row_ HAVING {left}"
            )

    def _parent(self) -> str:
        """The join of a reversal ``r`` to its original ``p``: the same key but for the last part, which it names."""
        own = self.made.columns[self.kind.reverses].text
        keys = [self.made.columns[name].text for name in self.kind.key]
        same = [f"p.{key} = {RAW}.{key}" for key in keys[:-1]]
        return " AND ".join([f"p.n = {RAW}.n", *same, f"p.{keys[-1]} = {RAW}.{own}"])

    def _netted(self) -> str:
        """The rows with what reverses them added in; rows that reverse are rows of their own no more."""
        kind, made, columns, table = self.kind, self.made, self.columns, self.made.table
        names = made.names(columns)
        if not self.reversible:
            return f"SELECT {', '.join(names)} FROM {table}"
        own = made.columns[kind.reverses].text
        keys = [made.columns[name].text for name in kind.key]
        signed = {
            columns[name].text: self.dialect.wide if columns[name].wide else "BIGINT"
            for name in _signed(kind) if name in columns
        }  # fmt: skip
        sums = [f"CASE WHEN count({s}) < count(*) THEN NULL ELSE sum({s}) END AS {s}" for s in signed]
        grouped = ["n", *keys[:-1], own]
        taken = (
            f"SELECT {', '.join(grouped)}, TRUE AS some{''.join(', ' + s for s in sums)} FROM {table} "
            f"WHERE {own} <> '' GROUP BY {', '.join(grouped)}"
        )
        join = " AND ".join(
            [f"t.n = {RAW}.n", *(f"t.{key} = {RAW}.{key}" for key in keys[:-1]), f"t.{own} = {RAW}.{keys[-1]}"]
        )
        shown = [
            f"CASE WHEN t.some THEN CAST({RAW}.{name} + t.{name} AS {signed[name]}) ELSE {RAW}.{name} END AS {name}"
            if name in signed else f"{RAW}.{name}"
            for name in names
        ]  # fmt: skip
        return (
            f"SELECT {', '.join(shown)} FROM {table} {RAW} LEFT JOIN ({taken}) t ON {join} "
            f"WHERE {RAW}.{own} = ''"
        )

    # row by row

    def _by_hand(self) -> None:
        """Read the suspect lists as one case is read; the table ``by_hand`` takes what they come to."""
        slot, made, columns = self.slot, self.made, self.columns
        kinds, out = dict(slot.rows.columns), list[int]()
        types = [("n", "BIGINT"), *((plan, "INTEGER") for plan in made.plans)]
        types += [("for_", self.dialect.text)] if made.has_for else []
        for name, value in columns.items():
            types.append((value.text, sql_type(kinds[name], self.dialect)))
            if value.none:
                types.append((value.none, "BOOLEAN"))

        def rows() -> Iterator[list[Any]]:
            at = made.plans.index(slot.plan)
            for head, whose, lines, plain in self._lists():
                try:
                    yield from self._read(head, head[1 + at], plain, lines)
                except PolicyError as error:
                    out.append(head[0])
                    told = error.problems[0]
                    line, words = told.place.line or lines[0], Words(told.zh, told.en)
                    self.rejects.add(Reject(self.intake.staged.source.name, line, whose, slot.source, "", words))

        self.backend.put("by_hand", types, rows())
        if out:
            self._leave_out(out)

    def _lists(self) -> Iterator[tuple[tuple[int, ...], str, list[int], list[dict[str, Any]]]]:
        """The suspect lists as a facts file would hold them, each with its plans, its case and where its rows stand."""
        slot, intake = self.slot, self.intake
        names = [name for name, _ in slot.rows.columns if name in intake.staged.columns]
        texts = [
            Reader(self.dialect, kind, False, intake.exact(name)).text(intake.raw(name))
            for name, kind in slot.rows.columns if name in names
        ]  # fmt: skip
        if FOR in intake.staged.columns:
            names, texts = [*names, FOR], [*texts, intake.raw(FOR)]
        case = f"CAST(c.{self.dialect.ident('case')} AS {self.dialect.text})"
        kinds = dict(slot.rows.columns)
        head = ["c.n", *(f"c.{plan}" for plan in self.made.plans)]
        size = len(head)
        query = (
            f"SELECT {', '.join(head)}, {intake.line}, {case}, {', '.join(texts)} FROM {self.source} "
            f"WHERE c.n IN (SELECT n FROM suspect) ORDER BY c.n, {RAW}.{ROW}"
        )
        flat = (row for block in self.backend.stream(query) for row in block)
        for told, group in groupby(flat, key=lambda row: row[:size]):
            rows = list(group)
            plain = [
                {name: text and plainly(text, kinds[name]) if name in kinds else text
                 for name, text in zip(names, row[size + 2 :], strict=True)}
                for row in rows
            ]  # fmt: skip
            yield told, rows[0][size + 1], [row[size] for row in rows], plain

    def _read(
        self, head: tuple[int, ...], plan: int, plain: list[dict[str, Any]], lines: list[int]
    ) -> Iterator[list[Any]]:
        """The rows of one list, as every offer that claims some of them reads them."""
        slot, intake = self.slot, self.intake
        definition = dict(slot.defs).get(plan, slot.defs[0][1])
        assert isinstance(definition.kind, Rows)
        facts = Facts({slot.source: plain}, intake.staged.source.name, lines=lines)
        claims = list(dict.fromkeys(row.get(FOR) or "" for row in plain))
        done: set[int] = set()
        for offer in claims or [""]:
            table = table_of(facts, definition, plain, (slot.source,), offer)
            for index in range(table.size):
                line = table.line(index)
                if line in done:
                    continue
                done.add(line)
                claimed = [plain[line - 1].get(FOR)] if self.made.has_for else []
                yield [*head, *claimed, *_cells(table, index, self.columns, definition.kind)]


def _cells(table: Table, index: int, columns: Mapping[str, Value], kind: Rows) -> Iterator[Any]:
    kinds = dict(kind.columns)
    for name, value in columns.items():
        found = table.columns[name][index]
        is_none = found == NONE and isinstance(found, str)
        if value.none:
            yield None if is_none else _day(found, kinds[name])
            yield is_none
        else:
            yield _day(found, kinds[name])


def _day(value: Any, kind: Kind) -> Any:
    return date.fromordinal(value) if isinstance(kind, Date) and isinstance(value, int) else value


def _signed(kind: Rows) -> list[str]:
    """The columns that a reversal takes from."""
    return [name for name, what in kind.columns if isinstance(what, Number) and what.low < 0]


def _nullable(value: Value) -> Value:
    return Value(value.text, value.level, value.wide, value.none, True, True)
