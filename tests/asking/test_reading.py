"""Answers as people write them, in both languages; every refusal says how to write it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.asking.firms import NMG, SAMPLE, programme
from tests.policy.provoking import provokes

from jarlig.asking import Interview
from jarlig.asking.reading import Unreadable, Wanted, read
from jarlig.ladder.kinds import CNY, DATE, MONTH, YES_NO, Choice, Code, Division, Number, Some, money
from jarlig.ladder.steps import Words
from jarlig.policy.messages import PolicyError

MONEY, RATIO = Wanted(money(), {}), Wanted(Number((), 4, 0, 10_000), {})
LABELS = {"new": Words("新建", "newly built"), "old": Words("改造", "rebuilt")}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("500万", "5000000"), ("５００万元", "5000000"), ("1,234,567.89", "1234567.89"), ("¥ 3亿", "300000000"),
        ("5 million", "5000000"), ("2.5m", "2500000"), ("12k", "12000"), ("1_000", "1000"), ("0", "0"),
        ("约500万元", {"about": "5000000"}), ("500万左右", {"about": "5000000"}), ("about 5m", {"about": "5000000"}),
        ("400万至600万", {"from": "4000000", "to": "6000000"}), ("400-600万", {"from": "4000000", "to": "6000000"}),
        ("4m to 6m", {"from": "4000000", "to": "6000000"}), ("1,000~2,000元", {"from": "1000", "to": "2000"}),
    ],
)  # fmt: skip
def test_sums_are_read_with_their_units_and_ranges(text: str, plain: Any) -> None:
    assert read(MONEY, text) == plain


@pytest.mark.parametrize(("text", "plain"), [("20%", "0.2"), ("0.2", "0.2"), ("12.5%", "0.125")])
def test_shares_are_read_with_and_without_the_sign(text: str, plain: str) -> None:
    assert read(RATIO, text) == plain


@pytest.mark.parametrize(
    ("wanted", "text", "plain"),
    [
        (Wanted(YES_NO, {}), "是的", "true"), (Wanted(YES_NO, {}), "No", "false"),
        (Wanted(YES_NO, {}), "没有", "false"),
        (Wanted(DATE, {}), "2023年6月1日", "2023-06-01"), (Wanted(DATE, {}), "2023/6/1", "2023-06-01"),
        (Wanted(DATE, {}), "20230601", "2023-06-01"), (Wanted(MONTH, {}), "2023年6月", "2023-06"),
        (Wanted(Choice(("new", "old")), LABELS), "新建", "new"), (Wanted(Choice(("new", "old")), LABELS), "2", "old"),
        (Wanted(Choice(("new", "old")), LABELS), "Rebuilt", "old"),
        (Wanted(Some(Choice(("new", "old"))), LABELS), "新建、改造", ["new", "old"]),
        (Wanted(Some(Choice(("new", "old"))), LABELS), "无", []),
        (Wanted(Division("county"), {}, region="150000"), "新城区", "150102"),
        (Wanted(Division("county"), {}, region="150000"), "150102", "150102"),
        (Wanted(DATE, {}, or_none=True), "无", "none"), (Wanted(Code("text"), {}), " X-1 ", "X-1"),
    ],
)  # fmt: skip
def test_every_kind_is_read_as_people_write_it(wanted: Wanted, text: str, plain: Any) -> None:
    assert read(wanted, text) == plain


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (MONEY, "很多"), (MONEY, "-5"), (MONEY, "600万至400万"), (MONEY, "1.234"), (MONEY, ""), (MONEY, "9" * 600),
        (MONEY, "1\x002"), (RATIO, "20"), (Wanted(YES_NO, {}), "也许"), (Wanted(DATE, {}), "2023-02-30"),
        (Wanted(DATE, {}), "昨天"), (Wanted(MONTH, {}), "2023-13"), (Wanted(Choice(("new",)), LABELS), "3"),
        (Wanted(Some(Choice(("new",))), LABELS), "x、y"), (Wanted(Division("county"), {}, region="150000"), "999999"),
        (Wanted(Division("county"), {}), "无此地"), (Wanted(Code("uscc"), {}), "123"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_both_languages(wanted: Wanted, text: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(wanted, text)
    assert error.value.said.zh
    assert error.value.said.en


@given(st.text(max_size=40))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    for wanted in (
        MONEY,
        RATIO,
        Wanted(DATE, {}),
        Wanted(Division("county"), {}),
        Wanted(Some(Choice(("new",))), LABELS),
    ):
        try:
            read(wanted, text)
        except Unreadable as error:
            assert error.said.zh


@given(st.integers(0, 10**12), st.sampled_from(["万", "亿", "千", ""]))
def test_a_multiple_is_exact(number: int, unit: str) -> None:
    kind = Number(CNY, 2, 0, 10**24)
    times = {"万": 10**4, "亿": 10**8, "千": 10**3, "": 1}[unit]
    assert Decimal(str(read(Wanted(kind, {}), f"{number:,}{unit}"))) == number * times


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("没有", []), ("no", []),
        ("10a 80万 2022", [{"offer": "10a", "approved": "800000", "guide_year": "2022"}]),
        ("2c 1,000,000元 2022-09-30; 17", [{"offer": "2c", "approved": "1000000", "on": "2022-09-30"},
                                           {"offer": "17"}]),
        ("共享云仓建设补助 约5万", [{"offer": "17", "approved": "50000"}]),
    ],
)  # fmt: skip
def test_earlier_awards_are_told_in_one_answer(text: str, rows: list[dict[str, str]]) -> None:
    interview = Interview.begin(programme(NMG), "2023-06-15").answer("history", text)
    assert interview.answers["history"] == rows


@provokes("E970", "E971")
def test_a_wrong_answer_names_its_question_and_a_wrong_question_the_nearest() -> None:
    interview = Interview.begin(programme(NMG), "2023-06-15")
    cases = [("tax_credit", "x", "E971"), ("history", "99z 5万", "E971"), ("history", "10a 很多", "E971"),
             ("for", "zz", "E971"),
             ("tax_credits", "a", "E970"), ("2a.investment.total", {"from": "1"}, "E971"), ("for", [1], "E971"),
             ("history", [{"offer": "10a", "x": "1"}], "E971"), ("registered_at", {"a": "b"}, "E971")]  # fmt: skip
    for id_, value, code in cases:
        with pytest.raises(PolicyError) as error:
            interview.answer(id_, value)
        assert [one.code for one in error.value.problems] == [code], id_
    with pytest.raises(PolicyError, match="tax_credit"):
        interview.answer("tax_credits", "a")


@pytest.mark.parametrize("said", ["不知道", "don't know", "Don’t know", "？", "不清楚。"])
def test_i_do_not_know_is_an_answer_of_its_own(said: str) -> None:
    interview = Interview.begin(programme(NMG), "2023-06-15").answer("tax_credit", said)
    assert interview.answers == {"tax_credit": None}
    assert "tax_credit" not in {question.id for question in interview.questions()}
    assert "tax_credit" in {question.id for question in interview.again().questions()}
    assert interview.facts().plain == {}


def test_a_sample_programme_takes_codes_of_its_own_places() -> None:
    assert Interview.begin(programme(SAMPLE), "2025-06-01", "990102").place == "990102"
