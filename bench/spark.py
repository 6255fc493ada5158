"""A run on Spark beside DuckDB: inside this machine, on a cluster of processes, and there with a worker that is killed.

    PYTHONPATH=src python bench/spark.py [--rows N]

The same cases under the same five rules, from files to file, each engine in a process of its own; every row is compared
with DuckDB's. A cluster is a master and two workers of one core each on this machine: it shows that the work is shared
and that a lost worker loses nothing, not how fast many machines are. Written to bench/results/spark.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import made
import standalone
from measuring import CORES, HERE, machine, table

ROWS, MEMORY_MB = 300_000, 1536
OFFERS = ("a", "b", "c", "d", "e")
ON = "2023-06-01"
#: Tasks that a worker has finished when it is killed.
FINISHED = 5


def run(folder: Path, name: str, master: str) -> None:
    """One run in this process; prints its seconds and the digest of its content."""
    from jarlig.engines.sql import running
    from jarlig.engines.sql.spark import SparkBackend
    from jarlig.library import day_of
    from jarlig.policy.reading import read_programme

    programme = read_programme(HERE / "five-rules")
    files = running.Files(folder / "five.parquet", folder / f"{name}.parquet", history=folder / "history.parquet")
    start = time.perf_counter()
    engine = (lambda at, read: SparkBackend(at, read, master)) if master else running.duckdb(threads=CORES)
    report = running.run(programme, OFFERS, files, running.Options(day_of(ON)), engine)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": round(seconds, 1), "content": report.manifest["answer"]["content"]}))


def ran(
    folder: Path, name: str, master: str = "", on: standalone.Cluster | None = None, kill: bool = False
) -> dict[str, Any]:
    """A run in a process of its own, and the rows in which it differs from DuckDB."""
    task = json.dumps({"folder": str(folder), "name": name, "master": on.url if on else master})
    environment: Mapping[str, str] | None = on.environment if on else None
    found: dict[str, Any] = {"engine": name}
    command = [sys.executable, __file__, "--child", task]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            if on is not None and kill:
                lost, left = on.workers
                held = standalone.killed_at_work(lost, lambda: process.poll() is None, FINISHED)
                found["tasks_finished_by_the_lost"], found["tasks_held_by_the_lost"] = len(lost.finished()), len(held)
            said, _ = process.communicate(timeout=600)
        finally:
            process.kill()
    if process.returncode:
        raise RuntimeError(f"{name}: exit code {process.returncode}")
    if on is not None:
        found["tasks"] = [len(worker.finished()) for worker in on.workers]
        if kill:
            found["tasks_tried_again"] = sum(task.again for task in left.taken())
    return {**found, **json.loads(said.splitlines()[-1]), "differing_rows": differing(folder, name)}


def differing(folder: Path, name: str) -> int:
    """Rows that stand in one of two answers alone."""
    one, other = (f"SELECT * FROM '{folder / each}.parquet'" for each in ("duckdb", name))
    both = f"({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one})"
    ((count,),) = duckdb.sql(f"SELECT count(*) FROM ({both})").fetchall()
    return int(count)


def bars(engines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every answer is DuckDB's, with a worker killed as well."""
    killed = next(one for one in engines if "tasks_held_by_the_lost" in one)
    lossy = killed["differing_rows"]
    whole = sum(one["differing_rows"] for one in engines if one is not killed)
    other = sum(one["content"] != engines[0]["content"] for one in engines)
    return [
        {"what": what, "zh": zh, "measured": measured, "bar": 0, "least": False, "met": measured <= 0}
        for what, zh, measured in (
            ("rows that differ from DuckDB's", "与 DuckDB 不同的行", whole),
            (
                "rows that differ after a worker was killed",
                "一个工作节点被强行结束后不同的行",
                lossy,
            ),
            ("digests that differ", "不同的内容摘要", other),
        )
    ]


def main(rows: int) -> int:
    """All four, one after the other."""
    facts = machine()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        made.five(folder, rows)
        engines = [ran(folder, "duckdb"), ran(folder, "spark local", f"local[{CORES}]")]
        cluster = stack.enter_context(standalone.cluster(folder / "cluster", memory_mb=MEMORY_MB))
        engines.append(ran(folder, "spark cluster", on=cluster))
        stack.close()
        again = stack.enter_context(standalone.cluster(folder / "again", memory_mb=MEMORY_MB))
        engines.append(ran(folder, "spark cluster, a worker killed", on=again, kill=True))
    results = {
        "machine": facts, "cases": rows, "offers": len(OFFERS), "workers": 2, "engines": engines, "bars": bars(engines),
    }  # fmt: skip
    print(table(engines, {"engine": "engine", "seconds": "seconds", "differing_rows": "rows that differ"}))
    print(json.dumps(results["bars"], ensure_ascii=False))
    if rows >= ROWS:
        (HERE / "results" / "spark.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    return 0 if all(bar["met"] for bar in results["bars"]) else 1


if __name__ == "__main__":
    if "--child" in sys.argv:
        asked = json.loads(sys.argv[2])
        run(Path(asked["folder"]), asked["name"], asked["master"])
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("--rows", type=int, default=ROWS)
        sys.exit(main(parser.parse_args().rows))
