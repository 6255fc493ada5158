"""Columns of a file made typed (入库): checked once in SQL, and text by text where a value is not plainly written.

A value that no rule can read puts its row among the rejects, with the sentence with which a facts file is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from jarlig.engines.sql.asking import Slot
from jarlig.engines.sql.backend import ROW, Backend
from jarlig.engines.sql.reading import Reader
from jarlig.ladder.kinds import Division, Some
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.steps import Words
from jarlig.policy.values import labelled
from jarlig.tabular import Staged
from jarlig.tabular.formats import needed, refused

#: More rows that cannot be used are not listed.
MOST_REJECTS = 1_000_000
#: The alias of the rows of a file in every query here.
RAW = "r"


@dataclass(frozen=True)
class Reject:
    """A row that cannot be used: where it stands, whose it is, and why."""

    file: str
    line: int
    case: str
    column: str
    value: str
    why: Words


@dataclass
class Rejects:
    """The rows that were put aside; more than ``most`` are no rows with a fault but a table of another kind."""

    kept: list[Reject] = field(default_factory=list)
    most: int = MOST_REJECTS

    def add(self, reject: Reject) -> None:
        """Put a row aside.

        Raises:
            PolicyError: E839 when there are too many, naming the last.
        """
        self.kept.append(reject)
        if len(self.kept) > self.most:
            told = {"most": self.most, "column": reject.column, "zh": reject.why.zh, "en": reject.why.en}
            raise refused("E839", reject.file, reject.line, reject.value, **told)


@dataclass(frozen=True)
class Typed:
    """A typed column over the rows of a file: SQL of its value, of "it is none" and of "it is bad".

    ``odd`` is the table of texts that are not plainly written, ``join`` brings it to the rows; both are empty when
    there is no such text.
    """

    slot: Slot
    value: str
    type: str
    none: str
    nullable: bool
    bad: str = ""
    join: str = ""
    odd: str = ""


class Intake:
    """Reads the columns of one file."""

    def __init__(self, backend: Backend, staged: Staged, name: str, region: str = "") -> None:
        self.backend, self.staged, self.name, self.region = backend, staged, name, region
        self.dialect = backend.dialect
        self.source = backend.source(staged.parquet)
        self._odd = 0
        self.line = f"{RAW}.{self.dialect.ident(staged.lines)}" if staged.lines else f"({RAW}.{ROW} + 1)"

    @cached_property
    def size(self) -> int:
        """How many rows the file has."""
        return int(needed("pyarrow.parquet", "many").ParquetFile(self.staged.parquet).metadata.num_rows)

    def raw(self, column: str) -> str:
        """A column of the file as it stands there; an empty text is as unknown as an empty cell."""
        name = f"{RAW}.{self.dialect.ident(column)}"
        return f"nullif({name}, '')" if column in self.staged.blank else name

    def exact(self, column: str) -> str:
        """Which exact type a column has; empty for text."""
        import pyarrow as pa

        what = self.staged.columns[column]
        for test, name in (
            (pa.types.is_integer, "integer"), (pa.types.is_decimal, "decimal"),
            (pa.types.is_date32, "date"), (pa.types.is_boolean, "bool"),
        ):  # fmt: skip
            if test(what):
                return name
        return ""

    def typed(self, rows: str, slots: Sequence[Slot], plans: str = f"{RAW}.__") -> list[Typed]:
        """The columns of some slots, after a look at every value.

        Args:
            rows: FROM text whose rows have the alias ``r``.
            slots: the columns wanted.
            plans: what stands before the column with the numbers of plans, where kinds vary by plan.
        """
        readers = [
            [(p, Reader(self.dialect, kind, s.optional, self.exact(s.source), self.region)) for p, kind in s.kinds]
            for s in slots
        ]
        fasts = [
            self._fast(by_plan, self.raw(slot.source), f"{plans}{slot.plan}")
            for slot, by_plan in zip(slots, readers, strict=True)
        ]
        counted = [
            f"count(*) FILTER (WHERE NOT ({fast})), count(*) FILTER (WHERE {self.raw(slot.source)} IS NULL)"
            for slot, fast in zip(slots, fasts, strict=True)
        ]
        (found,) = self.backend.ask(f"SELECT {', '.join(counted)} FROM {rows}") if counted else [()]
        return [
            self._column(rows, slot, by_plan, fast, bool(odd), bool(unknown), f"{plans}{slot.plan}")
            for slot, by_plan, fast, odd, unknown in zip(slots, readers, fasts, found[::2], found[1::2], strict=True)
        ]

    def _fast(self, readers: list[tuple[int, Reader]], raw: str, plan: str) -> str:
        if len(readers) == 1:
            return readers[0][1].fast(raw)
        whens = " ".join(f"WHEN {number} THEN {reader.fast(raw)}" for number, reader in readers)
        return f"CASE {plan} {whens} ELSE TRUE END"

    def _column(
        self, rows: str, slot: Slot, readers: list[tuple[int, Reader]], fast: str, odd: bool, unknown: bool, plan: str
    ) -> Typed:
        reader, raw = readers[0][1], self.raw(slot.source)
        none = reader.none(raw) if reader.flagged else ""
        plain = Typed(slot, reader.value(raw), reader.type, none, unknown or reader.flagged)
        if not odd:
            return plain
        self._odd += 1
        table = f"odd_{self.name}_{self._odd}"
        changed, bad = self._look(table, rows, slot, readers, fast, plan)
        if not changed and not bad:
            return plain
        same_plan = f" AND {table}.plan = {plan}" if slot.varies else ""
        join = f" LEFT JOIN {table} ON {table}.text = {reader.text(raw)}{same_plan}"
        if reader.is_direct():
            value = f"CASE WHEN {fast} THEN {reader.value(raw)} END"
        else:
            text = f"CASE WHEN {table}.bad THEN NULL ELSE coalesce({table}.canonical, {reader.text(raw)}) END"
            value = reader.value(raw, text)
            none = reader.none(raw, text) if reader.flagged else ""
        return Typed(slot, value, reader.type, none, True, f"coalesce({table}.bad, FALSE)", join, table)

    def _look(
        self, table: str, rows: str, slot: Slot, readers: list[tuple[int, Reader]], fast: str, plan: str
    ) -> tuple[bool, bool]:
        """Read each odd text once; whether any is written otherwise, and whether any is no value at all."""
        by_plan, raw = dict(readers), self.raw(slot.source)
        text = readers[0][1].text(raw)
        number = plan if slot.varies else str(readers[0][0])
        few = isinstance(slot.kind, Division | Some)
        query = (
            f"SELECT DISTINCT {number}, {text} FROM {rows} WHERE {raw} IS NOT NULL"
            + ("" if few and not slot.varies else f" AND NOT ({fast})")
        )
        changed = bad = False

        def read() -> Iterator[tuple[int, str, str | None, bool, str, str]]:
            nonlocal changed, bad
            for block in self.backend.stream(query):
                for at, odd in block:
                    try:
                        canonical = by_plan[at].read(odd)
                    except NumberError as error:
                        bad, said = True, labelled(error, slot.labels)
                        yield at, odd, None, True, said.zh, said.en
                        continue
                    if canonical != odd:
                        changed = True
                        yield at, odd, canonical, False, "", ""

        what = self.dialect.text
        columns = [("plan", "INTEGER"), ("text", what), ("canonical", what), ("bad", "BOOLEAN"), ("zh", what),
                   ("en", what)]  # fmt: skip
        self.backend.put(table, columns, read())
        return changed, bad

    def rejected(self, rows: str, typed: Typed, case: str) -> Iterator[Reject]:
        """The rows whose value is bad, with the reason."""
        if not typed.bad:
            return
        text = f"CAST({self.raw(typed.slot.source)} AS {self.dialect.text})"
        query = (
            f"SELECT {self.line}, CAST({case} AS {self.dialect.text}), {text}, {typed.odd}.zh, {typed.odd}.en "
            f"FROM {rows}{typed.join} WHERE {typed.bad}"
        )
        for block in self.backend.stream(query):
            for line, whose, value, zh, en in block:
                why = Words(f"“{value}”：{zh}", f"“{value}”: {en}")
                yield Reject(self.staged.source.name, line, whose or "", typed.slot.source, value, why)
