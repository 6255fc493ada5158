"""What must follow when a question is changed: a claim split, pools merged, a pool made larger, a claim withdrawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings, strategies as st
from tests.allocation.samples import FEN, Asked, asked, batch, plain

from jarlig.allocation import arrays
from jarlig.allocation.model import Quota, Terms
from jarlig.allocation.pool import allocate

ORDERS = st.sampled_from(["ranking", "first_come"])
PARTIAL = st.sampled_from(["cut", "drop"])
#: All floors are firm: one that may be let go is let go as the pool shrinks, and then others gain by it.
FIRM = asked().map(lambda claims: [replace(claim, firm=True) for claim in claims])
SOME = asked(floors=False).filter(lambda claims: any(claim.amount for claim in claims))


def paid(claims: list[Asked], terms: Terms) -> list[int]:
    """Approved fen of every claim; leaves examples aside in which a person must decide."""
    rows = allocate(terms, plain(claims, terms)).rows
    assume(all(row.approved is not None for row in rows))
    return [row.approved for row in rows]


# the pool made larger


@given(FIRM, FEN, FEN)
def test_a_larger_pool_takes_no_more_than_a_fen_from_anybody_pro_rata(claims, size, more):
    small, large = (paid(claims, Terms("p", fen, "pro_rata")) for fen in (size, size + more))
    assert all(after >= before - 1 for before, after in zip(small, large, strict=True))


def test_the_fen_that_a_larger_pool_takes_is_real():
    """The largest remainder has this property (阿拉巴马悖论); the sum is worth that fen."""
    claims = [Asked(0, name, "1", fen) for name, fen in (("a", 6), ("b", 6), ("c", 2))]
    made = [allocate(terms, plain(claims, terms)) for terms in (Terms("p", size, "pro_rata") for size in (10, 11))]
    assert [[row.approved for row in one.rows] for one in made] == [[4, 4, 2], [5, 5, 1]]


@given(asked(groups=True), FEN, FEN, ORDERS, PARTIAL, st.integers(0, 3))
def test_a_larger_pool_takes_nothing_from_anybody_in_an_order(claims, size, more, share, partial, most):
    terms = Terms("p", size, share, partial, (Quota(most),))
    small, large = (paid(claims, replace(terms, size=fen)) for fen in (size, size + more))
    assert all(after >= before for before, after in zip(small, large, strict=True))


@given(asked(groups=True), FEN, ORDERS, st.integers(0, 3))
def test_a_place_more_takes_money_only_from_those_behind_it(claims, size, share, most):
    few, many = (paid(claims, Terms("p", size, share, "cut", (Quota(places),))) for places in (most, most + 1))
    let_in = [one for one, before, after in zip(claims, few, many, strict=True) if after > before]
    assert len({claim.group for claim in let_in}) == len(let_in)  # one more of each group
    first = min((claim.order(share) for claim in let_in), default=())
    for claim, before, after in zip(claims, few, many, strict=True):
        assert after >= before or claim.order(share) > first


# a claim split


@given(SOME, FEN, st.data())
def test_a_claim_in_two_halves_moves_nobody_by_more_than_a_fen_pro_rata(claims, size, data):
    at = data.draw(st.sampled_from([at for at, claim in enumerate(claims) if claim.amount]))
    part = data.draw(st.integers(0, claims[at].amount))
    halves = [replace(claims[at], amount=part), replace(claims[at], case="又", amount=claims[at].amount - part)]
    others = claims[:at] + claims[at + 1 :]
    terms = Terms("p", size, "pro_rata")
    whole, split = paid([*others, claims[at]], terms), paid(others + halves, terms)
    assert all(abs(one - other) <= 1 for one, other in zip(whole[:-1], split[:-2], strict=True))
    assert abs(whole[-1] - sum(split[-2:])) <= 2  # each of three parts is rounded once
    assert sum(whole) == sum(split)


@given(SOME, FEN, ORDERS, st.data())
def test_a_claim_in_two_halves_gets_the_same_in_an_order_and_so_does_everybody_else(claims, size, share, data):
    at = data.draw(st.sampled_from([at for at, claim in enumerate(claims) if claim.amount]))
    part = data.draw(st.integers(0, claims[at].amount))
    spaced = [replace(claim, case=claim.case + "0") for claim in claims]
    halves = [replace(spaced[at], amount=part), replace(spaced[at], amount=spaced[at].amount - part)]
    halves[1] = replace(halves[1], case=spaced[at].case + "0")  # next in the order, whoever else stands there
    others = spaced[:at] + spaced[at + 1 :]
    assume(all(one.case != halves[1].case or one.offer != halves[1].offer for one in others))
    between = [one for one in others if halves[0].order(share) < one.order(share) < halves[1].order(share)]
    assume(not between)
    terms = Terms("p", size, share)
    whole, split = paid([*others, spaced[at]], terms), paid(others + halves, terms)
    assert whole[:-1] == split[:-2]
    assert whole[-1] == sum(split[-2:])


# pools merged


@given(asked(2, floors=False), FEN, FEN)
def test_one_pool_in_place_of_two_never_pays_less_in_all(claims, one, other):
    apart = [[claim for claim in claims if claim.pool == pool] for pool in (0, 1)]
    each = [sum(paid(mine, Terms("p", size, "pro_rata"))) for mine, size in zip(apart, (one, other), strict=True)]
    assert sum(paid(claims, Terms("p", one + other, "pro_rata"))) >= sum(each)


@given(asked(2, floors=False), st.integers(1, 9), st.integers(1, 9))
def test_pools_with_one_factor_pay_merged_what_they_paid_apart_to_the_fen(claims, part, whole):
    claims = [replace(claim, amount=claim.amount * whole) for claim in claims]
    apart = [[claim for claim in claims if claim.pool == pool] for pool in (0, 1)]
    assume(all(apart))
    sizes = [sum(claim.amount for claim in mine) // whole * min(part, whole) for mine in apart]
    merged = paid(apart[0] + apart[1], Terms("p", sum(sizes), "pro_rata"))
    alone = [fen for mine, size in zip(apart, sizes, strict=True) for fen in paid(mine, Terms("p", size, "pro_rata"))]
    assert merged == alone  # every share is whole


@settings(deadline=None)
@given(asked(3), st.lists(FEN, min_size=3, max_size=3))
def test_pools_shared_together_are_those_shared_alone(claims, sizes):
    terms = [Terms(f"p{at}", size, "pro_rata", carry_over=1) for at, size in enumerate(sizes)]
    together = arrays.allocate(batch(claims, terms), terms)
    for pool, one in enumerate(terms):
        mine = [replace(claim, pool=0) for claim in claims if claim.pool == pool]
        alone = arrays.allocate(batch(mine, [one]), [one])
        assert alone.accounts == [together.accounts[pool]]
        rows = [at for at, claim in enumerate(claims) if claim.pool == pool]
        assert alone.approved.tolist() == together.approved[rows].tolist()


# a claim withdrawn, and another unit of money


@given(FIRM.filter(bool), FEN, st.data())
def test_who_withdraws_takes_no_more_than_a_fen_from_anybody(claims, size, data):
    at = data.draw(st.integers(0, len(claims) - 1))
    terms = Terms("p", size, "pro_rata")
    before = paid(claims, terms)
    after = paid(claims[:at] + claims[at + 1 :], terms)
    others = before[:at] + before[at + 1 :]
    assert all(now >= then - 1 for then, now in zip(others, after, strict=True))


@given(asked(), FEN, ORDERS, PARTIAL, st.data())
def test_who_withdraws_takes_nothing_from_those_before_or_behind_in_an_order(claims, size, share, partial, data):
    assume(claims)
    at = data.draw(st.integers(0, len(claims) - 1))
    terms = Terms("p", size, share, partial)
    before, after = paid(claims, terms), paid(claims[:at] + claims[at + 1 :], terms)
    assert all(now >= then for then, now in zip(before[:at] + before[at + 1 :], after, strict=True))


@pytest.mark.parametrize("share", ["pro_rata", "ranking", "first_come"])
@given(claims=asked(), size=FEN, unit=st.integers(2, 100))
def test_sums_a_hundred_times_as_large_have_the_same_factors(share, claims, size, unit):
    larger = [replace(claim, amount=claim.amount * unit, floor=claim.floor * unit) for claim in claims]
    first = allocate(Terms("p", size, share), plain(claims, Terms("p", 0, share)))
    second = allocate(Terms("p", size * unit, share), plain(larger, Terms("p", 0, share)))
    assert first.account.factor == second.account.factor
    assert [row.rank for row in first.rows] == [row.rank for row in second.rows]
    for one, other in zip(first.rows, second.rows, strict=True):
        if one.approved is not None:
            assert abs(other.approved - one.approved * unit) < unit


@given(FEN, st.lists(FEN, min_size=1, max_size=8))
def test_floors_that_exceed_the_pool_are_never_cut_in_silence(size, floors):
    claims = [Asked(0, str(at), "1", floor + 1, floor=floor) for at, floor in enumerate(floors)]
    made = allocate(Terms("p", size, "pro_rata"), plain(claims, Terms("p", size, "pro_rata")))
    if sum(floors) > size:
        assert (made.account.decision.kind, made.account.decision.need) == ("floors", sum(floors))
        assert {row.approved for row in made.rows} == {None}
    else:
        assert all(row.approved >= floor for row, floor in zip(made.rows, floors, strict=True))
