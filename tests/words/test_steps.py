"""What each step says of itself: components, rows, growth, bands, limits, refusals and decisions."""

from dataclasses import replace

import pytest
from tests.words.lamps import RENEW, answers, ask, without

from jarlig.engines.interval import Estimate, Missing
from jarlig.ladder.history import NO_RIGHT
from jarlig.ladder.steps import ROLES
from jarlig.words.case import Case
from jarlig.words.explain import explain
from jarlig.words.missing import asked
from jarlig.words.steps import _HEADS, told_steps

MODEL_WON = {"offer": "model", "on": "2023-04-01", "guide_year": 2023, "state": "paid", "approved": "20", "uscc": "U1"}
SHARE = {"uscc": "U1", "wages": "5000", "elsewhere": "100", "history": [MODEL_WON]}
POLES = [{"pole_no": "1", "size": "low"}, {"pole_no": "2", "size": "high"}]


def told(offer, facts, lang="zh", **more):
    return {one.step.name: one for one in told_steps(Case(ask(offer, facts, **more), lang))}


def test_a_component_is_named_before_each_of_its_steps():
    steps = told("kit", {"smart": True, "bought": "100000"})
    assert steps["basic_rate"].head == "基础部分：比例" and steps["basic_part"].head == "基础部分"
    assert steps["basic_capped"].says == (
        "基础部分：按上限计：5,000.00元。原为10,000.00元，超出上限的5,000.00元不予支持。"
    )
    assert steps["extra_when"].holds is True and steps["extra_part"].figure == "2,000.00"
    assert steps["formula"].says == "各项合计：7,000.00元。"


def test_a_component_whose_condition_fails_counts_nothing_and_says_so():
    failing = told("kit", {"smart": False, "bought": "100"})["extra_when"]
    assert failing.holds is False and failing.head == "智能部分（智能控制）：不符合，该项不计（智能控制为否）"
    assert told("kit", {"smart": False, "bought": "100"}, "en")["extra_when"].says.startswith("Smart part (smart")


def test_rows_are_worked_out_one_by_one():
    step = told("poles", {"uscc": "U1", "poles": POLES, "history": []})["rows"]
    assert step.head == "灯杆（逐行计算后合计）" and step.figure == "32.50"
    assert step.details == ("每行：按杆型（矮杆12.50元、高杆20.00元）", "共2行：计入2行，未计入0行")


def test_a_limit_says_its_window_its_subject_and_what_counts_together():
    steps = told("poles", {"uscc": "U1", "poles": POLES, "history": []}, "en")
    assert steps["limit_1"].details == (
        "over the last 12 months", "counted by credit code", "counted together over poles and kit")  # fmt: skip
    assert steps["used_1"].details == ("no earlier award counts",)
    assert steps["limited_1"].head == "within what is left, unchanged"


def test_an_award_outside_the_window_is_not_listed():
    old = {"offer": "kit", "on": "2022-05-01", "guide_year": 2022, "state": "paid", "approved": "10", "uscc": "U1"}
    fresh = {**old, "on": "2023-01-01", "offer": "poles"}
    details = told("poles", {"uscc": "U1", "poles": POLES, "history": [old, fresh]})["used_1"].details
    assert details == ("2023年1月1日在“poles”项下获得10.00元",)


def test_growth_is_counted_in_words_and_not_cross_multiplied():
    step = told("growth", {"saved_now": "135", "saved_before": "100"})["count"]
    assert step.value == "3" and step.details == ("本年节电盏数较上年节电盏数的增幅每满10%的次数",)
    assert told("growth", {"saved_now": "135", "saved_before": "100"}, "en")["count"].details == (
        "full steps of 10% in the growth from lamps last year to lamps this year",
    )


def test_a_rate_by_marginal_bands_and_a_difference_are_told():
    steps = told("tariff", {"bill": "3000", "uscc": "U1", "history": [MODEL_WON]})
    assert steps["formula"].details == ("按电费分段累进计算",) and steps["formula"].figure == "200.00"
    assert steps["paid_before"].details == ("2023年4月1日在“model”项下获得20.00元",)
    assert steps["difference"].says == "补差：180.00元。"


def test_a_band_of_growth_a_share_and_a_default_rule_are_told():
    steps = told("share", SHARE)
    assert steps["formula"].details == ("工资总额较其他渠道已获补助的增幅属于“20%以上”一档",)
    assert steps["cap"].details == ("工资总额的8%，四舍五入到分",)
    assert steps["elsewhere"].figure == "100.00" and steps["higher"].figure == "300.00"
    assert "默认规则，通知没有规定" in explain(ask("share", SHARE), "zh")


