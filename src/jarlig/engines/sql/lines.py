"""The rows of all cases (明细表): typed, each with its case, repeated keys found, reversals netted into originals.

What is plain runs in the engine. A list with anything else in it (a repeated key, a reversal of a reversal, a key that
is not known beside a reversal) is read row by row by the very code that reads one case, which nets it or says what is
wrong. A list that is wrong leaves its whole case out: without one of its rows, the sum would be another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from jarlig.engines.sql.asking import ListSlot, Slot
from jarlig.engines.sql.backend import ROW
from jarlig.engines.sql.intake import RAW, Intake, Reject, Rejects, Typed
from jarlig.engines.sql.printing import sql_type
from jarlig.engines.sql.reading import Reader
from jarlig.engines.sql.sheet import Value
from jarlig.ladder.kinds import Date, Kind, Number, Rows
from jarlig.ladder.nodes import NONE
from jarlig.ladder.steps import Words
from jarlig.ladder.tables import Table
from jarlig.policy.casefile import Facts
from jarlig.policy.messages import PolicyError, nearest
from jarlig.policy.rows import FOR, table_of
from jarlig.tabular.formats import refused


@dataclass
class Lines:
    """A list of rows in the engine: its table has ``n``, the numbers of plans, ``for_`` and its columns."""

    table: str
    columns: dict[str, Value]
    plans: tuple[str, ...]
    has_for: bool
    count: int = 0


class LineIntake(Intake):
    """Reads one table of rows."""

    def lines(
        self, slot: ListSlot, needed: set[str], case_type: str, plans: tuple[str, ...], offers: set[str],
        rejects: Rejects,
    ) -> Lines:  # fmt: skip
        """Read the rows into a table of their own; marks in ``out`` the cases that are left out.

        Raises:
            PolicyError: E825 for a column that the list has not, E826 without a column ``case``.
        """
        kind, dialect = slot.rows, self.dialect
        self._check(kind)
        case = self.raw("case")
        if case_type != "BIGINT" or self.exact("case") != "integer":
            case, theirs = f"CAST({case} AS {dialect.text})", f"CAST(c.{dialect.ident('case')} AS {dialect.text})"
        else:
            theirs = f"c.{dialect.ident('case')}"
        source = f"{self.source} {RAW} JOIN cases c ON {case} = {theirs}"
        self._unclaimed(f"{self.source} {RAW}", case, theirs, rejects)
        told = {*kind.key, *((kind.reverses,) if kind.reverses else ())}
        wanted = [name for name, _ in kind.columns if name in needed | told and name in self.staged.columns]
        slots = {name: self._slot(slot, name) for name in wanted}
        has_for = FOR in self.staged.columns
        typed = dict(zip(wanted, self.typed(source, list(slots.values()), "c"), strict=True))
        claimed = self._claimed(source, offers, rejects) if has_for else ""
        table = f"lines_{self.name}"
        columns = self._kept(table, source, kind, typed, plans, claimed, needed | told)
        for one in typed.values():
            for reject in self.rejected(source, one, "c." + dialect.ident("case")):
                rejects.add(reject)
        made = Lines(table, columns, plans, has_for)
        self.backend.keep("bad_lines", f"SELECT DISTINCT n FROM {table} WHERE bad")
        self.backend.keep("out", "SELECT n FROM out UNION ALL SELECT n FROM bad_lines")
        self._settle(slot, made, source, needed, rejects)
        ((made.count,),) = self.backend.ask(f"SELECT count(*) FROM {made.table}")
        return made

    def _check(self, kind: Rows) -> None:
        columns = self.staged.columns
        if "case" not in columns:
            raise refused("E826", self.staged.source, 1, "case", name="case")
        valid = {"case", FOR, *(name for name, _ in kind.columns)}
        for name in columns:
            if name not in valid:
                raise refused("E825", self.staged.source, 1, name, name=name, near=nearest(name, valid) or "")

    def _slot(self, slot: ListSlot, name: str) -> Slot:
        kinds = []
        for plan, definition in slot.defs:
            assert isinstance(definition.kind, Rows)
            column = definition.kind.column(name)
            assert column is not None
            kinds.append((plan, column))
        found = Slot(name, name in slot.rows.optional, tuple(kinds), slot.plan)
        return found if found.varies else Slot(name, found.optional, ((0, found.kind),))

    def _unclaimed(self, rows: str, case: str, theirs: str, rejects: Rejects) -> None:
        """Rows of cases that are not in the cases table."""
        query = (
            f"SELECT {self.line}, CAST({case} AS {self.dialect.text}) FROM {rows} "
            f"LEFT JOIN cases c ON {case} = {theirs} WHERE c.n IS NULL"
        )
        why = Words("案例表中没有这个案例", "there is no such case in the cases table")
        for block in self.backend.stream(query):
            for line, whose in block:
                rejects.add(Reject(self.staged.source.name, line, whose or "", "case", whose or "", why))

    def _claimed(self, source: str, offers: set[str], rejects: Rejects) -> str:
        """SQL of the offer under which a row is claimed; a name that is no offer's is a fault of the row."""
        raw, text = self.raw(FOR), self.dialect.literal
        listed = ", ".join(text(offer) for offer in sorted(offers))
        query = (
            f"SELECT {self.line}, CAST(c.{self.dialect.ident('case')} AS {self.dialect.text}), {raw} FROM {source} "
            f"WHERE {raw} NOT IN ({listed})"
        )
        for block in self.backend.stream(query):
            for line, whose, name in block:
                near = nearest(name, offers) or ""
                zh, en = f"没有事项“{name}”", f"there is no offer “{name}”"
                if near:
                    zh, en = f"{zh}，是否指“{near}”", f"{en}, did you mean “{near}”"
                why = Words(zh, en)
                rejects.add(Reject(self.staged.source.name, line, whose, FOR, name, why))
        return f"coalesce({raw} NOT IN ({listed}), FALSE)"

    def _kept(
        self, table: str, source: str, kind: Rows, typed: Mapping[str, Typed], plans: tuple[str, ...], claimed: str,
        wanted: set[str],
    ) -> dict[str, Value]:  # fmt: skip
        """The table of typed rows; columns the file does not have are none throughout, or unknown."""
        dialect, columns = self.dialect, dict[str, Value]()
        chosen = ["c.n AS n", *(f"c.{plan} AS {plan}" for plan in plans), f"{RAW}.{ROW} AS row_"]
        bad = [one.bad for one in typed.values() if one.bad] + ([claimed] if claimed else [])
        chosen.append(f"({' OR '.join(bad)}) AS bad" if bad else "FALSE AS bad")
        if claimed:
            chosen.append(f"{self.raw(FOR)} AS for_")
        for at, (name, what) in enumerate(column for column in kind.columns if column[0] in wanted):
            column, flag = f"c{at}", f"c{at}n"
            optional = name in kind.optional
            one = typed.get(name)
            if one is None:
                reader = Reader(dialect, what, optional)
                value, none, nullable = f"CAST(NULL AS {reader.type})", "", True
                if optional:
                    value = value if reader.flagged else f"CAST('' AS {reader.type})"
                    none, nullable = ("TRUE" if reader.flagged else ""), reader.flagged
                wide = reader.type == dialect.wide
            else:
                value, none, nullable, wide = one.value, one.none, one.nullable, one.type == dialect.wide
            chosen.append(f"{value} AS {column}")
            if none:
                chosen.append(f"{none} AS {flag}")
            columns[name] = Value(column, 0, wide, flag if none else "", nullable, True)
        joins = "".join(one.join for one in typed.values())
        self.backend.keep(table, f"SELECT {', '.join(chosen)} FROM {source}{joins}")
        return columns

    # keys and reversals

    def _settle(self, slot: ListSlot, made: Lines, source: str, needed: set[str], rejects: Rejects) -> None:
        """Find the lists that need to be read row by row, net the plain reversals, and put all together."""
        kind, table = slot.rows, made.table
        reversible = False
        if kind.reverses:
            own = made.columns[kind.reverses].text
            reversible = bool(self.backend.ask(f"SELECT 1 FROM {table} WHERE {own} IS DISTINCT FROM '' LIMIT 1"))
        self._too_many(slot, table, rejects)
        suspect = list(self._suspects(kind, made, reversible))
        tells = " UNION ".join([f"SELECT n FROM ({query})" for query in suspect]) or "SELECT n FROM out WHERE FALSE"
        self.backend.keep("suspect", f"SELECT DISTINCT n FROM ({tells}) WHERE n NOT IN (SELECT n FROM out)")
        ((some,),) = self.backend.ask("SELECT count(*) FROM suspect")
        columns = {name: value for name, value in made.columns.items() if name in needed}
        final = f"{table}_net"
        select = self._netted(kind, made, columns, reversible)
        if some:
            self._by_hand(slot, made, columns, source, rejects)
            select = (
                f"SELECT * FROM ({select}) WHERE n NOT IN (SELECT n FROM suspect) "
                f"UNION ALL SELECT {', '.join(self._names(made, columns))} FROM by_hand"
            )
            made.columns = {name: _nullable(value) for name, value in columns.items()}
        else:
            made.columns = columns
        if reversible or some:
            self.backend.keep(final, select)
            self.backend.drop(table)
            made.table = final

    def _names(self, made: Lines, columns: Mapping[str, Value]) -> list[str]:
        flags = [part for value in columns.values() for part in (value.text, value.none) if part]
        return ["n", *made.plans, *(["for_"] if made.has_for else []), *flags]

    def _too_many(self, slot: ListSlot, table: str, rejects: Rejects) -> None:
        """Lists longer than their kind allows: the widths of all sums rest on it."""
        most = slot.rows.most
        query = (
            f"SELECT t.n, t.size, c.line, CAST(c.{self.dialect.ident('case')} AS {self.dialect.text}) FROM "
            f"(SELECT n, count(*) AS size FROM {table} GROUP BY n HAVING count(*) > {most}) t JOIN cases c ON c.n = t.n"
        )
        long = self.backend.ask(query)
        for _, size, line, whose in long:
            why = Words(f"{slot.source} 有 {size} 行，最多 {most} 行", f"{slot.source} has {size} rows, at most {most}")
            rejects.add(Reject("cases", line, whose, slot.source, "", why))
        if long:
            self._leave_out([row[0] for row in long])

    def _leave_out(self, cases: Iterable[int]) -> None:
        self.backend.put("wrong", [("n", "BIGINT")], [[n] for n in cases])
        self.backend.keep("out", "SELECT n FROM out UNION ALL SELECT n FROM wrong")

    def _suspects(self, kind: Rows, made: Lines, reversible: bool) -> Iterator[str]:
        """Queries for the cases whose list is not plain."""
        table = made.table
        keys = [made.columns[name].text for name in kind.key]
        if keys:
            known = " AND ".join(f"{key} IS NOT NULL" for key in keys)
            hashed = self.dialect.hashed(["n", *keys])
            yield (
                f"SELECT any_value(n) AS n FROM (SELECT n, {hashed} AS h FROM {table} WHERE {known}) "
                "GROUP BY h HAVING count(*) > 1"
            )
        if not reversible:
            return
        own = made.columns[kind.reverses].text
        vague = " OR ".join(f"{key} IS NULL" for key in (*keys, own))
        touched = f"SELECT n FROM {table} WHERE {own} IS DISTINCT FROM ''"
        yield f"SELECT n FROM {table} WHERE ({vague}) AND n IN ({touched})"
        if any(name in kind.optional and isinstance(what, Number) for name, what in kind.columns):
            yield touched
        signed = [made.columns[name].text for name in self._signed(kind) if name in made.columns]
        other = " OR ".join(
            ["p.n IS NULL", f"p.{own} <> ''"]
            + ([f"{RAW}.for_ IS DISTINCT FROM p.for_"] if made.has_for else [])
            + [f"sign({RAW}.{s}) * sign(p.{s}) > 0 OR abs({RAW}.{s}) > abs(p.{s})" for s in signed]
        )
        yield (
            f"SELECT {RAW}.n FROM {table} {RAW} LEFT JOIN {table} p ON {self._parent(kind, made)} "
            f"WHERE {RAW}.{own} <> '' AND ({other})"
        )
        if signed:
            left = " OR ".join(f"sign(max(p.{s}) + sum({RAW}.{s})) * sign(max(p.{s})) < 0" for s in signed)
            yield (
                f"SELECT any_value({RAW}.n) AS n FROM {table} {RAW} JOIN {table} p ON {self._parent(kind, made)} "
                f"WHERE {RAW}.{own} <> '' GROUP BY p.row_ HAVING {left}"
            )

    def _parent(self, kind: Rows, made: Lines) -> str:
        """The join of a reversal ``r`` to its original ``p``: the same key but for the last part, which it names."""
        own = made.columns[kind.reverses].text
        keys = [made.columns[name].text for name in kind.key]
        same = [f"p.{key} = {RAW}.{key}" for key in keys[:-1]]
        return " AND ".join([f"p.n = {RAW}.n", *same, f"p.{keys[-1]} = {RAW}.{own}"])

    def _signed(self, kind: Rows) -> list[str]:
        return [name for name, what in kind.columns if isinstance(what, Number) and what.low < 0]

    def _netted(self, kind: Rows, made: Lines, columns: Mapping[str, Value], reversible: bool) -> str:
        """The rows with what reverses them added in; rows that reverse are rows of their own no more."""
        table, names = made.table, self._names(made, columns)
        if not reversible:
            return f"SELECT {', '.join(names)} FROM {table}"
        own = made.columns[kind.reverses].text
        keys = [made.columns[name].text for name in kind.key]
        signed = {
            columns[name].text: self.dialect.wide if columns[name].wide else "BIGINT"
            for name in self._signed(kind) if name in columns
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

    def _by_hand(
        self, slot: ListSlot, made: Lines, columns: Mapping[str, Value], source: str, rejects: Rejects
    ) -> None:
        """Read the suspect lists as one case is read; the table ``by_hand`` takes what they come to."""
        kinds, out = dict(slot.rows.columns), list[int]()
        types = [("n", "BIGINT"), *((plan, "INTEGER") for plan in made.plans)]
        types += [("for_", self.dialect.text)] if made.has_for else []
        for name, value in columns.items():
            types.append((value.text, sql_type(kinds[name], self.dialect)))
            if value.none:
                types.append((value.none, "BOOLEAN"))

        def rows() -> Iterator[list[Any]]:
            at = made.plans.index(slot.plan)
            for head, lines, plain in self._lists(slot, source, made.plans):
                try:
                    yield from self._read(slot, head, head[1 + at], plain, columns, made.has_for)
                except PolicyError as error:
                    out.append(head[0])
                    told = error.problems[0]
                    where = self.staged.source.name
                    rejects.add(Reject(where, lines[0][0], lines[0][1], slot.source, "", Words(told.zh, told.en)))

        self.backend.put("by_hand", types, rows())
        if out:
            self._leave_out(out)

    def _lists(
        self, slot: ListSlot, source: str, plans: tuple[str, ...]
    ) -> Iterator[tuple[tuple[int, ...], list[tuple[int, str]], list[dict[str, Any]]]]:
        """The suspect lists as a facts file would hold them, each with its case, its plans and where its rows stand."""
        names = [name for name, _ in slot.rows.columns if name in self.staged.columns]
        texts = [
            Reader(self.dialect, kind, False, self.exact(name)).text(self.raw(name))
            for name, kind in slot.rows.columns if name in names
        ]  # fmt: skip
        if FOR in self.staged.columns:
            names, texts = [*names, FOR], [*texts, self.raw(FOR)]
        case = f"CAST(c.{self.dialect.ident('case')} AS {self.dialect.text})"
        head = ["c.n", *(f"c.{plan}" for plan in plans)]
        size = len(head)
        query = (
            f"SELECT {', '.join(head)}, {self.line}, {case}, {', '.join(texts)} FROM {source} "
            f"WHERE c.n IN (SELECT n FROM suspect) ORDER BY c.n, {RAW}.{ROW}"
        )
        flat = (row for block in self.backend.stream(query) for row in block)
        for told, group in groupby(flat, key=lambda row: row[:size]):
            rows = list(group)
            plain = [dict(zip(names, row[size + 2 :], strict=True)) for row in rows]
            yield told, [(row[size], row[size + 1]) for row in rows], plain

    def _read(
        self, slot: ListSlot, head: tuple[int, ...], plan: int, plain: list[dict[str, Any]],
        columns: Mapping[str, Value], has_for: bool,
    ) -> Iterator[list[Any]]:
        """The rows of one list, as every offer that claims some of them reads them."""
        definition = dict(slot.defs).get(plan, slot.defs[0][1])
        assert isinstance(definition.kind, Rows)
        facts = Facts({slot.source: plain}, self.staged.source.name)
        claims = list(dict.fromkeys(row.get(FOR) or "" for row in plain))
        done: set[int] = set()
        for offer in claims or [""]:
            table = table_of(facts, definition, plain, (slot.source,), offer)
            for index in range(table.size):
                line = table.line(index)
                if line in done:
                    continue
                done.add(line)
                claimed = [plain[line - 1].get(FOR)] if has_for else []
                yield [*head, *claimed, *_cells(table, index, columns, definition.kind)]


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


def _nullable(value: Value) -> Value:
    return Value(value.text, value.level, value.wide, value.none, True, True)
