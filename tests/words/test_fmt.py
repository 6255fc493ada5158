"""Figures for people: exact, and in the manner of each language."""

import re
from datetime import date

import pytest
from hypothesis import given, strategies as st

from jarlig.ladder.kinds import CNY, USD
from jarlig.ladder.steps import Words
from jarlig.words import fmt

FEN = st.integers(-(10**16), 10**16)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0.00元", "CNY 0.00"),
        (5, "0.05元", "CNY 0.05"),
        (123_456_789, "1,234,567.89元", "CNY 1,234,567.89"),
        (-150_000, "−1,500.00元", "CNY −1,500.00"),
    ],
)
def test_money_has_two_decimals_commas_and_its_unit(fen, zh, en):
    assert (fmt.money(fen, "zh"), fmt.money(fen, "en")) == (zh, en)


def test_dollars_are_not_yuan():
    assert (fmt.money(100, "zh", unit=USD), fmt.money(100, "en", unit=USD)) == ("1.00美元", "USD 1.00")


def test_an_intermediate_sum_keeps_its_own_decimals():
    assert fmt.plain_money(4_469_135_786, 3) == "4,469,135.786"
    assert fmt.plain_money(4_469_135_700, 4) == "446,913.57"
    assert fmt.plain_money(7, 0) == "7.00"


@given(FEN, st.integers(0, 12))
def test_a_sum_read_back_is_the_same_sum(value, scale):
    text = fmt.plain_money(value, scale).replace(fmt.MINUS, "-").replace(",", "")
    whole, _, part = text.partition(".")
    assert len(part) >= 2
    assert int(whole + part) * 10**scale == value * 10 ** len(part)


@given(FEN)
def test_the_groups_of_a_sum_have_three_digits(fen):
    assert re.fullmatch(r"−?[0-9]{1,3}(,[0-9]{3})*\.[0-9]{2}", fmt.plain_money(fen))


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [(20, 2, "20%"), (125, 3, "12.5%"), (1, 0, "100%"), (0, 4, "0%"), (12345, 6, "1.2345%"), (2, 1, "20%")],
)
def test_a_ratio_is_a_percentage_without_idle_zeros(value, scale, text):
    assert fmt.percent(value, scale) == text


@given(st.integers(0, 10**9), st.integers(0, 9))
def test_a_percentage_is_exact(value, scale):
    whole, _, part = fmt.percent(value, scale).removesuffix("%").replace(",", "").partition(".")
    assert int(whole + part) * 10**scale == value * 100 * 10 ** len(part)


def test_days_and_months_are_written_out():
    day = date(2022, 6, 6).toordinal()
    assert (fmt.day(day, "zh"), fmt.day(day, "en")) == ("2022年6月6日", "6 June 2022")
    assert (fmt.month(2022 * 12 + 11, "zh"), fmt.month(2022 * 12 + 11, "en")) == ("2022年12月", "December 2022")
    assert fmt.iso(day) == "2022-06-06"
    assert fmt.period(day, day + 1, "zh") == "2022年6月6日至2022年6月7日"
    assert fmt.period(day, day + 1, "en") == "6 June 2022 to 7 June 2022"


@given(DAYS)
def test_the_same_day_stands_in_both_languages(value):
    zh, en = fmt.day(value.toordinal(), "zh"), fmt.day(value.toordinal(), "en")
    assert [int(number) for number in re.findall("[0-9]+", zh)] == [value.year, value.month, value.day]
    assert en.split()[0] == str(value.day) and en.split()[2] == str(value.year)


def test_units_are_called_as_the_programme_calls_them():
    units = {"parcel": Words("件", "parcel")}
    rate = (("CNY", 1), ("parcel", -1))
    assert fmt.quantity(3, 1, rate, units, "zh") == "0.3元/件"
    assert fmt.quantity(3, 1, rate, units, "en") == "CNY 0.3/parcel"
    assert fmt.quantity(1_200, 0, (("parcel", 1),), units, "zh") == "1,200件"
    assert fmt.quantity(1_200, 0, (("parcel", 1),), units, "en") == "1,200 parcel"
    assert fmt.quantity(12, 0, (), units, "en") == "12"
    assert fmt.quantity(12, 0, (("job_day", 1),), {}, "en") == "12 job day"
    assert fmt.quantity(1_200, 2, CNY, units, "zh") == "12.00元"


def test_lists_and_sentences_read_well():
    assert fmt.listed(["甲", "乙", "丙"], "zh") == "甲、乙、丙"
    assert fmt.listed(["a", "b", "c"], "en") == "a, b and c"
    assert fmt.listed(["a", "b"], "en", Words("或", "or")) == "a or b"
    assert (fmt.listed([], "en"), fmt.listed(["a"], "zh")) == ("", "a")
    assert fmt.sentence("名额共 3 个", "zh") == "名额共3个"
    assert fmt.sentence("the 3 best", "en") == "The 3 best"
    assert (fmt.yes_no(True, "zh"), fmt.yes_no(False, "en")) == ("是", "no")
