"""A Spark cluster on this machine: a master and workers as processes of their own, and a worker killed at its work.

Everything listens on 127.0.0.1 at free ports and keeps its files in one folder. What a worker did is read from the log
of its executor: which tasks it took up and which it finished.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

#: Seconds in which a process must have said that it is up.
PATIENCE = 60.0
_TAKEN = re.compile(r"Running task (\d+\.\d+) in stage (\d+\.\d+) \(TID (\d+)\)")
_DONE = re.compile(r"Finished task \d+\.\d+ in stage \d+\.\d+ \(TID (\d+)\)")


@dataclass(frozen=True)
class Task:
    """A task as the log of an executor names it: ``0.1`` is the second try of the first part of a stage."""

    name: str
    stage: str
    number: int

    @property
    def again(self) -> bool:
        """Whether it, or its whole stage, had been tried before."""
        return not self.name.endswith(".0") or not self.stage.endswith(".0")


class Worker:
    """A worker and the executors it has started."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process, self.folder = process, folder

    @property
    def executors(self) -> list[int]:
        """The processes of its executors, not those that are only about to become one."""
        return [child for child in children(self.process.pid) if b"CoarseGrainedExecutorBackend" in command(child)]

    def said(self) -> str:
        """All that its executors have logged."""
        return "".join(log.read_text("utf-8", "replace") for log in sorted(self.folder.glob("app-*/*/stderr")))

    def taken(self) -> list[Task]:
        """The tasks that it took up."""
        return [Task(name, stage, int(number)) for name, stage, number in _TAKEN.findall(self.said())]

    def finished(self) -> set[int]:
        """The numbers of the tasks that it finished."""
        return {int(number) for number in _DONE.findall(self.said())}

    def at_work(self) -> list[Task]:
        """The tasks that it took up and did not finish."""
        finished = self.finished()
        return [task for task in self.taken() if task.number not in finished]

    def kill(self, *, itself: bool = True) -> None:
        """End it and its executors at once, with no time to say anything; or not ``itself``, the executors alone."""
        executors = self.executors  # before it dies, for they get another parent then
        if itself:
            self.process.kill()
        for executor in executors:
            signalled(executor, signal.SIGKILL)
        if itself:
            self.process.wait()


@dataclass
class Cluster:
    """The master's address, its workers, and what a program that runs on it must have in its environment."""

    url: str
    workers: list[Worker]
    environment: dict[str, str]


@contextmanager
def cluster(folder: Path, workers: int = 2, memory_mb: int = 1024, more: str = "") -> Iterator[Cluster]:
    """A cluster whose workers have one core each; gone at the end, however it ends.

    ``more`` are lines of its spark-defaults.conf.
    """
    import pyspark

    home, conf = Path(pyspark.__file__).parent, folder / "conf"
    conf.mkdir(parents=True)
    (conf / "spark-defaults.conf").write_text(
        f"spark.executor.memory {memory_mb}m\nspark.executor.extraJavaOptions -XX:TieredStopAtLevel=1\n"
        f"spark.master.rest.enabled false\n{more}"
    )
    environment = os.environ | {
        "SPARK_HOME": str(home), "SPARK_CONF_DIR": str(conf), "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"), "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }  # fmt: skip
    tied = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []  # gone with us, whatever ends us
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, what: str, *options: str) -> tuple[subprocess.Popen[bytes], Path]:
        log = folder / f"{name}.log"
        listening = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
        command = [*tied, str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{what}", *listening, *options]
        with log.open("wb") as stream:
            process = subprocess.Popen(
                command, stdout=stream, stderr=stream, env=environment, cwd=folder, start_new_session=True
            )
        started.append(process)
        return process, log

    try:
        url = told(*start("master", "master.Master"), r"Starting Spark master at (spark://\S+)")
        made = []
        for at in range(workers):
            work = folder / f"worker{at}"
            options = ("--cores", "1", "--memory", f"{memory_mb}m", "--work-dir", str(work), url)
            made.append((*start(work.name, "worker.Worker", *options), work))
        for process, log, _ in made:
            told(process, log, r"(Successfully registered) with master")
        yield Cluster(url, [Worker(process, work) for process, _, work in made], environment)
    finally:
        for process in started:
            everyone = [*children(process.pid), process.pid]
            for one in everyone:
                signalled(one, signal.SIGKILL)
            process.wait()


def told(process: subprocess.Popen[bytes], log: Path, pattern: str) -> str:
    """What a process writes into its log, once it has.

    Raises:
        RuntimeError: it ended before, or did not write it in time.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        text = log.read_text("utf-8", "replace")
        if found := re.search(pattern, text):
            return found[1]
        if process.poll() is not None:
            raise RuntimeError(f"{log.stem} ended: {text[-2000:]}")
        time.sleep(0.05)
    raise RuntimeError(f"{log.stem} is not up after {PATIENCE:.0f} seconds: {text[-2000:]}")


def children(parent: int) -> list[int]:
    """The processes that a process has started."""
    found: list[int] = []
    for one in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile has started nothing more
            found += map(int, one.read_text("ascii").split())
    return found


def command(process: int) -> bytes:
    """What a process was started with; empty when it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def signalled(process: int, what: int) -> None:
    """Send a signal to a process that may have ended."""
    with suppress(ProcessLookupError):
        os.kill(process, what)


def killed_at_work(worker: Worker, running: Callable[[], bool], finished: int, *, itself: bool = True) -> list[Task]:
    """Kill a worker and its executor while it holds a task, after it has finished so many; gives what it held.

    Without ``itself`` only the executor is killed, and the worker starts another. The executor is stopped first, so
    what its log says then is so when it dies.

    Raises:
        RuntimeError: the run ended before.
    """
    while running():
        time.sleep(0.02)
        if len(worker.finished()) < finished or not worker.at_work():
            continue
        executors = worker.executors
        for executor in executors:
            signalled(executor, signal.SIGSTOP)
        held = worker.at_work()
        if executors and held and running():
            worker.kill(itself=itself)
            return held
        for executor in executors:
            signalled(executor, signal.SIGCONT)
    raise RuntimeError("the run ended before the worker could be killed at work")
