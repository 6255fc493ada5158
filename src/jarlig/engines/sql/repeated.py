"""Keys that stand more than once (重复的单据): within a list, in two cases of a run, or paid before.

Keys are compared by a hash of 64 bits first: among hundreds of millions a false match is likely, so every hit is
confirmed on the key itself. Within a list a repeated key is an error of the list. A key that serves once ever and
stands in two cases is *told*, never decided: which of the two is right is the office's question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from jarlig.engines.sql.asking import ListSlot, Slot
from jarlig.engines.sql.intake import RAW, Intake, Reject, Typed
from jarlig.engines.sql.kept import Lines
from jarlig.ladder.kinds import Rows
from jarlig.ladder.steps import Words
from jarlig.tabular import Staged
from jarlig.tabular.formats import refused

#: Rows that are listed; beyond them they are only counted.
MOST_KEPT = 1_000_000


@dataclass(frozen=True)
class Repeat:
    """A row whose key stands in an earlier case of the run, or was paid before (``other`` is empty then)."""

    rows: str
    line: int
    case: str
    key: str
    other: str


@dataclass
class Repeats:
    """The rows whose keys stand again: how many, and the first of them.

    ``told`` are the tables of what was told of a file already, which some offers may read in another way.
    """

    kept: list[Repeat] = field(default_factory=list)
    count: int = 0
    told: dict[str, list[str]] = field(default_factory=dict)

    def add(self, repeats: list[Repeat]) -> None:
        """Count rows, and keep them while there is room."""
        self.count += len(repeats)
        self.kept += repeats[: max(0, MOST_KEPT - len(self.kept))]


class Keys:
    """The keys of one list of rows. ``within`` is the query of the cases in whose list a key stands twice."""

    def __init__(self, intake: Intake, slot: ListSlot, made: Lines, raw: dict[str, str], ever: bool) -> None:
        self.intake, self.slot, self.table, self.ever = intake, slot, made.table, ever
        self.backend, self.dialect, self.count = intake.backend, intake.dialect, made.count
        self.names = [made.columns[name].text for name in slot.rows.key]
        self.within, self._raw, self._past = "", raw, ""

    def find(self, paid: Staged | None, repeats: Repeats) -> None:
        """Look at all keys once, and at those that seem to stand again once more.

        Args:
            paid: keys that were paid before, for a list whose keys serve once ever.
            repeats: takes the rows whose keys stand in two cases, or were paid.
        """
        if not self.names:
            return
        known = " AND ".join(f"{name} IS NOT NULL" for name in self.names)
        hashed = self.dialect.hashed(self.names if self.ever else ["n", *self.names])
        asked, most = [f"SELECT {hashed} AS h FROM {self.table} WHERE {known}"], self.count
        plain = self._raw.keys() >= set(self.slot.rows.key) and self.table.startswith("(")
        if self.ever and plain:  # whose a row is does not matter yet: the file alone is read
            asked, most = [self._of_file()], self.intake.size
        if paid is not None and self.ever:
            most += self._paid(paid)
            asked.append(f"SELECT {self.dialect.hashed(self._paid_names())} AS h FROM {self._past}")
        self.backend.repeats("again", asked, most)
        if not self.backend.ask("SELECT 1 FROM again LIMIT 1"):
            return
        keys = ", ".join(f"{name} AS k{at}" for at, name in enumerate(self.names))
        listed = ", ".join(self._paid_names())
        rows = f"SELECT n, row_, {keys} FROM {self.table} WHERE {known} AND {hashed} IN (SELECT h FROM again)"
        self.backend.keep("again_rows", rows)
        self.within = f"SELECT any_value(n) AS n FROM again_rows GROUP BY n, {listed} HAVING count(*) > 1"
        if self.ever:
            self._tell(listed, paid is not None, repeats)

    def _paid_names(self) -> list[str]:
        return [f"k{at}" for at in range(len(self.names))]

    def _of_file(self) -> str:
        """The hashes of all keys of the file."""
        keys = [self._raw[name] for name in self.slot.rows.key]
        known = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        return f"SELECT {self.dialect.hashed(keys)} AS h FROM {self.intake.source} {RAW} WHERE {known}"

    def _paid(self, paid: Staged) -> int:
        """The keys that were paid before, typed, as ``_past``: read from their file, or kept; gives their number.

        Raises:
            PolicyError: E826 for a column that is missing, E818 for a key that is not known or cannot be read.
        """
        kind: Rows = self.slot.rows
        reader = Intake(self.backend, paid, f"{self.intake.name}_paid")
        for name in kind.key:
            if name not in paid.columns:
                raise refused("E826", paid.source, 1, name, name=name)
        kinds = dict(kind.columns)
        slots = [Slot(name, name in kind.optional, ((0, kinds[name]),)) for name in kind.key]
        rows = f"{reader.source} {RAW}"
        typed = reader.typed(rows, slots)
        _all_read(reader, rows, typed)
        chosen = ", ".join(f"{one.value} AS k{at}" for at, one in enumerate(typed))
        joins = "".join(one.join for one in typed)
        self._past = f"(SELECT {chosen} FROM {rows})"
        if joins:  # something in it is not plainly written
            self._past = "paid_keys"
            self.backend.keep(self._past, f"SELECT {chosen} FROM {rows}{joins}")
        return reader.size

    def _tell(self, listed: str, paid: bool, repeats: Repeats) -> None:
        """Rows whose key an earlier case has, and rows whose key was paid."""
        text, ident = self.dialect.text, self.dialect.ident
        same = " AND ".join(f"a.{name} = b.{name}" for name in self._paid_names())
        key = f"concat_ws(' ', {', '.join(f'CAST(a.{name} AS {text})' for name in self._paid_names())})"
        first = f"SELECT {listed}, min(n) AS first FROM again_rows GROUP BY {listed} HAVING count(DISTINCT n) > 1"
        case = ident("case")
        line = f"SELECT {self.intake.line.replace(RAW + '.', 'f.')} AS line_, f.__row FROM {self.intake.source} f"
        found = (
            f"SELECT f.line_, CAST(c.{case} AS {text}) AS case_, {key} AS key_, CAST(o.{case} AS {text}) AS other_ "
            "FROM again_rows a "
            f"JOIN ({first}) b ON {same} AND a.n <> b.first JOIN cases c ON c.n = a.n JOIN cases o ON o.n = b.first "
            f"AND o.{case} <> c.{case} "
            f"JOIN ({line}) f ON f.__row = a.row_"
        )
        queries = [found]
        if paid:
            hashed = self.dialect.hashed(self._paid_names())
            past = f"SELECT DISTINCT {listed} FROM {self._past} WHERE {hashed} IN (SELECT h FROM again)"
            queries.append(
                f"SELECT f.line_, CAST(c.{case} AS {text}) AS case_, {key} AS key_, '' AS other_ FROM again_rows a "
                f"JOIN ({past}) b ON {same} JOIN cases c ON c.n = a.n "
                f"JOIN ({line}) f ON f.__row = a.row_"
            )
        source, name = self.slot.source, f"told_{self.intake.name}"
        earlier = repeats.told.setdefault(source, [])
        before = "".join(f" EXCEPT SELECT * FROM {table}" for table in earlier)
        self.backend.keep(name, f"SELECT * FROM ({' UNION ALL '.join(queries)}){before}")
        earlier.append(name)
        for block in self.backend.stream(f"SELECT * FROM {name}"):
            repeats.add([Repeat(source, *row) for row in block])


def _all_read(reader: Intake, rows: str, typed: Iterable[Typed]) -> None:
    """Refuse keys with a hole in them: what is not read is not found, and would be paid once more."""
    for one in typed:
        for bad in chain(_unknown(reader, rows, one), reader.rejected(rows, one, "NULL")):
            why = {"column": bad.column, "zh": bad.why.zh, "en": bad.why.en}
            raise refused("E818", reader.staged.source, bad.line, bad.value, **why)


def _unknown(reader: Intake, rows: str, typed: Typed) -> Iterator[Reject]:
    """The first row whose key is not known."""
    name = typed.slot.source
    ((line,),) = reader.backend.ask(f"SELECT min({reader.line}) FROM {rows} WHERE {reader.raw(name)} IS NULL")
    if line is not None:
        why = Words("空格表示未知，这里须有值", "an empty cell is unknown, and a value is needed here")
        yield Reject(reader.staged.source.name, int(line), "", name, "", why)
