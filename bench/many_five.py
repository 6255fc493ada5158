"""The five shared rules over a table of cases, in every engine from the same cells; each checked row by row.

What is timed is the climb alone: from a kept table of typed cases to a kept table of answers. What is right is said by
whole numbers in numpy (`reference`), and those by Python's own on the first cases (`plain`).
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from made import FIVE, LEVELS
from measuring import CORES, HERE, java_peak_mb, peak_mb, timed

OFFERS = ("a", "b", "c", "d", "e")
ON = date(2023, 6, 1)
AWARD, NOT_ELIGIBLE, UNDETERMINED = 0, 1, 2
OUTCOMES = ("award", "not_eligible", "undetermined")
CAPS = np.array([500_000_000, 400_000_000, 300_000_000])
#: Rows of a block that stays in the cache of a core.
BLOCK = 1 << 15
#: Cases for the engines that take one at a time.
SINGLE = 50_000
MEMORY = "8GB"
#: An engine in SQL runs so often in each of its processes; the median counts.
REPEATS = 5

# what is right


def cells(folder: Path) -> dict[str, np.ndarray]:
    """The cases as scaled whole numbers; ``NAME?`` says whether a cell is known."""
    table = pq.read_table(folder / "five.parquet", columns=list(FIVE))
    found: dict[str, np.ndarray] = {}
    for name in FIVE:
        column = table[name].combine_chunks()
        found[name + "?"] = column.is_valid().to_numpy(zero_copy_only=False)
        if name == "level":
            texts = column.cast("string").fill_null("").to_numpy(zero_copy_only=False)
            found[name] = sum((at * (texts == word) for at, word in enumerate(LEVELS)), np.zeros(len(texts), np.int8))
        elif column.type == "bool":
            found[name] = column.fill_null(False).to_numpy(zero_copy_only=False)
        elif column.type == "int64":
            found[name] = column.fill_null(0).to_numpy(zero_copy_only=False)
        else:  # the low half of a decimal is its scaled whole number
            wide = np.frombuffer(column.buffers()[1], np.int64)[2 * column.offset :: 2][: len(column)]
            found[name] = np.where(found[name + "?"], wide, 0)
    found["earlier"] = np.load(folder / "earlier.npy")
    return found


def reference(d: dict[str, np.ndarray]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Outcome, formula amount and award of each rule, in fen; -1 where there is none."""

    def half_up(value: np.ndarray, unit: int) -> np.ndarray:
        return (2 * value + unit) // (2 * unit)

    known = lambda *names: np.logical_and.reduce([d[name + "?"] for name in names])  # noqa: E731
    no = {name: d[name + "?"] & ~d[name] for name in ("newly_built", "approved", "interconnected")}
    formulas = (
        half_up(d["invested"] * 20, 100), np.full(len(d["level"]), 500_000_000), half_up(d["warehouse"] * 30, 100),
        half_up(d["service_cost"] * 20, 100), half_up(d["parcels"] * np.minimum(d["parcel_rate"], 3_000), 100),
    )  # fmt: skip
    awards = (
        np.minimum(formulas[0], CAPS[d["level"]]), formulas[1],
        np.minimum(formulas[2], np.maximum(300_000_000 - d["earlier"], 0)), np.minimum(formulas[3], 200_000_000),
        formulas[4],
    )  # fmt: skip
    refused = (no["newly_built"] | no["approved"], no["interconnected"], False, False, False)
    sure = (
        known("newly_built", "approved", "level", "invested"), known("interconnected"), known("warehouse"),
        known("service_cost"), known("parcels", "parcel_rate"),
    )  # fmt: skip
    found = []
    for formula, award, no_, yes in zip(formulas, awards, refused, sure, strict=True):
        outcome = np.where(no_, NOT_ELIGIBLE, np.where(yes, AWARD, UNDETERMINED)).astype(np.int8)
        given = outcome == AWARD
        found.append((outcome, np.where(given, formula, -1), np.where(given, award, -1)))
    return found


