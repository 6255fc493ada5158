"""The check of a programme: the tiny programme is clean, and one edit provokes one message."""

from pathlib import Path

import pytest
import yaml
from tests.tiny import NOTICE, edited, tiny

from jarlig.engines.cases import run_cases
from jarlig.engines.check import check, settings
from jarlig.engines.findings import CheckReport
from jarlig.policy.reading import read_programme

PROGRAMME, CLAUSES, MEASURES = "programme.yaml", "clauses.yaml", "measures/01.yaml"
GUIDE, LOCAL, CASES = "guides/2023.yaml", "local/1502.yaml", "cases/01.yaml"
Edit = tuple[str, str, str]

SCORE = """\
  amount:
    of: score
    bands: {"under 60": 0, "60 to under 80": 100_000, "from 80": 300_000}
  cap: 300_000
"""
SCORE_FACT = """\
    score:
      quantity: {unit: point, most: 100}
      title: {zh: 评分, en: score}
      evidence: list
      verified_by: commerce
"""
TOTAL = '    - {amount: 6_000_000, per: enterprise, over: validity, cites: "1.2", reading: r-1}\n'
FALLING = (MEASURES, '"from 80": 300_000', '"80 to under 90": 300_000, "from 90": 200_000')
#: A cap worked out from the case, and a floor above it.
SHARED_CAP = (
    "cap: {by: level, regional: 5_000_000, industry: 3_000_000}\n",
    "cap: {by: level, regional: 5_000_000, industry: {share: 100%, of: {sum: net, over: investment}}}\n"
    "  floor: 3_500_000\n",
)
NO_OFFER = 'encoded: not_encodable, why: {zh: 无, en: no}}\n  "3"'
SECOND_GUIDE = """\
guide: 2024
title: {zh: 申报指南（示例）, en: guide (sample)}
applications: {from: 2023-10-31, to: 2024-10-31}
opens: ["2"]
"""
SECOND_PLACE = """\
local: 1502-again
title: {zh: 细则, en: rules}
at: "150200"
valid: {from: 2024-12-31, to: 2025-12-31}
"""


def checked(folder: Path, *edits: Edit, notice: str | None = None, drop: tuple[str, ...] = ()) -> CheckReport:
    return check(tiny(folder, *edits, drop=drop), notice)


def found(report: CheckReport, subject: str, offer: str = "1a", where: str = "(guide 2023)") -> list[tuple[str, str]]:
    return [
        (f.status, f.says.en)
        for f in report.findings
        if (f.subject, f.offer, f.where.en.strip()) == (subject, offer, where)
    ]


def test_a_good_programme_gives_nothing_but_proofs(tmp_path: Path) -> None:
    report = checked(tmp_path, notice=NOTICE)
    assert (report.problems, report.warnings, report.counterexamples) == ((), (), ())
    assert report.ok
    assert {finding.status for finding in report.findings} == {"proved"}
    assert report.ladders == 6
    assert report.cases is not None
    assert report.cases.passed == 2
    assert report.cases_text == ""


def test_every_offer_meets_every_guide_and_every_place_in_force_with_it(tmp_path: Path) -> None:
    pairs = [(guide and guide.year, [place.id for place in places]) for guide, places in settings(tiny(tmp_path))]
    assert pairs == [(None, []), (2023, []), (2023, ["1502"])]


def test_progress_names_the_offer_and_where(tmp_path: Path) -> None:
    told: list[str] = []
    check(tiny(tmp_path), NOTICE, progress=told.append)
    assert {"1a (notice alone)", "2 (guide 2023)", "1a (guide 2023, 1502)", "notice", "at-the-cap"} <= set(told)


