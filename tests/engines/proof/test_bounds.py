"""Ceilings, never below zero, and always one figure: proved, or shown by a case."""

from __future__ import annotations

from pathlib import Path

from tests.engines.proof.standing import (
    MEASURES,
    SCORED,
    fact,
    found_in,
    of,
    proved_with,
    with_formula,
)

from jarlig.ladder import build, nodes as n
from jarlig.ladder.kinds import Choice, Number, money


def test_an_award_below_zero_is_told_with_its_case(tmp_path: Path) -> None:
    kind = money(signed=True)
    score = n.Multiply(n.Rescale(SCORED, 2, Number((("point", 1),), 2, 0, 10_000)), build.literal(1, 0), kind)
    found = proved_with(tmp_path, n.Subtract(score, n.Literal(5_000, money()), kind))
    (below,) = [one for one in found if one.code == "E953"]
    assert below.values["sum"].startswith("-")
    assert below.cases[0]["score"] < 50
    assert of(found, "never_negative") == [("refuted", "below zero")]


def test_a_choice_without_a_figure_is_a_gap_and_told_with_its_case(tmp_path: Path) -> None:
    level = n.Fact("level", Choice(("regional", "industry")))
    level_fact = (MEASURES, "    score:\n", "    level: {like: 1a.level}\n    score:\n")
    gap = n.Choose(level, (("regional", n.Literal(100, money())),), money())
    found = proved_with(tmp_path, gap, level_fact)
    (told,) = [one for one in found if one.code == "E952"]
    assert told.cases[0]["level"] == "industry"
    assert of(found, "total") == [("refuted", "some facts have no figure")]


def test_a_ceiling_is_the_rounded_one(tmp_path: Path) -> None:
    formula = "  rate: 33.3%\n  of: spent\n  cap: {share: 12.5%, of: own}\n"
    found = found_in(tmp_path, with_formula(fact("spent") + fact("own"), formula))
    assert [status for status, _ in of(found, "ceiling")] == ["proved"]
    formula = "  rate: 33.3%\n  of: spent\n  cap: own * 0.125\n"
    found = found_in(tmp_path, with_formula(fact("spent") + fact("own"), formula))
    assert [status for status, _ in of(found, "ceiling")] == ["proved"]


def test_each_cap_of_a_list_and_of_each_part_is_a_ceiling(tmp_path: Path) -> None:
    formula = (
        "  parts:\n"
        "    - {part: one, title: {zh: 甲, en: one}, rate: 10%, of: spent, cap: [500, 400]}\n"
        "    - {part: two, title: {zh: 乙, en: two}, when: [own > 5], rate: 10%, of: own, cap: 300, floor: 20}\n"
        "  cap: [600, {share: 50%, of: own}]\n"
    )
    found = found_in(tmp_path, with_formula(fact("spent") + fact("own"), formula))
    assert [status for status, _ in of(found, "ceiling")] == ["proved"] * 5
    assert not [one.code for one in found if one.code]


def test_a_part_whose_floor_is_above_its_cap_breaks_the_cap_of_the_part(tmp_path: Path) -> None:
    formula = "  parts:\n    - {part: one, title: {zh: 甲, en: one}, rate: 10%, of: spent, cap: own, floor: 200}\n"
    found = found_in(tmp_path, with_formula(fact("spent") + fact("own"), formula))
    (above,) = [one for one in found if one.code == "E943"]
    assert above.about == "one_cap"


def test_what_a_limit_leaves_is_a_ceiling_whatever_was_paid_before(tmp_path: Path) -> None:
    found = found_in(tmp_path, (), "1a")
    left = ("proved", "never above what the limit in total leaves, at most CNY 6,000,000")
    assert left in of(found, "ceiling")


def test_no_bound_at_all_is_said_and_a_formula_can_be_its_own(tmp_path: Path) -> None:
    found = found_in(tmp_path / "a", with_formula(fact("spent"), "  amount: spent\n"))
    assert of(found, "ceiling") == [("none", "there is no ceiling")]
    found = found_in(tmp_path / "b", with_formula(fact("score", "integer: {most: 7}"), "  amount: 250_000\n"))
    assert of(found, "ceiling") == [("proved", "the formula gives at most CNY 250,000.00")]
