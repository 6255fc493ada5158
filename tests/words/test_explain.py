"""Answers as a reader sees them: a golden text for each outcome in both languages, and what every text must keep."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.words.lamps import RENEW, answers, ask, desk, without

from jarlig.engines.interval import Estimate, Missing
from jarlig.ladder.outcome import OUTCOMES
from jarlig.words.explain import explain, sentences
from jarlig.words.layout import width

GOLDEN = Path(__file__).parent / "golden"
SHAPES = (*OUTCOMES, "no_guide", "not_opened", "too_early", "what_if", "information", "judged")


def said(name, lang="zh"):
    return explain(answers()[name], lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SHAPES)
def test_an_answer_reads_as_agreed(name, lang):
    assert said(name, lang) == (GOLDEN / f"{name}.{lang}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_fixture_has_the_outcome_it_is_called_by(name):
    assert answers()[name].outcome == name


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SHAPES)
def test_nothing_technical_leaks(name, lang):
    text = said(name, lang)
    steps = {step.name for step in answers()[name].ladder.steps if "_" in step.name}
    codes = {"None", "True", "False", "not_eligible", "tax_credit", "costs_from", "registered_at", "Literal"}
    words = set(re.findall("[A-Za-z_0-9]+", text))
    assert not words & (steps | codes)
    assert "{" not in text and "  \n" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [60, 80, 100])
@pytest.mark.parametrize("name", SHAPES)
def test_lines_fit_and_figures_end_in_one_column(name, columns, lang):
    lines = explain(answers()[name], lang, width=columns).splitlines()
    assert max(map(width, lines)) <= columns
    title = "计算过程" if lang == "zh" else "How it is worked out"
    at = next((index for index, line in enumerate(lines) if line.startswith(title)), None)
    if at is not None:
        body = lines[at + 1 : lines.index("", at) if "" in lines[at:] else None]
        figures = [line for line in body if re.search(r"\S.*  ([0-9][0-9,.]*[0-9]%?|？|\?)$", line)]
        assert figures and {width(line) for line in figures} == {columns}


def test_a_sum_names_every_clause_guide_and_rounding():
    text = said("award").replace("\n", "").replace(" ", "")
    cites = ("〔第一条第一款〕", "〔2023年申报指南（示例）〕", "〔解释口径：三年累计指通知有效期内累计〕")
    changes = ("超出上限的10,000.014元不予支持", "2022年8月1日在“renew”项下获得500,000.00元", "四舍五入到分，不变")
    for words in (*cites, *changes):
        assert words in text


def test_rows_tell_how_many_counted_left_out_netted_and_unknown():
    assert "共5行：计入2行，未计入2行，红字冲销抵减1行" in said("award")
    assert "尚不能判断1行" in said("range")


def test_a_question_names_the_line_of_the_list_as_it_was_given():
    assert "投资第5行的“类别”：最多影响14,000.00元" in said("range")
    assert "Investment, line 5: category: worth up to CNY 14,000.00" in said("range", "en")


def test_three_amounts_stay_apart():
    lines = said("award", "en").split("Three amounts\n")[1].splitlines()[:3]
    assert [line.split()[0] for line in lines] == ["By", "Capped", "Approved"]
    assert "260,000.01" in lines[0] and "100,000.00" in lines[1] and "later" in lines[2]


def test_the_rounding_is_told_where_it_happens():
    costs = [{"invoice_no": "1", "net": "1000.03", "category": "lamp", "paid_on": "2022-07-01"}]
    answer = ask("renew", without(costs=costs, history=[]))
    assert answer.amount == 20_001
    assert "舍入前为200.006元" in explain(answer, "zh") and "Before rounding CNY 200.006" in explain(answer, "en")


def test_a_point_range_is_not_told_as_settled():
    answer = ask("renew", without("grade"), said=Estimate(100, 100, (Missing("grade", 0),)))
    assert answer.outcome == "range"
    assert "补齐后方可作为结论" in explain(answer, "zh") and "不影响金额" in explain(answer, "zh")
    open_end = replace(answer, high=None)
    assert "at least CNY 1.00" in explain(open_end, "en")


def test_an_estimated_list_is_told_as_the_estimate_it_is():
    told = Estimate(0, 6_000_000, (Missing("costs", 4_000_000),))
    ranged = explain(ask("renew", without(costs={"from": "100000", "to": "300000"}), said=told), "zh")
    assert "“投资”填的是100,000.00元至300,000.00元" in ranged
    assert "只填了概数200,000.00元" in explain(ask("renew", without(costs={"about": "200000"}), said=told), "zh")


def test_an_award_still_pending_uses_up_the_limit():
    pending = [{**RENEW["history"][0], "state": "pending", "capped": "400000", "approved": None}]
    text = explain(ask("renew", without(history=pending)), "zh")
    assert "2022年8月1日在“renew”项下申报、尚未审定，按400,000.00元占用额度" in text
    assert "没有应计入的以往奖补" in explain(ask("renew", without(history=[])), "zh")


def test_a_reading_is_told_in_full_once():
    assert said("award").count("三年累计指") == 1 and said("award").replace("\n     ", "").count("解释口径，见上") == 3


def test_the_words_of_the_clause_stand_beside_their_step():
    spans = {"rate": "按投资的20%给予补助", "cap.street": "街道级不超过30万元", "when.1": "经验收"}
    text = explain(answers()["award"], "zh", spans)
    for words in spans.values():
        assert f"原文：“{words}”" in text
    assert text.index("原文：“按投资") > text.index("率 比例")
    town = explain(ask("renew", without(grade="town")), "zh", spans)
    assert "街道级不超过" not in town


def test_the_guide_that_opens_the_offer_next_is_named():
    answer = ask("model", {"score": "80"}, on="2023-11-15")
    text = explain(answer, "zh")
    assert "2024年申报指南开放本项，受理期2024年3月1日至2024年10月31日" in text and "--on 2023-10-31" in text


def test_a_day_before_the_notice_is_not_a_lapse_yet():
    text = explain(ask("renew", on="2022-01-01"), "zh")
    assert "通知自2022年6月6日起生效，2022年1月1日尚未生效" in text and "--on 2022-06-06" in text


def test_a_place_that_closes_the_offer_is_named():
    plan = desk().plans.plan(answers()["award"].question.on, None, "150204")
    local = replace(plan.programme.guides[2023], kind="local", id="x", closes=("renew",), sample=False)
    closed = replace(answers()["closed"], closed_because="not_opened", plan=replace(plan, places=(local,)))
    assert "未开放本项" in explain(closed, "zh")


def test_a_transfer_goes_to_a_government():
    transfer = replace(answers()["award"], nature="transfer")
    assert "转移支付：拨付给地方政府" in explain(transfer, "zh")
    assert "goes to a government" in explain(transfer, "en")


def test_a_decided_sum_says_that_a_person_decided():
    answer = ask("bonus", {"decisions": {"amount": "30000"}})
    assert answer.outcome == "award" and "由人裁定" in explain(answer, "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SHAPES)
def test_there_is_one_sentence_a_step_with_its_value_and_sources(name, lang):
    answer = answers()[name]
    told = sentences(answer, lang)
    assert [one["name"] for one in told] == [trace.name for trace in answer.trace]
    for one in told:
        assert set(one) == {"name", "value", "says", "cites"}
        assert one["says"].endswith("。" if lang == "zh" else ".") and one["cites"]
        assert "None" not in one["says"] and one["value"]


def test_a_step_that_changes_nothing_says_so():
    told = {one["name"]: one["says"] for one in sentences(answers()["award"], "zh")}
    assert told["kept"] == "不是负数，不变：1,300,000.07元。"
    assert "不变" in told["award"]


def test_a_refused_sum_is_not_told_as_due():
    told = {one["name"]: one["says"] for one in sentences(answers()["not_eligible"], "zh")}
    assert "不予支持" in told["award"]
