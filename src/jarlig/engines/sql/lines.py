"""The rows of all cases (明细表): typed, each with its case; read from their file each time, or kept.

A list whose rows never cancel each other and hold nothing odd is not copied: every pass reads the columns it needs from
the file itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jarlig.engines.sql.asking import ListSlot, Slot
from jarlig.engines.sql.backend import ROW
from jarlig.engines.sql.intake import RAW, Intake, Reject, Rejects, Typed
from jarlig.engines.sql.kept import Lines, View
from jarlig.engines.sql.reading import Reader
from jarlig.engines.sql.repeated import Keys, Repeats
from jarlig.engines.sql.settling import Settling
from jarlig.engines.sql.sheet import Value
from jarlig.ladder.kinds import Rows
from jarlig.ladder.steps import Words
from jarlig.policy.messages import nearest
from jarlig.policy.rows import FOR
from jarlig.tabular import Staged
from jarlig.tabular.formats import refused


@dataclass(frozen=True)
class Around:
    """What a list is read beside: the cases, the offers there are, and where rows go that are not plain."""

    case_type: str
    plans: tuple[str, ...]
    offers: frozenset[str]
    rejects: Rejects
    repeats: Repeats
    paid: Staged | None = None


class LineIntake(Intake):
    """Reads one table of rows."""

    def lines(self, slot: ListSlot, needed: set[str], around: Around) -> Lines:
        """Read the rows; marks in ``out`` the cases that are left out.

        Raises:
            PolicyError: E825 for a column that the list has not, E826 without a column ``case``.
        """
        kind, dialect, rejects = slot.rows, self.dialect, around.rejects
        self._check(kind)
        case, theirs = self.raw("case"), f"c.{dialect.ident('case')}"
        if around.case_type != "BIGINT" or self.exact("case") != "integer":
            case, theirs = f"CAST({case} AS {dialect.text})", f"CAST({theirs} AS {dialect.text})"
        source = f"{self.source} {RAW} JOIN cases c ON {case} = {theirs}"
        count = self._unclaimed(f"{self.source} {RAW}", case, theirs, rejects)
        told = {*kind.key, *((kind.reverses,) if kind.reverses else ())}
        wanted = [name for name, _ in kind.columns if name in needed | told and name in self.staged.columns]
        slots = {name: self._slot(slot, name) for name in wanted}
        has_for = FOR in self.staged.columns
        typed = dict(zip(wanted, self.typed(source, list(slots.values()), "c."), strict=True))
        claimed = self._claimed(source, around.offers, rejects) if has_for else ""
        columns, select = self._select((case, theirs), kind, typed, around.plans, claimed, needed | told)
        odd = claimed or any(one.bad for one in typed.values())
        view = select if isinstance(select, View) else None
        text = select.joined(select.rows) if isinstance(select, View) else select
        table = f"({text})"
        if odd or kind.reverses in typed:
            table, view = f"lines_{self.name}", None
            self.backend.keep(table, text)
        if odd:
            for one in typed.values():
                for reject in self.rejected(source, one, "c." + dialect.ident("case")):
                    rejects.add(reject)
            self.backend.keep("bad_lines", f"SELECT DISTINCT n FROM {table} WHERE bad")
            self.backend.keep("out", "SELECT n FROM out UNION ALL SELECT n FROM bad_lines")
        made = Lines(table, columns, around.plans, has_for, count, view)
        ever = any(definition.key_once == "ever" for _, definition in slot.defs)
        keys = Keys(self, slot, made, {name: one.value for name, one in typed.items() if not one.join}, ever)
        keys.find(around.paid, around.repeats)
        Settling(self, slot, made, source, needed, keys, rejects).settle()
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
        columns = slot.defs[0][1].columns
        labels = columns[name].labels if name in columns else {}
        found = Slot(name, name in slot.rows.optional, tuple(kinds), slot.plan, labels)
        return found if found.varies else Slot(name, found.optional, ((0, found.kind),), labels=labels)

    def _unclaimed(self, rows: str, case: str, theirs: str, rejects: Rejects) -> int:
        """Tells the rows of cases that are not in the cases table; gives how many rows have a case."""
        counted = f"SELECT count(*), count(c.n) FROM {rows} LEFT JOIN cases c ON {case} = {theirs}"
        ((total, claimed),) = self.backend.ask(counted)
        if total == claimed:
            return int(claimed)
        query = (
            f"SELECT {self.line}, CAST({case} AS {self.dialect.text}) FROM {rows} "
            f"LEFT JOIN cases c ON {case} = {theirs} WHERE c.n IS NULL"
        )
        why = Words("案例表中没有这个案例", "there is no such case in the cases table")
        for block in self.backend.stream(query):
            for line, whose in block:
                rejects.add(Reject(self.staged.source.name, line, whose or "", "case", whose or "", why))
        return int(claimed)

    def _claimed(self, source: str, offers: frozenset[str], rejects: Rejects) -> str:
        """SQL of the offer under which a row is claimed; a name that is no offer's is a fault of the row."""
        raw, text = f"CAST({self.raw(FOR)} AS {self.dialect.text})", self.dialect.literal
        listed = ", ".join(text(offer) for offer in sorted(offers))
        query = (
            f"SELECT {self.line}, CAST(c.{self.dialect.ident('case')} AS {self.dialect.text}), {raw} FROM {source} "
            f"WHERE {raw} NOT IN ({listed})"
        )
        some = False
        for block in self.backend.stream(query):
            for line, whose, name in block:
                some = True
                near = nearest(name, offers) or ""
                zh, en = f"没有事项“{name}”", f"there is no offer “{name}”"
                if near:
                    zh, en = f"{zh}，是否指“{near}”", f"{en}, did you mean “{near}”"
                why = Words(zh, en)
                rejects.add(Reject(self.staged.source.name, line, whose, FOR, name, why))
        return f"coalesce({raw} NOT IN ({listed}), FALSE)" if some else ""

    def _select(
        self, case: tuple[str, str], kind: Rows, typed: Mapping[str, Typed], plans: tuple[str, ...], claimed: str,
        wanted: set[str],
    ) -> tuple[dict[str, Value], str | View]:  # fmt: skip
        """The query of typed rows; columns the file does not have are none throughout, or unknown.

        Values are made before the cases are joined, while equal texts are still one entry of a dictionary.
        """
        dialect, columns = self.dialect, dict[str, Value]()
        chosen, outer = [f"{RAW}.{ROW} AS row_"], ["row_", "bad"]
        bad = [one.bad for one in typed.values() if one.bad] + ([claimed] if claimed else [])
        chosen.append(f"({' OR '.join(bad)}) AS bad" if bad else "FALSE AS bad")
        if FOR in self.staged.columns:
            chosen.append(f"CAST({self.raw(FOR)} AS {dialect.text}) AS for_")
            outer.append("for_")
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
            outer.append(column)
            if none:
                chosen.append(f"{none} AS {flag}")
                outer.append(flag)
            columns[name] = Value(column, 0, wide, flag if none else "", nullable, True)
        joins, (mine, theirs) = "".join(one.join for one in typed.values()), case
        of_case = ["c.n AS n", *(f"c.{plan} AS {plan}" for plan in plans)]
        if joins:
            all_columns = ", ".join([*of_case, *chosen])
            return columns, f"SELECT {all_columns} FROM {self.source} {RAW} JOIN cases c ON {mine} = {theirs}{joins}"
        inner = f"SELECT {mine} AS case_, {', '.join(chosen)} FROM {self.source} {RAW}"
        listed = (*of_case, *(f"{RAW}.{name} AS {name}" for name in outer))
        return columns, View(inner, listed, f"{RAW}.case_ = {theirs}")
