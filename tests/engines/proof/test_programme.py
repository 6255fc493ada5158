"""Proofs of whole programmes: nothing of a shipped one is left unproved, and each ladder is proved once."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from tests.engines.proof.standing import CASES, GUIDE, LOCAL, MEASURES, TOTAL, stands
from tests.engines.proof.test_broken_programmes import ADD, NINE
from tests.tiny import edited, tiny

from jarlig.engines.answer import Desk
from jarlig.engines.cases import run_cases
from jarlig.engines.check import check
from jarlig.engines.findings import CheckReport, Ledger
from jarlig.engines.proof.programme import Evidence, Proofs
from jarlig.policy.model import Programme
from jarlig.policy.reading import read_programme
from jarlig.policy.shipped import shipped


@cache
def proved(name: str) -> CheckReport:
    return check(read_programme(shipped()[name]), seconds=30)


@pytest.fixture(params=["nmg-ecommerce-2022", "sample-district-2024"])
def report(request: pytest.FixtureRequest) -> CheckReport:
    return proved(request.param)


def test_nothing_of_a_shipped_programme_is_left_unproved(report: CheckReport) -> None:
    assert [finding for finding in report.findings if finding.status == "not_proved"] == []
    assert report.count("proved") > 700
    assert report.problems == ()


def test_what_is_refuted_of_a_shipped_programme_is_a_warning_with_its_cases(report: CheckReport) -> None:
    refuted = {finding.subject for finding in report.findings if finding.status == "refuted"}
    assert refuted <= {"splitting", "exceptions"}
    assert {warning.code for warning in report.warnings} <= {"E946", "E951", "E956"}
    assert all(case["expect"]["outcome"] in ("award", "needs_decision") for case in report.counterexamples)


def test_every_open_offer_of_a_shipped_programme_has_a_paying_case_first(report: CheckReport) -> None:
    paid = {(f.offer, f.where.en) for f in report.findings if f.subject == "can_pay" and f.status == "proved"}
    counted = {(f.offer, f.where.en) for f in report.findings if f.subject in ("splitting", "reachable")}
    assert counted <= paid


def test_splitting_platform_2a_gains_five_million_by_the_notice_and_the_guide_s_caps_after_it() -> None:
    report = proved("nmg-ecommerce-2022")
    gains = {f.where.en: f.says.en for f in report.findings if f.subject == "splitting" and f.offer == "2a"}
    assert gains[" (guide 2022)"] == "splitting a project gains up to CNY 5,000,000.00"
    assert gains[" (guide 2023)"] == "splitting a project gains up to CNY 4,000,000.00"
    assert gains[" (guide 2024)"] == "splitting a project gains up to CNY 3,000,000.00"
    assert [w.code for w in report.warnings if "2a" in w.en] == ["E956"] * 3
    awards = [case["expect"]["amount"] for case in report.counterexamples]
    assert awards == ["5000000.00"] * 2 + ["4000000.00"] * 2 + ["3000000.00"] * 2


def test_a_place_outside_the_list_of_a_pool_is_proved_to_be_left_out() -> None:
    report = proved("nmg-ecommerce-2022")
    (found,) = [f for f in report.findings if f.offer == "11" and f.where.en == " (guide 2023, 1502-baotou)"]
    assert (found.subject, found.status) == ("can_pay", "proved")
    assert "leaves this place out" in found.says.en


def gathered(programme: Programme) -> tuple[Proofs, Ledger]:
    made, ledger = Proofs(Desk(programme), 20), Ledger()
    for stand, above in stands(programme):
        made.add(stand, above)
    return made, ledger


AGAIN = """\
guide: 2024
title: {zh: 申报指南二（示例）, en: second guide (sample)}
sample: true
applications: {from: 2024-03-01, to: 2024-10-31}
opens: ["1a", "2"]
gates: {when: [in_region], cites: "3", as_of: decision}
fill:
  1a: {costs_from: 2022-06-06, eligible: [hardware]}
"""


def test_one_ladder_is_proved_once_and_said_of_each_guide_that_has_it(tmp_path: Path) -> None:
    programme = tiny(tmp_path, ("guides/2024.yaml", "", AGAIN), drop=(CASES,))
    made, ledger = gathered(programme)
    told: list[str] = []
    made.run(ledger, told.append)
    assert told.count("2 (guide 2023)") + told.count("2 (guide 2024)") == 2  # one to prove, one to compare
    assert len(told) == 10
    said = {f.where.en for f in ledger.findings if f.offer == "2"}
    assert said == {" (guide 2023)", " (guide 2024)"}


def test_what_two_guides_share_is_shown_by_a_case_of_the_first(tmp_path: Path) -> None:
    edits = (("guides/2024.yaml", "", AGAIN), (MEASURES, '"from 80": 300_000', '"from 80": 0'))
    report = check(tiny(tmp_path / "one", *edits, drop=(CASES,)), seconds=20)
    assert "(guide 2023)" in report.problems[0].en
    assert [(case["on"], case["guide"]) for case in report.counterexamples] == [("2023-03-01", "2023")] * 2
    saved = ("cases/found.yaml", "", report.cases_text)
    assert run_cases(read_programme(edited(tmp_path / "two", *edits, saved, drop=(CASES,)))).failed == ()


#: Run in a process of its own: one with threads, as a test runner's may be, is not forked.
ALONE = """\
import sys
from jarlig.engines.check import check
from jarlig.engines.proof import programme
from jarlig.policy.reading import read_programme
from pathlib import Path

