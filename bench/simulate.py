"""What a reform costs beside a baseline run: one run of all offers, and one comparison with a reform of five of them.

    python bench/simulate.py            fifty thousand made-up enterprises that apply for everything
    python bench/simulate.py 5000       as many as said

The population is that of `jarlig synth`, the same on every run, with its cost lines and earlier awards. The clock runs
from files to files: a run writes its answers, a comparison its page. Each is done three times in turn; medians and
their ratio are printed as JSON and written to bench/results/simulate.json.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from jarlig.engines.sql.running import Files, Options, run
from jarlig.library import load
from jarlig.whatif.page import render
from jarlig.whatif.simulate import side_of, simulate
from jarlig.whatif.synth import synthesise

HERE = Path(__file__).parent
PROGRAMME, YEAR, SEED, RUNS = "nmg-ecommerce-2022", 2023, 20230601, 3
#: A comparison takes at most so many times as long as a run.
BAR = 2.0
REFORM = """\
reform: five-offers
title: {zh: 五项调整, en: Five offers changed}
from: 2023-01-01
to: 2023-12-31
offers:
  2a: {rate: 25%, cap: {regional: 6_000_000}}
  10b: {rate: 25%}
  "17": {rate: 35%}
guides:
  "2023":
    lower: {2a: {cap: {regional: 6_000_000}}}
    fill:
      2c: {amount: {bands: {75 to under 90: 2_000_000}}}
      12a: {rate: {new: 25%}}
    pools: {industrial: {amount: 15_000_000}}
"""


def timed(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(count: int) -> None:
    """Make the population, do both in turn, print."""
    programme = load(PROGRAMME)
    offers = tuple(programme.offers)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = folder / "population"
        synthesise(programme, made, enterprises=count, seed=SEED, year=YEAR, everyone=True)
        rows = {p.stem: p for p in made.glob("*.parquet") if p.stem not in ("cases", "history", "defects")}
        tables = (made / "cases.parquet", rows, made / "history.parquet")
        reform = folder / "five.yaml"
        reform.write_text(REFORM, "utf-8")
        changed: list[str] = []

        def baseline() -> None:
            cases, lists, history = tables
            run(programme.model, offers, Files(cases, folder / "answer.parquet", lists, history), Options())

        def comparison() -> None:
            cases, lists, history = tables
            sides = side_of("rules", programme.model), side_of(str(reform), programme.model)
            found = simulate(programme.model, sides, offers, Files(cases, folder / "report.html", lists, history))
            (folder / "report.html").write_text(render(found, "zh"), "utf-8")
            changed[:] = [line.key for line in found.offers if not line.same]

        pairs = [(timed(baseline), timed(comparison)) for _ in range(RUNS)]
    one, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    results = {
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "machine": f"{platform.machine()}, {platform.system()}, {os.cpu_count()} cores",
        "cases": count,
        "offers": len(offers),
        "offers_with_other_rules": changed,
        "seconds": {"run": round(one, 2), "comparison": round(other, 2)},
        "ratio": round(other / one, 2),
        "ratios": [round(b / a, 2) for a, b in pairs],
        "bar": BAR,
    }
    print(json.dumps(results, indent=1))
    (HERE / "results").mkdir(exist_ok=True)
    if count >= 50_000:
        (HERE / "results" / "simulate.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
