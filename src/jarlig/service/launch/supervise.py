"""The processes of a running Jarlig (进程看护): each that dies is started again, all end together, none is left."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jarlig.cli.trouble import Trouble
from jarlig.service.launch.binaries import ended_with_us
from jarlig.service.launch.cluster import Cluster

#: A process that dies more often than this within that many seconds ends all.
DEATHS, WITHIN = 5, 60.0
#: Seconds before a second, third, … start, and the most.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
#: Seconds that a process is given to end by itself.
STOP = 3.0

#: Tells the person at the keyboard something, in Chinese and in English.
Say = Callable[[str, str], None]


class Kept(Protocol):
    """A process that is kept running (受看护进程)."""

    #: What it is called, in both languages.
    title: str

    def start(self) -> None:
        """Starts it."""

    def ended(self) -> str | None:
        """How it ended, in both languages; None while it runs."""

    def stop(self) -> None:
        """Ends it and all below it."""


class Program:
    """A command of ours, in a process group of its own, ended with us."""

    def __init__(self, title: str, module: Sequence[str], environ: Mapping[str, str], log: Path | None) -> None:
        """A command that does not run yet.

        Args:
            title: what it is called, in both languages.
            module: the module that this Python runs, and its arguments.
            environ: all it is told.
            log: where its output goes; None leaves it on the terminal.
        """
        self.title, self.module, self.environ, self.log = title, list(module), dict(environ), log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; what a predecessor left running is ended first."""
        self._end_group()
        words = [*ended_with_us("TERM"), sys.executable, "-P", "-m", *self.module]
        with contextlib.ExitStack() as opened:
            log = opened.enter_context(self.log.open("ab")) if self.log else None
            self.process = subprocess.Popen(
                words, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def ended(self) -> str | None:
        """How it ended, with its last words where they are kept."""
        if self.process is None or self.process.poll() is None:
            return None
        return ending(self.process.returncode) + self.last_words()

    def last_words(self) -> str:
        """The end of its log, as further lines."""
        if self.log is None or not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 2000))
            lines = log.read().decode(errors="replace").strip().splitlines()[-6:]
        return "".join(f"\n  | {line}" for line in lines)

    def stop(self) -> None:
        """Asks it to end, and ends it and all below it by force when it does not."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.terminate()
                self.process.wait(STOP)
            self._end_group()

    def _end_group(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Database:
    """The embedded database as one of the processes."""

    title = "数据库 / the database"

    def __init__(self, cluster: Cluster) -> None:
        """A cluster that may run already."""
        self.cluster = cluster

    def start(self) -> None:
        """Starts it; what was committed is there again."""
        self.cluster.start()

    def ended(self) -> str | None:
        """How its first process ended."""
        process = self.cluster.process
        return None if process is None or process.poll() is None else ending(process.returncode)

    def stop(self) -> None:
        """Ends it, fast."""
        self.cluster.stop()


def ending(code: int) -> str:
    """How a process ended, in both languages with a stroke between."""
    if code < 0:
        name = signal.Signals(-code).name
        return f"被信号 {name} 终止 / was ended by {name}"
    return f"退出码 {code} / exit code {code}"


@dataclass
class Supervisor:
    """Keeps processes running until one dies too often or we are asked to end (看护者)."""

    say: Say
    kept: list[Kept] = field(default_factory=list)
    _deaths: dict[str, deque[float]] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)

    def keep(self, one: Kept) -> None:
        """Takes a process that runs already under care; the last one taken is the first to end."""
        self.kept.append(one)

    def look(self) -> None:
        """Looks at each process once, and starts again what died and has waited its turn.

        Raises:
            Trouble: when one died too often, with its reason.
        """
        now = time.monotonic()
        for one in self.kept:
            if one.title in self._due:
                if now >= self._due[one.title]:
                    del self._due[one.title]
                    one.start()
            elif (how := one.ended()) is not None:
                self._due[one.title] = now + self._pause(one, how, now)

    def _pause(self, one: Kept, how: str, now: float) -> float:
        """Counts a death and tells it; how long to wait before the next start."""
        deaths = self._deaths.setdefault(one.title, deque())
        deaths.append(now)
        while now - deaths[0] > WITHIN:
            deaths.popleft()
        title, ended, last = both(one.title), both(how.partition("\n")[0]), "".join(how.partition("\n")[1:])
        if len(deaths) > DEATHS:
            raise Trouble(
                f"{title[0]}在 {WITHIN:.0f} 秒内终止了 {len(deaths)} 次（{ended[0]}），全部停止{last}",
                f"{title[1]} died {len(deaths)} times within {WITHIN:.0f} s ({ended[1]}); all is ended{last}",
            )
        pause = min(FIRST_PAUSE * 2 ** (len(deaths) - 1), LONGEST_PAUSE)
        self.say(
            f"{title[0]}意外终止（{ended[0]}），{pause:g} 秒后重新启动{last}",
            f"{title[1]} died unasked ({ended[1]}); starting it again in {pause:g} s{last}",
        )
        return pause

    def stop(self) -> None:
        """Ends all, the last first."""
        for one in reversed(self.kept):
            one.stop()
        self.kept.clear()


def both(text: str) -> tuple[str, str]:
    """The two halves of a text."""
    zh, _, en = text.partition(" / ")
    return zh, en or zh
