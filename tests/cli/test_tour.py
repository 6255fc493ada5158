"""``jarlig tour``: the shipped programmes at work, and commands that work when they are pasted."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import FACTS, Run
from tests.tiny import edited

from jarlig import library
from jarlig.cli import calling, tour
from jarlig.words.layout import width


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small programme as the only one that is shipped, with three enterprises."""
    folder = edited(tmp_path / "tiny")
    named = (
        "facts:\n  uscc:",
        "facts:\n  name: {code: text, title: {zh: 名称, en: name}, evidence: licence, verified_by: commerce}\n  uscc:",
    )
    programme = folder / "programme.yaml"
    programme.write_text(programme.read_text("utf-8").replace(*named), "utf-8")
    (folder / "enterprises").mkdir()
    incomplete = FACTS.replace("category: hardware, ", "").replace("score: 70", "score: 10")
    for name, text in {
        "1-gets.yaml": f"name: 甲公司\n{FACTS}",
        "2-elsewhere.yaml": f"name: 乙公司\n{FACTS.replace('150102', '110101')}",
        "3-unknown.yaml": f"name: 丙公司\n{incomplete}",
    }.items():
        (folder / "enterprises" / name).write_text(text, "utf-8")
    monkeypatch.setattr(library, "shipped", lambda: {"tiny": folder})
    return folder


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_it_checks_answers_adds_up_and_says_what_is_only_illustrative(run: Run, shipped: Path) -> None:
    done = run("tour")
    assert (done.code, done.err) == (0, "")
    told = lines(done.out)
    for line in (
        "Tiny programme (sample)",
        "2 worked cases, all passed",
        "3 example enterprises, applying on 1 March 2023",
        "甲公司 1a new platform Determined 200,000.02",
        "2 promotion Determined 100,000.00",
        "total of awards 300,000.02",
    ):
        assert line in told, line
    assert any(line.startswith("乙公司 not met: registered") for line in told)
    assert any(line.startswith("✓ the check passed") for line in told)
    assert "Illustrative documents behind them: 2023 application guide (sample)" in told
    assert max(width(line) for line in done.out.splitlines() if "jarlig" not in line) <= 80


def test_it_speaks_chinese(run: Run, shipped: Path) -> None:
    told = lines(run("tour", lang="zh").out)
    assert "3 家示例企业，申请日期 2023年3月1日" in told
    assert "奖补合计 300,000.02" in told


def test_a_range_is_told_beside_the_total_and_never_in_it(run: Run, shipped: Path) -> None:
    out = " ".join(run("tour").out.split())
    assert "丙公司 1a new platform Range 0.00– 200,000.02" in out
    assert "they add up to CNY 0.00 to CNY 200,000.02" in out
    assert "total of awards 300,000.02" in out


def test_the_day_is_the_latest_in_the_facts_that_a_guide_is_open_on(shipped: Path) -> None:
    read = library.load(shipped)
    files = list(tour._enterprises(read, shipped))
    assert tour.where_facts_end(read, files) == library.day_of("2023-03-01")
    path = shipped / "enterprises/1-gets.yaml"
    path.write_text(
        path.read_text("utf-8").replace("2022-07-02", "2023-05-04").replace("2022-07-01", "2030-01-01"), "utf-8"
    )
    assert tour.where_facts_end(read, list(tour._enterprises(read, shipped))) == library.day_of("2023-05-04")


def test_another_day_can_be_asked_for(run: Run, shipped: Path) -> None:
    assert "applying on 2 March 2023" in run("tour", "--on", "2023-03-02").out
    assert run("tour", "--on", "March").code == 2


def test_a_programme_that_fails_its_check_fails_the_tour_but_is_shown(run: Run, shipped: Path) -> None:
    case = shipped / "cases/01.yaml"
    case.write_text(case.read_text("utf-8").replace("amount: 4_000_000, low", "amount: 4_000_001, low"), "utf-8")
    done = run("tour")
    assert done.code == 1
    assert "✕ the check failed" in done.out
    assert "甲公司" in done.out


def test_no_programme_at_all_is_no_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "shipped", dict)
    assert (run("tour").code, run("tour").out) == (0, "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_that_the_tour_prints_works_when_pasted(tmp_path: Path, lang: str) -> None:
    source = str(Path(__file__).resolve().parents[2] / "src")
    settings = {"PATH": os.environ["PATH"], "PYTHONPATH": source, "LANG": "C.UTF-8"}
    start = [sys.executable, "-m", "jarlig", "tour", "--lang", lang]
    told = subprocess.run(start, env=settings, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert told.stderr == ""
    commands = [line.strip() for line in told.stdout.splitlines() if line.startswith("    ") and " -m jarlig " in line]
    assert len(commands) == 4
    for command in commands:
        done = subprocess.run(command, shell=True, env=settings, cwd=tmp_path, capture_output=True, encoding="utf-8")
        assert (done.returncode, done.stderr) == (0, ""), command
        assert done.stdout


@pytest.mark.parametrize(
    ("environment", "found", "command"),
    [
        ({"JARLIG_COMMAND": "./jarlig"}, "/usr/bin/jarlig", "./jarlig show 'a b'"),
        ({}, "/usr/bin/jarlig", "jarlig show 'a b'"),
        ({}, None, f"{shlex.quote(sys.executable)} -m jarlig show 'a b'"),
    ],
)
def test_a_command_is_printed_as_it_can_be_typed_here(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], found: str | None, command: str
) -> None:
    monkeypatch.delenv("JARLIG_COMMAND", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("shutil.which", lambda name: found)
    assert calling.pasteable("show", "a b") == command


def test_a_path_is_told_from_where_the_user_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert calling.shown(tmp_path / "a" / "b") == "a/b"
    assert calling.shown(Path("/elsewhere/b")) == "/elsewhere/b"
