"""``jarlig ask`` from a pipe: questions, results in both languages, sessions kept and taken up again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.policy.provoking import provokes

ON = ("--on", "2023-06-01")


def typed(*lines: str) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


ANSWERS = typed("150102", "是", "2023-01-01", "1000万", "没有", "区域级", "85")


def answered(folder: Path, run: Run, lang: str = "en") -> str:
    done = run("ask", folder, *ON, stdin=typed(*["不知道"] * 40), lang=lang)
    assert (done.code, done.err) == (0, "")
    return done.out


def test_questions_and_results_are_told_in_both_languages(run: Run, folder: Path) -> None:
    zh, en = answered(folder, run, "zh"), answered(folder, run)
    assert "投资：计入部分的net合计" in zh or "投资：计入部分的不含税金额合计" in zh
    assert "可同时获得" in zh
    assert "as far as all can be got" in en


def test_a_session_is_kept_and_taken_up_again(run: Run, folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "问答.json"
    first = run("ask", folder, *ON, "--save", kept, "--json", stdin=typed(*["不知道"] * 40))
    assert (first.code, first.err) == (0, "")
    again = run("ask", folder, "--answers", kept, "--json")
    assert again.code == 0
    assert json.loads(again.out) == json.loads(first.out)
    assert json.loads(kept.read_text("utf-8"))["schema"] == "jarlig-asking-1"
    assert "--on" in run("ask", folder, "--answers", kept, *ON).err


@provokes("E974")
def test_a_pipe_that_ends_too_early_and_an_answer_that_is_none_are_told(run: Run, folder: Path) -> None:
    early = run("ask", folder, *ON, stdin=b"", lang="zh")
    assert early.code == 2
    assert "E974" in early.err
    wrong = run("ask", folder, *ON, stdin=typed(*["%%%"] * 3))
    assert wrong.code == 2
    assert "E971" in wrong.err


def test_result_shows_what_is_known_so_far(run: Run, folder: Path) -> None:
    done = run("ask", folder, *ON, stdin=typed("结果"), lang="zh")
    assert done.code == 0
    assert "合计" in done.out


def test_a_file_that_is_no_session_is_refused(run: Run, folder: Path, facts: Path) -> None:
    done = run("ask", folder, "--answers", facts)
    assert done.code == 2
    assert "E972" in done.err
    assert "cannot read" in run("ask", folder, "--answers", "nowhere.json").err
