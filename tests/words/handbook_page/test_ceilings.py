"""The highest sum of one claim, read from figures and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.words import lamps
from tests.words.test_handbook import every_programme, lamp_files, programme

from jarlig.policy.cases import read_cases
from jarlig.policy.plans import Plan
from jarlig.policy.reading import read_files
from jarlig.words.handbook_page.ceilings import ceiling


@pytest.mark.parametrize(
    ("offer", "most"),
    [("renew", 500_000_00), ("model", 200_000_00), ("area", None), ("bonus", 50_000_00), ("relief", None)],
)
def test_the_highest_sum_comes_from_caps_limits_and_bounds_only(offer: str, most: int | None) -> None:
    assert ceiling(Plan(programme(lamps.FOLDER), None).ladder(offer)) == most


def test_a_guide_that_lowers_a_cap_lowers_the_highest_sum_of_that_year() -> None:
    rules = programme(lamps.FOLDER)
    lowered = lamp_files()
    text = lowered["guides/2023.yaml"].replace(b"cap: {street: 250_000}", b"cap: {street: 250_000, town: 400_000}")
    year = read_files({**lowered, "guides/2023.yaml": text})
    assert ceiling(Plan(rules, rules.guides[2023]).ladder("renew")) == 500_000_00
    assert ceiling(Plan(year, year.guides[2023]).ladder("renew")) == 400_000_00


@every_programme
def test_no_award_of_a_worked_case_is_above_the_highest_sum(folder: Path) -> None:
    rules = programme(folder)
    plan = Plan(rules, None)
    for case in read_cases(rules).values():
        most = ceiling(plan.ladder(case.offer))
        assert most is None or (case.expect.amount or 0) <= most, case.case