def plain(d: dict[str, np.ndarray], at: int) -> list[tuple[int, int, int]]:
    """The same for one case, by the whole numbers of Python and decisions in words."""
    one = {name: int(d[name][at]) if d[name + "?"][at] else None for name in FIVE}

    def said(gates: list[int | None], reads: list[int | None], formula: Any) -> tuple[int, int, int]:
        if 0 in gates:
            return NOT_ELIGIBLE, -1, -1
        if None in gates or None in reads:
            return UNDETERMINED, -1, -1
        made, most = formula(*reads)
        return AWARD, made, made if most is None else min(made, most)

    def share(value: int, per_cent: int) -> int:
        whole, rest = divmod(value * per_cent, 100)
        return whole + (rest >= 50)

    left = max(300_000_000 - int(d["earlier"][at]), 0)

    def parcels(count: int, rate: int) -> tuple[int, None]:
        whole, rest = divmod(count * min(rate, 3_000), 100)
        return whole + (rest >= 50), None

    return [
        said([one["newly_built"], one["approved"]], [one["level"], one["invested"]],
             lambda level, fen: (share(fen, 20), int(CAPS[level]))),
        said([one["interconnected"]], [], lambda: (500_000_000, None)),
        said([], [one["warehouse"]], lambda fen: (share(fen, 30), left)),
        said([], [one["service_cost"]], lambda fen: (share(fen, 20), 200_000_000)),
        said([], [one["parcels"], one["parcel_rate"]], parcels),
    ]  # fmt: skip


# ours: intake, then the climb as text


def intake(folder: Path) -> dict[str, Any]:
    """Reads the files as a run does, and leaves the typed cases as a file and the climb as texts for each engine."""
    from jarlig.engines.answer import Desk
    from jarlig.engines.sql.asking import Rules
    from jarlig.engines.sql.climbing import Base, Climb, digits_of
    from jarlig.engines.sql.dialect import DuckDB, Spark
    from jarlig.engines.sql.duck import DuckBackend
    from jarlig.engines.sql.history import Question
    from jarlig.engines.sql.population import Inputs, Population
    from jarlig.engines.sql.sheet import Value
    from jarlig.ladder import nodes as n
    from jarlig.policy.reading import read_programme
    from jarlig.tabular import staged

    desk = Desk(read_programme(HERE / "five-rules"))
    files = {name: staged(folder / f"{name}.parquet", folder, name) for name in ("five", "history")}
    work = folder / "work"
    work.mkdir()
    backend = DuckBackend(work, [one.parquet for one in files.values()], threads=CORES)
    rules = Rules(desk.programme)
    population = Population(backend, [rules], OFFERS, on=ON.toordinal())
    seconds, _ = timed(lambda: population.read(Inputs(files["five"], {}, files["history"])))
    asked, cases = population.cases.asked[0], population.cases
    (plan,) = asked.plans
    year = rules.numbers.plan(plan).guide.year
    names = {value.text: slot.source for slot, value in cases.columns.items()}
    facts = {
        (offer, name): replace(cases.columns[slot], text=slot.source) for (offer, name), slot in asked.facts.items()
        if slot is not None
    }  # fmt: skip
    own = {offer: {name: value for (of, name), value in facts.items() if of == offer} for offer in OFFERS}
    (earlier,) = [node for node in asked.ladders[plan, "c"].nodes() if isinstance(node, n.Earlier)]
    text = {name: cases.columns[slot] for (of, name), slot in asked.facts.items() if of == "c" and slot is not None}
    base = Base("c", backend.dialect, year, cases.same_day, "", text)
    question = Question(population.awards, earlier, base, population.table, backend)
    past, _ = timed(lambda: backend.keep("earlier", question.query()))
    chosen = ", ".join(f'w.{column} AS "{name}"' for column, name in names.items())
    typed = (
        f"SELECT w.n, {chosen}, coalesce(e.value, 0) AS earlier FROM {population.table} w "
        "LEFT JOIN earlier e ON e.n = w.n"
    )
    (part,) = backend.write(typed, work)
    part.replace(folder / "typed.parquet")
    backend.close()
    texts = {}
    digits = digits_of(asked.ladders.values())
    for dialect in (DuckDB(), Spark()):
        parts = []
        for which, offer in enumerate(OFFERS):
            awards = {earlier: Value("earlier", 0, False, "", False, True)} if offer == "c" else {}
            names_ = Base(offer, dialect, year, cases.same_day, "", own[offer], {}, awards)
            climb = Climb(asked.ladders[plan, offer], names_, has_places=False, what_if=False, digits=digits)
            inner = climb.select("typed", ["n", f"{which} AS which"], [])
            parts.append(f"SELECT n, which, outcome, formula_amount, amount FROM ({inner})")
        texts[dialect.name] = " UNION ALL ".join(parts)
    (folder / "texts.json").write_text(json.dumps({"texts": texts, "digits": digits}))
    return {"engine": "intake", **seconds, "history_seconds": past["seconds"], "peak_mb": peak_mb()}


# by hand

