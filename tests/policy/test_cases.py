"""Worked cases: read from a folder, laid on one another, run through the desk, and told apart where they differ."""

from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.tiny import FILES, tiny

from jarlig.engines.cases import run_cases
from jarlig.policy.cases import case_facts, read_cases
from jarlig.policy.messages import PolicyError, Problem
from jarlig.policy.reading import schemas

CASES = "cases/01.yaml"
EXPECT = "expect: {outcome: not_eligible, refused: [when.1]}"


def failed(folder: Path, *edits: tuple[str, str, str]) -> tuple[Problem, ...]:
    return run_cases(tiny(folder, *edits)).problems


def codes(folder: Path, *edits: tuple[str, str, str]) -> list[str]:
    with pytest.raises(PolicyError) as error:
        read_cases(tiny(folder, *edits))
    return [problem.code for problem in error.value.problems]


def test_cases_that_hold_are_counted_and_nothing_is_told(tmp_path: Path) -> None:
    seen: list[tuple[str, bool]] = []
    report = run_cases(tiny(tmp_path), lambda name, held: seen.append((name, held)))
    assert (report.run, report.passed, report.problems) == (2, 2, ())
    assert seen == [("at-the-cap", True), ("not-new", True)]
    assert report.offers == {"1a"}


def test_a_wrong_figure_tells_the_field_and_both_sums_at_the_case_s_line(tmp_path: Path) -> None:
    (problem,) = failed(tmp_path, (CASES, "amount: 4_000_000, low", "amount: 4_000_000.01, low"))
    assert problem.code == "E901"
    assert problem.en == "case “at-the-cap”: amount should be CNY 4,000,000.01, got CNY 4,000,000.00"
    assert "金额应为 4,000,000.01 元" in problem.zh
    assert (problem.place.file, problem.place.line) == (CASES, 1)


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ("{outcome: closed}", "outcome should be closed, got not_eligible"),
        ("{outcome: not_eligible, refused: [when.2]}", "refused should be when.2, got when.1"),
        ("{outcome: not_eligible, refused: []}", "refused should be nothing, got when.1"),
        ("{outcome: not_eligible, missing: [level]}", "missing should be level, got nothing"),
        ("{outcome: not_eligible, open: [costs_from]}", "open should be costs_from, got nothing"),
        ("{outcome: not_eligible, doubts: [floor]}", "doubts should be floor, got nothing"),
        ("{outcome: not_eligible, payments: [1.00]}", "payments should be 1.00, got nothing"),
    ],
)
def test_every_field_that_a_case_states_can_fail(tmp_path: Path, expect: str, sentence: str) -> None:
    (problem,) = failed(tmp_path, (CASES, EXPECT, f"arithmetic: {{zh: 无, en: none}}\n  expect: {expect}"))
    assert problem.en.endswith(sentence)


def test_names_are_compared_without_regard_to_their_order(tmp_path: Path) -> None:
    both = "{outcome: not_eligible, refused: [guide_gates.1, when.1]}"
    edits = ((CASES, "facts: {newly_built: false}", 'facts: {newly_built: false, registered_at: "110101"}'),
             (CASES, "{outcome: not_eligible, refused: [when.1]}", both))  # fmt: skip
    assert failed(tmp_path, *edits) == ()


def test_a_field_that_is_not_stated_is_not_asked(tmp_path: Path) -> None:
    assert failed(tmp_path, (CASES, EXPECT, "expect: {outcome: not_eligible}")) == ()


def test_a_case_takes_over_the_facts_and_history_of_the_case_it_is_like(tmp_path: Path) -> None:
    cases = read_cases(tiny(tmp_path))
    plain = case_facts(cases["not-new"], cases).plain
    assert plain["newly_built"] == "false"
    assert plain["level"] == "regional"
    assert plain["history"] == []


def test_null_makes_a_fact_or_the_history_unknown_and_quoted_null_does_not(tmp_path: Path) -> None:
    programme = tiny(
        tmp_path, (CASES, "facts: {newly_built: false}", "facts: {newly_built: ~, level: 'null'}\n  history:")
    )
    cases = read_cases(programme)
    plain = case_facts(cases["not-new"], cases).plain
    assert plain["newly_built"] is None
    assert plain["level"] == "null"
    assert plain["history"] is None


