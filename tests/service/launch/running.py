"""``jarlig up`` in a process of its own, as a person starts it, with what it says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tests.service.launch.helpers import ROOT, descendants, kill, told_of


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plain(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a person who has set nothing of ours."""
    kept = {name: value for name, value in environ.items() if not name.startswith("JARLIG_")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80"}


def jarlig(*arguments: object, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command run to its end."""
    words = [sys.executable, "-m", "jarlig", *map(str, arguments)]
    return subprocess.run(words, env=environ or plain(), capture_output=True, text=True, check=False, timeout=100)


class Running:
    """One ``jarlig up``; whatever happens in a test, nothing of it is left."""

    def __init__(self, state: Path, environ: Mapping[str, str] | None = None) -> None:
        self.port, self.state, self.said = free_port(), state, ""
        words = ["up", "--state", str(state), "--port", str(self.port), "--lang", "en"]
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jarlig", *words], env=environ or plain(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __enter__(self) -> Running:
        try:
            self.until("the page is ready")
        except BaseException:
            self.__exit__()
            raise
        self.seconds = time.monotonic() - self.began
        return self

    def __exit__(self, *_: object) -> None:
        everyone = [self.process.pid, *self.below()]
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.said += self.process.communicate(timeout=30)[0]
        finally:
            kill(everyone)
            self.process.wait()

    def until(self, words: str, seconds: float = 240) -> None:
        """Reads what it says until those words; one that falls silent for good is ended, so that the test ends too."""
        assert self.process.stdout is not None
        silent = threading.Timer(seconds, self.process.kill)
        silent.start()
        try:
            while words not in self.said:
                line = self.process.stdout.readline()
                assert line, f"ended without {words!r}, at the latest after {seconds:.0f} s:\n{self.said}"
                self.said += line
        finally:
            silent.cancel()

    def below(self) -> list[int]:
        """All its processes but the first."""
        return descendants(self.process.pid)

    def named(self, word: str) -> int:
        """Its nearest process with that word in its command; 0 when there is none."""
        return next((pid for pid in self.below() if word in told_of(pid, "cmdline")), 0)

    def status(self) -> int:
        """What the page answers; 0 when nobody does."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return int(error.code)
        except OSError:
            return 0

    def answers(self) -> bool:
        """Whether the page answers without a fault of its own."""
        return 200 <= self.status() < 500
