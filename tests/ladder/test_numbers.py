"""The grammar of numbers: what is a number, what is refused and in which words, and that nothing is ever lost."""

import calendar
import re
import timeit
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from jarlig.ladder.numbers import (
    MOST_DIGITS,
    NumberError,
    format_money,
    format_scaled,
    parse_date,
    parse_decimal,
    parse_month,
    parse_percent,
    parse_scaled,
    round_half_up,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", (0, 0)),
        ("-0.00", (0, 2)),
        ("7", (7, 0)),
        ("-1.5", (-15, 1)),
        ("0.30", (30, 2)),
        ("5_000_000", (5_000_000, 0)),
        ("-12_345.678", (-12_345_678, 3)),
        ("999_999", (999_999, 0)),
        ("1234567.00", (123456700, 2)),
    ],
)
def test_a_number_is_read_with_its_decimals_as_written(text, value):
    assert parse_decimal(text) == value


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "null"),
        ("   ", "null"),
        (" 5", "space"),
        ("5 000", "space"),
        ("5\u3000000", "space"),
        ("5\n", "space"),
        ("NaN", "“NaN” is no number"),
        ("-inf", "“-inf” is no number"),
        ("Infinity", "“Infinity” is no number"),
        ("１２", "“１” is a full-width digit; write “1”"),
        ("12．5", "“．” is a full-width sign"),
        ("－5", "“－” is a full-width sign"),
        ("1，000", "“，” is a full-width sign"),
        ("−5", "ASCII “-”"),
        ("500万", "no unit such as “万”"),
        ("1.5亿", "no unit such as “亿”"),
        ("五", "“五” is a Chinese numeral"),
        ("¥500", "no currency sign “¥”"),
        ("500元", "no currency sign “元”"),
        ("20%", "not a percentage"),
        ("5,000,000", "write 5_000_000 or 5000000"),
        ("0,5", "no commas"),
        ("+5", "“+”"),
        ("1e5", "no exponent"),
        ("1.5E-3", "no exponent"),
        ("0x1F", "decimal digits only"),
        ("(500)", "not in brackets"),
        ("5.", "no digit after"),
        (".5", "write a 0 before"),
        ("-.5", "write a 0 before"),
        ("1.2.3", "more than one decimal point"),
        ("007", "no leading zeros"),
        ("00", "no leading zeros"),
        ("-01.5", "no leading zeros"),
        ("1_00", "groups of three"),
        ("1000_000", "groups of three"),
        ("_100", "groups of three"),
        ("1_000_", "groups of three"),
        ("1.000_000", "groups of three"),
        ("0_000", "leading zeros"),
        ("٣", "not a number"),
        ("1²", "not a number"),
        ("--5", "not a number"),
        ("abc", "not a number"),
        ("-", "not a number"),
    ],
)
def test_each_refusal_has_its_own_sentence(text, word):
    with pytest.raises(NumberError, match=re.escape(word)) as caught:
        parse_decimal(text)
    assert str(caught.value) == caught.value.en
    assert re.search("[一-鿿]", caught.value.zh)
    with pytest.raises(NumberError, match=re.escape(word)):
        parse_scaled(text, 2)


def test_a_number_with_too_many_digits_is_refused_before_it_is_converted():
    assert parse_decimal("9" * MOST_DIGITS) == (10**MOST_DIGITS - 1, 0)
    for text in ("9" * (MOST_DIGITS + 1), "9" * 1_000_000, "0." + "0" * MOST_DIGITS, "-" + "9" * 30 + "." + "9" * 9):
        with pytest.raises(NumberError, match="more than 38 digits"):
            parse_decimal(text)
    start = timeit.default_timer()
    with pytest.raises(NumberError):
        parse_decimal("9" * 10_000_000)
    assert timeit.default_timer() - start < 0.1


def test_the_widest_number_may_have_its_separators_sign_and_point():
    grouped = "-" + f"{10**MOST_DIGITS - 1:_}"
    assert parse_decimal(grouped) == (1 - 10**MOST_DIGITS, 0)
    assert parse_decimal("-" + "9" * 36 + ".99")[1] == 2


