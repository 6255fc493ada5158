"""What goes wrong in Spark is told in one sentence, with nothing of Java's hundred lines; each is brought about."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import made
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import standalone
from tests.engines.many.running import QUICK_JAVA, needs_java, spark_session

from jarlig.engines.sql.mishaps import last, told
from jarlig.engines.sql.spark import SparkBackend
from jarlig.policy.messages import PolicyError

ROOT = Path(__file__).parents[3]
#: A run with the command, and with less patience than a person has.
RUN = """
import sys
from jarlig.cli import app
from jarlig.engines.sql import mishaps
mishaps.PATIENCE = 4.0
sys.exit(app.run(sys.argv[1:]))
"""
#: Two runs of a process, each with a Java of its own: a small one whose Java ends, and one that counts as large.
TWICE = """
from pathlib import Path
from jarlig.engines.sql import spark
from jarlig.policy.messages import PolicyError
for at, small in enumerate((100, 0)):
    spark.SMALL = small
    folder = Path(str(at))
    folder.mkdir()
    backend = spark.SparkBackend(folder, [Path("table.parquet")], "local[1]")
    java = backend._session._jvm.java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments()
    parts = backend._session.conf.get("spark.sql.shuffle.partitions")
    print("light" if "-XX:TieredStopAtLevel=1" in list(java) else "full", parts == "1", backend.ask("SELECT 1"))
    if small:
        try:
            backend.ask("SELECT java_method('java.lang.System', 'exit', CAST(id AS INT)) FROM range(1)")
        except PolicyError as error:
            print(error.problems[0].code)
    backend.close()
"""
#: A query on Spark inside this machine, as a run asks it.
ASK = """
import sys
from pathlib import Path
from jarlig.cli.trouble import told
from jarlig.engines.sql.spark import SparkBackend
from jarlig.policy.messages import PolicyError
backend = SparkBackend(Path.cwd(), [], "local[1]")
try:
    backend.ask(sys.argv[1])
except PolicyError as error:
    print(told(error, "en"))
finally:
    backend.close()
"""


#: The same, broken off with Ctrl-C after it has begun.
BROKEN_OFF = """
import os, signal
from pathlib import Path
from threading import Timer
from jarlig.engines.sql.spark import SparkBackend
signal.signal(signal.SIGINT, signal.default_int_handler)
backend = SparkBackend(Path.cwd(), [], "local[1]")
Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    backend.ask("SELECT count(*) FROM range(100000000000000) WHERE id % 7 = 8")
except KeyboardInterrupt:
    print("stopped")
finally:
    backend.close()
"""


def run(folder: Path, master: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """The command in a process of its own, over a few thousand cases."""
    made.five(folder, 5_000)
    tables = ["--cases", str(folder / "five.parquet"), "--history", str(folder / "history.parquet")]
    asked = ["--offer", "c", "--on", "2023-06-01", "--out", str(folder / "answer.parquet")]
    command = ["run", str(ROOT / "bench" / "five-rules"), *tables, *asked, "--engine", "spark", "--master", master]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**environment, "PYTHONPATH": str(ROOT / "src"), "LANG": "C", "JDK_JAVA_OPTIONS": QUICK_JAVA},
    )  # fmt: skip


def ended(process: subprocess.Popen[str], folder: Path) -> str:
    """What it said; it ended by itself, with no answer, nothing left behind and no line of Java's."""
    try:
        said, _ = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 2, said
    assert "Traceback" not in said
    assert "\tat " not in said
    assert not (folder / "answer.parquet").exists()
    assert list(folder.glob(".jarlig-run*")) == []
    return said


def test_a_master_without_workers_is_told_after_a_while(tmp_path: Path) -> None:
    """It takes the program and would let it wait for ever."""
    needs_java()
    with standalone.cluster(tmp_path / "cluster", workers=0) as spark:
        said = ended(run(tmp_path, spark.url, spark.environment), tmp_path)
    assert "E882" in said
    assert f"no worker of {spark.url} took up any work in 4 seconds" in said.replace("\n", " ")


def test_workers_that_are_all_lost_are_told_after_a_while(tmp_path: Path) -> None:
    """In the midst of a run that has done some of its work."""
    needs_java()
    with standalone.cluster(tmp_path / "cluster", workers=1) as spark:
        process = run(tmp_path, spark.url, spark.environment)
        try:
            held = standalone.killed_at_work(spark.workers[0], lambda: process.poll() is None, 2)
        finally:
            said = ended(process, tmp_path)
    assert held
    assert "E882" in said