@pytest.mark.parametrize(
    ("code", "words", "edit"),
    [
        ("E303", "“9”", (PROGRAMME, 'cites: "5", effect', 'cites: "9", effect')),
        ("E303", "“1.9”", (MEASURES, "when: [newly_built,", 'when: [{when: newly_built, cites: "1.9"},')),
        ("E901", "at-the-cap", (CASES, "amount: 4_000_000, low", "amount: 1, low")),
        ("E920", "clause 2 is marked duty", (CLAUSES, "encoded: offer}\n  \"3\"", "encoded: duty}\n  \"3\"")),
        ("E920", "clause 1.2 is marked register", (CLAUSES, "encoded: rule}\n", "encoded: register}\n")),
        ("E921", "must say why", (CLAUSES, "encoded: not_encodable, why: {zh: 标题, en: the title}", "encoded: open")),
        ("E922", "there is no 2.1", (CLAUSES, "encoded: offer}\n  \"3\"", "encoded: parts}\n  \"3\"")),
        ("E923", "“2” cites clause 2", (CLAUSES, "encoded: offer}\n  \"3\"", NO_OFFER)),
        ("E924", "“promotion”", (MEASURES, "{zh: 应用推广奖励, en: promotion}", "{zh: promotion, en: promotion}")),
        ("E925", "“推广奖励”", (MEASURES, "en: promotion}", "en: 推广奖励}")),
        ("E926", "“level”", (MEASURES, "      evidence: list\n", "")),
        ("E927", "“level”", (MEASURES, "      verified_by: commerce\n", "")),
        ("E928", "“newly_built”", (MEASURES, "when: [newly_built, recognised_on", "when: [recognised_on")),
        ("E929", "guide:2023 and guide:2024", ("guides/2024.yaml", "", SECOND_GUIDE)),
        ("E929", "local:1502 and local:1502-again", ("local/again.yaml", "", SECOND_PLACE)),
        ("E930", "guide:2023", (GUIDE, "from: 2023-03-01", "from: 2022-03-01")),
        ("E940", "when.1", (MEASURES, "when: [newly_built,", "when: [newly_built and not newly_built,")),
        ("E940", "when.2", (MEASURES, "recognised_on <= on]", "recognised_on <= on and recognised_on > 2024-01-01]")),
        ("E940", "guide_gates.1", (GUIDE, "when: [in_region]", "when: [in_region and registered_at = 110101]")),
        ("E941", "when.3", (MEASURES, "recognised_on <= on]", "recognised_on <= on, not newly_built]")),
        ("E942", "industry", (MEASURES, "when: [newly_built,", "when: [level = regional, newly_built,")),
        ("E943", "CNY 3,500,000.00, cap CNY ", (MEASURES, *SHARED_CAP)),
        ("E945", "from CNY 300,000.00 to 200,000.00", FALLING),
        ("E946", "too small", (MEASURES, "  limit:\n", "  floor: 3_000_000\n  limit:\n    - {awards: 11}\n")),
        ("E947", "20,000,000.00", (MEASURES, TOTAL, "")),
    ],
)  # fmt: skip
def test_one_edit_provokes_one_message(tmp_path: Path, code: str, words: str, edit: Edit) -> None:
    report = checked(tmp_path, edit)
    told = [problem for problem in (*report.problems, *report.warnings) if problem.code == code]
    assert told, [problem.render() for problem in (*report.problems, *report.warnings)]
    assert any(words in problem.en for problem in told)
    assert all(problem.zh and problem.place.line for problem in told)


def test_a_figure_beyond_the_notice_is_refused_by_name_and_nothing_is_claimed_to_be_proven(tmp_path: Path) -> None:
    report = checked(tmp_path, (GUIDE, "regional: 4_000_000", "regional: 6_000_000"))
    assert report.problems[0].code == "E703"
    assert found(report, "within_notice", "", "") == []
    assert not report.ok


def test_facts_of_an_offer_that_cannot_be_compiled_are_not_said_to_be_unread(tmp_path: Path) -> None:
    report = checked(tmp_path, (MEASURES, '"60 to under 80": 100_000', '"61 to under 80": 100_000'))
    assert [problem.code for problem in (*report.problems, *report.warnings)] == ["E602"]


def test_a_fact_by_which_a_pool_ranks_is_read(tmp_path: Path) -> None:
    extra = (MEASURES, "    level:\n", """    turnover:
      {money: {}, title: {zh: 营业额, en: turnover}, evidence: list, verified_by: commerce}
    level:
""")
    unread = {problem.code for problem in checked(tmp_path / "a", extra).warnings}
    ranked = (GUIDE, "share: pro_rata}", "share: ranking, by: turnover}")
    read = {problem.code for problem in checked(tmp_path / "b", extra, ranked).warnings}
    assert ("E928" in unread, "E928" in read) == (True, False)


def test_the_notice_at_hand_is_compared(tmp_path: Path) -> None:
    report = checked(tmp_path, notice=NOTICE.replace("20%", "25%"))
    assert {problem.code for problem in report.problems} == {"E902", "E903"}


