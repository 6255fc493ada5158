"""Rules in words: every way to write a formula, as a line, as steps, and as tables."""

from __future__ import annotations

import pytest
from tests.words.test_handbook import lamp_files

from jarlig.policy.reading import read_files
from jarlig.words.handbook_page.book import Book
from jarlig.words.handbook_page.offers import offer_view, open_terms
from jarlig.words.handbook_page.rules import Rule

FACTS = """
  facts:
    sales: {money: {}, title: {zh: 销售额, en: sales}}
    sales_before: {money: {}, title: {zh: 上年销售额, en: sales of the year before}}
    score: {quantity: {unit: point, decimals: 1, most: 100}, title: {zh: 评分, en: score}}
    area: {quantity: {unit: lamp}, title: {zh: 灯数, en: lamps lit}}
    small: {yes_no: {}, title: {zh: 小型企业, en: small enterprise}}
    paid_elsewhere: {money: {}, title: {zh: 其他补助, en: other support}}
    level: {choice: {low: {zh: 低, en: low}, high: {zh: 高, en: high}}, title: {zh: 等级, en: level}}
    kept_on: {date: {}, title: {zh: 运行日期, en: day of operation}}
    lines:
      rows: {most: 10}
      title: {zh: 支出, en: expenses}
      columns:
        net: {money: signed, title: {zh: 净额, en: net}}
        kind: {choice: {a: {zh: 甲, en: first}, b: {zh: 乙, en: second}}, title: {zh: 种类, en: kind}}
"""


def rule(body: str, lang: str = "en") -> Rule:
    """An offer of the lamps programme with these lines and a set of facts."""
    return Rule(book(body, lang), book(body, lang).notice, "made")


def book(body: str, lang: str = "en") -> Book:
    offer = "- offer: made\n  title: {zh: 试验, en: made up}\n  cites: '1.1'\n  to: enterprise\n"
    lines = "\n".join("  " + line for line in body.strip("\n").splitlines())
    return Book(read_files({**lamp_files(), "measures/09.yaml": (offer + lines + FACTS).encode()}), lang)


FORMULAS = [
    ("amount: 5_000", "a lump sum of CNY 5,000.00", "定额5,000.00元"),
    ("amount: {open: money}", "a lump sum, still to be set", "定额，数额待定"),
    ("amount: {by: level, low: 1, high: 2}", "a lump sum, graded", "定额，分档确定"),
    ("amount: sales", "“sales”", "按“销售额”计算"),
    ("rate: 12.5%\nof: sales", "12.5% of “sales”", "按“销售额”的12.5%计算"),
    ("rate: {open: ratio}\nof: sales", "a share of “sales”, at a rate still to be set",
     "按“销售额”的一定比例计算（比例待定）"),
    ("rate: {by: level, low: 1%, high: 2%}\nof: sales", "a share of “sales”, at graded rates",
     "按“销售额”的一定比例分档计算"),
    ("rate: 20%\nof: {sum: net, over: lines}", "20% of “expenses”", "按“支出”的20%计算"),
    ("each: 30\ncount: area", "CNY 30/lamp for lamps lit", "按灯数计算，标准为30元/盏"),
    ("each: 100\ncount: {rows: lines}", "CNY 100.00 for “expenses”", "按“支出”计算，标准为100.00元"),
    ("each: 9\nevery: {step: 1_000, of: sales}", "CNY 9.00 for every full CNY 1,000.00 of sales",
     "销售额每满1,000.00元，计9.00元"),
    ("each: 9\nevery: {step: 1_000, count: started, of: sales, above: 500}",
     "CNY 9.00 for every CNY 1,000.00 of sales above CNY 500.00, a started one counting",
     "销售额超过500.00元的部分每1,000.00元（不足的按一次计），计9.00元"),
    ("each: 9\nevery: {step: 1_000, count: exact, of: sales}",
     "CNY 9.00 for every CNY 1,000.00 of sales, parts in proportion",
     "销售额每1,000.00元（不足的按比例计），计9.00元"),
    ("each: 9\nevery: {step: 5%, grown: sales, since: sales_before, above: 10%}",
     "CNY 9.00 for every full 5% of growth from sales of the year before to sales above 10%",
     "销售额较上年销售额的增幅超过10%的部分每满5%，计9.00元"),
    ("for_each: {row: lines, rate: 10%, of: net}", "“expenses”, worked out one by one and added up",
     "按“支出”逐项计算后合计"),
    ("amount: {decide: money, from: 1, to: 9}", "a sum from CNY 1.00 to CNY 9.00 that a person decides",
     "在1.00元至9.00元之间由人裁定"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "en", "zh"), FORMULAS, ids=[body.partition("\n")[0] for body, _, _ in FORMULAS])
