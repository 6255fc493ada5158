"""``jarlig check`` and ``jarlig test``: codes that a build can use, and sentences that an author can use."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Run
from tests.tiny import edited


def test_a_sound_programme_passes_in_both_languages(run: Run, folder: Path) -> None:
    zh, en = run("check", folder, lang="zh"), run("check", folder)
    assert (zh.code, zh.err, en.code, en.err) == (0, "", 0, "")
    assert "✓ 校验通过" in zh.out
    assert "✓ the check passed" in en.out
    assert "2 worked cases, all passed" in en.out


def test_what_is_not_proved_is_told_in_the_language_asked_for(run: Run) -> None:
    zh, en = (run("check", "sample-district-2024", lang=lang).out.splitlines() for lang in ("zh", "en"))
    assert "  ? 4e（2024 年指南）：没有找到可获得奖补的事实" in zh
    assert "  ? 4e (guide 2024): no facts were found that earn it" in en
    assert not [line for line in zh if line.startswith("  ? ") and "guide" in line]


def test_what_is_wrong_is_told_with_its_line_and_fails(run: Run, tmp_path: Path) -> None:
    folder = edited(tmp_path, ("guides/2023.yaml", "cap: {regional: 4_000_000}", "cap: {regional: 6_000_000}"))
    done = run("check", folder)
    assert done.code == 1
    assert "error[E703]" in done.out
    assert "^" in done.out
    assert "✕ the check failed" in done.out


def test_files_that_cannot_be_read_are_the_result_of_the_check(run: Run, tmp_path: Path) -> None:
    folder = edited(tmp_path, ("programme.yaml", "region:", "regoin:"))
    for verb in ("check", "test"):
        done = run(verb, folder)
        assert (done.code, done.err) == (1, "")
        assert "Did you mean “region”?" in done.out
        assert "✕ the programme cannot be read, errors: 2" in done.out


def test_cases_that_cannot_be_read_are_told_at_their_line(run: Run, tmp_path: Path) -> None:
    folder = edited(tmp_path, ("cases/01.yaml", "outcome: award", "outcome: reward"))
    for verb in ("check", "test"):
        done = run(verb, folder)
        assert (done.code, done.err) == (1, "")
        assert "cases/01.yaml:18:21: error[E204]" in done.out


def test_a_text_that_drifted_fails_and_names_the_clause(run: Run, folder: Path, notice: Path) -> None:
    assert run("check", folder, "--notice", notice).code == 0
    notice.write_text(notice.read_text("utf-8").replace("20%", "30%"), "utf-8")
    done = run("check", folder, "--notice", notice, lang="zh")
    assert done.code == 1
    assert "E902" in done.out
    assert "1.1" in done.out


def test_counterexamples_are_saved_as_cases(run: Run, tmp_path: Path) -> None:
    falling = 'bands: {"under 60": 300_000, "60 to under 80": 100_000, "from 80": 0}'
    folder = edited(
        tmp_path / "p",
        ("measures/01.yaml", 'bands: {"under 60": 0, "60 to under 80": 100_000, "from 80": 300_000}', falling),
    )
    saved = tmp_path / "found.yaml"
    done = run("check", folder, "--save", saved)
    assert f"counterexamples written: {saved}" in " ".join(done.out.split())
    assert yaml.safe_load(saved.read_text("utf-8"))


def test_a_case_that_gives_another_figure_fails_with_both_figures(run: Run, tmp_path: Path) -> None:
    folder = edited(tmp_path, ("cases/01.yaml", "amount: 4_000_000, low", "amount: 4_000_001, low"))
    done = run("test", folder)
    assert done.code == 1
    assert "amount should be CNY 4,000,001.00, got CNY 4,000,000.00" in done.out
    assert "worked cases: 1 passed, 1 failed (at-the-cap)" in done.out


def test_cases_that_pass_are_counted(run: Run, folder: Path) -> None:
    done = run("test", folder, lang="zh")
    assert (done.code, done.out) == (0, "算例 2 个，全部通过\n")


def test_no_case_at_all_is_no_pass(run: Run, tmp_path: Path) -> None:
    done = run("test", edited(tmp_path, drop=("cases/01.yaml",)))
    assert (done.code, done.out) == (1, "no worked cases (cases/*.yaml)\n")


def test_a_folder_that_is_not_there_is_bad_input_and_not_a_failed_check(run: Run) -> None:
    for verb in ("check", "test"):
        done = run(verb, "nowhere")
        assert (done.code, done.out) == (2, "")
        assert "E114" in done.err


# proofs by the solver


def test_with_prove_every_property_is_counted_in_both_languages(run: Run, folder: Path) -> None:
    zh, en = run("check", folder, "--prove", lang="zh"), run("check", folder, "--prove")
    assert (zh.code, zh.err, en.code, en.err) == (0, "", 0, "")
    assert "性质（求解器）：已证明 26，未能证明 0，有反例 0" in zh.out
    assert "properties (by solver): proved 26, not proved 0, refuted 0" in en.out


def test_with_prove_a_gain_from_splitting_is_told_with_its_figure_and_saved_as_cases(run: Run, tmp_path: Path) -> None:
    total = '    - {amount: 6_000_000, per: enterprise, over: validity, cites: "1.2", reading: r-1}\n'
    folder, saved = edited(tmp_path / "p", ("measures/01.yaml", total, "")), tmp_path / "found.yaml"
    done = run("check", folder, "--prove", "--save", saved)
    assert done.code == 0
    assert "warning[E956]" in done.out
    assert "splitting a project gains up to CNY 4,000,000.00" in done.out
    again = edited(tmp_path / "q", ("measures/01.yaml", total, ""), ("cases/found.yaml", "", saved.read_text("utf-8")))
    assert run("test", again).out == "4 worked cases, all passed\n"


def test_with_prove_what_is_refuted_fails(run: Run, tmp_path: Path) -> None:
    folder = edited(tmp_path, ("measures/01.yaml", '"from 80": 300_000', '"from 80": 0'))
    done = run("check", folder, "--prove", lang="zh")
    assert done.code == 1
    assert "E945" in done.out
    assert "有反例 1" in done.out


def test_what_is_not_proved_in_the_seconds_given_is_listed_with_the_reason(run: Run, folder: Path) -> None:
    zh, en = (run("check", folder, "--prove", "--seconds", "0", lang=lang) for lang in ("zh", "en"))
    assert zh.code == en.code == 0
    assert "  ? 2（2023 年指南）：不会为负，未能证明：0 秒内未得出结论" in zh.out
    assert "  ? 2 (guide 2023): never negative: not proved: time-out after 0 s" in en.out


def test_seconds_are_a_number_and_not_below_nothing(run: Run, folder: Path) -> None:
    done = run("check", folder, "--prove", "--seconds", "-1")
    assert done.code == 2
    assert "seconds" in done.err


def test_without_the_solver_the_command_says_what_to_install(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    for lang, words in (("zh", "请安装 jarlig[prove]"), ("en", "Install jarlig[prove]")):
        done = run("check", folder, "--prove", lang=lang)
        assert done.code == 2
        assert words in done.err
    assert run("check", folder).code == 0