#: Rules a to e as one would write them: gates, what must be known, the formula and the cap; fen, and yuan as decimals.
#: MONEY is the type of the answer.
_BY_HAND = {
    "fen": [
        ("newly_built IS FALSE OR approved IS FALSE",
         "newly_built IS NULL OR approved IS NULL OR level IS NULL OR invested IS NULL", "(invested * 20 + 50) // 100",
         "CASE level WHEN 'regional' THEN 500000000 WHEN 'industry' THEN 400000000 ELSE 300000000 END"),
        ("interconnected IS FALSE", "interconnected IS NULL", "500000000", ""),
        ("", "warehouse IS NULL", "(warehouse * 30 + 50) // 100", "greatest(300000000 - earlier, 0)"),
        ("", "service_cost IS NULL", "(service_cost * 20 + 50) // 100", "200000000"),
        ("", "parcels IS NULL OR parcel_rate IS NULL", "(parcels * least(parcel_rate, 3000) + 50) // 100", ""),
    ],
    "decimal": [
        ("newly_built IS FALSE OR approved IS FALSE",
         "newly_built IS NULL OR approved IS NULL OR level IS NULL OR invested IS NULL", "round(invested * 0.20, 2)",
         "CASE level WHEN 'regional' THEN 5000000.00 WHEN 'industry' THEN 4000000.00 ELSE 3000000.00 END"),
        ("interconnected IS FALSE", "interconnected IS NULL", "5000000.00", ""),
        ("", "warehouse IS NULL", "round(warehouse * 0.30, 2)", "greatest(3000000.00 - earlier, 0.00)"),
        ("", "service_cost IS NULL", "round(service_cost * 0.20, 2)", "2000000.00"),
        ("", "parcels IS NULL OR parcel_rate IS NULL", "round(parcels * least(parcel_rate, 0.3000), 2)", ""),
    ],
}  # fmt: skip


def by_hand(kind: str, money: str, *, wide: bool = False) -> str:
    """The same answers from the same table; ``wide`` makes three columns a rule in one pass instead of a row a rule."""
    rules = _BY_HAND["decimal" if kind == "decimal" else "fen"]

    def answer(text: str) -> str:
        if kind == "fen":  # fen as yuan: a product with 0.01 that the type holds without a check
            return f"CAST(CAST({text} AS DECIMAL(15,0)) * 0.01 AS {money})"
        return f"CAST({text} AS {money})" if kind == "decimal" else text

    parts, columns = [], []
    for which, (refused, unknown, formula, cap) in enumerate(rules):
        gate = f"WHEN {refused} THEN 'not_eligible' " if refused else ""
        outcome = f"CASE {gate}WHEN {unknown} THEN 'undetermined' ELSE 'award' END"
        given = f"NOT ({unknown})" + (f" AND NOT ({refused})" if refused else "")
        name = OFFERS[which]
        columns += [
            f"{outcome} AS {name}_outcome",
            f"CASE WHEN {given} THEN {answer(formula)} END AS {name}_formula",
            f"CASE WHEN {given} THEN {answer(f'least({formula}, {cap})' if cap else formula)} END AS {name}_amount",
        ]
        parts.append(
            f"SELECT n, {which} AS which, o AS outcome, "
            f"CASE WHEN o = 'award' THEN {answer('f')} END AS formula_amount, "
            f"CASE WHEN o = 'award' THEN {answer(f'least(f, {cap})' if cap else 'f')} END AS amount "
            f"FROM (SELECT *, {outcome} AS o, {formula} AS f FROM typed)"
        )
    return f"SELECT n, {', '.join(columns)} FROM typed" if wide else " UNION ALL ".join(parts)


# engines, each in its own process