def test_every_way_to_write_a_formula_has_its_line(body: str, en: str, zh: str) -> None:
    assert rule(body, "en").formula() == en
    assert rule(body, "zh").formula() == zh


def rungs(body: str, lang: str = "en") -> list[tuple[str, str, str]]:
    return [(rung.badge, rung.text, rung.figure) for rung in rule(body, lang).rungs()]


def test_steps_stand_in_the_order_in_which_the_engine_climbs() -> None:
    body = "rate: 20%\nof: sales\ncap: 500\nfloor: 10\nlimit: {amount: 900, per: enterprise, over: guide_year}"
    assert rungs(body) == [
        ("Σ", "Sales", ""),
        ("×", "Times the rate", "20%"),
        ("≤", "At most", "CNY 500.00"),
        ("≥", "Not less than", "CNY 10.00"),
        ("≤", "At most in total", "CNY 900.00"),
        ("≈", "Rounded half-up to the fen", ""),
    ]
    assert [badge for badge, _, _ in rungs(body, "zh")] == ["基", "率", "顶", "底", "限", "整"]


def test_an_open_figure_says_who_must_set_it() -> None:
    found = rule("rate: {open: ratio}\nof: sales\ncap: {open: money, filled_by: local}").rungs()
    assert [(rung.figure, rung.open) for rung in found if rung.open] == [
        ("Awaits the yearly guide", True),
        ("Awaits the local rules", True),
    ]


def test_rows_that_count_are_told_with_their_conditions() -> None:
    first = rule("rate: 20%\nof: {sum: net, over: lines, where: [kind = a]}").rungs()[0]
    assert (first.text, first.notes) == ("Expenses (sum of net)", ("Counted when kind is first",))


def test_components_keep_their_name_and_condition() -> None:
    body = "parts:\n  - {part: base, title: {zh: 基础, en: basic}, when: [small], amount: 5}\n" \
           "  - {part: more, title: {zh: 追加, en: extra}, rate: 1%, of: sales}"  # fmt: skip
    made = rule(body)
    assert made.formula() == "the sum of basic and extra"
    assert ("+", "Basic", ("If small enterprise",)) in [(r.badge, r.text, r.notes) for r in made.rungs()]
    assert "Extra: times the rate" in [r.text for r in made.rungs()]
    assert made.tables() == []


def table(body: str) -> tuple[str, str, bool, tuple[tuple[str, str], ...]]:
    found = rule(body).tables()
    assert len(found) == 1
    return found[0].caption, found[0].head, found[0].money, found[0].rows


def test_choices_become_a_table_of_sums() -> None:
    rows = (("Low", "1.00"), ("High", "2.50"))
    assert table("amount: {by: level, low: 1, high: 2.5}") == ("Lump sum by level", "Level", True, rows)


def test_bands_show_both_their_edges() -> None:
    caption, _, _, rows = table("amount: {of: score, bands: {under 60: 0, 60 to 80: 5, over 80: 9}}")
    assert caption == "Lump sum by score"
    assert rows == (
        ("Under 60 points", "0.00"),
        ("From 60 points, up to 80 points", "5.00"),
        ("Over 80 points", "9.00"),
    )


