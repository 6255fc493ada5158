"""The sentence of each outcome, and what the reader is told to do next."""

from dataclasses import replace

import pytest
from tests.words.lamps import answers, ask

from jarlig.ladder.steps import Words
from jarlig.words.case import Case
from jarlig.words.outcomes import next_steps, verdict

ANSWERS = answers()


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("award", "测算金额100,000.00元", "CNY 100,000.00"),
        ("range", "在0.00元与250,000.00元之间", "between CNY 0.00 and CNY 250,000.00"),
        ("information", "按所填数据约为250,000.00元", "CNY 250,000.00 on the data given"),
        ("not_eligible", "有2项条件不符合，不予支持", "2 conditions are not met; nothing is paid"),
        ("not_opened", "2024年申报指南未开放本项", "the 2024 application guide does not open this measure"),
        ("no_guide", "2025年5月5日没有适用的申报指南，指南公布前不能测算金额",
         "no application guide applies on 5 May 2025; until one is published there is no amount"),
        ("closed", "2023年申报指南（示例）的受理期为2023年3月1日至2023年10月31日，2023年12月1日已截止",
         "the 2023 application guide (sample) took applications from 1 March 2023 until 31 October 2023; "
         "1 December 2023 is too late"),
        ("lapsed", "通知有效期至2025年6月5日，2025年8月1日已失效，不再受理新的申请",
         "the notice was in force until 5 June 2025; on 1 August 2025 no new application is possible"),
    ],
)  # fmt: skip
def test_an_outcome_is_told_in_one_sentence(name, zh, en):
    assert (verdict(Case(ANSWERS[name], "zh")), verdict(Case(ANSWERS[name], "en"))) == (zh, en)


def test_local_rules_that_close_an_offer_are_named():
    plan = ANSWERS["award"].plan
    local = replace(plan.programme.guides[2023], kind="local", id="x", closes=("renew",), title=Words("细则", "rules"))
    closed = replace(ANSWERS["closed"], closed_because="not_opened", plan=replace(plan, places=(local,)))
    assert verdict(Case(closed, "zh")) == "细则（示例）未开放本项"
    assert verdict(Case(closed, "en")) == "the rules (sample) close this measure"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("closed", "--on 2023-10-31"),
        ("closed", "请等待下一年度指南"),
        ("too_early", "--on 2023-03-01"),
        ("lapsed", "--on 2025-06-05"),
        ("not_eligible", "请向核实部门更正"),
        ("awaiting_guide", "请用同样的事实再次查询"),
        ("range", "咨询：能源局"),
    ],
)
def test_the_reader_is_told_what_to_do_next(name, words):
    assert any(words in step for step in next_steps(Case(ANSWERS[name], "zh")))


def test_an_award_needs_no_advice():
    assert list(next_steps(Case(ANSWERS["award"], "zh"))) == []


def test_a_date_inside_the_window_that_is_advised_really_is_inside():
    for name, day in (("closed", "2023-10-31"), ("too_early", "2023-03-01")):
        offer = ANSWERS[name].question.offer
        assert ask(offer, ANSWERS[name].facts.plain, on=day).outcome not in ("closed", "lapsed")


def test_the_next_guide_is_named_only_when_it_opens_the_offer_later():
    late = Case(ask("model", {"score": "80"}, on="2023-11-15"), "en")
    assert any("2024 application guide opens" in step for step in next_steps(late))
    after = Case(ask("model", {"score": "80"}, on="2024-12-01"), "en")
    assert not any("opens this measure" in step for step in next_steps(after))