def duck(folder: Path, engine: str, check: bool) -> dict[str, Any]:
    """Our text or one by hand, from a table in memory to a table in memory."""
    import duckdb

    base = duckdb.connect(config={"threads": CORES, "memory_limit": MEMORY})
    told = json.loads((folder / "texts.json").read_text())
    money = f"DECIMAL({told['digits']},2)"
    if engine == "by hand, decimal":  # the same cells as decimals of no more digits than they need
        yuan = ", ".join(
            f"CAST(CAST({name} AS DECIMAL(15,0)) * 0.01 AS DECIMAL(15,2)) AS {name}"
            for name in ("invested", "warehouse", "service_cost", "earlier")
        )
        rate = "CAST(CAST(parcel_rate AS DECIMAL(9,0)) * 0.0001 AS DECIMAL(9,4)) AS parcel_rate"
        count = "CAST(parcels AS DECIMAL(9,0)) AS parcels"
        source = f"* REPLACE ({yuan}, {rate}, {count})"
    else:
        source = "*"
    base.execute(f"CREATE TABLE typed AS SELECT {source} FROM '{folder / 'typed.parquet'}'")
    text = {
        "jarlig": told["texts"]["duckdb"],
        "by hand, fen": by_hand("fen", money),
        "by hand, decimal": by_hand("decimal", money),
        "by hand, fen kept as fen": by_hand("whole", money),
        "by hand, one pass, wide": by_hand("fen", money, wide=True),
    }[engine]
    run = f"CREATE OR REPLACE TABLE answer AS {text}"
    base.execute(run)
    base.execute("DROP TABLE answer")

    def took(query: str) -> dict[str, float]:
        times = [timed(lambda: base.execute(query).fetchall())[0] for _ in range(REPEATS)]
        return {name: statistics.median(one[name] for one in times) for name in times[0]}

    found = {"engine": engine, **took(run), "peak_mb": peak_mb()}
    if engine != "by hand, one pass, wide":  # what OpenFisca gives: the awards alone; and what a budget asks for
        awards = took(f"CREATE OR REPLACE TABLE awards AS SELECT which, amount FROM ({text})")
        totals = took(
            f"SELECT which, outcome, count(*), sum(formula_amount), sum(amount) FROM ({text}) GROUP BY which, outcome"
        )
        found |= {"awards_seconds": awards["seconds"], "awards_core_seconds": awards["core_seconds"],
                  "totals_seconds": totals["seconds"], "totals_core_seconds": totals["core_seconds"]}  # fmt: skip
    if check and engine != "by hand, one pass, wide":
        scale = 1 if engine == "by hand, fen kept as fen" else 100
        found |= checked(base, reference(cells(folder)), scale)
        found["types"] = [row[1] for row in base.execute("DESCRIBE answer").fetchall()]
    return found


def checked(base: Any, right: list[tuple[np.ndarray, ...]], scale: int) -> dict[str, Any]:
    """Wrong rows and wrong totals of the table ``answer``."""
    cases = ", ".join(f"WHEN '{name}' THEN {code}" for code, name in enumerate(OUTCOMES))
    wrong = wrong_totals = 0
    for which, (outcome, formula, award) in enumerate(right):
        got = base.execute(
            f"SELECT n, CAST(CASE outcome {cases.replace(',', '')} ELSE 9 END AS TINYINT) AS o, "
            f"CAST(coalesce(formula_amount * {scale}, -1) AS BIGINT) AS f, "
            f"CAST(coalesce(amount * {scale}, -1) AS BIGINT) AS a FROM answer WHERE which = {which}"
        ).fetchnumpy()
        n = got["n"]
        wrong += int((outcome[n] != got["o"]).sum() + (formula[n] != got["f"]).sum() + (award[n] != got["a"]).sum())
        wrong += abs(len(outcome) - len(np.unique(n)))
        summed = f"SELECT CAST(sum(amount) * {scale} AS HUGEINT) FROM answer WHERE which = {which}"
        ((total,),) = base.execute(summed).fetchall()
        wrong_totals += int(total) != int(award[award >= 0].sum())
    return {"wrong": wrong, "wrong_totals": wrong_totals}


