"""Status words, figures and days as they are written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, strategies as st

from jarlig.service.web import figures, status
from jarlig.service.web.cells import tag


def test_every_status_has_a_tone_and_both_words() -> None:
    tones = {one.key for one in status.TONES}
    for word in status.WORDS.values():
        assert word.tone in tones and word.zh and word.en and word.en[0].isupper()


def test_no_word_means_two_things() -> None:
    for words in ([one.zh for one in status.WORDS.values()], [one.en for one in status.WORDS.values()]):
        assert len(words) == len(set(words))


def test_every_tone_has_its_glyph_in_the_style_sheet() -> None:
    from jarlig.service.web.assets import Places

    text = (Places().theme / "sass" / "_status.scss").read_text("utf-8")
    assert all(f".jl-tag--{one.key} " in text for one in status.TONES)


def test_a_status_is_said_in_the_language_of_the_page() -> None:
    assert tag("paid") == '<strong class="govuk-tag jl-tag--good">已支付</strong>'
    with translation.override("en"):
        assert ">Paid<" in tag("paid")
    assert "&lt;b&gt;" in tag("paid", "<b>")


@pytest.mark.parametrize(
    ("sum_", "written"),
    [
        (0, "0.00"), (5, "0.05"), (119029731, "1,190,297.31"), (-8640000, "−86,400.00"), (None, ""),
        (Decimal("3847302.494"), "3,847,302.494"), (Decimal("12"), "12.00"), (Decimal("1E+3"), "1,000.00"),
    ],
)  # fmt: skip
def test_sums_are_written_to_the_fen_and_further_where_a_step_has_more(
    sum_: int | Decimal | None, written: str
) -> None:
    assert figures.money(sum_) == written


@given(st.integers(-(10**15), 10**15))
def test_no_fen_is_lost_in_writing(fen: int) -> None:
    text = figures.money(fen).replace(",", "").replace(figures.MINUS, "-")
    assert Decimal(text) * 100 == fen


def test_a_change_may_show_its_sign() -> None:
    assert figures.money(100, sign=True) == "+1.00" and figures.money(0, sign=True) == "0.00"


def test_counts_have_groups() -> None:
    assert figures.number(1206) == "1,206" and figures.number(-1206) == "−1,206" and figures.number(None) == ""
    assert figures.number(Decimal("1206.5")) == "1,206.5"


def test_a_day_is_said_as_the_language_says_it() -> None:
    day = dt.date(2023, 10, 10)
    assert figures.day(day, weekday=True) == "2023年10月10日（星期二）"
    assert figures.moment(dt.datetime(2023, 10, 31, 17, 30, tzinfo=dt.UTC)) == "2023年11月1日 01:30"  # Shanghai
    with translation.override("en"):
        assert figures.day(day, weekday=True) == "Tuesday 10 October 2023"
    assert figures.day(None) == figures.moment(None) == figures.iso(None) == ""
    assert figures.iso(dt.datetime(2023, 10, 9, 8, 5, tzinfo=dt.UTC)) == "2023-10-09 16:05"


def test_a_title_is_cut_where_it_may_break() -> None:
    assert figures.phrases("一份通知，|<b>") == (
        '<span class="jl-phrase">一份通知，</span><span class="jl-phrase">&lt;b&gt;</span>'
    )