programme.FEW = int(sys.argv[2])
report = check(read_programme(Path(sys.argv[1])), seconds=20)
for finding in report.findings:
    print(finding.offer, finding.where.en, finding.subject, finding.status, finding.says.en)
print([problem.en for problem in (*report.problems, *report.warnings)])
"""


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    folder = edited(tmp_path, (MEASURES, TOTAL, ""), drop=(CASES,))
    found = [
        subprocess.run(
            [sys.executable, "-c", ALONE, str(folder), few], capture_output=True, text=True, check=True, env=_env()
        ).stdout
        for few in ("1000000", "0")
    ]
    assert found[0] == found[1]
    assert "splitting refuted" in found[0]


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_message_is_told_once_and_its_cases_have_names_of_their_own(tmp_path: Path) -> None:
    report = check(tiny(tmp_path, (MEASURES, TOTAL, ""), drop=(CASES,)), seconds=20)
    assert [warning.code for warning in report.warnings] == ["E956"]
    assert [case["case"] for case in report.counterexamples] == ["1a-splitting-1", "1a-splitting-2"]
    assert report.count("refuted") == 2


def test_a_case_that_waits_for_its_guide_is_not_written_down(tmp_path: Path) -> None:
    falling = (MEASURES, '"from 80": 300_000', '"from 80": 0')
    report = check(tiny(tmp_path, falling, (GUIDE, 'opens: ["1a", "2"]', 'opens: ["1a"]'), drop=(CASES,)), seconds=20)
    (problem,) = report.problems
    assert problem.code == "E945"
    assert problem.hint_en.endswith("(runs once its terms are filled)")
    assert report.counterexamples == ()


# evidence that two offers take


def judged(folder: Path, *edits: tuple[str, str, str]) -> tuple[Evidence, Programme, Ledger]:
    programme = tiny(folder, *edits, drop=(CASES,))
    made, ledger = gathered(programme)
    return made.evidence(ledger), programme, ledger


NO_RULE = (MEASURES, "  exclusive: {with: [1a], per: enterprise}\n", "")


def test_a_row_that_both_offers_count_is_written_as_a_case_of_each(tmp_path: Path) -> None:
    evidence, programme, ledger = judged(tmp_path, *NINE, NO_RULE)
    assert not evidence.apart(programme.offers["1a"], programme.offers["9"], "invoice")
    one, other = ledger.counterexamples
    assert (one["offer"], other["offer"]) == ("1a", "9")
    rows = [case["facts"]["investment"][-1] for case in (one, other)]
    assert [row["category"] for row in rows] == ["hardware", "hardware"]


def test_filters_that_exclude_each_other_need_no_rule(tmp_path: Path) -> None:
    other = (MEASURES, "where: [category = hardware]}", "where: [category = other]}")
    evidence, programme, ledger = judged(tmp_path, *NINE, NO_RULE, other)
    assert evidence.apart(programme.offers["1a"], programme.offers["9"], "invoice")
    assert ledger.counterexamples == []
    report = check(programme, seconds=20)
    assert report.warnings == ()
    twice = [f for f in report.findings if f.subject == "twice"]
    assert [(f.status, f.says.en) for f in twice] == [("proved", "no piece of evidence is paid under both 1a and 9")]


def test_an_offer_that_no_guide_opens_pays_on_nothing(tmp_path: Path) -> None:
    evidence, programme, _ = judged(tmp_path, ADD)
    assert evidence.apart(programme.offers["1a"], programme.offers["9"], "invoice")


def test_a_place_with_more_gates_is_proved_on_its_own(tmp_path: Path) -> None:
    gate = (LOCAL, "lower:\n", "gates: {when: [registered_at = 150221], cites: '1'}\nlower:\n")
    report = check(tiny(tmp_path, gate, drop=(CASES,)), seconds=20)
    assert report.ok
    assert {f.where.en for f in report.findings if f.offer == "2"} == {" (guide 2023)", " (guide 2023, 1502)"}
    assert {f.status for f in report.findings} == {"proved"}
