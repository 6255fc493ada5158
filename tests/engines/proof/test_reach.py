"""Who can be paid, and which figures can ever apply: in bands, choices, growth, rows and branches."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.proof.standing import (
    GUIDE,
    MEASURES,
    PARTS,
    PROGRAMME,
    Edit,
    fact,
    found_in,
    of,
    proof_of,
    with_formula,
)

from jarlig.engines.proof.reach import NOBODY, PAYING, band_words, can_pay
from jarlig.ladder.kinds import DATE, Number
from jarlig.ladder.numbers import parse_date

JOBS = fact("jobs", "integer: {unit: point, most: 1_000}")
LEVEL = "    level: {like: 1a.level}\n"
DAY = fact("since", "date: {}")


def dead(folder: Path, *edits: Edit) -> list[tuple[str, str, str]]:
    """Figures that are told never to apply: code, what they are of, and the value."""
    found = found_in(folder, edits)
    return [(one.code, one.values["fact"].en, one.values["value"].en) for one in found if one.code in ("E942", "E955")]


def alive(folder: Path, count: int, *edits: Edit) -> None:
    found = found_in(folder, edits)
    assert of(found, "reachable") == [("proved", f"each of the {count} figures written can apply")]


BANDS = '  amount: {of: jobs, bands: {"under 10": 5, "10 to under 20": 10, "from 20": 20}}\n'


@pytest.mark.parametrize(
    ("gate", "band"),
    [
        ("jobs >= 10", "under 10"),
        ("jobs < 10 or jobs >= 20", "10 to under 20"),
        ("jobs < 20", "from 20"),
        ("jobs != 1_000 and jobs * 2 < 39", "from 20"),
    ],
)
def test_a_band_that_the_conditions_leave_out_is_dead(tmp_path: Path, gate: str, band: str) -> None:
    assert dead(tmp_path, *with_formula(JOBS, BANDS + f"  when: [{gate}]\n")) == [("E955", "jobs", band)]


@pytest.mark.parametrize("gate", ["jobs > 0", "jobs != 15", "jobs between 9 and 20", "jobs in (3, 15, 700)"])
def test_bands_that_some_case_reaches_are_alive(tmp_path: Path, gate: str) -> None:
    when = gate if "," not in gate else f'"{gate}"'
    alive(tmp_path, 3, *with_formula(JOBS, BANDS + f"  when:\n    - {when}\n"))


def test_a_band_of_nothing_need_not_pay(tmp_path: Path) -> None:
    zero = BANDS.replace('"under 10": 5', '"under 10": 0')
    alive(tmp_path, 3, *with_formula(JOBS, zero))


def test_a_band_whose_award_a_cap_takes_away_is_dead(tmp_path: Path) -> None:
    formula = BANDS + "  cap: case when jobs < 20 then 100 else 0 end\n  may_fall: {zh: 有意, en: meant}\n"
    assert dead(tmp_path, *with_formula(JOBS, formula)) == [("E955", "jobs", "from 20")]


def test_bands_of_growth_are_shares(tmp_path: Path) -> None:
    formula = '  amount: {grown: now, since: before, from_zero: 9, bands: {"under 20%": 5, "from 20%": 9}}\n'
    facts = fact("now") + fact("before")
    alive(tmp_path / "a", 2, *with_formula(facts, formula))
    assert dead(tmp_path / "b", *with_formula(facts, formula + "  when: [now * 10 < before * 11]\n")) == [
        ("E955", "now", "from 20%")
    ]


def test_bands_of_a_number_of_rows_are_reached_by_rows(tmp_path: Path) -> None:
    formula = '  amount: {of: {rows: parts}, bands: {"under 2": 5, "2 to under 40": 10, "from 40": 20}}\n'
    alive(tmp_path / "a", 3, *with_formula(PARTS, formula))
    few = PARTS.replace("most: 100", "most: 39")
    assert dead(tmp_path / "b", *with_formula(few, formula)) == [("E955", "parts", "from 40")]


def test_bands_of_a_sum_are_reached_by_rows(tmp_path: Path) -> None:
    formula = (
        "  amount:\n    of: {sum: cost, over: parts, where: [good]}\n"
        '    bands: {"under 100": 5, "100 to under 1_000_000": 10, "from 1_000_000": 20}\n'
    )
    alive(tmp_path, 3, *with_formula(PARTS, formula))


def test_choices_and_bands_of_a_row_are_asked_of_a_row_that_counts(tmp_path: Path) -> None:
    choice = "  for_each: {row: parts, where: [%s], rate: {by: kind, a: 30%%, b: 20%%}, of: cost}\n"
    alive(tmp_path / "a", 2, *with_formula(PARTS, choice % "good"))
    assert dead(tmp_path / "b", *with_formula(PARTS, choice % "kind = a")) == [("E942", "parts: kind", "b")]
    assert dead(tmp_path / "c", *with_formula(PARTS, choice % "good or kind = b")) == []


def test_a_choice_inside_another_is_asked_where_that_one_is_taken(tmp_path: Path) -> None:
    inner = '{of: jobs, bands: {"under 10": 5, "from 10": 10}}'
    formula = f"  amount: {{by: level, regional: {inner}, industry: 7}}\n"
    alive(tmp_path / "a", 4, *with_formula(LEVEL + JOBS, formula))
    gate = "  when: [level = industry or jobs < 10]\n"
    assert dead(tmp_path / "b", *with_formula(LEVEL + JOBS, formula + gate)) == [("E955", "jobs", "from 10")]


def test_an_exception_is_asked_where_its_condition_holds(tmp_path: Path) -> None:
    inner = '{of: jobs, bands: {"under 10": 5, "from 10": 10}}'
    formula = f"  amount:\n    default: 3\n    unless: [{{when: jobs < 10, then: {inner}}}]\n"
    found = dead(tmp_path, *with_formula(JOBS, formula + "  may_fall: {zh: 有意, en: meant}\n"))
    assert found == [("E955", "jobs", "from 10")]


def test_what_another_document_published_for_a_period_is_no_figure_of_this_one(tmp_path: Path) -> None:
    before = "{from: 2020-01-01, to: 2021-12-31, value: 2%, basis: {zh: 公告一, en: announcement 1}}"
    old = "{from: 2022-01-01, value: 3%"
    more = (PROGRAMME, f"values: [{old}", f"values: [{before}, {old}")
    formula = "  rate: {dated: base_rate, on: since}\n  of: spent\n  when: [since >= 2022-06-06]\n"
    assert dead(tmp_path, more, *with_formula(fact("spent") + DAY, formula)) == []


def test_a_day_before_the_first_published_value_has_a_figure_all_the_same_in_a_proof(tmp_path: Path) -> None:
    formula = "  rate: {dated: base_rate, on: since}\n  of: spent\n"
    found = found_in(tmp_path, with_formula(fact("spent") + DAY, formula))
    assert of(found, "total") == [("proved", "known facts always give one figure")]


# who can be paid


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("jobs > 1_000", "E940"),
        ("jobs * 2 = 7", "E940"),
        ("since > on and since < on", "E940"),
        ("years(since, on) >= 124", "E940"),
        ("on.year = 2024", "E940"),
        ("registered_at.league = 110100", "E941"),
        ("registered_at = 150200 and registered_at.county = 150221", "E940"),
    ],
)
def test_a_condition_that_nobody_meets_is_named(tmp_path: Path, gate: str, code: str) -> None:
    facts = JOBS + DAY
    found = found_in(tmp_path, with_formula(facts, f"  amount: 5\n  when:\n    - {gate}\n"))
    assert [(one.subject, one.code) for one in found] == [("can_pay", code)]


@pytest.mark.parametrize(
    "gate",
    [
        "jobs = 1_000",
        "years(since, on) >= 100",
        "on.month = since.month",
        "registered_at.league = 150200",
        "registered_at = 150221",
        "since >= 2000-02-29 and years(since, 2004-02-28) = 3",
    ],
)
def test_a_condition_that_somebody_meets_is_met_by_a_case_of_the_desk(tmp_path: Path, gate: str) -> None:
    proof = proof_of(tmp_path, with_formula(JOBS + DAY, f"  amount: 5\n  when:\n    - {gate}\n"))
    assert can_pay(proof) == PAYING
    _, env = proof.example(lambda e: (e.eligible(), e.award().value > 0), lambda award: award > 0)
    assert env is not None
    answer = proof.standing.search.ask(env) if env["on"] == proof.standing.stand.first else None
    assert answer is None or answer.amount == 500
    assert proof.standing.replays(env)


def test_the_guide_s_days_are_the_only_ones(tmp_path: Path) -> None:
    formula = "  amount: 5\n  when: [on >= 2023-11-01]\n"
    assert can_pay(proof_of(tmp_path / "a", with_formula(JOBS, formula))) == NOBODY
    later: Edit = (GUIDE, "to: 2023-10-31", "to: 2023-11-01")
    assert can_pay(proof_of(tmp_path / "b", (*with_formula(JOBS, formula), later))) == PAYING


def test_a_paying_case_of_a_closed_offer_is_asked_for_too(tmp_path: Path) -> None:
    closed: Edit = (GUIDE, 'opens: ["1a", "2"]', 'opens: ["1a"]')
    found = found_in(tmp_path / "a", (closed,))
    assert of(found, "can_pay") == []
    assert of(found, "ceiling") == [("proved", "never above the cap, at most CNY 300,000")]
    impossible = (MEASURES, "  cap: 300_000\n", "  cap: 300_000\n  when: [score > 100]\n")
    assert [one.code for one in found_in(tmp_path / "b", (closed, impossible))] == ["E940"]


# words


@pytest.mark.parametrize(
    ("edges", "at", "text"),
    [
        (((1_000_00, False),), 0, "under 1,000"),
        (((1_000_00, True),), 0, "up to 1,000"),
        (((1_000_00, False),), 1, "from 1,000"),
        (((1_000_00, True),), 1, "over 1,000"),
        (((5_00, False), (7_50, False)), 1, "5 to under 7.5"),
        (((5_00, True), (7_50, True)), 1, "over 5 to 7.5"),
        ((), 0, "all"),
    ],
)
def test_a_band_is_said_as_programmes_write_it(edges: tuple[tuple[int, bool], ...], at: int, text: str) -> None:
    assert band_words(edges, at, Number((), 2, 0, 10**9)).en == text


def test_bands_of_shares_and_of_days_are_said_in_their_own_way() -> None:
    assert band_words(((200_000, False),), 1, Number((), 6, 0, 0), percent=True).en == "from 20%"
    assert band_words(((125_000, True),), 0, Number((), 6, 0, 0), percent=True).en == "up to 12.5%"
    assert band_words(((parse_date("2023-01-01"), False),), 0, DATE).en == "under 2023-01-01"
