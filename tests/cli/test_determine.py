"""``jarlig determine`` and ``jarlig match``: answers in both languages, as JSON, and every way to ask wrongly."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.cli.conftest import FACTS, Run

from jarlig import library
from jarlig.words.layout import width

ON = ("--on", "2023-06-01")


def test_the_answer_is_told_in_the_language_asked_for(run: Run, folder: Path, facts: Path) -> None:
    zh, en = (run("determine", folder, "1a", "--facts", facts, *ON, lang=lang) for lang in ("zh", "en"))
    assert (zh.code, zh.err, en.code, en.err) == (0, "", 0, "")
    assert "测算金额200,000.02元" in zh.out
    assert "CNY 200,000.02" in en.out
    assert max(width(line) for done in (zh, en) for line in done.out.splitlines()) <= 80


def test_the_answer_as_json_holds_exact_texts_and_its_receipt(run: Run, folder: Path, facts: Path) -> None:
    done = run("determine", folder, "1a", "--facts", facts, *ON, "--at", "150102", "--json", lang="zh")
    told = json.loads(done.out)
    asked = ("programme", "offer", "on", "guide", "at", "outcome", "formula_amount", "amount", "low", "high")
    assert [told[key] for key in asked] == [
        "tiny", "1a", "2023-06-01", 2023, "150102", "award", "200000.02", "200000.02", "200000.02", "200000.02",
    ]  # fmt: skip
    assert told["receipt"]["programme"]["name"] == "tiny"
    assert told["title"] == "新建平台补助"
    assert {step["name"] for step in told["steps"]} >= {"base", "rate", "cap", "award"}


def test_a_trace_gives_every_step_with_its_rows_and_sources(run: Run, folder: Path, facts: Path) -> None:
    plain = run("determine", folder, "1a", "--facts", facts, *ON).out
    traced = run("determine", folder, "1a", "--facts", facts, *ON, "--trace").out
    assert traced.startswith(plain.rstrip("\n"))
    lines = [" ".join(line.split()) for line in traced[len(plain.rstrip()) :].splitlines()]
    assert "base 1000000.10 CNY 2: 1 counted, 1 left out notice 1.1; guide:2023" in lines
    assert "award 200000.02 CNY notice 1.1" in lines
    assert "gate_1 true notice 1.1" in lines


def test_a_trace_of_a_closed_offer_says_that_nothing_was_computed(run: Run, folder: Path, facts: Path) -> None:
    done = run("determine", folder, "1a", "--facts", facts, "--on", "2023-01-15", "--trace")
    assert "Nothing was computed." in done.out


def test_the_notices_own_words_stand_beside_the_step_they_justify(
    run: Run, folder: Path, facts: Path, notice: Path
) -> None:
    asked = ["determine", folder, "1a", "--facts", facts, *ON]
    assert "“20%”" not in run(*asked).out
    told = run(*asked, "--notice", notice, "--trace").out
    assert told.count("“20%”") == 2
    assert "rate  “20%”" in told


def test_another_text_is_refused_as_the_notice(run: Run, folder: Path, facts: Path, notice: Path) -> None:
    notice.write_text("Another notice altogether.\n", "utf-8")
    for lang, said in (("zh", "不是本方案所依据的通知"), ("en", "is not the notice of this programme")):
        done = run("determine", folder, "1a", "--facts", facts, *ON, "--notice", notice, lang=lang)
        assert done.code == 2 and said in done.err


def test_words_that_have_changed_are_not_quoted(run: Run, folder: Path, facts: Path, notice: Path) -> None:
    notice.write_text(notice.read_text("utf-8").replace("20%", "30%"), "utf-8")
    told = run("determine", folder, "1a", "--facts", facts, *ON, "--notice", notice, "--trace").out
    assert "“30%”" not in told
    assert "“20%”" not in told


def test_a_place_brings_its_own_rules(run: Run, folder: Path, facts: Path) -> None:
    assert "150,000.02" in run("determine", folder, "1a", "--facts", facts, *ON, "--at", "150203").out


def test_a_guide_asked_for_by_its_year_is_a_what_if(run: Run, folder: Path, facts: Path) -> None:
    asked = ["determine", folder, "1a", "--facts", facts, "--on", "2024-06-01"]
    assert "Awaiting the guide" in run(*asked).out
    assert "200,000.02" in run(*asked, "--guide", "2023").out


def test_a_history_file_stands_in_place_of_the_history_in_the_facts(
    run: Run, folder: Path, facts: Path, tmp_path: Path
) -> None:
    earlier = tmp_path / "history.json"
    row = {"offer": "1a", "on": "2022-09-01", "state": "paid", "approved": "1", "project_code": "P1"}
    code = FACTS.splitlines()[0].split(": ")[1]
    asked = ["determine", folder, "1a", "--facts", facts, *ON, "--json", "--history", earlier]
    for uscc, outcome in (("91330100799655058B", "award"), (code, "not_eligible")):
        earlier.write_text(json.dumps([{**row, "uscc": uscc}]), "utf-8")
        assert json.loads(run(*asked).out)["outcome"] == outcome


def test_without_a_date_the_day_is_today_in_china(
    run: Run, folder: Path, facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "today", lambda: date(2023, 6, 1))
    assert "200,000.02" in run("determine", folder, "1a", "--facts", facts).out


@pytest.mark.parametrize("on", ["2026-11-24", "2023-12-01"])
def test_after_the_end_the_answer_says_how_to_ask_for_an_open_day_and_that_works(
    run: Run, folder: Path, facts: Path, on: str
) -> None:
    done = run("determine", folder, "1a", "--facts", facts, "--on", on)
    assert done.code == 0
    command = done.out.splitlines()[-1].strip()
    assert command.endswith("--on 2023-03-01")
    import shlex

    arguments = shlex.split(command)
    again = run(*arguments[arguments.index("determine") :])
    assert "CNY 200,000.02" in again.out


def test_an_answer_for_machines_carries_no_hint(run: Run, folder: Path, facts: Path) -> None:
    done = run("determine", folder, "1a", "--facts", facts, "--on", "2026-11-24", "--json")
    assert json.loads(done.out)["outcome"] == "lapsed"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["1b"], "E811"),
        (["3-events"], "E813"),
        (["1a", "--on", "2023-02-29"], "E803"),
        (["1a", "--on", "today"], "a date is written yyyy-mm-dd"),
        (["1a", "--on", "0001-01-01"], "between 1900 and 2199"),
        (["1a", "--guide", "2019"], "E812"),
        (["1a", "--at", "Baotou"], "a division code has 6, 9 or 12 digits"),
    ],
)
def test_a_wrong_question_is_refused_and_nothing_is_printed_as_an_answer(
    run: Run, folder: Path, facts: Path, arguments: list[str], told: str
) -> None:
    for output in ([], ["--json"]):
        done = run("determine", folder, *arguments, "--facts", facts, *output)
        assert (done.code, done.out) == (2, "")
        assert told in done.err


def test_a_misspelt_fact_is_told_with_its_line_and_the_nearest_name(run: Run, folder: Path) -> None:
    done = run(
        "determine", folder, "1a", "--facts", "-", *ON, stdin=FACTS.replace("newly_built", "newly_bilt").encode()
    )
    assert done.code == 2
    assert "<stdin>:5" in done.err
    assert "   | newly_bilt: true\n" in done.err
    assert "Did you mean “newly_built”?" in done.err


def test_an_unknown_programme_names_those_there_are(run: Run, facts: Path) -> None:
    known = next(iter(library.shipped()))
    done = run("determine", known[:-1], "1a", "--facts", facts)
    assert done.code == 2
    assert "error[E114]" in done.err
    assert f"Did you mean {known}?" in done.err


def test_a_match_is_a_table_whose_figures_end_in_one_column(run: Run, folder: Path, facts: Path) -> None:
    for lang in ("zh", "en"):
        done = run("match", folder, "--facts", facts, *ON, lang=lang)
        assert (done.code, done.err) == (0, "")
        lines = done.out.splitlines()
        figures = [line for line in lines if line.rstrip().endswith(("200,000.02", "100,000.00", "300,000.02"))]
        assert len(figures) == 3
        assert len({width(line) for line in figures}) == 1
        assert max(map(width, lines)) <= 80


def test_a_match_as_json_is_one_object_with_the_answers_in_the_order_of_the_programme(
    run: Run, folder: Path, facts: Path
) -> None:
    told = json.loads(run("match", folder, "--facts", facts, *ON, "--json").out)
    assert (told["programme"], told["on"]) == ("tiny", "2023-06-01")
    assert [(one["offer"], one["amount"]) for one in told["answers"]] == [("1a", "200000.02"), ("2", "100000.00")]
    assert all(one["receipt"] for one in told["answers"])


def test_a_match_that_finds_everything_closed_says_how_to_ask_for_an_open_day(
    run: Run, folder: Path, facts: Path
) -> None:
    done = run("match", folder, "--facts", facts, "--on", "2026-11-24")
    assert done.out.splitlines()[-1].strip().endswith("--on 2023-03-01")
