"""Lines that fit and columns that meet, with characters two columns wide."""

import unicodedata

from hypothesis import given, strategies as st

from jarlig.words.layout import _pieces, beside, pad, right, width, wrap

TEXTS = st.text(st.sampled_from("ab cd12，。；（）〔〕年月日元投资 €"), max_size=80)


def test_a_chinese_character_takes_two_columns_and_a_combining_mark_none():
    assert width("投资") == 4 and width("ab") == 2 and width("e\u0301") == 1


def test_figures_end_in_one_column():
    assert {width(right(text, 12)) for text in ("1.00", "1,000.00", "件1")} == {12}
    assert pad("投资", 6) == "投资  "


def test_a_date_and_a_sum_of_money_are_not_broken():
    lines = wrap("申请日期为2023年12月31日，金额为1,000.00元", 22)
    assert any("2023年12月31日" in line for line in lines) and any("1,000.00元" in line for line in lines)


def test_a_closing_mark_never_begins_a_line():
    lines = wrap("条件甲，条件乙；条件丙（一）。" * 4, 20)
    assert not [line for line in lines if line[0] in "，。；）"]
    assert not [line for line in lines if line[-1] == "（"]


def test_every_line_but_the_first_hangs():
    first, *rest = wrap("one two three four five six", 12, "1. ", "   ")
    assert first.startswith("1. one") and rest and all(line.startswith("   ") and line[3] != " " for line in rest)


def test_an_empty_text_is_one_empty_line():
    assert wrap("", 20) == [""] and wrap("", 20, "  ") == [""]


def test_a_figure_stands_at_the_right_edge_or_on_a_line_of_its_own():
    assert beside(["rate"], "20%", 12) == ["rate     20%"]
    assert beside(["a long head"], "20%", 12) == ["a long head", "         20%"]
    assert beside(["head"], "", 12) == ["head"]


@given(TEXTS, st.integers(10, 60))
def test_no_line_is_wider_than_asked_unless_one_piece_is(text, columns):
    longest = max((width(piece.strip()) for piece in _pieces(text)), default=0)
    assert all(width(line) <= max(columns, longest + 2) for line in wrap(text, columns, "  "))


@given(TEXTS, st.integers(10, 60))
def test_wrapping_loses_nothing_but_spaces(text, columns):
    assert "".join("".join(wrap(text, columns, "  ")).split()) == "".join(text.split())


@given(st.text(max_size=30))
def test_padding_never_shortens(text):
    assert pad(text, 40).startswith(text) and width(pad(text, 40)) >= min(40, width(text))
    assert all(unicodedata.combining(c) or width(c) in (1, 2) for c in text)