def numpy_(folder: Path, check: bool) -> dict[str, Any]:
    """Whole numbers in numpy, block by block on both cores: near what memory allows."""
    d = cells(folder)
    rows = len(d["level"])
    made = [(np.empty(rows, np.int8), np.empty(rows, np.int64), np.empty(rows, np.int64)) for _ in OFFERS]
    ends = [*range(0, rows, BLOCK), rows]

    def block(span: tuple[int, int]) -> None:
        low, high = span
        found = reference({name: values[low:high] for name, values in d.items()})
        for mine, theirs in zip(made, found, strict=True):
            for target, source in zip(mine, theirs, strict=True):
                target[low:high] = source

    def run() -> None:
        with ThreadPoolExecutor(CORES) as pool:
            list(pool.map(block, pairwise(ends)))

    run()
    seconds, _ = timed(run)
    found: dict[str, Any] = {"engine": "numpy int64", **seconds, "peak_mb": peak_mb()}
    if check:
        some = range(0, rows, max(1, rows // 20_000))
        wrong = sum(
            tuple(int(part[at]) for part in mine) != right
            for at in some for mine, right in zip(made, plain(d, at), strict=True)
        )  # fmt: skip
        found |= {"wrong": wrong, "wrong_totals": 0, "checked_by": f"Python's whole numbers on {len(some):,} cases"}
    return found


def openfisca(folder: Path, check: bool) -> dict[str, Any]:
    """OpenFisca-core: one simulation of all cases, five variables calculated; it knows no empty cell."""
    from openfisca_core.indexed_enums import EnumArray
    from openfisca_core.simulations import SimulationBuilder
    from peers import Level, openfisca_system

    system = openfisca_system()
    d = cells(folder)
    inputs: dict[str, Any] = {name: d[name] for name in ("newly_built", "approved", "interconnected", "parcels")}
    inputs |= {name: d[name] / 100 for name in ("invested", "warehouse", "service_cost")}
    inputs |= {"warehouse_before": d["earlier"] / 100, "parcel_rate": d["parcel_rate"] / 10_000}
    inputs["level"] = EnumArray(d["level"].astype(np.int16), Level)
    del d

    def run() -> list[np.ndarray]:
        simulation = SimulationBuilder().build_default_simulation(system, len(inputs["level"]))
        for name, values in inputs.items():
            simulation.set_input(name, "2023", values)
        return [simulation.calculate(name, "2023") for name in OFFERS]

    run()
    seconds, made = timed(run)
    found: dict[str, Any] = {"engine": "OpenFisca-core", **seconds, "peak_mb": peak_mb()}
    if check:
        wrong = totals = 0
        for got, (outcome, _, award) in zip(made, reference(cells(folder)), strict=True):
            known = outcome != UNDETERMINED
            mine, right = got[known].astype(np.float64) * 100, np.maximum(award[known], 0)
            wrong += int((np.round(mine).astype(np.int64) != right).sum())
            totals += round(float(mine.sum())) != int(right.sum())
        found |= {"wrong": wrong, "wrong_totals": totals}
    return found


def zen(folder: Path, check: bool) -> dict[str, Any]:
    """GoRules zen-engine: one call a case, on the first cases of the table."""
    from peers import zen_decision

    decision = zen_decision()
    d = {name: values[:SINGLE] for name, values in cells(folder).items()}
    columns = {name: d[name].tolist() for name in ("newly_built", "approved", "interconnected", "parcels")}
    columns |= {name: (d[name] / 100).tolist() for name in ("invested", "warehouse", "service_cost")}
    columns |= {"warehouse_before": (d["earlier"] / 100).tolist(), "parcel_rate": (d["parcel_rate"] / 10_000).tolist()}
    columns["level"] = [LEVELS[level] for level in d["level"].tolist()]
    inputs = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    for given in inputs[:1000]:
        decision.evaluate(given)
    seconds, made = timed(lambda: [decision.evaluate(given)["result"] for given in inputs])
    found: dict[str, Any] = {"engine": "zen-engine", **seconds, "peak_mb": peak_mb(), "rows": len(inputs)}
    if check:
        right = reference(d)
        wrong, totals = 0, [0] * len(OFFERS)
        for at, result in enumerate(made):
            for which, name in enumerate(OFFERS):
                outcome, _, award = (int(part[at]) for part in right[which])
                if outcome != UNDETERMINED:
                    off = round(result[name] * 100) - max(award, 0)
                    wrong += off != 0
                    totals[which] += off
        found |= {"wrong": wrong, "wrong_totals": sum(total != 0 for total in totals)}
    return found


def spark(folder: Path, check: bool) -> dict[str, Any]:
    """Our text on Spark, from a Parquet file to Parquet files, as Spark keeps its tables."""
    import duckdb

    from jarlig.engines.sql.spark import SparkBackend

    text = json.loads((folder / "texts.json").read_text())["texts"]["spark"]
    work = Path(tempfile.mkdtemp(dir=folder))
    typed = folder / "typed.parquet"
    backend = SparkBackend(work, [typed], master=f"local[{CORES}]")
    try:
        text = text.replace("FROM typed", f"FROM {backend.source(typed)}")
        backend.keep("answer", text)
        seconds, _ = timed(lambda: backend.keep("answer", text))
        found = {"engine": "jarlig on Spark", "seconds": seconds["seconds"], "peak_mb": peak_mb() + java_peak_mb()}
        if check:
            parts = backend.write("SELECT * FROM answer", work)
            base = duckdb.connect(config={"threads": CORES, "memory_limit": MEMORY})
            base.read_parquet([str(part) for part in parts]).create_view("answer")
            found |= checked(base, reference(cells(folder)), 100)
    finally:
        backend.close()
    return found


def main() -> None:
    """One task in this process."""
    task = json.loads(sys.argv[2])
    folder, engine, check = Path(task["folder"]), task["engine"], task["check"]
    own = {"intake": lambda: intake(folder), "numpy int64": lambda: numpy_(folder, check),
           "OpenFisca-core": lambda: openfisca(folder, check), "zen-engine": lambda: zen(folder, check),
           "jarlig on Spark": lambda: spark(folder, check)}  # fmt: skip
    found = own[engine]() if engine in own else duck(folder, engine, check)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