def test_growth_says_what_holds_when_there_was_nothing_before() -> None:
    body = "amount: {grown: sales, since: sales_before, from_zero: 7, bands: {under 20%: 0, from 20%: 5}}"
    _, head, _, rows = table(body)
    assert head == "Growth from sales of the year before to sales"
    assert rows == (("Under 20%", "0.00"), ("From 20%", "5.00"), ("Sales of the year before is nil", "7.00"))


def test_marginal_rates_name_the_base_and_not_a_step() -> None:
    caption, _, money, rows = table("rate: {marginal: {up to 100: 10%, over 100: 5%}}\nof: {sum: net, over: lines}")
    assert "not below zero" not in caption and caption.startswith("The rate by the part of ")
    assert not money
    assert [value for _, value in rows] == ["10%", "5%"]


def test_exceptions_are_told_before_the_rule_they_break() -> None:
    body = "amount: {default: 5, unless: [{when: small, then: 9}]}"
    assert table(body)[3] == (("Small enterprise", "9.00"), ("Otherwise", "5.00"))


def test_dated_figures_show_their_periods_only() -> None:
    _, _, _, rows = table("rate: {dated: tax_rate, on: kept_on}\nof: sales")
    assert rows == (("1 January 2022 to 31 December 2024", "25%"),)


def test_tables_within_tables_are_laid_flat() -> None:
    body = "amount: {by: level, low: 1, high: {of: score, bands: {under 60: 2, from 60: 3}}}"
    assert [case for case, _ in table(body)[3]] == ["Low", "High, under 60 points", "High, from 60 points"]


def gates(body: str) -> list[str]:
    return [gate.text for gate in rule("amount: 5\n" + body).gates()]


def test_limits_over_the_history_are_conditions_with_window_and_subject() -> None:
    assert gates("limit: {awards: 2, per: enterprise, over: calendar_year}") == [
        "Supported at most 2 times (within one calendar year, counted by credit code)"
    ]
    assert gates("limit: {years: 3, in_a_row: true, per: enterprise}") == [
        "Supported for at most 3 years in a row (counted by credit code)"
    ]


def test_what_must_come_first_and_what_excludes_are_conditions() -> None:
    assert gates("after: {offers: [model], per: enterprise}") == ["An award under model must come first"]
    assert gates("exclusive: {with: [model], per: enterprise}") == ["No award under model (no double support)"]


def test_what_allocation_decides_is_no_condition_on_the_applicant() -> None:
    made = rule("amount: 5\nlimit: {awards: 3, over: validity}")
    assert list(made.gates()) == []
    assert [line.text for line in made.later()] == ["3 awards in all"]


def test_bounds_of_an_open_term_are_those_that_are_written() -> None:
    for bounds, told in (
        ("", ""),
        (", at_most: 900", "At most CNY 900.00"),
        (", at_least: 5, at_most: 900", "At least CNY 5.00, at most CNY 900.00"),
    ):
        terms = open_terms(book(f"amount: {{open: money{bounds}}}"), "made")
        assert [(term.term, term.bounds) for term in terms] == [("The amount", told)]


def test_an_offer_tells_its_facts_with_choices_evidence_and_verifier() -> None:
    view = offer_view(book("amount: 5"), "renew", None)
    facts = {fact.title: fact for fact in view.facts}
    assert facts["Grade"].detail == "one of: street and town"
    assert facts["Investment"].detail.startswith("in each row: invoice, reverses")
    assert (facts["Investment"].proof, facts["Investment"].by) == ("Invoice", "Audit firm")
    assert facts["Investment"].why == "The sum is a share of eligible cost"


def test_an_offer_that_no_guide_opens_awaits_or_stays_closed_by_year() -> None:
    view = offer_view(book("amount: 5"), "made", None)
    assert {tag.text for tag in view.tags} == {"Not open"}
    assert all(not year.lines for year in view.years)
    assert view.route is None and view.guide_gates == ()
