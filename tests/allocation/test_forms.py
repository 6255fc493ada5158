"""Plain data, arrays and SQL give the same fen, floors, remainders, ranks and reasons for the same claims."""

from __future__ import annotations

import random

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.allocation.samples import FEN, Asked, asked, database, from_arrays, from_sql, plain

from jarlig.allocation import arrays, scaling, sql
from jarlig.allocation.model import Quota, Terms
from jarlig.allocation.pool import allocate
from jarlig.ladder.kinds import MOST_FEN


def from_plain(claims, terms):
    """The rows and accounts of the specification, pool by pool."""
    found, accounts = {}, []
    for number, one in enumerate(terms):
        mine = [claim for claim in claims if claim.pool == number]
        made = allocate(one, plain(mine, one))
        accounts.append(made.account)
        for claim, row in zip(mine, made.rows, strict=True):
            found[claim] = (row.approved, row.floor, row.remainder, row.rank, row.why)
    return [found[claim] for claim in claims], accounts


SIZES = st.lists(st.one_of(FEN, st.integers(0, 4 * 10**14)), min_size=3, max_size=3)


def pools(sizes, share, **more):
    return [Terms(f"p{number}", size, share, **more) for number, size in enumerate(sizes)]


@settings(max_examples=80, deadline=None)
@given(asked(3), SIZES)
def test_pro_rata_is_the_same_in_all_three(claims, sizes):
    terms = pools(sizes, "pro_rata", carry_over=300_000)
    expected, accounts = from_plain(claims, terms)
    assert from_arrays(claims, terms) == (expected, accounts)
    assert from_sql(claims, terms) == expected


@settings(max_examples=80, deadline=None)
@given(asked(3), SIZES, st.sampled_from(["ranking", "first_come"]), st.sampled_from(["cut", "drop"]))
def test_serving_in_an_order_is_the_same_in_all_three(claims, sizes, share, partial):
    terms = pools(sizes, share, partial=partial, carry_over=1_000_000)
    expected, accounts = from_plain(claims, terms)
    assert from_arrays(claims, terms) == (expected, accounts)
    assert from_sql(claims, terms) == expected


QUOTAS = st.lists(st.builds(Quota, st.integers(0, 3), st.booleans()), min_size=1, max_size=2).map(tuple)


@settings(max_examples=80, deadline=None)
@given(asked(3, groups=True), SIZES, st.sampled_from(["pro_rata", "ranking", "first_come"]), QUOTAS)
def test_places_are_the_same_on_plain_data_and_in_arrays(claims, sizes, share, quotas):
    terms = pools(sizes, share, quotas=quotas)
    expected, accounts = from_plain(claims, terms)
    assert from_arrays(claims, terms) == (expected, accounts)


@settings(max_examples=100, deadline=None)
@given(asked(1, floors=False, groups=True), FEN, st.integers(0, 3))
def test_places_are_the_same_in_sql(claims, size, most):
    terms = Terms("p", size, "ranking", quotas=(Quota(most),))
    rows = allocate(terms, plain(claims, terms)).rows
    base = database(claims, [terms])
    text = sql.let_in("claims", most, "park", ("-score", *sql.ORDER))
    inside = dict(base.execute(f"""SELECT "case" || '/' || offer, in_it FROM ({text})""").fetchall())
    assert {row.claim: row.why != "beyond" for row in rows} == inside


@settings(max_examples=40, deadline=None)
@given(asked(3), SIZES, st.sampled_from(["pro_rata", "ranking"]))
def test_the_account_is_the_same_in_sql(claims, sizes, share):
    terms = pools(sizes, share)
    _, accounts = from_plain(claims, terms)
    base = database(claims, terms)
    order = ("-score", *sql.ORDER) if share == "ranking" else sql.ORDER
    text = (sql.pro_rata if share == "pro_rata" else sql.in_order)("claims", "pools", order)
    base.execute(f"CREATE TABLE shared AS {text}")
    found = base.execute(f"FROM ({sql.accounts('claims', 'shared', 'pools')}) ORDER BY pool").fetchall()
    for (_, size, count, requested, floors, served, approved, left), account in zip(found, accounts, strict=True):
        expected = (account.size, account.claims, account.requested, account.served, account.approved, account.left)
        assert (size, count, requested, served, approved, left) == expected
        assert account.decision is not None or floors == account.floors


@pytest.mark.parametrize(("floor", "kind"), [(29, "cut"), (30, "cut"), (31, "decide")])
def test_a_rest_that_is_just_the_floor_keeps_it(floor, kind):
    claims = [Asked(0, "a", "1", 70), Asked(0, "b", "1", 50, on=1, floor=floor)]
    terms = pools([100], "first_come")
    expected, accounts = from_plain(claims, terms)
    assert expected[1][-1] == kind
    assert from_arrays(claims, terms) == (expected, accounts)
    assert from_sql(claims, terms) == expected


