"""Costs and baselines: which numbers are asked whether more of them pays less."""

from __future__ import annotations

from pathlib import Path

from tests.engines.proof.standing import (
    CASES,
    MEASURES,
    PARTS,
    SCORE,
    fact,
    found_in,
    of,
    stand_of,
    with_formula,
)
from tests.tiny import tiny

from jarlig.engines.proof.roles import BASELINE, COST, roles


def test_a_number_is_a_cost_unless_it_is_only_ever_taken_away(tmp_path: Path) -> None:
    facts = fact("now") + fact("before") + fact("got") + PARTS
    formula = (
        "  parts:\n"
        "    - part: growth\n      title: {zh: 甲, en: one}\n      amount: {grown: now, since: before, from_zero: 0,"
        ' bands: {"under 20%": 0, "from 20%": 300}}\n'
        "    - {part: rest, title: {zh: 乙, en: two}, amount: now - got}\n"
        "    - {part: rows, title: {zh: 丙, en: three}, rate: 10%, of: {sum: cost - other, over: parts}}\n"
    )
    ladder = stand_of(tiny(tmp_path, *with_formula(facts, formula), drop=(CASES,)))[0].ladder
    assert roles(ladder) == {"now": COST, "before": BASELINE, "got": BASELINE, "parts.": COST, "parts.cost": COST,
                             "parts.other": BASELINE}  # fmt: skip


def test_deductions_do_not_count_against_a_further_row(tmp_path: Path) -> None:
    formula = "  rate: 10%\n  of: {sum: cost - other, over: parts}\n"
    found = found_in(tmp_path, with_formula(PARTS, formula))
    assert sorted(of(found, "monotone")) == [
        ("none", "parts: other cost is a baseline or deducted"),
        ("proved", "more parts never pays less"),
        ("proved", "more parts: cost never pays less"),
    ]


def test_a_fall_that_is_meant_is_no_finding(tmp_path: Path) -> None:
    formula = (
        '  amount: {of: score, bands: {"under 60": 100_000, "from 60": 50_000}}\n'
        "  may_fall: {zh: 扶持后进, en: for those behind}\n"
    )
    found = found_in(tmp_path, ((MEASURES, SCORE, formula),))
    assert of(found, "monotone") == [("none", "for those behind")]


def test_a_cap_that_a_product_of_two_facts_lies_under_needs_no_product(tmp_path: Path) -> None:
    facts = fact("area", "integer: {most: 1_000_000, unit: point}") + fact("rate", "ratio: {}")
    found = found_in(tmp_path, with_formula(facts, "  each: 5\n  count: area * rate\n  cap: 9_000\n"))
    assert ("proved", "more area never pays less") in of(found, "monotone")
    assert ("proved", "more rate never pays less") in of(found, "monotone")