def test_fewer_digits_can_be_asked_for():
    assert parse_decimal("123_456", digits=6) == (123_456, 0)
    with pytest.raises(NumberError, match="more than 6 digits"):
        parse_decimal("123_456.7", digits=6)


@pytest.mark.parametrize(
    ("text", "scale", "value"),
    [
        ("5.1", 2, 510),
        ("5", 0, 5),
        ("5.00", 0, 5),
        ("5.100", 1, 51),
        ("-0.05", 2, -5),
        ("5_000_000", 2, 500_000_000),
        ("1_234.5", 4, 12_345_000),
        ("0.000", 2, 0),
    ],
)
def test_a_number_is_brought_to_its_scale_exactly(text, scale, value):
    assert parse_scaled(text, scale) == value


@pytest.mark.parametrize(
    ("text", "scale", "word"),
    [
        ("5.123", 2, "at most 2 decimals; nothing is rounded"),
        ("0.001", 2, "at most 2 decimals"),
        ("5.12", 1, "at most 1 decimal;"),
        ("5.5", 0, "a whole number is wanted"),
    ],
)
def test_a_decimal_that_the_scale_cannot_hold_is_never_rounded(text, scale, word):
    with pytest.raises(NumberError, match=word):
        parse_scaled(text, scale)


@given(st.integers(-(10**30), 10**30), st.integers(0, 8))
def test_a_number_written_is_the_number_read(value, scale):
    text = format_scaled(value, scale)
    assert parse_scaled(text, scale) == value
    assert Fraction(text) == Fraction(value, 10**scale)
    if value:
        assert parse_decimal(text) == (value, scale)


@given(st.integers(-(10**20), 10**20))
def test_separators_change_nothing(value):
    assert parse_scaled(f"{value:_}", 2) == parse_scaled(str(value), 2) == 100 * value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_number_error(text):
    try:
        value, decimals = parse_decimal(text)
    except NumberError as error:
        assert error.zh and error.en
    else:
        assert Fraction(text.replace("_", "")) == Fraction(value, 10**decimals)


@given(st.from_regex(r"-?[0-9_]{1,12}(\.[0-9]{0,4})?", fullmatch=True))
def test_what_is_nearly_a_number_is_read_as_python_reads_it_or_refused(text):
    try:
        value, decimals = parse_decimal(text)
    except NumberError:
        return
    assert Fraction(value, 10**decimals) == Fraction(text)
    whole = text.removeprefix("-").partition(".")[0]
    assert whole == "0" or not whole.startswith("0")
    assert [len(group) for group in whole.split("_")[1:]] == [3] * whole.count("_")


@pytest.mark.parametrize(
    ("text", "value"), [("20%", (20, 2)), ("12.5%", (125, 3)), ("100%", (100, 2)), ("-5%", (-5, 2))]
)
def test_a_share_is_a_ratio(text, value):
    assert parse_percent(text) == value


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("20", "percent sign"),
        ("0.2", "percent sign"),
        ("20％", "full-width “％”"),
        ("%", "no number here"),
        ("20 %", "space"),
        ("20%%", "percentage"),
        ("", "percent sign"),
    ],
)
def test_a_share_without_its_sign_is_refused(text, word):
    with pytest.raises(NumberError, match=re.escape(word)):
        parse_percent(text)


@given(st.dates())
def test_every_real_day_is_read(day):
    assert parse_date(day.isoformat()) == day.toordinal()
    assert parse_month(day.isoformat()[:7]) == day.year * 12 + day.month - 1