def test_ten_thousand_equal_claims_share_the_last_fen_by_their_order_in_all_three():
    claims = [Asked(0, f"{number:05d}", "1a", 3, on=number % 7) for number in range(10_000)]
    terms = pools([10_001], "pro_rata")
    expected, accounts = from_plain(claims, terms)
    assert from_arrays(claims, terms) == (expected, accounts)
    assert from_sql(claims, terms) == expected
    assert [claim.case for claim, row in zip(claims, expected, strict=True) if row[0] == 2] == ["00000"]


@pytest.mark.parametrize("part", [0, 1, 10**14, 2**61 + 1, 2**62 - 2])
def test_a_product_of_109_bits_is_divided_exactly(part):
    random = np.random.default_rng(7)
    above = np.concatenate([
        random.integers(0, MOST_FEN, 40_000, endpoint=True),
        np.array([0, 1, 2, MOST_FEN - 1, MOST_FEN], np.int64),
    ])  # fmt: skip
    over = 2**62 - 1
    shares, remainders = scaling.proportional(above, part, over, part / over)
    expected = [divmod(int(x) * part, over) for x in above]
    assert list(zip(shares.tolist(), remainders.tolist(), strict=True)) == expected


@pytest.mark.parametrize("off", [-1, 1], ids=["one too few", "one too many"])
def test_a_double_that_guesses_wrong_is_put_right_in_all_three(off):
    """Sizes at which some share is so close below or at a whole fen that a double takes it for the other."""
    chance, tried = random.Random(6), 0
    while tried < 5:
        amounts = [chance.randrange(MOST_FEN // 2, MOST_FEN) for _ in range(3)]
        asked_for, share = sum(amounts), chance.randrange(1, MOST_FEN // 2)
        size = -(-share * asked_for // amounts[0]) if off < 0 else share * asked_for // amounts[0]
        if int(amounts[0] * (size / asked_for)) - amounts[0] * size // asked_for != off:
            continue
        tried += 1
        claims = [Asked(0, str(at), "1", fen) for at, fen in enumerate(amounts)]
        terms = pools([size], "pro_rata")
        expected, accounts = from_plain(claims, terms)
        assert from_arrays(claims, terms) == (expected, accounts)
        assert from_sql(claims, terms) == expected
        assert sum(fen for fen, *_ in expected) == size


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, MOST_FEN), min_size=1, max_size=50), st.data())
def test_whole_shares_and_remainders_are_those_of_long_division(above, data):
    over = data.draw(st.integers(1, 2**62 - 1))
    part = data.draw(st.one_of(st.integers(0, over - 1), st.just(over - 1)))
    shares, remainders = scaling.proportional(np.array(above, np.int64), part, over, part / over)
    assert list(zip(shares.tolist(), remainders.tolist(), strict=True)) == [divmod(x * part, over) for x in above]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2**62), max_size=30))
def test_a_sum_beyond_64_bits_is_exact(values):
    assert arrays.exact_sum(np.array(values, np.int64)) == sum(values)


BEYOND = [
    [Asked(0, "a", "1", MOST_FEN + 1)],
    [Asked(0, "a", "1", -1)],
    [Asked(0, str(number), "1", MOST_FEN) for number in range(2**62 // MOST_FEN + 1)],
]


@pytest.mark.parametrize("claims", BEYOND, ids=["one amount", "below zero", "the sum"])
def test_what_does_not_fit_the_bounds_is_refused_and_never_wrong(claims):
    terms = pools([5], "pro_rata")
    if len(claims) < 100:
        with pytest.raises(arrays.TooLarge):
            from_arrays(claims, terms)
        with pytest.raises(duckdb.Error, match="62 bits"):
            from_sql(claims, terms)
        return
    base = database(claims[:1], terms)
    base.execute(f"INSERT INTO claims SELECT 0, i, '1', {MOST_FEN}, 0, true, 0, 0, NULL FROM range({len(claims)}) t(i)")
    with pytest.raises(duckdb.Error, match="62 bits"):
        base.execute(sql.pro_rata("claims", "pools"))
    amounts = np.full(len(claims), MOST_FEN, np.int64)
    zeros = np.zeros(len(claims), np.int64)
    with pytest.raises(arrays.TooLarge) as caught:
        arrays.allocate(arrays.Batch(zeros, amounts, [(zeros,)]), terms)
    assert caught.value.pool == 0
