"""What goes wrong in Spark, told as a sentence: Java says it in a hundred lines, of which one matters.

A run whose workers are all gone would wait for ever, as Spark does: `Watch` ends it after a while.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.tabular.formats import needed

#: Seconds that a cluster may leave work untouched before the run ends.
PATIENCE = 120.0
#: Seconds between two looks at the workers, and for a master to answer.
LOOK, ANSWER = 1.0, 10.0
#: What the text of an error has in it, and the code of its message; the first that fits.
_KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("E883", re.compile(r"No space left on device|Disk quota exceeded")),
    ("E880", re.compile(r"OutOfMemoryError|exited with code 52\b|Unable to acquire \d+ bytes of memory")),
    ("E884", re.compile(r"Job \d+ cancelled (?!because SparkContext)")),
    ("E881", re.compile(r"ExecutorLostFailure|SparkContext was shut ?down|stopped SparkContext|removed our app")),
)
_MISSING = re.compile(r"FILE_NOT_EXIST\].*?file:/*(/.+?)(?: does not exist|\.\s)", re.DOTALL)
#: What is said when Spark itself has ended or is about to; why, is in its log.
_OVER = re.compile(r"Error while sending or receiving|SparkContext\b.* is null|SparkContext was shut ?down")
#: Which task it was that failed, and how often: told before why.
_TASK = re.compile(r"^.*Lost task .*?\(TID \d+\) \(.*?executor .*?\): ")
#: How the other side of a call begins, which says nothing.
_CALL = "An error occurred while calling"
#: A line of Java that says where an error was raised, not what it is.
_WHERE = re.compile(r"\s*(at |\.\.\. \d+ more)")


def troubles() -> tuple[type[Exception], ...]:
    """What Java's side raises, and what its end does."""
    java = needed("pyspark.errors", "spark").PySparkException, needed("py4j.protocol", "spark").Py4JError
    return *java, ConnectionError, EOFError


def refused(code: str, text: str, **values: object) -> PolicyError:
    """A problem of the run as a whole."""
    return PolicyError((problem(code, Place(text, 0, 0), text, **values),))


@contextmanager
def told(where: str, log: Path, alone: Callable[[], float]) -> Iterator[None]:
    """Errors of Spark become sentences.

    Args:
        where: the master.
        log: what Java said besides.
        alone: for how many seconds there has been no worker, when the run was ended for that; else 0.

    Raises:
        PolicyError: E837 for a file that some worker does not see, E880 to E885 for the rest.
    """
    try:
        yield
    except troubles() as error:
        words = _said(error)
        said = words or ""
        if waited := alone():
            raise refused("E882", where, seconds=f"{waited:.0f}") from error
        if missing := _MISSING.search(said):
            raise refused("E837", missing[1]) from error
        over = isinstance(error, ConnectionError | EOFError) or words is None or _OVER.search(said) is not None
        known = (_known(_tail(log)) if over else None) or _known(said)
        code, why = known or ("E881" if over else "E885", next(_lines(said), type(error).__name__))
        raise refused(code, where, why=why[:300]) from error


def _said(error: Exception) -> str | None:
    """What an error says; None when Java, which is asked for the words of its own errors, has ended meanwhile."""
    try:
        return str(error)
    except troubles():
        return None


def _lines(said: str) -> Iterator[str]:
    """The lines that say what happened, not where in the program."""
    for line in said.splitlines():
        if line.strip() and not _WHERE.match(line) and not line.startswith(_CALL):
            yield _TASK.sub("", line.strip().removeprefix(": ").removeprefix("Caused by: "))


def _known(said: str) -> tuple[str, str] | None:
    """The code of what was said, and the line that says it."""
    lines = list(_lines(said))
    return next(((code, line) for code, what in _KNOWN for line in lines if what.search(line)), None)


def _tail(log: Path) -> str:
    """The end of what Java said: nothing where a session was handed in, whose log is not ours."""
    return log.read_text("utf-8", "replace")[-20_000:] if log.exists() else ""


def last(error: Exception, log: Path) -> str:
    """The last thing that Java said, not where it was said, or what the error says itself."""
    logged = list(_lines(_tail(log)))
    return (logged[-1] if logged else next(_lines(_said(error) or ""), type(error).__name__))[:300]


class Watch:
    """Ends the work of a session of our own that no worker has touched for a while."""

    def __init__(self, context: Any, patience: float) -> None:
        self._context, self._patience, self._ended = context, patience, Event()
        self.alone = 0.0
        Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        since = monotonic()
        while not self._ended.wait(LOOK):
            try:
                if not self._waiting():
                    since = monotonic()
                elif monotonic() - since > self._patience:
                    self.alone = self._patience
                    self._context.cancelAllJobs()
                    return
            except troubles():  # Spark has ended: whoever asks it next is told so
                return

    def _waiting(self) -> bool:
        """Whether there is work and nobody to do it; the program itself counts as one that stores."""
        tracker = self._context.statusTracker()
        return bool(tracker.getActiveJobsIds()) and self._context._jsc.sc().getExecutorMemoryStatus().size() <= 1

    def end(self) -> None:
        """Look no more."""
        self._ended.set()


def reached(master: str) -> None:
    """Refuse a standalone master that does not answer: Spark would try for a minute, and then say something else.

    Raises:
        PolicyError: E834.
    """
    if not master.startswith("spark://"):
        return
    why = ""
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal():
            return  # Spark itself says how an address is written
        try:
            with socket.create_connection((host, int(port)), ANSWER):
                return
        except OSError as error:
            why = f"{address}: {error.strerror or error}"
    raise refused("E834", master, zh=why, en=why)
