"""What Spark refuses: each time one sentence that says what is missing and how to mend it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engines.many.running import needs_java, spark_session

from jarlig.engines.sql.spark import SparkBackend, prepared, whole
from jarlig.policy.messages import PolicyError, Problem


def refused(caught: pytest.ExceptionInfo[PolicyError]) -> Problem:
    (problem,) = caught.value.problems
    return problem


def table(path: Path, rows: int) -> Path:
    """A table of so many rows."""
    pq.write_table(pa.table({"n": pa.array(range(rows), pa.int64())}), path)
    return path


def test_without_java_the_package_to_install_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(PolicyError) as caught:
        SparkBackend(tmp_path, [])
    assert refused(caught).code == "E835"
    assert "openjdk-17-jre-headless" in refused(caught).hint_en


def test_a_session_that_cannot_be_set_to_exact_arithmetic_is_refused() -> None:
    """A setting that is fixed when Spark starts stands for any that a session will not take."""
    with pytest.raises(PolicyError) as caught:
        prepared(spark_session().newSession(), {"spark.sql.warehouse.dir": "/elsewhere"})
    assert refused(caught).code == "E833"
    assert "spark.sql.warehouse.dir = /elsewhere" in refused(caught).en


def test_a_second_spark_in_a_process_is_refused(tmp_path: Path) -> None:
    spark_session()
    with pytest.raises(PolicyError) as caught:
        SparkBackend(tmp_path, [])
    assert refused(caught).code == "E834"
    assert "hand its session in" in refused(caught).en


def test_a_master_that_is_none_is_refused_from_the_command_line(tmp_path: Path) -> None:
    """In a process of its own, for only one Spark can be in each."""
    needs_java()
    (tmp_path / "cases.csv").write_text("case\n1\n", "utf-8")
    command = ["run", "nmg-ecommerce-2022", "--offer", "2a", "--cases", "cases.csv", "--out", "answer.csv"]
    done = subprocess.run(
        [sys.executable, "-m", "jarlig", *command, "--engine", "spark", "--master", "nowhere"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 2
    assert "E834" in said
    assert "nowhere" in said
    assert "Traceback" not in said
    assert not (tmp_path / "answer.csv").exists()


def test_a_file_that_a_worker_does_not_see_is_named(tmp_path: Path) -> None:
    """Taken away after the plan was made, as a worker without the shared folder would find it."""
    file = table(tmp_path / "cases.parquet", 3)
    backend = SparkBackend(tmp_path, [file], session=spark_session())
    try:
        source = backend.source(file)
        assert backend.ask(f"SELECT count(*) FROM {source}") == [(3,)]
        file.unlink()
        with pytest.raises(PolicyError) as caught:
            backend.ask(f"SELECT sum(n) FROM {source}")
    finally:
        backend.close()
    assert refused(caught).code == "E837"
    assert "in0.parquet" in refused(caught).en


def test_an_answer_of_which_a_part_is_missing_is_refused(tmp_path: Path) -> None:
    """The silent loss: a worker without the shared folder writes its part to a folder of its own."""
    table(tmp_path / "part-0.parquet", 2)
    whole(tmp_path, 2)
    with pytest.raises(PolicyError) as caught:
        whole(tmp_path, 3)
    assert refused(caught).code == "E838"
    assert "3 rows were computed, 2 stand" in refused(caught).en
