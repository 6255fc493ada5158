"""Programmes broken in one line: each is told with exactly its one finding, and is well when the line is restored.

A counterexample is a worked case: saved beside the programme, it gives what the finding says.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.engines.proof.standing import (
    CASES,
    GUIDE,
    LOCAL,
    MEASURES,
    PARTS,
    SCORE,
    SCORE_FACT,
    TOTAL,
    Edit,
    fact,
    with_formula,
)
from tests.tiny import edited

from jarlig.engines.cases import run_cases
from jarlig.engines.check import check
from jarlig.engines.findings import CheckReport
from jarlig.policy.reading import read_programme
from jarlig.policy.shipped import shipped

CLAUSES = "clauses.yaml"
#: Cases of the tiny programme are left out: a broken line would fail them too, which is another finding.
DROP = (CASES,)
SECOND = """\
- offer: "9"
  title: {zh: 再次补助, en: again}
  cites: "1.1"
  to: enterprise
  facts: {project_code: {like: 1a.project_code}, investment: {like: 1a.investment}}
  rate: 10%
  of: {sum: net, over: investment, where: [category = hardware]}
  limit: {amount: 1_000_000, per: enterprise, over: validity}
"""
TIERS = """\
- offer: low
  title: {zh: 一档, en: first tier}
  cites: "1.2"
  to: enterprise
  facts:
    grade:
      quantity: {unit: point, most: 100}
      title: {zh: 等级分, en: grade}
      evidence: list
      verified_by: commerce
  when: [grade < 60]
  amount: 10_000
- offer: high
  title: {zh: 二档, en: second tier}
  cites: "1.2"
  to: enterprise
  facts: {grade: {like: low.grade}}
  when: [grade >= 60]
  amount: 20_000