@pytest.mark.parametrize(
    "text",
    [
        "2023/03/01",
        "2023-3-1",
        "20230301",
        "2023年3月1日",
        "２０２３-03-01",
        "2023-03-01T00:00",
        " 2023-03-01",
        "",
        "01-03-2023",
    ],
)
def test_a_day_written_otherwise_is_refused(text):
    with pytest.raises(NumberError, match="yyyy-mm-dd, as in 2023-03-01"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2023-02-29", "month 2 of 2023 has days 1 to 28"),
        ("2024-04-31", "has days 1 to 30"),
        ("2023-01-00", "has days 1 to 31"),
        ("2023-13-01", "there is no month 13"),
        ("2023-00-01", "there is no month 0"),
        ("0000-01-01", "years begin at 0001"),
    ],
)
def test_a_day_that_never_was_is_refused(text, word):
    with pytest.raises(NumberError, match=word) as caught:
        parse_date(text)
    assert caught.value.zh


def test_the_leap_day_is_a_day_only_in_a_leap_year():
    for year in (1900, 2000, 2023, 2024):
        text = f"{year}-02-29"
        if calendar.isleap(year):
            assert parse_date(text) == date(year, 2, 29).toordinal()
        else:
            with pytest.raises(NumberError):
                parse_date(text)


@pytest.mark.parametrize("text", ["2023-3", "2023-03-01", "202303", "2023-13", "0000-01", "2023-00", ""])
def test_a_month_written_otherwise_is_refused(text):
    with pytest.raises(NumberError):
        parse_month(text)


def test_months_follow_each_other_over_the_year():
    assert parse_month("2024-01") - parse_month("2023-12") == 1


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((0, 0), "0"),
        ((0, 2), "0.00"),
        ((5, 2), "0.05"),
        ((-5, 2), "-0.05"),
        ((-100, 2), "-1.00"),
        ((500, 2, 0), "5"),
        ((512, 2, 0), "5.12"),
        ((510, 2, 1), "5.1"),
        ((510, 2, 0), "5.1"),
        ((5, 0, 2), "5.00"),
        ((5, 1, 4), "0.5000"),
        ((123456789, 2, None, True), "1,234,567.89"),
        ((-99999, 2, None, True), "-999.99"),
        ((5000000, 0, 2, True), "5,000,000.00"),
    ],
)
def test_a_number_is_written_padded_but_never_cut(arguments, text):
    assert format_scaled(*arguments) == text


@given(st.integers(-(10**20), 10**20), st.integers(0, 6), st.integers(0, 8), st.booleans())
def test_however_it_is_written_the_number_is_the_same(value, scale, decimals, group):
    text = format_scaled(value, scale, decimals, group).replace(",", "")
    assert Fraction(text) == Fraction(value, 10**scale)
    assert len(text.partition(".")[2]) >= decimals


def test_money_has_two_decimals():
    assert [format_money(fen) for fen in (0, 1, -1, 123456700)] == ["0.00", "0.01", "-0.01", "1234567.00"]


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(4, 0), (5, 1), (14, 1), (15, 2), (25, 3), (-4, 0), (-5, -1), (-14, -1), (-15, -2), (-25, -3), (0, 0)],
)
def test_a_half_is_rounded_away_from_zero(value, rounded):
    assert round_half_up(value, 1, 0) == rounded


@given(st.integers(-(10**30), 10**30), st.integers(0, 8), st.integers(0, 8))
def test_rounding_is_that_of_decimal_arithmetic(value, start, end):
    exact = Decimal(value).scaleb(-start)
    quantum = Decimal(1).scaleb(-end)
    with_room = exact.quantize(quantum, ROUND_HALF_UP) if abs(value) < 10**18 else None
    rounded = round_half_up(value, start, end)
    if with_room is not None:
        assert Decimal(rounded).scaleb(-end) == with_room
    assert abs(2 * (rounded * 10**start - value * 10**end)) <= 10**start
    assert round_half_up(-value, start, end) == -rounded


def test_reading_money_is_fast_enough_for_a_million_rows():
    texts = ["1234567.00", "5_000_000", "0.5", "-99.99"] * 2_500
    fastest = min(timeit.repeat(lambda: [parse_scaled(text, 2) for text in texts], number=1, repeat=5)) / len(texts)
    assert fastest < 5e-6, "typical is 0.6 microseconds; this bound leaves room for a busy machine"
