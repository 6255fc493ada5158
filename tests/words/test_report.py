"""Answers for machines: the keys of the contract, exact texts, and totals that never count an unknown."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st
from tests.words.lamps import RENEW, answers, ask, without

from jarlig.engines.interval import Estimate, Missing
from jarlig.ladder.kinds import CNY, DATE, MONTH, PURE, YES_NO, Choice, Number, Some, money
from jarlig.ladder.numbers import parse_date
from jarlig.words.case import Case
from jarlig.words.missing import asked
from jarlig.words.receipts import make
from jarlig.words.report import as_json, exact, match_table

CONTRACT = ["programme", "offer", "on", "guide", "at", "outcome", "formula_amount", "amount", "low", "high", "steps",
            "missing", "cites", "receipt"]  # fmt: skip
ANSWERS = answers()


@pytest.mark.parametrize("name", ANSWERS)
def test_the_keys_of_the_contract_come_first_and_in_order(name):
    answer = ANSWERS[name]
    report = as_json(answer, "en", make(answer))
    assert list(report)[: len(CONTRACT)] == CONTRACT
    assert report == json.loads(json.dumps(report))
    for step in report["steps"]:
        assert list(step) == ["name", "value", "cites", "says"]


@pytest.mark.parametrize("name", ANSWERS)
def test_sums_are_texts_with_two_decimals_or_null(name):
    report = as_json(ANSWERS[name], "zh")
    for key in ("formula_amount", "amount", "low", "high"):
        assert report[key] is None or re.fullmatch(r"[0-9]+\.[0-9]{2}", report[key])
    assert (report["amount"] is None) is (report["outcome"] != "award")


def test_an_award_is_told_exactly():
    report = as_json(ANSWERS["award"], "zh", {"hash": "x"})
    assert (report["offer"], report["on"], report["guide"], report["at"]) == ("renew", "2023-06-01", 2023, "150204")
    assert (report["formula_amount"], report["amount"]) == ("260000.01", "100000.00")
    assert (report["low"], report["high"]) == ("100000.00", "100000.00")
    values = {step["name"]: step["value"] for step in report["steps"]}
    assert values["gate_1"] is True and values["formula"] == "260000.014"
    assert values["rate"] == "0.20" and values["award"] == "100000.00"
    assert report["cites"][0] == "notice 1.1" and "guide:2023 3" in report["cites"]
    assert report["citations"]["guide:2023 3"] == "〔2023年申报指南（示例）第3条〕"
    assert report["receipt"] == {"hash": "x"} and report["samples"] == ["guide:2023"]
    assert [part["amount"] for part in report["payments"]] == ["60000.00", "40000.00"]


def test_what_is_unknown_is_null_and_told_with_its_worth():
    report = as_json(ANSWERS["range"], "en")
    values = {step["name"]: step["value"] for step in report["steps"]}
    assert values["base"] is None and values["gate_3"] is None and values["rate"] == "0.20"
    facts = {one["fact"]: one["worth"] for one in report["missing"]}
    assert facts == {
        "history": "250000.00", "tax_credit": "250000.00", "costs.5.category": "14000.00", "grade": "0.00",
    }  # fmt: skip
    assert all(one["why"] for one in report["missing"])
    assert as_json(ANSWERS["undetermined"], "en")["missing"][0]["worth"] is None


def test_refusals_terms_doubts_and_conditions_follow():
    refused = as_json(ANSWERS["not_eligible"], "en")["refused"]
    assert [one["name"] for one in refused] == ["gate_3", "gate_4"] and "not met" in refused[0]["says"]
    (term,) = as_json(ANSWERS["awaiting_guide"], "en")["open_terms"]
    assert term == {"term": "amount", "title": "the amount", "filled_by": "guide"}
    doubtful = as_json(ANSWERS["needs_decision"], "en")
    assert doubtful["doubts"][0]["cites"] == ["notice 3", "notice 9.2", "guide:2023"]
    assert [one["name"] for one in doubtful["conditions"]] == ["quota_1", "pool_areas"]


def test_without_a_guide_or_a_place_there_is_null():
    report = as_json(ask("renew", on="2025-08-01", at=""), "zh")
    assert report["guide"] is None and report["at"] is None and report["steps"] == [] and report["receipt"] is None


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, money(), None),
        (True, YES_NO, True),
        (-5, Number(CNY, 2, -9, 9), "-0.05"),
        (1234, Number(PURE, 3, 0, 9999), "1.234"),
        (parse_date("2022-06-06"), DATE, "2022-06-06"),
        (2022 * 12 + 5, MONTH, "2022-06"),
        (frozenset({"b", "a"}), Some(Choice(("a", "b"))), ["a", "b"]),
        ("street", Choice(("street",)), "street"),
    ],
)
def test_a_value_is_an_exact_text(value, kind, text):
    assert exact(value, kind) == text


def test_the_total_adds_determined_awards_only():
    table = match_table(ANSWERS.values(), "zh")
    assert table.total == sum(a.amount for a in ANSWERS.values() if a.outcome == "award" and a.nature == "award")
    assert table.total == 10_000_000 + 15_000_000  # the tax relief of 250,000.00 is no award
    assert (table.low, table.high) == (0, 25_000_000)
    assert table.totals[0][3] == "250,000.00" and table.totals[1][3] == "0.00–\n250,000.00"
    assert table.uncounted == 5 and "5项" in table.notes[0]
    assert {len(row) for row in (*table.rows, *table.totals)} == {len(table.columns)}


def test_a_row_without_an_amount_is_empty_and_not_zero():
    rows = {row[2]: row for row in match_table(ANSWERS.values(), "en").rows}
    assert rows["Awaiting the guide"][3] == "" and rows["Not eligible"][3] == ""
    assert rows["Range"][3] == "0.00–\n250,000.00"
    assert rows["Determined (Tax information)"][3] == "250,000.00"
    assert rows["A person must decide"][3] == ""


def test_a_range_without_a_bound_makes_the_total_of_ranges_unbounded():
    open_end = replace(ANSWERS["range"], high=None)
    table = match_table([ANSWERS["award"], open_end, ANSWERS["range"]], "en")
    assert table.high is None and table.totals[1][3].endswith("\nno bound") and table.rows[1][3].endswith("\nno bound")


def test_nothing_to_add_is_a_total_of_nothing_and_no_line_of_ranges():
    table = match_table([ANSWERS["lapsed"]], "zh")
    assert table.totals == (("", "合计：可以确定的", "", "0.00"),) and table.notes == ()


def test_offers_that_exclude_each_other_are_pointed_out():
    answer = ANSWERS["award"]
    offer = answer.plan.offer("renew")
    exclusive = replace(offer, exclusive=type("E", (), {"offers": ("model",)})())
    programme = replace(answer.plan.programme, offers={**answer.plan.programme.offers, "renew": exclusive})
    first = replace(answer, plan=replace(answer.plan, programme=programme))
    assert any("不能同时享受" in note for note in match_table([first, ANSWERS["what_if"]], "zh").notes)
    assert match_table([first, ANSWERS["lapsed"]], "zh").notes == ()


def test_lines_counted_under_two_offers_are_in_no_total(monkeypatch):
    one, other = ANSWERS["award"], ANSWERS["what_if"]
    monkeypatch.setattr(
        "jarlig.words.report.claimed_twice",
        lambda answers: ((next(iter(one.plan.fact_defs(one.question.offer))), (one,)),),
    )
    table = match_table([one, other], "en")
    assert table.total == other.amount and "is counted under" in table.notes[0]


@given(st.lists(st.sampled_from(sorted(ANSWERS)), max_size=12))
def test_a_total_never_counts_an_unknown_or_information(names):
    chosen = [ANSWERS[name] for name in names]
    table = match_table(chosen, "en")
    assert table.total == sum(10_000_000 if n == "award" else 15_000_000 if n == "what_if" else 0 for n in names)
    assert table.low == 0 and table.high == 25_000_000 * names.count("range")
    assert len(table.rows) == len(names)


def test_the_award_of_another_case_differs():
    other = as_json(ask("renew", without(grade="town")), "zh")
    assert other["amount"] == "100000.00" and {s["name"]: s["value"] for s in other["steps"]}["cap"] == "500000.00"


@pytest.mark.parametrize(("lang", "words"), [("zh", "按概数测算"), ("en", "rough figure")])
def test_a_sum_on_rough_figures_is_never_promised(lang, words):
    answer = ask("renew", {**RENEW, "costs": {"about": "1000000.00"}}, said=Estimate(100, 100, ()))
    assert answer.outcome == "range" and words in as_json(answer, lang)["says"]
    wide = ask("renew", {**RENEW, "costs": {"about": "1000000.00"}}, said=Estimate(100, 900, ()))
    assert words in as_json(wide, lang)["says"]
    real = ask("renew", {**RENEW, "costs": {"from": "1.00", "to": "2.00"}}, said=Estimate(100, 900, ()))
    assert words not in as_json(real, lang)["says"]


def test_a_list_given_roughly_is_not_said_to_change_nothing():
    said = Estimate(100, 100, (Missing("costs", 0),))
    told = asked(Case(ask("renew", {**RENEW, "costs": {"about": "1000000.00"}}, said=said), "en"))
    assert "may change the sum" in told[0].says