def test_both_ways_of_paying_twice_for_one_invoice_are_seen_until_a_rule_excludes_them(tmp_path: Path) -> None:
    second = """\
- offer: "9"
  title: {zh: 再次补助, en: again}
  cites: "1.1"
  to: enterprise
  facts: {project_code: {like: 1a.project_code}, investment: {like: 1a.investment}}
  rate: 10%
  of: {sum: net, over: investment}
  cap: 1_000_000
"""
    add, once = (MEASURES, "", second), "key: [seller, invoice_no], reverses: reverses"
    report = checked(tmp_path, add)
    assert [problem.code for problem in report.warnings if problem.code == "E931"] == ["E931"]
    assert "default rule" in report.warnings[0].hint_en
    excluded = (MEASURES, "  cap: 1_000_000\n", '  cap: 1_000_000\n  exclusive: {with: "1a", per: enterprise}\n')
    assert "E931" not in {problem.code for problem in checked(tmp_path, add, excluded).warnings}
    ever = (MEASURES, once, once + ", key_once: ever")
    assert "E931" not in {problem.code for problem in checked(tmp_path, add, ever).warnings}


# what is proven, and the cases that refute


def test_a_counterexample_is_a_worked_case_that_gives_what_it_says(tmp_path: Path) -> None:
    report = checked(tmp_path / "one", FALLING)
    assert [case["case"] for case in report.counterexamples] == ["2-falls-1", "2-falls-2"]
    assert report.problems[0].hint_en.endswith("2-falls-1")
    again = read_programme(edited(tmp_path / "two", FALLING, ("cases/found.yaml", "", report.cases_text)))
    run = run_cases(again)
    assert (run.run, run.failed) == (4, ())
    scores = [case["facts"]["score"] for case in yaml.safe_load(report.cases_text)]
    assert int(scores[0]) < 90 <= int(scores[1])


@pytest.mark.parametrize(
    "edit",
    [
        (MEASURES, *SHARED_CAP),
        (MEASURES, "rate: 20%\n", 'rate: {of: total, bands: {"under 1_000_000": 20%, "from 1_000_000": 5%}}\n'),
    ],
)
def test_every_counterexample_can_be_saved_and_run(tmp_path: Path, edit: Edit) -> None:
    total = """\
    total: {money: {}, title: {zh: 投资总额, en: total}, evidence: list, verified_by: auditor}
    newly_built:"""
    edits = (edit, (MEASURES, "    newly_built:", total))
    report = checked(tmp_path / "one", *edits, drop=(CASES,))
    assert report.counterexamples, [problem.render() for problem in report.problems]
    saved = ("cases/found.yaml", "", report.cases_text)
    run = run_cases(read_programme(edited(tmp_path / "two", *edits, saved, drop=(CASES,))))
    assert run.run == len(report.counterexamples)
    assert run.failed == ()


def test_bands_that_fall_are_found_and_allowed_only_with_a_reason(tmp_path: Path) -> None:
    falling = '  amount: {of: score, bands: {"under 1_000_000": 100_000, "from 1_000_000": 50_000}}\n'
    edits = ((MEASURES, SCORE, falling), (MEASURES, "quantity: {unit: point, most: 100}", "money: {}"))
    report = checked(tmp_path, *edits)
    (problem,) = report.problems
    assert problem.code == "E945"
    assert "rises from 999,999.99 to 1,000,000.00, the award falls from CNY 100,000.00 to 50,000.00" in problem.en
    assert found(report, "monotone", "2") == [("refuted", "more score pays less")]
    reason = (MEASURES, falling, "  may_fall: {zh: 扶持小项目, en: for small projects}\n" + falling)
    allowed = checked(tmp_path, *edits, reason)
    assert allowed.ok
    assert found(allowed, "monotone", "2") == [("none", "for small projects")]


def test_a_baseline_is_no_cost(tmp_path: Path) -> None:
    facts = """\
    score: {money: {}, title: {zh: 本年, en: this year}, evidence: list, verified_by: commerce}
    before: {money: {}, title: {zh: 上年, en: last year}, evidence: list, verified_by: commerce}
"""
    grown = '  amount: {grown: score, since: before, from_zero: 0, bands: {"under 20%": 0, "from 20%": 300_000}}\n'
    report = checked(tmp_path, (MEASURES, SCORE_FACT, facts), (MEASURES, SCORE, grown))
    assert report.ok
    assert sorted(found(report, "monotone", "2")) == [
        ("none", "last year is a baseline or deducted"),
        ("proved", "more this year never pays less"),
    ]


