"""Believable made-up populations (示意数据): the tables of many cases for a programme's year, by a seed.

Enterprises with what the year's offers ask, cost lines with reversals, earlier awards, parcels, and defects that are
told in a manifest. Everything follows the programme's own facts, kinds, conditions and guide; what is particular to a
region's economy is a profile (data). The same seed gives the same bytes with the same versions. Memory is bounded by
a batch, whatever the size.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from jarlig.library import Programme
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.tabular import TableWriter
from jarlig.tabular.formats import refused
from jarlig.tabular.writing import MOST_SHEET_ROWS
from jarlig.whatif import synth_arrays as arrays
from jarlig.whatif.synth_fit import Listed, Rules, rules_of
from jarlig.whatif.synth_lines import EXPECTED, Lines, line_defects
from jarlig.whatif.synth_papers import MADE_UP, Made
from jarlig.whatif.synth_parcels import BATCH as PARCELS_BATCH, Parcels
from jarlig.whatif.synth_past import Past
from jarlig.whatif.synth_people import Batch, Maker
from jarlig.whatif.synth_profile import profile_for

FORMATS = ("parquet", "csv", "xlsx")
MOST_ENTERPRISES, MOST_PARCELS, MOST_SEED = 10**7, 10**9, 2**63 - 1
#: Enterprises of a batch.
BATCH = 50_000

Tick = Callable[[str], None]


def synthesise(
    programme: Programme,
    out: Path,
    *,
    enterprises: int,
    seed: int,
    parcels: int = 0,
    year: int | None = None,
    format: str = "parquet",
    profile: str | None = None,
    everyone: bool = False,
    clean: bool = False,
    tick: Tick = lambda what: None,
) -> Made:
    """Makes a population and writes it into a folder, all of it or nothing.

    Args:
        programme: whose facts, guides and limits shape the tables.
        out: a folder that is not there yet, or empty.
        enterprises: how many cases, 1 to ten million.
        seed: the same seed gives the same population.
        parcels: rows of the list of parcels, up to a thousand million.
        year: of the guide; the latest without it.
        format: ``parquet``, ``csv`` or ``xlsx``.
        profile: name or file of a profile; the one of the programme's region without it.
        everyone: every enterprise applies under every offer, instead of the dozens of a believable year.
        clean: without defects and reversals.
        tick: called after each batch, with the table it was for.

    Raises:
        PolicyError: E812, E824 or E860 to E865.
        OSError: the folder cannot be written.
    """
    _within("--enterprises", enterprises, 1, MOST_ENTERPRISES)
    _within("--parcels", parcels, 0, MOST_PARCELS)
    _within("--seed", seed, 0, MOST_SEED)
    if format == "xlsx" and max(enterprises, parcels) >= MOST_SHEET_ROWS:
        raise refused("E824", out, most=MOST_SHEET_ROWS - 1)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise PolicyError((problem("E860", Place(str(out), 0, 0), str(out), name=out.name),))
    spread = profile_for(programme.model.region, profile)
    rules = rules_of(programme.desk, year)
    if parcels and rules.parcels is None:
        raise PolicyError((problem("E864", Place(programme.name, 0, 0), programme.name),))
    text = format != "parquet"
    found = () if clean else line_defects(rules.lists, text)
    maker = Maker(rules, spread, seed, enterprises, everyone, clean, text, found, parcels)
    made = Made(programme.name, rules.guide.year or 0, seed, spread.name, enterprises, everyone)
    target = out.resolve()
    draft = target.parent / f".{target.name[:40]}.{secrets.token_hex(8)}"
    try:
        draft.mkdir(0o700)  # in here: a signal may come the moment it is made
        _Tables(maker, made, draft, format).write(tick)
        made.write(draft)
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o777 & ~mask)
        if target.is_dir():
            target.rmdir()
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return made


def steps_of(enterprises: int, parcels: int) -> int:
    """How many batches a population takes."""
    return max(0, -(-enterprises // BATCH)) + max(0, -(-parcels // PARCELS_BATCH))


def _within(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        text = str(value)[:40]
        raise PolicyError((problem("E861", Place(what, 0, 0), text, what=what, least=f"{least:,}", most=f"{most:,}"),))


class _Tables:
    """Writes the tables of a population, each as its first batch shapes it."""

    def __init__(self, maker: Maker, made: Made, folder: Path, format: str) -> None:
        self.maker, self.made, self.folder, self.format = maker, made, folder, format
        self.writers: dict[str, TableWriter] = {}

    def write(self, tick: Tick) -> None:
        """Every batch of every table."""
        past, carriers = Past(self.maker), _Carriers(self.maker.rules, self._carriers())
        with ExitStack() as stack:
            self.stack = stack
            for number, first, size in self.maker.batches(BATCH):
                batch = Batch(self.maker, number, first, size)
                lines = Lines(batch)
                for at, listed in enumerate(self.maker.rules.lists):
                    self._add(listed.column, lines.table(at))
                self._add("cases", batch.table())
                self._add("history", past.table(batch))
                self._told(batch, lines)
                carriers.take(batch)
                tick("cases")
            if self.maker.parcels and self.maker.rules.parcels:
                rows = Parcels(self.maker, self.maker.rules.parcels, carriers.found())
                for table in rows.tables():
                    self._add(self.maker.rules.parcels.column, table)
                    tick("parcels")
        self.made.tables = {writer.path.name: writer.rows for name, writer in sorted(self.writers.items(), key=_order)}

    def _carriers(self) -> int:
        """How many carry the parcels: as many as the profile says, and enough for what one may claim."""
        listed, parcels = self.maker.rules.parcels, self.maker.parcels
        if listed is None or not parcels:
            return 0
        to = {self.maker.rules.programme.offers[offer].to for offer in listed.offers}
        usual = max(int(self.maker.profile.applicants.get(one, 40)) for one in to)
        return max(usual, -(-2 * parcels // listed.kind.most))

    def _add(self, name: str, table: Any) -> None:
        if self.format != "parquet":
            columns = zip(table.column_names, table.columns, strict=True)
            table = pa.table({column: _plain(values) for column, values in columns})
        if name not in self.writers:
            about = {"synthetic": "true", "says": MADE_UP.en, "seed": str(self.maker.seed)}
            path = self.folder / f"{name}.{self.format}"
            self.writers[name] = self.stack.enter_context(TableWriter(path, table.schema.with_metadata(about)))
        self.writers[name].write(table)

    def _told(self, batch: Batch, lines: Lines) -> None:
        """Counts what a batch holds, and writes down which case has which defect."""
        made, kinds = self.made, self.maker.defects
        made.reversals += lines.counted["reversals"]
        for offer, rows in batch.applies.items():
            made.applicants[offer] = made.applicants.get(offer, 0) + int(rows.sum())
        if not kinds:
            return
        faulty = np.flatnonzero(batch.defect >= 0)
        for at, count in Counter(batch.defect[faulty].tolist()).items():
            made.defects[kinds[at]] = made.defects.get(kinds[at], 0) + count
        names = [one.column for one in self.maker.rules.lists]
        where = [None if at < 0 else names[at] for at in lines.where[faulty]]
        table = pa.table(
            {
                "case": pa.array(batch.ids[faulty], pa.int64()),
                "defect": arrays.words([kinds[at] for at in batch.defect[faulty]]),
                "list": arrays.words(where),
                "expect": arrays.words([EXPECTED[kinds[at]] for at in batch.defect[faulty]]),
            }
        )
        self._add("defects", table)


class _Carriers:
    """The first so many enterprises that apply under the offers of parcels: ids, places and months."""

    def __init__(self, rules: Rules, most: int) -> None:
        self.listed: Listed | None = rules.parcels
        self.most, self.kept = most, 0
        self.parts: list[tuple[Any, Any, Any]] = []

    def take(self, batch: Batch) -> None:
        """Those of a batch."""
        if self.listed is None or self.kept >= self.most:
            return
        rows = np.flatnonzero(batch.any_of(self.listed.offers))[: self.most - self.kept]
        self.parts.append((batch.ids[rows], batch.place[rows], batch.month[rows]))
        self.kept += len(rows)

    def found(self) -> tuple[Any, Any, Any]:
        """All of them."""
        ids, places, months = (np.concatenate([part[at] for part in self.parts]) for at in range(3))
        return ids, places, months


def _plain(values: Any) -> Any:
    """A column as a table of text takes it: words instead of their numbers, decimals without exponents."""
    worded = pa.types.is_dictionary(values.type) or pa.types.is_decimal(values.type)
    return arrays.as_text(values) if worded else values


def _order(item: tuple[str, TableWriter]) -> tuple[int, str]:
    """Cases first, then the lists, the history, and what was put in on purpose."""
    return {"cases": 0, "history": 2, "defects": 3}.get(item[0], 1), item[0]