def test_a_failing_history_condition_lists_the_awards_it_found():
    steps = told("renew", without(history=[{**RENEW["history"][0], "project_code": "P1"}]))
    failing = next(one for one in steps.values() if one.holds is False)
    assert "此前1次" in failing.head and "2022年8月1日在“renew”项下获得500,000.00元" in failing.details


def test_a_condition_says_the_value_it_found_and_who_verifies_it():
    steps = told("renew", without(tax_credit="d"), "en")
    failing = next(one for one in steps.values() if one.holds is False)
    assert failing.head == "tax credit is not grade D: not met (it is grade D)"
    assert failing.details == ("“tax credit” is verified by Tax Office",)
    assert failing.says.startswith("Tax credit") and failing.value == "no"


def test_a_broken_run_of_years_is_told_as_the_end_of_the_right(monkeypatch):
    answer = answers()["award"]
    case = Case(answer, "zh")
    gate = next(step for step in answer.ladder.steps if step.key == "limit.1")
    node = replace(gate.node.left, what="years", streak="no_restart")
    years = replace(gate, node=replace(gate.node, left=node))
    monkeypatch.setattr(case, "value", lambda node: NO_RIGHT)
    case.answer = replace(answer, ladder=replace(answer.ladder, steps=(years,)))
    (one,) = told_steps(case)
    assert "连续年度已中断" in one.head


def test_a_figure_taken_from_a_fact_is_no_lump_sum():
    step = told("bonus", {"decisions": {"amount": "30000"}})["formula"]
    assert step.head == "定额" and step.details == ("由人裁定",)


def test_what_nobody_has_stated_is_named_where_it_is_needed():
    unknown = Estimate(0, None, (Missing("bill", None),))
    step = told("tariff", {}, said=unknown)["base"]
    assert step.says == "电费：还不能确定。缺少“电费”。" and step.figure == "？" and step.value == "未知"
    history = told("tariff", {"bill": "1", "uscc": "U1"}, said=unknown)["paid_before"]
    assert history.details == ("未说明以往获得的奖补",)


def test_a_range_given_for_a_fact_is_said_as_the_range_it_is():
    unknown = Estimate(0, None, (Missing("bill", None),))
    assert "“电费”填的是1.00元至2.00元" in told("tariff", {"bill": {"from": "1", "to": "2"}}, said=unknown)["base"].says
    assert "“电费”只填了概数5.00元" in told("tariff", {"bill": {"about": "5"}}, said=unknown)["base"].says


def test_a_fact_is_asked_for_with_its_reason_evidence_and_verifier():
    answer = ask("renew", without("costs"), said=Estimate(0, None, (Missing("costs", None),)))
    (question,) = asked(Case(answer, "zh"))
    assert (question.fact, question.why, question.worth) == ("costs", "补助按合格投资计算", None)
    assert question.details == ("补助按合格投资计算", "材料：发票，由审计机构核实")


@pytest.mark.parametrize(
    ("key", "fact", "why"),
    [
        ("history", "history", "用来判断：此前未获得过此项奖补"),
        ("grade", "grade", "用来计算：上限"),
        (("costs", 0, "paid_on"), "costs.1.paid_on", "用来计算：投资"),
        ("tax_credit", "tax_credit", "用来判断：纳税信用等级不为D级"),
        ("nobody_asks", "nobody_asks", ""),
    ],
)
def test_why_a_fact_is_asked_is_found_in_the_step_that_reads_it(key, fact, why):
    answer = replace(answers()["range"], missing=(Missing(key, 100),))
    (question,) = asked(Case(answer, "zh"))
    assert (question.fact, question.why) == (fact, why)


def test_every_role_that_is_told_specially_is_a_role():
    assert set(_HEADS) <= set(ROLES)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("offer", "facts"),
    [
        ("kit", {"smart": True, "bought": "1"}),
        ("poles", {"uscc": "U1", "poles": [], "history": []}),
        ("growth", {"saved_now": "1", "saved_before": "0"}),
        ("tariff", {"bill": "0", "uscc": "U1", "history": []}),
        ("share", {**SHARE, "elsewhere": "0"}),
    ],
)
def test_every_form_of_offer_is_told_to_the_end(offer, facts, lang):
    text = explain(ask(offer, facts), lang)
    assert "None" not in text and text.endswith("\n") and "\n\n\n" not in text
