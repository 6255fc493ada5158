"""The made-up district notice: read, checked against its own text, and every worked case worked again."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import jarlig
from jarlig.engines.answer import Desk
from jarlig.engines.cases import run_case
from jarlig.ladder import nodes as n
from jarlig.ladder.numbers import parse_date
from jarlig.policy import model
from jarlig.policy.cases import WorkedCase, read_cases
from jarlig.policy.notice import check_notice
from jarlig.policy.plans import Plans
from jarlig.policy.reading import read_programme

FOLDER = Path(jarlig.__file__).parent / "programmes" / "sample-district-2024"


@cache
def programme() -> model.Programme:
    return read_programme(FOLDER)


@cache
def desk() -> Desk:
    return Desk(programme())


CASES: dict[str, WorkedCase] = read_cases(programme())
DAYS = ("2024-05-10", "2025-05-10", "2026-05-10")


@pytest.mark.parametrize("name", CASES)
def test_a_worked_case_gives_its_figures(name: str) -> None:
    assert [problem.render() for problem in run_case(desk(), CASES[name], CASES)] == []


def test_every_expected_figure_is_what_plain_arithmetic_gives() -> None:
    script = FOLDER.parents[3] / "scripts" / "recompute_cases.py"
    done = subprocess.run([sys.executable, str(script), str(FOLDER)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_every_offer_of_an_award_has_cases_that_pay() -> None:
    paid = {case.offer for case in CASES.values() if case.expect.amount}
    assert set(programme().offers) - paid == set()


def test_every_outcome_has_a_case() -> None:
    assert {case.expect.outcome for case in CASES.values()} == {
        "lapsed", "closed", "not_eligible", "awaiting_guide", "range", "needs_decision", "award",
    }  # fmt: skip


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("at", ["", "990101", "990102"])
def test_every_offer_compiles_in_every_year_and_place(on: str, at: str) -> None:
    plan = Plans(programme()).plan(parse_date(on), at=at)
    assert all(plan.ladder(offer).steps for offer in programme().offers)


def test_the_carried_text_is_the_text_that_was_encoded() -> None:
    assert check_notice(programme(), (FOLDER / "notice.zh.txt").read_text(encoding="utf-8")) == ()
    both = [(FOLDER / f"notice.{lang}.txt").read_text(encoding="utf-8") for lang in ("zh", "en")]
    assert len({len([line for line in text.splitlines() if line.strip()]) for text in both}) == 1


def test_it_says_everywhere_that_it_is_made_up() -> None:
    assert programme().sample and all(overlay.sample for overlay in programme().overlays())
    titles = [programme().title, *(overlay.title for overlay in programme().overlays())]
    assert all("虚构" in title.zh and "illustrative" in title.en for title in titles)


def test_every_kind_of_node_of_the_kernel_is_used() -> None:
    used: set[type] = set()
    for on in DAYS:
        for at in ("990101", "990102"):
            plan = Plans(programme()).plan(parse_date(on), at=at)
            used |= {type(node) for offer in programme().offers for node in plan.ladder(offer).nodes()}
    assert {kind.__name__ for kind in n.Node.__args__ if kind not in used} == set()