@pytest.mark.parametrize(
    "formula", ["amount: score - before", "amount: score\n  cap: score - before", "rate: up - down\n  of: score"]
)
def test_an_amount_a_cap_or_a_rate_below_nil_pays_nothing_and_never_less(tmp_path: Path, formula: str) -> None:
    facts = """\
    score: {money: {}, title: {zh: 支出, en: spent}, evidence: list, verified_by: commerce}
    before: {money: {}, title: {zh: 已获, en: received}, evidence: list, verified_by: commerce}
    up: {ratio: {}, title: {zh: 上浮, en: raise}, evidence: list, verified_by: commerce}
    down: {ratio: {}, title: {zh: 下浮, en: cut}, evidence: list, verified_by: commerce}
"""
    report = checked(tmp_path, (MEASURES, SCORE_FACT, facts), (MEASURES, SCORE, f"  {formula}\n"))
    assert found(report, "never_negative", "2") == [("proved", "never negative")]


def test_an_offer_without_any_bound_is_told_to_have_no_ceiling(tmp_path: Path) -> None:
    report = checked(tmp_path, (MEASURES, "  cap: {by: level, regional: 5_000_000, industry: 3_000_000}\n", ""),
                     (MEASURES, TOTAL, ""), (GUIDE, "lower:\n  1a: {cap: {regional: 4_000_000}}\n", ""))  # fmt: skip
    assert found(report, "ceiling") == [("none", "there is no ceiling")]


def test_a_lump_sum_is_its_own_ceiling(tmp_path: Path) -> None:
    report = checked(tmp_path, (MEASURES, SCORE, "  amount: 250_000\n"), (MEASURES, "score:", "points:"))
    assert found(report, "ceiling", "2") == [("proved", "the formula gives at most CNY 250,000.00")]


def test_an_offer_that_awaits_its_guide_is_not_claimed_to_pay(tmp_path: Path) -> None:
    report = checked(tmp_path, (GUIDE, "eligible: [hardware]", ""), drop=(CASES,))
    assert found(report, "can_pay") == []
    assert {status for status, _ in found(report, "ceiling")} == {"proved"}


def test_a_limit_on_history_and_a_place_s_lower_rate_do_not_hide_the_witness(tmp_path: Path) -> None:
    report = checked(tmp_path)
    assert found(report, "can_pay", where="(guide 2023, 1502)") == [("proved", "there are facts that earn it")]


def test_one_thing_is_told_once_however_many_places_show_it(tmp_path: Path) -> None:
    report = checked(tmp_path, (MEASURES, TOTAL, ""))
    assert [problem.code for problem in report.warnings] == ["E947"]
    assert "one project gets CNY 4,000,000.00, two of 20,000,000.00 get CNY 8,000,000.00" in report.warnings[0].en


def test_a_sum_that_does_not_follow_the_cost_is_no_gain_from_splitting_it(tmp_path: Path) -> None:
    parts = """\
  parts:
    - {part: base, title: {zh: 定额, en: lump}, amount: 4_000_000}
    - part: cost
      title: {zh: 投资, en: cost}
      rate: 20%
      of: {sum: net, over: investment, where: [paid_on >= costs_from, category in eligible]}
"""
    old = "  rate: 20%\n  of: {sum: net, over: investment, where: [paid_on >= costs_from, category in eligible]}\n"
    lower = "lower:\n  1a: {rate: 15%}\n"
    edits = ((MEASURES, old, parts), (MEASURES, TOTAL, ""), (LOCAL, lower, ""))
    report = checked(tmp_path, *edits, drop=(CASES,))
    assert [problem.code for problem in report.warnings] == []


def test_two_years_of_one_enterprise_are_no_split_project(tmp_path: Path) -> None:
    yearly = (PROGRAMME, "project: [uscc, project_code]", "project: [uscc, guide_year]")
    report = checked(tmp_path, yearly, (MEASURES, TOTAL, ""))
    assert "E947" not in {problem.code for problem in report.warnings}
