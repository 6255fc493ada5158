"""Made-up tables as files, run on an engine, and the answers by offer and case."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.engines.many.generator import Made, Row, claimed_subject, climbed, exact

from jarlig.engines.answer import Desk
from jarlig.engines.sql.answering import Answers
from jarlig.engines.sql.asking import Rules
from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.duck import DuckBackend
from jarlig.engines.sql.intake import Reject, Rejects
from jarlig.engines.sql.population import Inputs, Population
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import DATE, Date, Kind, Number, Rows, YesNo
from jarlig.ladder.numbers import parse_date
from jarlig.policy.model import Programme
from jarlig.policy.plans import Plan
from jarlig.policy.values import converter
from jarlig.tabular import staged, write_table

#: Makes an engine in a folder that may read some files.
Engine = Callable[[Path, Sequence[Path]], Backend]
#: Outcome, formula amount and amount in fen, what is refused and what is missing.
Said = tuple[str, int | None, int | None, str | None, str | None]


def duckdb(folder: Path, files: Sequence[Path]) -> Backend:
    """DuckDB on one core, as many tests run beside each other."""
    return DuckBackend(folder, files, 1_000, 1)


def needs_java() -> None:
    """Leave a test out where there is no Java; where everything must be there, that is a failure."""
    if shutil.which("java") is None:
        assert os.environ.get("JARLIG_NEEDS") != "all", "Java is missing: install openjdk-17-jre-headless"
        pytest.skip("no Java on this machine, so Spark is not tried; install openjdk-17-jre-headless")


#: A machine for many tiny queries: compiled once and lightly.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m"


@cache
def spark_session() -> Any:
    """A small Spark for all tests of this process, as a user would hand it in; it ends with the process."""
    needs_java()
    from pyspark.sql import SparkSession

    before = os.environ.get("JDK_JAVA_OPTIONS")
    os.environ["JDK_JAVA_OPTIONS"] = QUICK_JAVA
    builder = SparkSession.builder.master("local[2]").appName("tests")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.files.minPartitionNum": "1",
    }.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    finally:
        os.environ.pop("JDK_JAVA_OPTIONS")
        if before is not None:
            os.environ["JDK_JAVA_OPTIONS"] = before


def spark(folder: Path, files: Sequence[Path]) -> Backend:
    """Spark in the session of this process."""
    from jarlig.engines.sql.spark import SparkBackend

    return SparkBackend(folder, files, session=spark_session())


@dataclass
class Ran:
    """What an engine made of the tables: answers by offer and case, and the rows it put aside."""

    said: dict[tuple[str, str], Said]
    steps: dict[str, dict[str, str | None]]
    rejects: list[Reject]
    answered: int


@dataclass
class Files:
    """The tables of a run as files."""

    cases: Path
    rows: dict[str, Path] = field(default_factory=dict)
    history: Path | None = None


def table(rows: Sequence[Row], columns: Iterable[str], kinds: Mapping[str, Kind] | None = None) -> pa.Table:
    """Rows as a table of texts; columns of these kinds in exact types, where no cell is "none"."""
    names = list(dict.fromkeys([*(name for row in rows for name in row), *columns]))
    made = {}
    for name in names:
        cells = [row.get(name) for row in rows]
        kind = (kinds or {}).get(name)
        typed = kind is not None and "none" not in cells
        made[name] = _typed(cells, kind) if typed and kind is not None else pa.array(cells, pa.string())
    return pa.table(made)


def _typed(cells: Sequence[str | None], kind: Kind) -> pa.Array:
    if not isinstance(kind, Number | Date | YesNo):
        return pa.array(cells, pa.string())
    read = converter(kind)
    values = [None if cell is None else read(cell) for cell in cells]
    if isinstance(kind, YesNo):
        return pa.array(values, pa.bool_())
    if isinstance(kind, Date):
        return pa.array([value and date.fromordinal(value) for value in values], pa.date32())
    if kind.scale == 0 and max(-kind.low, kind.high) < 2**63:
        return pa.array(values, pa.int64())
    numbers = [None if value is None else Decimal(value).scaleb(-kind.scale) for value in values]
    return pa.array(numbers, pa.decimal128(kind.digits + 3, kind.scale + 2))  # more room than needed: it is no matter


def written(made: Made, folder: Path, ending: str = ".parquet", plan: Plan | None = None) -> Files:
    """The tables of made-up cases as files; in exact types with a plan that says what the columns are."""
    kinds: dict[str, Kind] = {"on": DATE}
    lists: dict[str, dict[str, Kind]] = {}
    if plan is not None:
        for name, definition in plan.fact_defs(made.offer).items():
            kinds[name] = definition.kind
            if isinstance(definition.kind, Rows):
                lists[name] = dict(definition.kind.columns)
    files = Files(folder / f"cases{ending}", history=folder / f"history{ending}")
    write_table(table(made.cases, ("case", "on"), kinds if plan else None), files.cases)
    for name, rows in made.rows.items():
        files.rows[name] = folder / f"rows {name}{ending}"
        write_table(table(rows, ("case",), lists.get(name) if plan else None), files.rows[name])
    assert files.history is not None
    write_table(table(made.history, ("offer", "state")), files.history)
    return files


def ran(
    programme: Programme, offers: Sequence[str], files: Files, work: Path, engine: Engine = duckdb, steps: bool = False
) -> Ran:
    """Run tables on an engine in a new folder."""
    work.mkdir()
    named = {"cases": files.cases, **{f"rows {name}": path for name, path in files.rows.items()}}
    if files.history is not None:
        named["history"] = files.history
    tables = {name: staged(path, work, f"in{at}") for at, (name, path) in enumerate(named.items())}
    backend = engine(work, [one.parquet for one in tables.values()])
    try:
        rejects = Rejects()
        population = Population(backend, [Rules(programme)], tuple(offers), rejects=rejects)
        rows = {name.removeprefix("rows "): one for name, one in tables.items() if name.startswith("rows ")}
        population.read(Inputs(tables["cases"], rows, tables.get("history")))
        answers = Answers(population, population.cases.asked[0], steps)
        found = backend.ask(answers.select())
        columns = answers.columns
    finally:
        backend.close()
    said: dict[tuple[str, str], Said] = {}
    shown: dict[str, dict[str, str | None]] = {}
    for row in found:
        line = dict(zip(columns, row, strict=True))
        key = line["offer"], str(line["case"])
        assert key not in said
        sums = fen(line["formula_amount"]), fen(line["amount"])
        said[key] = line["outcome"], *sums, line["refused"], line["missing"]
        shown[key[1]] = {name: value for name, value in line.items() if name.startswith("step.")}
    return Ran(said, shown, rejects.kept, population.answered)


def fen(yuan: Decimal | None) -> int | None:
    """A sum in fen; it has no more than two decimals."""
    if yuan is None:
        return None
    scaled = yuan.scaleb(2)
    assert scaled == int(scaled)
    return int(scaled)


def fewer(desk: Desk, made: Made, plans: int, claims: int) -> Made:
    """The cases of the plans that have most of them, and of each subject its first claims only."""
    asked = climbed(desk, made.offer, made)
    often = Counter(_plan(desk, case) for case in made.cases)
    chosen = {plan for plan, _ in often.most_common(plans)}
    taken: Counter[Any] = Counter()
    cases = []
    for case, one in zip(made.cases, asked, strict=True):
        subject = claimed_subject(one, made.offer)
        if _plan(desk, case) not in chosen or (subject is not None and taken[subject] >= claims):
            continue
        taken[subject] += 1
        cases.append(case)
    ids = {case["case"] for case in cases}
    rows = {name: [row for row in lines if row["case"] in ids] for name, lines in made.rows.items()}
    return Made(made.offer, cases, rows, made.history)


def _plan(desk: Desk, case: Row) -> tuple[Any, ...]:
    applied = desk.programme.applied_at
    plan = desk.plans.plan(parse_date(str(case["on"])), None, case.get("at") or (applied and case.get(applied)) or "")
    return plan.guide and plan.guide.year, *(place.at for place in plan.places)


def together(programme: Programme, tables: Sequence[Made]) -> Made:
    """Cases of several offers in one set of tables, every fact for its own offer alone.

    A case is then nobody's claim under the other offers: they do not know its subject. Earlier awards whose offer is
    not known are left out, as they would leave every limit of every offer unknown.
    """
    whole = Made("", [], {}, [])
    for made in tables:
        mine = of_its_own(programme, made)
        whole.cases += mine.cases
        whole.history += mine.history
        for name, rows in mine.rows.items():
            whole.rows[name] = rows
    return whole


def of_its_own(programme: Programme, made: Made) -> Made:
    """The cases of one offer as they stand in `together`."""
    offer, applied = made.offer, programme.applied_at
    cases = []
    for case in made.cases:
        mine: Row = {}
        for name, value in case.items():
            mine[_own(programme, name, offer)] = f"{offer}/{value}" if name == "case" else value
        mine["at"] = case.get("at") or (case.get(applied) if applied else None)
        cases.append(mine)
    rows = {
        f"{offer}.{name}": [{**row, "case": f"{offer}/{row['case']}"} for row in lines]
        for name, lines in made.rows.items()
    }
    return Made(offer, cases, rows, [row for row in made.history if row.get("offer") in _read(programme, offer)])


def _own(programme: Programme, name: str, offer: str) -> str:
    """The column that only one offer reads; what all read and no limit counts by may stay as it is."""
    if name.startswith("decisions."):
        return f"decisions.{offer}.{name.rpartition('.')[2]}"
    keys = {key for subject in programme.subjects.values() for key in subject}
    if name in ("case", "on", "at", "claim_month", "claim_year", "group.size"):
        return name
    return name if name in programme.facts and name not in keys else f"{offer}.{name}"


def _read(programme: Programme, offer: str) -> set[str]:
    """The offers whose earlier awards an offer counts."""
    found = {offer}
    for guide in (None, *programme.guides.values()):
        ladder = Plan(programme, guide).ladder(offer)
        found |= {other for node in ladder.nodes() if isinstance(node, n.Earlier) for other in node.offers}
    return found


def expected(desk: Desk, whole: Made, made: Made) -> dict[tuple[str, str], tuple[str, int | None, int | None]]:
    """What the exact engine says of the cases of one offer as they stand in `together`."""
    mine, read = of_its_own(desk.programme, made), _read(desk.programme, made.offer)
    plain = {name.partition(".")[2]: rows for name, rows in mine.rows.items()}
    history = [row for row in whole.history if row["offer"] in read]
    asked = Made(made.offer, mine.cases, plain, history)
    return dict(zip(keys(mine), exact(desk, made.offer, asked), strict=True))


def keys(made: Made) -> list[tuple[str, str]]:
    """The offer and the ids of its cases, in their order."""
    return [(made.offer, str(case["case"])) for case in made.cases]


def parts(
    mine: Mapping[tuple[str, str], tuple[Any, ...]], theirs: Mapping[tuple[str, str], tuple[Any, ...]], width: int
) -> list[tuple[Any, ...]]:
    """Where two sets of answers part in their first columns; first those that one of them does not have."""
    gone = [(key, mine.get(key), theirs.get(key)) for key in mine.keys() ^ theirs.keys()]
    return gone + [
        (key, mine[key], theirs[key]) for key in mine.keys() & theirs.keys() if mine[key][:width] != theirs[key][:width]
    ]