def test_what_if_and_place_are_asked_as_the_case_says(tmp_path: Path) -> None:
    shared = 'offer: "1a"\n  on: 2023-06-01\n  like'
    expect = "expect: {outcome: award, amount: 3_750_000}\n  arithmetic: {zh: 15% × 2500 万, en: 15% of 25 million}"
    edits = (
        (CASES, shared, 'offer: "1a"\n  on: 2024-06-01\n  guide: 2023\n  at: "150200"\n  like'),
        (CASES, "facts: {newly_built: false}", "facts: {}"),
        (CASES, EXPECT, expect),
    )
    assert failed(tmp_path, *edits) == ()


def test_a_wrong_value_is_told_at_its_own_line_even_in_a_case_that_takes_it_over(tmp_path: Path) -> None:
    found = failed(tmp_path, (CASES, "level: regional", "level: regionl"))
    assert [problem.code for problem in found] == ["E803", "E803"]
    assert {problem.place.line for problem in found} == {10}
    assert "level: regionl" in found[0].source_line


def test_an_unknown_fact_and_an_unknown_guide_are_told_in_the_case_file(tmp_path: Path) -> None:
    found = failed(tmp_path, (CASES, "newly_built: false", "newly_bild: false"))
    assert [(problem.code, problem.place.file) for problem in found] == [("E801", CASES)]
    assert "newly_built" in found[0].hint_en
    found = failed(tmp_path, (CASES, "like: at-the-cap", "guide: 1999\n  like: at-the-cap"))
    assert [(problem.code, problem.place.file) for problem in found] == [("E812", CASES)]


def test_one_id_for_two_cases_is_refused(tmp_path: Path) -> None:
    assert codes(tmp_path, (CASES, "case: not-new", "case: at-the-cap")) == ["E302", "E910"]


def test_an_offer_or_a_case_that_there_is_not_is_refused_with_the_nearest(tmp_path: Path) -> None:
    assert codes(tmp_path, (CASES, "like: at-the-cap", "like: at-the-cup")) == ["E303"]
    assert codes(tmp_path, (CASES, 'offer: "1a"', 'offer: "1x"')) == ["E303"]


def test_cases_that_are_like_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    assert codes(tmp_path, (CASES, "  history: []", "  like: not-new")) == ["E910", "E910"]


def test_an_award_without_its_sum_or_its_arithmetic_is_not_a_worked_case(tmp_path: Path) -> None:
    assert codes(tmp_path, (CASES, "outcome: not_eligible, refused: [when.1]", "outcome: award")) == ["E202"]
    no_words = (CASES, "  arithmetic: {zh", "  recompute: {}\n  title: {zh")
    assert "E122" in codes(tmp_path, no_words)
    assert codes(tmp_path, (CASES, EXPECT, "expect: {outcome: range, low: 0}")) == ["E202"]


def test_only_the_upper_bound_can_be_none(tmp_path: Path) -> None:
    assert codes(tmp_path, (CASES, "low: 4_000_000", "low: none")) == ["E205"]


def test_a_sum_finer_than_a_fen_is_refused(tmp_path: Path) -> None:
    assert codes(tmp_path, (CASES, "low: 4_000_000", "low: 0.001")) == ["E205"]


def test_every_problem_of_every_case_file_is_told_at_once(tmp_path: Path) -> None:
    edits = (("cases/02.yaml", "", "- {case: x}\n"), (CASES, "outcome: award", "outcome: awarded"))
    assert codes(tmp_path, *edits) == ["E204", *["E202"] * 4]


def test_the_schema_for_editors_accepts_what_the_reader_accepts(tmp_path: Path) -> None:
    schema = schemas()["cases"]
    jsonschema.Draft202012Validator.check_schema(schema)
    listed = yaml.load(FILES[CASES], yaml.BaseLoader)
    jsonschema.validate(listed, schema)
    del listed[0]["offer"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(listed, schema)