def test_a_worker_lost_too_often_is_told(tmp_path: Path) -> None:
    """On a cluster that gives each task one try, and tells that an executor was killed."""
    needs_java()
    with standalone.cluster(tmp_path / "cluster", workers=1, more="spark.task.maxFailures 1\n") as spark:
        process = run(tmp_path, spark.url, spark.environment)
        try:
            standalone.killed_at_work(spark.workers[0], lambda: process.poll() is None, 2, itself=False)
        finally:
            said = ended(process, tmp_path)
    assert "E881" in said


def test_a_master_that_does_not_answer_is_told_at_once(tmp_path: Path) -> None:
    said = ended(run(tmp_path, "spark://127.0.0.1:1", dict(os.environ)), tmp_path)
    assert "E834" in said
    assert "127.0.0.1:1: Connection refused" in said


def test_an_error_whose_words_died_with_java_says_that_spark_has_ended(tmp_path: Path) -> None:
    needs_java()
    from py4j.protocol import Py4JError

    class Mute(Py4JError):
        """An error of Java asks Java for its words, which is not there any more."""

        def __str__(self) -> str:
            raise ConnectionRefusedError(111, "Connection refused")

    with pytest.raises(PolicyError) as refused, told("local[1]", tmp_path / "none.log", lambda: 0):
        raise Mute
    assert "E881" in str(refused.value)
    assert last(Mute(), tmp_path / "none.log") == "Mute"
    with pytest.raises(PolicyError) as refused, told("local[1]", tmp_path / "none.log", lambda: 0):
        raise Py4JError("")
    assert "E885" in str(refused.value), "an error without words does not say that Spark has ended"


@pytest.mark.parametrize(
    ("query", "code", "why"),
    [
        ("SELECT sum(size(sequence(1, id + 1000000000))) FROM range(1)", "E880", "Java heap space"),
        ("SELECT java_method('java.lang.Runtime', 'nothing')", "E885", "java.lang.Runtime"),
        ("SELECT java_method('java.lang.System', 'exit', CAST(id AS INT)) FROM range(1)", "E881", ""),
    ],
)
def test_an_error_of_spark_is_one_sentence(tmp_path: Path, query: str, code: str, why: str) -> None:
    needs_java()
    done = subprocess.run(
        [sys.executable, "-c", ASK, query], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "JDK_JAVA_OPTIONS": QUICK_JAVA},
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert f"error[{code}]" in said
    assert why in said
    assert "Lost task" not in said
    assert "\tat " not in said
    assert "Traceback" not in said


def test_ctrl_c_leaves_no_stack(tmp_path: Path) -> None:
    needs_java()
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_OFF], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "JDK_JAVA_OPTIONS": QUICK_JAVA},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "stopped\n"), done.stderr
    assert "Traceback" not in done.stderr


def test_each_run_has_a_java_of_its_own(tmp_path: Path) -> None:
    """A small one a light one; and when it has died, the next run has another."""
    needs_java()
    pq.write_table(pa.table({"n": pa.array(range(100), pa.int64())}), tmp_path / "table.parquet")
    done = subprocess.run(
        [sys.executable, "-c", TWICE], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.stdout.splitlines() == ["light True [(1,)]", "E881", "full False [(1,)]"], done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def backend(folder: Path) -> Iterator[SparkBackend]:
    """In the session of this process."""
    made_here = SparkBackend(folder, [], session=spark_session())
    try:
        yield made_here
    finally:
        made_here.close()


def code_of(what: Callable[[], object]) -> tuple[str, str]:
    """The code and the sentence with which something is refused."""
    with pytest.raises(PolicyError) as caught:
        what()
    (problem,) = caught.value.problems
    return problem.code, problem.en


def test_work_that_was_cancelled_is_told(tmp_path: Path) -> None:
    context, over = spark_session().sparkContext, Event()

    def cancel() -> None:
        while not over.wait(0.2):
            context.cancelAllJobs()

    with backend(tmp_path) as spark:
        Thread(target=cancel).start()
        try:
            code, said = code_of(lambda: spark.ask("SELECT count(*) FROM range(100000000000000) WHERE id % 7 = 8"))
        finally:
            over.set()
    assert code == "E884"
    assert "cancelled" in said


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """The device that is always full, written to by Java."""

    def written() -> None:
        with told("local[2]", tmp_path / "no.log", lambda: 0):
            spark_session()._jvm.java.io.FileOutputStream("/dev/full").write(1)

    code, said = code_of(written)
    assert code == "E883"
    assert "No space left on device" in said
