"""Spark on a cluster of processes: a worker that dies at its work takes nothing of the answer with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import made
import standalone
from tests.engines.many.running import needs_java

from jarlig.tabular import read_table

ROOT = Path(__file__).parents[3]
CASES = 30_000
#: What a worker must have done before it is killed.
DONE = 4


def command(folder: Path, out: str, *more: str) -> list[str]:
    """Rules over the cases of a folder: a gate and a cap by level, and a limit that looks into the history."""
    tables = ["--cases", str(folder / "five.parquet"), "--history", str(folder / "history.parquet")]
    asked = ["--offer", "a", "--offer", "c", "--on", "2023-06-01", "--out", str(folder / f"{out}.parquet"), *more]
    return [sys.executable, "-m", "jarlig", "run", str(ROOT / "bench" / "five-rules"), *tables, *asked]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Our own code, wherever it is installed."""
    return {**os.environ, **more, "PYTHONPATH": str(ROOT / "src")}


def manifest(folder: Path, out: str) -> dict[str, Any]:
    """What a run came to."""
    found: dict[str, Any] = json.loads((folder / f"{out}.manifest.json").read_text("utf-8"))
    return found


def test_a_worker_killed_at_its_work_changes_nothing(tmp_path: Path) -> None:
    """It has finished tasks and holds one; that one is done again by the other, and the answer is DuckDB's."""
    needs_java()
    made.five(tmp_path, CASES)
    subprocess.run(command(tmp_path, "duckdb"), env=environment({}), stdout=subprocess.DEVNULL, check=True, timeout=60)
    with standalone.cluster(tmp_path / "cluster") as spark:
        lost, left = spark.workers
        asked = command(tmp_path, "spark", "--engine", "spark", "--master", spark.url)
        with subprocess.Popen(
            asked, env=environment(spark.environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as run:
            try:
                held = standalone.killed_at_work(lost, lambda: run.poll() is None, DONE)
                assert not (tmp_path / "spark.parquet").exists()
                said, _ = run.communicate(timeout=240)
            finally:
                run.kill()
        again = {(task.stage.partition(".")[0], task.name.partition(".")[0]) for task in left.taken() if task.again}
    assert run.returncode == 0, said.decode("utf-8", "replace")
    assert lost.process.returncode == -9
    assert len(lost.finished()) >= DONE
    assert {(task.stage.partition(".")[0], task.name.partition(".")[0]) for task in held} <= again
    one, other = manifest(tmp_path, "duckdb"), manifest(tmp_path, "spark")
    assert other["engine"] == "spark"
    assert (other["answer"]["content"], other["totals"]) == (one["answer"]["content"], one["totals"])
    assert read_table(tmp_path / "spark.parquet").to_pydict() == read_table(tmp_path / "duckdb.parquet").to_pydict()
