"""The keeper of processes: patient with one death, not with many; ends what does not want to end."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tests.service.launch.helpers import descendants, eventually, lives

from jarlig.cli.trouble import Trouble
from jarlig.service.launch import supervise
from jarlig.service.launch.supervise import Program, Supervisor


@pytest.fixture
def said() -> list[tuple[str, str]]:
    return []


def program(tmp_path: Path, code: str) -> Program:
    """A module of that code as a program to keep."""
    (tmp_path / "kept_module.py").write_text(code)
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    return Program("后台任务 / the worker", ["kept_module"], environ, tmp_path / "log")


def watch(supervisor: Supervisor, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        supervisor.look()
        time.sleep(0.01)


def test_one_that_dies_too_often_ends_the_watch_with_its_last_words(
    tmp_path: Path, said: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "FIRST_PAUSE", 0.01)
    supervisor = Supervisor(lambda zh, en: said.append((zh, en)))
    one = program(tmp_path, "raise SystemExit('no / such table')")
    supervisor.keep(one)
    one.start()
    with pytest.raises(Trouble) as trouble:
        watch(supervisor)
    supervisor.stop()
    assert len(said) == supervise.DEATHS
    assert "the worker died 6 times within 60 s (exit code 1); all is ended" in trouble.value.en
    assert "后台任务在 60 秒内终止了 6 次（退出码 1），全部停止" in trouble.value.zh
    assert trouble.value.zh.endswith("  | no / such table")


def test_the_pause_before_a_start_doubles_and_has_an_end(tmp_path: Path, said: list[tuple[str, str]]) -> None:
    supervisor = Supervisor(lambda zh, en: said.append((zh, en)))
    one = program(tmp_path, "")
    pauses = [supervisor._pause(one, "退出码 1 / exit code 1", now) for now in (0.0, 1.0, 2.0, 3.0, 4.0)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, supervise.LONGEST_PAUSE]
    assert supervisor._pause(one, "退出码 1 / exit code 1", 100.0) == 0.5  # what is long past is forgotten


def test_one_that_will_not_end_is_ended_by_force_with_all_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "STOP", 0.3)
    one = program(
        tmp_path,
        "import signal, subprocess, time\nsignal.signal(15, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '60'])\nprint('deaf', flush=True)\ntime.sleep(60)\n",
    )
    one.start()
    assert one.process is not None
    pid = one.process.pid
    assert eventually(lambda: "deaf" in one.last_words())
    below = descendants(pid)
    assert below
    one.stop()
    assert eventually(lambda: not any(map(lives, [pid, *below])))  # a killed process is gone a moment later


def test_what_a_dead_one_left_running_is_ended_before_the_next_start(tmp_path: Path) -> None:
    one = program(tmp_path, "import subprocess\nprint(subprocess.Popen(['sleep', '60']).pid, flush=True)\n")
    one.start()
    assert eventually(lambda: one.ended() is not None)
    left = int(one.last_words().rpartition("| ")[2])
    assert lives(left)
    one.start()
    assert eventually(lambda: not lives(left))
    one.stop()
