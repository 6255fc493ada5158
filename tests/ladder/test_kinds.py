"""Kinds: units, scales and widths are worked out before anything runs."""

import pytest
from hypothesis import given, strategies as st

from jarlig.ladder import build
from jarlig.ladder.kinds import (
    CNY,
    PURE,
    USD,
    KindError,
    Number,
    exactly,
    fits,
    integer,
    money,
    times_unit,
    unit_text,
)
from jarlig.ladder.nodes import Add, Fact, Least, Literal, Rescale, Rounded

NET = Fact("net", money(signed=True))
numbers = st.integers(-(10**9), 10**9)


@st.composite
def kinds(draw: st.DrawFn, unit=CNY) -> tuple[Number, int]:
    low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Number(unit, draw(st.integers(0, 4)), low, high), value


def test_units_multiply_and_cancel():
    per_parcel = times_unit(CNY, (("parcel", 1),), -1)
    assert unit_text(per_parcel) == "CNY/parcel"
    assert times_unit(per_parcel, (("parcel", 1),)) == CNY
    assert times_unit(CNY, CNY, -1) == PURE
    assert unit_text((("m", -2), ("CNY", 1))) == "CNY/m^2"


def test_yuan_and_dollars_never_mix():
    with pytest.raises(KindError) as caught:
        build.add(Fact("a", money()), Fact("b", money(USD)))
    assert caught.value.en == "units differ: CNY and USD"
    assert "CNY 与 USD" in caught.value.zh


@pytest.mark.parametrize("operation", [build.add, build.subtract, build.multiply, build.least, build.greatest])
@given(a=kinds(PURE), b=kinds(PURE))
def test_the_width_of_a_result_holds_every_result(operation, a, b):
    (left, x), (right, y) = a, b
    node = operation(Literal(x, left), Literal(y, right))
    scale = max(left.scale, right.scale)
    x, y = x * 10 ** (scale - left.scale), y * 10 ** (scale - right.scale)
    results = {
        build.add: x + y,
        build.subtract: x - y,
        build.least: min(x, y),
        build.greatest: max(x, y),
    }
    value = results.get(operation)
    if value is None:
        value = a[1] * b[1]
    assert node.kind.low <= value <= node.kind.high


def test_a_product_that_needs_39_digits_is_refused_when_it_is_read():
    wide = Fact("wide", integer(0, 10**19))
    assert build.multiply(wide, Literal(1, exactly(10**18, 0))).kind.digits == 38
    with pytest.raises(KindError, match="39 digits"):
        build.multiply(wide, wide)


def test_38_digits_fit_and_39_do_not():
    assert fits(integer(0, 10**38 - 1)).digits == 38
    with pytest.raises(KindError):
        fits(integer(0, 10**38))


def test_a_coarser_number_is_brought_to_the_finer_scale():
    node = build.add(NET, Fact("half", Number(CNY, 3, 0, 10)))
    assert isinstance(node, Add) and isinstance(node.left, Rescale)
    assert node.left.by == 1 and node.kind.scale == 3


def test_a_literal_is_rewritten_at_a_finer_scale_instead_of_wrapped():
    cap = build.literal(5_000_000, 0, CNY)
    node = build.least(NET, cap)
    assert isinstance(node, Least) and node.right == Literal(500_000_000, exactly(500_000_000, 2, CNY))


def test_rounding_drops_digits_only_below_the_fen():
    fine = Fact("fine", Number(CNY, 4, -15, 15))
    node = build.rounded(fine)
    assert isinstance(node, Rounded) and (node.kind.low, node.kind.high) == (0, 0)
    tie = build.rounded(Fact("tie", Number(CNY, 4, -50, 50)))
    assert (tie.kind.low, tie.kind.high) == (-1, 1)
    assert build.rounded(NET) is NET


def test_a_number_that_cannot_be_negative_is_not_clamped_again():
    sure = Fact("sure", money())
    assert build.not_below_zero(sure) is sure
    assert build.not_below_zero(NET).kind.low == 0


def test_a_word_is_no_number():
    with pytest.raises(KindError, match="a number is needed"):
        build.add(NET, Literal(True, build.compare("=", NET, NET).kind))


def test_values_in_one_place_share_a_scale_and_the_hull_of_their_bounds():
    values, kind = build.one_kind([build.literal(3, 0, CNY), build.literal(25, 1, CNY)])
    assert [value.value for value in values] == [30, 25]
    assert (kind.low, kind.high, kind.scale) == (25, 30, 1)


def test_branches_of_different_kinds_are_refused():
    with pytest.raises(KindError, match="different kinds"):
        build.one_kind([build.literal(3, 0), build.compare("=", NET, NET)])