"""
OPENS, ADD = 'opens: ["1a", "2"]', (MEASURES, "", SECOND)
TIERED: tuple[Edit, ...] = ((MEASURES, "", TIERS), (GUIDE, OPENS, 'opens: ["1a", "2", low, high]'))
NINE: tuple[Edit, ...] = (ADD, (GUIDE, OPENS, 'opens: ["1a", "2", "9"]'),
                          (MEASURES, "  limit: {amount: 1_000_000", "  exclusive: {with: [1a], per: enterprise}\n"
                           "  limit: {amount: 1_000_000"))  # fmt: skip
EXCEPTIONS = with_formula(
    fact("small", "yes_no: {}") + fact("green", "yes_no: {}"),
    "  amount:\n    default: 100\n    unless:\n      - {when: small, then: 300}\n"
    "      - {when: green and not small, then: 200}\n",
)
GROWTH = with_formula(
    fact("now") + fact("before"),
    '  amount: {grown: now, since: before, from_zero: 0, bands: {"under 20%": 0, "from 20%": 300_000}}\n',
)
SHARED = with_formula(
    fact("spent") + fact("own"),
    "  rate: 30%\n  of: spent\n  cap: {share: 50%, of: own}\n",
)
STEPS = with_formula(
    fact("now") + fact("before"),
    "  each: 200\n  every: {step: 5%, grown: now, since: before, above: 10%, from_zero: 1}\n  cap: 1_000\n",
)
ROWS = with_formula(
    PARTS,
    "  for_each:\n    row: parts\n    where: [kind = a]\n"
    '    amount: {of: cost, bands: {"under 100": 10, "from 100": 20}}\n  cap: 100_000\n',
)
COUNTED = with_formula(
    PARTS, '  amount:\n    of: {rows: parts}\n    bands: {"under 40": 50_000, "from 40": 60_000}\n'
)


class Broken(NamedTuple):
    """One line broken on a programme that is well: the code of the one finding, and words of it."""

    code: str
    words: str
    edit: Edit
    base: tuple[Edit, ...] = ()


BROKEN = {
    "a gate against itself": Broken(
        "E940",
        "“when.1” can never hold",
        (MEASURES, "when: [newly_built,", "when: [newly_built and not newly_built,"),
    ),
    "a gate that ends before the guide begins": Broken(
        "E940", "when.2", (MEASURES, "recognised_on <= on]", "recognised_on <= on and recognised_on > 2024-01-01]")
    ),
    "two gates against each other": Broken(
        "E941", "when.3", (MEASURES, "recognised_on <= on]", "recognised_on <= on, not newly_built]")
    ),
    "a place's gate against the offer's": Broken(
        "E941",
        "local_gates.1",
        (LOCAL, "lower:\n", "gates: {when: [not newly_built], for: [1a], cites: '1'}\nlower:\n"),
    ),
    "bands that pay nothing": Broken(
        "E950", "always nothing", (MEASURES, '100_000, "from 80": 300_000', '0, "from 80": 0')
    ),
    "a gate that leaves only the band of nothing": Broken(
        "E950", "offer 2", (MEASURES, "  cap: 300_000\n", "  cap: 300_000\n  when: [score < 60]\n")
    ),
    "a filter that no row passes": Broken(
        "E950", "offer 1a", (MEASURES, "category in eligible]", "category in eligible, category = other]")
    ),
    "a band above the highest score": Broken("E955", "from 80", (MEASURES, "most: 100", "most: 79")),
    "a gate that leaves out a band": Broken(
        "E955",
        "60 to under 80",
        (MEASURES, "  cap: 300_000\n", "  cap: 300_000\n  when: [score < 60 or score >= 80]\n"),
    ),
    "a gate that leaves out growth": Broken(
        "E955",
        "from 20%",
        (MEASURES, '  cites: "2"\n', '  cites: "2"\n  when: [now <= before]\n'),
        (
            (MEASURES, SCORE_FACT, fact("now") + fact("before")),
            (
                MEASURES,
                SCORE,
                "  amount: {grown: now, since: before, from_zero: 300,"
                ' bands: {"under 20%": 100, "from 20%": 300}}\n',
            ),
        ),
    ),
    "a filter that leaves out a band of rows": Broken(
        "E955", "under 100", (MEASURES, "where: [kind = a]", "where: [cost >= 100]"), ROWS
    ),
    "a gate that leaves out a choice": Broken(
        "E942", "“level” = industry", (MEASURES, "when: [newly_built,", "when: [level = regional, newly_built,")
    ),
    "a band that falls": Broken(
        "E945", "from 89 to 90", (MEASURES, '"from 80": 300_000', '"80 to under 90": 300_000, "from 90": 200_000')
    ),
    "a band that falls to nothing": Broken("E945", "from 79 to 80", (MEASURES, '"from 80": 300_000', '"from 80": 0')),
    "growth that pays less": Broken(
        "E945", "now", (MEASURES, '"under 20%": 0, "from 20%"', '"under 20%": 400_000, "from 20%"'), GROWTH
    ),
    "a count that pays less": Broken(
        "E945", "from 39 to 40", (MEASURES, '"from 40": 60_000', '"from 40": 40_000'), COUNTED
    ),
    "a row that is paid less for more": Broken("E945", "cost", (MEASURES, '"from 100": 20', '"from 100": 5'), ROWS),
    "a rate that falls by more than the cost": Broken(
        "E945",
        "spent",
        (MEASURES, "  rate: 30%\n", '  rate: {of: spent, bands: {"under 1_000": 30%, "from 1_000": 5%}}\n'),
        SHARED,
    ),
    "a cost that is taken away": Broken(
        "E945", "spent", (MEASURES, "  of: spent\n", "  of: greatest(1_000 - spent, spent * 0)\n"), SHARED
    ),
    "a condition on a cost that turns against it": Broken(
        "E945",
        "spent",
        (
            MEASURES,
            "  cap: {share: 50%, of: own}",
            "  cap: case when spent < 900 then own * 0.5 else own * 0.1 end",
        ),
        SHARED,
    ),
    "a floor above a cap that is worked out": Broken(
        "E943",
        "cap CNY",
        (MEASURES, "  cap: {share: 50%, of: own}\n", "  cap: {share: 50%, of: own}\n  floor: 500\n"),
        SHARED,
    ),
    "a project that is worth splitting": Broken("E956", "up to CNY 4,000,000.00", (MEASURES, TOTAL, "")),
    "exceptions that overlap": Broken(
        "E951", "small = true, green = true", (MEASURES, "green and not small", "green"), EXCEPTIONS
    ),
    "tiers of offers that overlap": Broken("E954", "= 59 both", (MEASURES, "grade >= 60", "grade >= 59"), TIERED),
    "tiers of offers with a gap": Broken("E958", "= 60 neither", (MEASURES, "grade >= 60", "grade > 60"), TIERED),
    "evidence that two offers pay on": Broken(
        "E931", "under 1a and 9", (MEASURES, "  exclusive: {with: [1a], per: enterprise}\n", ""), NINE
    ),
    "bands with a gap": Broken("E602", "gap after", (MEASURES, '"60 to under 80"', '"61 to under 80"')),
    "bands that overlap": Broken("E602", "overlap with", (MEASURES, '"60 to under 80"', '"59 to under 80"')),
    "an edge in two bands": Broken("E602", "also in", (MEASURES, '"60 to under 80"', '"60 to 80"')),
    "a guide above the notice": Broken("E703", "6_000_000", (GUIDE, "regional: 4_000_000", "regional: 6_000_000")),
    "a place above the guide": Broken("E703", "25%", (LOCAL, "rate: 15%", "rate: 25%")),
    "a floor above every cap": Broken(
        "E711", "offer 2", (MEASURES, "  cap: 300_000\n", "  cap: 300_000\n  floor: 400_000\n")
    ),
    "a clause that nothing cites": Broken(
        "E920", "marked register", (CLAUSES, "encoded: rule}\n", "encoded: register}\n")
    ),
    "a clause that cannot be encoded and says not why": Broken(
        "E921", "must say why", (CLAUSES, "encoded: not_encodable, why: {zh: 标题, en: the title}", "encoded: open")
    ),
    "a label in one language": Broken("E925", "推广奖励", (MEASURES, "en: promotion}", "en: 推广奖励}")),
    "a fact without evidence": Broken("E926", "“level”", (MEASURES, "      evidence: list\n", "")),
    "a fact that nobody verifies": Broken("E927", "“level”", (MEASURES, "      verified_by: commerce\n", "")),
    "a pool below its floors": Broken(
        "E946", "too small", (MEASURES, "  limit:\n", "  floor: 3_000_000\n  limit:\n    - {awards: 11}\n")
    ),
}
SHOWN_BY_CASES = ("E931", "E943", "E945", "E951", "E954", "E956", "E958")


def checked(folder: Path, *edits: Edit) -> CheckReport:
    return check(read_programme(edited(folder, *edits, drop=DROP)), seconds=20)


def told(report: CheckReport) -> list[tuple[str, str]]:
    return [(problem.code, problem.en) for problem in (*report.problems, *report.warnings)]


@pytest.mark.parametrize("name", BROKEN)
def test_one_broken_line_is_told_with_exactly_its_one_finding(tmp_path: Path, name: str) -> None:
    broken = BROKEN[name]
    well = checked(tmp_path / "well", *broken.base)
    assert told(well) == []
    assert {finding.status for finding in well.findings} <= {"proved", "none"}
    report = checked(tmp_path / "broken", *broken.base, broken.edit)
    ((code, says),) = told(report)
    assert code == broken.code
    assert broken.words in says
    assert report.count("not_proved") == 0
    assert bool(report.counterexamples) is (code in SHOWN_BY_CASES)


@pytest.mark.parametrize("name", [name for name, broken in BROKEN.items() if broken.code in SHOWN_BY_CASES])
def test_the_counterexample_replays_as_a_worked_case(tmp_path: Path, name: str) -> None:
    broken = BROKEN[name]
    report = checked(tmp_path / "broken", *broken.base, broken.edit)
    saved = ("cases/found.yaml", "", report.cases_text)
    run = run_cases(read_programme(edited(tmp_path / "saved", *broken.base, broken.edit, saved, drop=DROP)))
    assert run.run == len(report.counterexamples) > 0
    assert run.failed == ()
    (problem,) = (*report.problems, *report.warnings)
    assert broken.code == "E931" or report.counterexamples[0]["case"] in problem.hint_en


def test_there_are_enough_broken_programmes() -> None:
    assert len(BROKEN) >= 25


# the shipped programme, broken in one line


SHIPPED = "nmg-ecommerce-2022"
LINES = {
    "a gate against itself": (
        "measures/02-industrial-internet.yaml",
        "    - newly_built\n",
        "    - newly_built and not newly_built\n",
        "E940",
    ),
    "bands of a guide that fall": (
        "guides/2024.yaml",
        "bands: {under 70: 0, 70 to under 85: 1_000_000, from 85: 2_000_000}",
        "bands: {under 70: 0, 70 to under 85: 2_000_000, from 85: 1_000_000}",
        "E945",
    ),
    "a rate of a city above the bound": ("local/1502-baotou.yaml", "far: 0.28}", "far: 0.38}", "E702"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_broken_line_of_the_shipped_programme_is_told(tmp_path: Path, name: str) -> None:
    file, old, new, code = LINES[name]
    folder = tmp_path / "p"
    shutil.copytree(shipped()[SHIPPED], folder)
    shutil.rmtree(folder / "cases")
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1
    well = set(told(check(read_programme(folder), seconds=20)))
    (folder / file).write_text(text.replace(old, new), "utf-8")
    report = check(read_programme(folder), seconds=20)
    more = [one for one in told(report) if one not in well]
    assert {found for found, _ in more} == {code}
    assert all(case["expect"]["outcome"] == "award" for case in report.counterexamples)
