"""The five shared rules over a table of cases, in every engine from the same cells; each checked row by row.

What is timed is the climb alone: from a kept table of typed cases to a kept table of answers.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from five_peers import OFFERS, OUTCOMES, cells, numpy_, openfisca, reference, zen
from made import LEVELS
from measuring import CORES, HERE, java_peak_mb, peak_mb, timed

ON = date(2023, 6, 1)
MEMORY = "8GB"
NOTHING_UNKNOWN = "by hand, nothing unknown, awards alone"
#: An engine in SQL runs so often in each of its processes; the median counts.
REPEATS = 5

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
        parts, wide, have = [], "typed", ["n", *names.values(), "earlier"]
        for which, offer in enumerate(OFFERS):
            awards = {earlier: Value("earlier", 0, False, "", False, True)} if offer == "c" else {}
            names_ = Base(offer, dialect, year, cases.same_day, "", own[offer], {}, awards)
            climb = Climb(asked.ladders[plan, offer], names_, has_places=False, what_if=False, digits=digits)
            inner = climb.select("typed", ["n", f"{which} AS which"], [])
            parts.append(f"SELECT n, which, outcome, formula_amount, amount FROM ({inner})")
            listed = ", ".join(have)
            wide = f"(SELECT {listed}, amount AS award_{offer} FROM ({climb.select(wide, have, [])}))"
            have.append(f"award_{offer}")
        texts[dialect.name] = " UNION ALL ".join(parts)
        texts[f"{dialect.name} awards"] = f"SELECT n, {', '.join(have[-len(OFFERS):])} FROM {wide}"
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


def by_hand(kind: str, money: str, *, wide: bool = False, awards: bool = False) -> str:
    """The same answers from the same table, a row a rule.

    ``wide`` makes three columns a rule in one pass instead, ``awards`` the award alone.
    """
    rules = _BY_HAND["decimal" if kind == "decimal" else "fen"]

    def answer(text: str) -> str:
        if kind == "fen":  # fen as yuan: a product with 0.01 that the type holds without a check
            return f"CAST(CAST({text} AS DECIMAL(15,0)) * 0.01 AS {money})"
        return f"CAST({text} AS {money})" if kind == "decimal" else text

    parts, columns, alone = [], [], []
    for which, (refused, unknown, formula, cap) in enumerate(rules):
        gate = f"WHEN {refused} THEN 'not_eligible' " if refused else ""
        outcome = f"CASE {gate}WHEN {unknown} THEN 'undetermined' ELSE 'award' END"
        given = f"NOT ({unknown})" + (f" AND NOT ({refused})" if refused else "")
        name = OFFERS[which]
        capped = answer(f"least({formula}, {cap})" if cap else formula)
        alone.append(f"CASE WHEN {given} THEN {capped} END AS award_{name}")
        columns += [
            f"{outcome} AS {name}_outcome",
            f"CASE WHEN {given} THEN {answer(formula)} END AS {name}_formula",
            alone[-1],
        ]
        parts.append(
            f"SELECT n, {which} AS which, o AS outcome, "
            f"CASE WHEN o = 'award' THEN {answer('f')} END AS formula_amount, "
            f"CASE WHEN o = 'award' THEN {answer(f'least(f, {cap})' if cap else 'f')} END AS amount "
            f"FROM (SELECT *, {outcome} AS o, {formula} AS f FROM typed)"
        )
    if wide or awards:
        return f"SELECT n, {', '.join(alone if awards else columns)} FROM typed"
    return " UNION ALL ".join(parts)


#: The awards alone, in fen, where every cell is known and levels are codes: what nobody would have to ask of a cell.
_KNOWN = {
    "a": "CASE WHEN newly_built AND approved THEN least((invested * 20 + 50) // 100, "
         "CASE level WHEN 0 THEN 500000000 WHEN 1 THEN 400000000 ELSE 300000000 END) ELSE 0 END",
    "b": "CASE WHEN interconnected THEN 500000000 ELSE 0 END",
    "c": "least((warehouse * 30 + 50) // 100, greatest(300000000 - earlier, 0))",
    "d": "least((service_cost * 20 + 50) // 100, 200000000)",
    "e": "(parcels * least(parcel_rate, 3000) + 50) // 100",
}  # fmt: skip


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
    alone = {
        "jarlig": told["texts"]["duckdb awards"],
        "by hand, fen": by_hand("fen", money, awards=True),
        "by hand, decimal": by_hand("decimal", money, awards=True),
    }
    run = f"CREATE OR REPLACE TABLE answer AS {text}"
    base.execute(run)
    base.execute("DROP TABLE answer")

    def took(query: str) -> dict[str, float]:
        times = [timed(lambda: base.execute(query).fetchall())[0] for _ in range(REPEATS)]
        return {name: statistics.median(one[name] for one in times) for name in times[0]}

    found = {"engine": engine, **took(run), "peak_mb": peak_mb()}
    if engine in alone:  # what OpenFisca gives: a column of awards a rule; and what a budget asks for
        awards = took(f"CREATE OR REPLACE TABLE awards AS {alone[engine]}")
        totals = took(
            f"SELECT which, outcome, count(*), sum(formula_amount), sum(amount) FROM ({text}) GROUP BY which, outcome"
        )
        found |= {"awards_seconds": awards["seconds"], "awards_core_seconds": awards["core_seconds"],
                  "totals_seconds": totals["seconds"], "totals_core_seconds": totals["core_seconds"]}  # fmt: skip
    if check and engine != "by hand, one pass, wide":
        scale = 1 if engine == "by hand, fen kept as fen" else 100
        right = reference(cells(folder))
        found |= checked(base, right, scale)
        if engine in alone:
            sums = ", ".join(f"CAST(sum(award_{name}) * 100 AS HUGEINT)" for name in OFFERS)
            totals_ = base.execute(f"SELECT {sums} FROM awards").fetchone()
            found["wrong_totals"] += sum(
                int(got) != int(award[award >= 0].sum()) for got, (*_, award) in zip(totals_, right, strict=True)
            )
        found["types"] = [row[1] for row in base.execute("DESCRIBE answer").fetchall()]
    return found


def known(folder: Path, engine: str, check: bool) -> dict[str, Any]:
    """By hand where nothing is unknown and the award alone is asked: an empty cell is zero, as OpenFisca has it."""
    import duckdb

    base = duckdb.connect(config={"threads": CORES, "memory_limit": MEMORY})
    filled = ", ".join(f"coalesce({name}, FALSE) AS {name}" for name in ("newly_built", "approved", "interconnected"))
    money = ("invested", "warehouse", "service_cost", "parcels", "parcel_rate")
    filled += "".join(f", coalesce({name}, 0) AS {name}" for name in money)
    codes = "".join(f" WHEN '{word}' THEN {at}" for at, word in enumerate(LEVELS))
    level = f"CAST(CASE level{codes} ELSE 0 END AS UTINYINT) AS level"
    base.execute(f"CREATE TABLE known AS SELECT n, {filled}, {level}, earlier FROM '{folder / 'typed.parquet'}'")
    awards = ", ".join(f"{text} AS award_{name}" for name, text in _KNOWN.items())
    run = f"CREATE OR REPLACE TABLE awards AS SELECT n, {awards} FROM known"
    base.execute(run)
    times = [timed(lambda: base.execute(run).fetchall())[0] for _ in range(REPEATS)]
    found: dict[str, Any] = {name: statistics.median(one[name] for one in times) for name in times[0]}
    found |= {"engine": engine, "peak_mb": peak_mb()}
    if check:
        plain = cells(folder)
        right = reference({name: np.ones_like(one) if name.endswith("?") else one for name, one in plain.items()})
        rows = base.execute("SELECT * FROM awards").fetchnumpy()
        pairs = [(rows[f"award_{name}"], np.maximum(award, 0)[rows["n"]])
                 for name, (*_, award) in zip(OFFERS, right, strict=True)]  # fmt: skip
        found["wrong"] = sum(int((got != award).sum()) for got, award in pairs)
        found["wrong_totals"] = sum(int(got.sum()) != int(award.sum()) for got, award in pairs)
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
           "jarlig on Spark": lambda: spark(folder, check),
           NOTHING_UNKNOWN: lambda: known(folder, engine, check)}  # fmt: skip
    found = own[engine]() if engine in own else duck(folder, engine, check)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
