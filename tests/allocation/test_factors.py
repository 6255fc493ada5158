"""Sums for governments: shares in millionths by weights and scores, fen by shares, both exact in sum."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from jarlig.allocation.closed_list import by_shares
from jarlig.allocation.factors import NoScore, factor_shares
from jarlig.allocation.model import WHOLE


@st.composite
def tables(draw):
    """Weights that make up the whole, and scores with at least one above zero in each factor."""
    factors = draw(st.integers(1, 4))
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=factors - 1, max_size=factors - 1)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, WHOLE], strict=True)]
    row = st.lists(st.integers(0, 10_000), min_size=factors, max_size=factors)
    scores = draw(st.lists(row, min_size=1, max_size=15))
    scores[0] = [score + 1 for score in scores[0]]
    return weights, scores


@given(tables())
def test_shares_make_up_the_whole_and_are_the_weighed_parts_to_a_millionth(table):
    weights, scores = table
    shares = factor_shares(scores, weights, range(len(scores)))
    assert sum(shares) == WHOLE
    sums = [sum(place[at] for place in scores) for at in range(len(weights))]
    for share, place in zip(shares, scores, strict=True):
        exact = sum(Fraction(w * s, total) for w, s, total in zip(weights, place, sums, strict=True))
        assert abs(share - exact) < 1


@given(tables(), st.integers(1, 1_000), st.data())
def test_a_factor_counted_in_another_unit_changes_nothing(table, unit, data):
    weights, scores = table
    at = data.draw(st.integers(0, len(weights) - 1))
    other = [[score * unit if number == at else score for number, score in enumerate(place)] for place in scores]
    order = range(len(scores))
    assert factor_shares(scores, weights, order) == factor_shares(other, weights, order)


def test_each_factor_shares_out_its_own_weight():
    shares = factor_shares([[10, 1], [30, 1]], [600_000, 400_000], ["150100", "150200"])
    assert shares == [350_000, 650_000]


def test_equal_scores_differ_by_a_millionth_at_most_and_the_lower_code_comes_first():
    shares = factor_shares([[1], [1], [1]], [WHOLE], ["150300", "150100", "150200"])
    assert shares == [333_333, 333_334, 333_333]


def test_a_factor_without_a_weight_may_have_no_score_and_one_with_a_weight_may_not():
    assert factor_shares([[3, 0], [1, 0]], [WHOLE, 0], "ab") == [750_000, 250_000]
    with pytest.raises(NoScore) as caught:
        factor_shares([[3, 0], [1, 0]], [999_999, 1], "ab")
    assert caught.value.factor == 1


@given(tables(), st.integers(0, 10**15))
def test_fen_of_all_places_are_the_pool(table, size):
    weights, scores = table
    order = range(len(scores))
    fen = by_shares(factor_shares(scores, weights, order), size, order)
    assert sum(fen) == size
    assert min(fen) >= 0


def test_a_closed_list_is_paid_by_its_shares_and_the_last_fen_by_code():
    assert by_shares([400_000, 300_000, 300_000], 2_000_000_000, "abc") == [800_000_000, 600_000_000, 600_000_000]
    assert by_shares([500_000, 500_000], 1, ["150200", "150100"]) == [0, 1]
