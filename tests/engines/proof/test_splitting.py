"""The gain from splitting a project: found with its figure, and proved to be the largest."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.proof.standing import (
    MEASURES,
    TOTAL,
    Edit,
    fact,
    found_in,
    of,
    with_formula,
)

from jarlig.engines.proof.proof import Found


def split(folder: Path, formula: str, facts: str = "", *more: Edit) -> list[Found]:
    """Offer 2 as one that a project gets once."""
    facts = facts or fact("spent") + fact("own")
    edits = with_formula("    project_code: {like: 1a.project_code}\n" + facts,
                         formula + "  limit: {awards: 1, per: project}\n")  # fmt: skip
    return found_in(folder, (*edits, *more))


def test_the_gain_from_splitting_is_the_cap_and_no_more(tmp_path: Path) -> None:
    found = split(tmp_path, "  rate: 20%\n  of: spent\n  cap: 5_000_000\n")
    (gain,) = [one for one in found if one.code == "E956"]
    assert gain.values["gain"] == "5,000,000.00"
    assert (gain.values["one"], gain.values["two"]) == ("5,000,000.00", "10,000,000.00")
    assert gain.values["whole"].en == "spent 50,000,000.00"
    assert gain.values["half"].en == "spent 25,000,000.00"
    assert [env["spent"] for env in gain.cases] == [50_000_000_00, 25_000_000_00]


@pytest.mark.parametrize("formula", ["  rate: 20%\n  of: spent\n", "  amount: 4_000_000\n"])
def test_a_share_without_a_cap_and_a_lump_sum_are_not_worth_splitting(tmp_path: Path, formula: str) -> None:
    facts = fact("spent") if "spent" in formula else fact("own", "yes_no: {}")
    assert of(split(tmp_path, formula, facts), "splitting") in ([("proved", "splitting a project gains nothing")], [])


def test_a_whole_band_that_pays_a_lower_rate_is_worth_splitting_at_its_edge(tmp_path: Path) -> None:
    formula = '  rate: {of: spent, bands: {"up to 1_000": 20%, "over 1_000": 15%}}\n  of: spent\n'
    formula += "  may_fall: {zh: 有意, en: meant}\n"
    found = split(tmp_path, formula, fact("spent"))
    (gain,) = [one for one in found if one.code == "E956"]
    assert gain.values["gain"] == "100.01"  # each half is rounded up once more than the whole
    assert gain.values["whole"].en == "spent 1,999.96"


def test_what_is_paid_whatever_the_cost_is_no_gain(tmp_path: Path) -> None:
    formula = (
        "  parts:\n    - {part: one, title: {zh: 甲, en: one}, amount: 300}\n"
        "    - {part: two, title: {zh: 乙, en: two}, rate: 10%, of: spent}\n"
    )
    assert of(split(tmp_path, formula, fact("spent")), "splitting") == [("proved", "splitting a project gains nothing")]


def test_a_limit_on_the_applicant_s_total_leaves_nothing_to_ask(tmp_path: Path) -> None:
    assert of(found_in(tmp_path, (), "1a"), "splitting") == []
    assert [one.code for one in found_in(tmp_path, ((MEASURES, TOTAL, ""),), "1a") if one.code] == ["E956"]


ROWS_FACT = """\
    parts:
      rows: {most: 100}
      title: {zh: 明细, en: parts}
      evidence: list
      verified_by: commerce
      columns:
        good: {yes_no: {}, title: {zh: 良, en: good}}
        cost: {money: {}, title: {zh: 费用, en: cost}}
"""
GAINS = [
    ("  rate: 20%\n  of: spent\n  cap: 100\n", "spent", "100.00"),
    ("  rate: 20%\n  of: spent\n  cap: [100, {share: 50%, of: own}]\n", "spent own", "100.00"),
    ("  rate: {marginal: {up to 1_000: 10%, over 1_000: 0%}}\n  of: spent\n", "spent", "100.00"),
    ('  amount: {of: spent, bands: {"under 1_000": 0, "1_000 to under 5_000": 7, "from 5_000": 9}}\n', "spent", "9.00"),
    ("  each: 10\n  every: {step: 9, of: spent, count: started}\n", "spent", "10.00"),
    ("  each: 5\n  count: {rows: parts, where: [good]}\n  cap: 50\n", "parts", "50.00"),
    ("  rate: 10%\n  of: {sum: cost, over: parts, where: [good]}\n  cap: 80\n", "parts", "80.00"),
    ("  rate: 10%\n  of: spent\n  cap: 100\n  floor: 40\n", "spent", "60.00"),
]  # fmt: skip
NOTHING = [
    ("  rate: 20%\n  of: spent\n", "spent"),
    ("  each: 10\n  every: {step: 9, of: spent, count: full}\n", "spent"),
    ("  rate: {marginal: {up to 1_000: 1%, over 1_000: 5%}}\n  of: spent\n", "spent"),
    ("  each: 5\n  count: {rows: parts, where: [good]}\n", "parts"),
    ("  for_each: {row: parts, rate: 10%, of: cost, cap: 50}\n", "parts"),
]


def facts_of(names: str) -> str:
    return "".join(ROWS_FACT if name == "parts" else fact(name) for name in names.split())


@pytest.mark.parametrize(("formula", "names", "gain"), GAINS)
def test_the_largest_gain_is_found_whatever_bounds_the_whole(
    tmp_path: Path, formula: str, names: str, gain: str
) -> None:
    found = split(tmp_path, formula, facts_of(names))
    (told,) = [one for one in found if one.code == "E956"]
    assert (told.values["gain"], told.values["bound"].en) == (gain, "up to")
    assert len(told.cases) in (2, 3)


@pytest.mark.parametrize(("formula", "names"), NOTHING)
def test_what_is_paid_in_proportion_is_proved_to_gain_nothing(tmp_path: Path, formula: str, names: str) -> None:
    found = split(tmp_path, formula, facts_of(names))
    assert of(found, "splitting") == [("proved", "splitting a project gains nothing")]


def test_halves_that_differ_are_both_said(tmp_path: Path) -> None:
    formula = '  amount: {of: jobs, bands: {"under 2": 0, "2 to under 3": 5, "from 3": 9}}\n'
    jobs = fact("jobs", "integer: {unit: point, most: 5}")
    (told,) = [one for one in split(tmp_path, formula, jobs) if one.code == "E956"]
    assert told.values["gain"] == "5.00"
    assert {told.values["half"].en, told.values["other"].en} == {"jobs 2", "jobs 3"}
    assert [env["jobs"] for env in told.cases][:1] == [5]
    assert len(told.cases) == 3


def test_a_project_too_large_for_a_condition_is_worth_splitting_into_halves_that_fit(tmp_path: Path) -> None:
    found = split(tmp_path, "  rate: 20%\n  of: spent\n  when: [spent <= 1_000]\n", fact("spent"))
    (told,) = [one for one in found if one.code == "E956"]
    assert (told.values["one"], told.values["two"], told.values["gain"]) == ("0.00", "400.00", "400.00")
    assert told.values["whole"].en == "spent 2,000.00"


def test_without_time_the_gain_is_not_proved(tmp_path: Path) -> None:
    edits = with_formula("    project_code: {like: 1a.project_code}\n" + fact("spent"),
                         "  rate: 20%\n  of: spent\n  cap: 100\n  limit: {awards: 1, per: project}\n")  # fmt: skip
    found = of(found_in(tmp_path, edits, seconds=0), "splitting")
    assert found == [("not_proved", "splitting a project gains nothing: not proved: time-out after 0 s")]
