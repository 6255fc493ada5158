"""One pool on plain data: the sum is exact, nobody gets more than asked, and the order of the rows does not matter."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from tests.allocation.samples import FEN, asked, plain

from jarlig.allocation.model import Claim, Quota, Seat, Terms
from jarlig.allocation.pool import allocate
from jarlig.allocation.remainders import largest_remainder

SHARES = st.sampled_from(["pro_rata", "ranking", "first_come"])


def claim(name, amount, order=(), floor=0, firm=True, seats=()):
    return Claim(name, amount, (*order, name), floor, firm, seats)


def approved(terms, *claims):
    return {row.claim: row.approved for row in allocate(terms, claims).rows}


def whys(terms, *claims):
    return {row.claim: row.why for row in allocate(terms, claims).rows}


# the largest remainder


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=40).filter(any), st.integers(0, 10**15))
def test_shares_by_largest_remainder_add_up_and_are_off_by_less_than_one(weights, total):
    shares, remainders = largest_remainder(weights, total, range(len(weights)))
    assert sum(shares) == total
    for weight, share, remainder in zip(weights, shares, remainders, strict=True):
        exact = Fraction(weight * total, sum(weights))
        assert abs(share - exact) < 1
        assert Fraction(remainder, sum(weights)) == exact - exact.__floor__()


def test_the_fen_left_over_goes_to_the_largest_remainder_and_among_equal_ones_to_the_first():
    assert largest_remainder([1, 1, 1], 100, "cab")[0] == [33, 34, 33]
    assert largest_remainder([5, 3, 2], 7, range(3)) == ([4, 2, 1], [5, 1, 4])
    assert largest_remainder([0, 7], 5, range(2))[0] == [0, 5]


# pro rata


@given(asked(), FEN)
def test_what_is_approved_pro_rata_is_what_there_is_or_what_is_asked(claims, size):
    terms = Terms("p", size, "pro_rata")
    made = allocate(terms, plain(claims, terms))
    if made.account.decision is None:
        assert made.account.approved == sum(row.approved for row in made.rows) == min(size, made.account.requested)
        assert made.account.left == size - made.account.approved
    else:
        assert {row.approved for row in made.rows} == {None}


@given(asked(groups=True), FEN, SHARES, st.sampled_from(["cut", "drop"]), st.integers(0, 3))
def test_nobody_gets_less_than_nothing_or_more_than_asked_and_all_never_more_than_there_is(
    claims, size, share, partial, most
):
    terms = Terms("p", size, share, partial, (Quota(most),))
    made = allocate(terms, plain(claims, terms))
    for row in made.rows:
        assert row.approved is None or 0 <= row.approved <= row.requested
        assert row.floor <= (row.approved or 0)
    assert made.account.approved is None or made.account.approved <= size


@given(asked(groups=True), FEN, SHARES, st.sampled_from(["cut", "drop"]), st.randoms())
def test_the_order_of_the_rows_does_not_matter(claims, size, share, partial, chance):
    terms = Terms("p", size, share, partial, (Quota(2),))
    shuffled = list(claims)
    chance.shuffle(shuffled)
    first, second = (allocate(terms, plain(rows, terms)) for rows in (claims, shuffled))
    assert first.account == second.account
    assert sorted(first.rows, key=lambda row: row.claim) == sorted(second.rows, key=lambda row: row.claim)


@given(asked(floors=False), FEN)
def test_who_asks_for_more_never_gets_less_than_who_asks_for_less(claims, size):
    terms = Terms("p", size, "pro_rata")
    rows = sorted(allocate(terms, plain(claims, terms)).rows, key=lambda row: row.requested)
    for less, more in pairwise(rows):
        assert less.requested == more.requested or less.approved <= more.approved


@given(asked().filter(bool), FEN, FEN, st.data())
def test_asking_for_more_never_brings_less_to_who_asks(claims, size, more, data):
    terms, claims = Terms("p", size, "pro_rata"), [replace(one, firm=True) for one in claims]
    at = data.draw(st.integers(0, len(claims) - 1))
    grown = [replace(one, amount=one.amount + more) if number == at else one for number, one in enumerate(claims)]
    first, second = (allocate(terms, plain(rows, terms)).rows[at].approved for rows in (claims, grown))
    assert first is None or second is None or first <= second


@given(asked(), FEN)
def test_a_kept_floor_is_kept_and_what_is_above_it_is_multiplied_by_the_factor_of_the_row(claims, size):
    terms = Terms("p", size, "pro_rata")
    made = allocate(terms, plain(claims, terms))
    for one, row in zip(claims, made.rows, strict=True):
        if row.approved is None or not one.amount:
            continue
        if one.firm:
            assert row.approved >= min(one.floor, one.amount) == row.floor
        share = (one.amount - row.floor) * Fraction(row.factor)
        assert abs(row.approved - row.floor - share) < 1


def test_floors_come_first_and_the_rest_by_one_factor():
    terms = Terms("p", 1_000, "pro_rata")
    claims = [claim("a", 600, floor=400), claim("b", 300), claim("c", 500, floor=100)]
    made = allocate(terms, claims)
    assert [row.approved for row in made.rows] == [511, 167, 322]
    assert {row.factor for row in made.rows} == {"5/9"}
    assert (made.account.floors, made.account.over) == (500, 900)


def test_floors_that_do_not_fit_are_for_a_person_and_no_factor_is_told():
    terms = Terms("p", 999, "pro_rata", carry_over=1_000_000)
    made = allocate(terms, [claim("a", 600, floor=600), claim("b", 600, floor=400), claim("c", 5)])
    account = made.account
    assert (account.decision.kind, account.decision.need, account.decision.have) == ("floors", 1_000, 999)
    assert (account.factor, account.approved, account.left, account.carried_over) == ("", None, None, None)
    assert {(row.approved, row.factor, row.why) for row in made.rows} == {(None, "", "decide")}


def test_floors_that_may_be_let_go_are_let_go_together_so_that_the_others_fit():
    terms = Terms("p", 700, "pro_rata")
    claims = [claim("a", 600, floor=600), claim("b", 600, floor=400, firm=False), claim("c", 400, floor=1, firm=False)]
    assert approved(terms, *claims) == {"a": 600, "b": 60, "c": 40}


def test_a_floor_above_the_amount_lifts_nobody():
    assert approved(Terms("p", 90, "pro_rata"), claim("a", 50, floor=80), claim("b", 50)) == {"a": 50, "b": 40}


def test_a_pool_of_nothing_gives_nothing_and_one_claim_gets_it_all():
    assert approved(Terms("p", 0, "pro_rata"), claim("a", 5), claim("b", 0)) == {"a": 0, "b": 0}
    assert approved(Terms("p", 7, "pro_rata"), claim("a", 9)) == {"a": 7}
    assert allocate(Terms("p", 7, "pro_rata"), []).account.left == 7


# in an order


@pytest.mark.parametrize(("partial", "cut"), [("cut", 30), ("drop", 0)])
def test_at_the_cut_point_a_claim_gets_the_rest_or_nothing_and_no_smaller_one_overtakes(partial, cut):
    terms = Terms("p", 100, "ranking", partial)
    claims = [claim("a", 70, (1,)), claim("b", 40, (2,)), claim("c", 5, (3,)), claim("d", 0, (0,))]
    assert approved(terms, *claims) == {"a": 70, "b": cut, "c": 0, "d": 0}
    named = "cut" if partial == "cut" else "dropped"
    assert whys(terms, *claims) == {"a": "whole", "b": named, "c": "passed", "d": "nothing"}
    assert [row.rank for row in allocate(terms, claims).rows] == [1, 2, 3, None]


def test_the_row_at_the_cut_point_says_which_part_it_got():
    rows = allocate(Terms("p", 100, "ranking"), [claim("a", 80, (1,)), claim("b", 30, (2,))]).rows
    assert [row.factor for row in rows] == ["1", "2/3"]


def test_a_pool_that_is_used_up_exactly_cuts_nobody():
    assert whys(Terms("p", 70, "first_come"), claim("a", 70), claim("b", 1)) == {"a": "whole", "b": "passed"}


def test_a_rest_below_a_firm_floor_is_for_a_person_and_below_another_is_paid():
    firm, soft = (claim("b", 50, (2,), floor=40, firm=firm) for firm in (True, False))
    terms = Terms("p", 100, "ranking")
    made = allocate(terms, [claim("a", 70, (1,)), firm])
    assert (made.account.decision.kind, made.account.decision.need, made.account.decision.have) == ("rest", 40, 30)
    assert approved(terms, claim("a", 70, (1,)), soft) == {"a": 70, "b": 30}
    assert approved(replace(terms, partial="drop"), claim("a", 70, (1,)), firm) == {"a": 70, "b": 0}


# places


def seats(group, *order):
    return (Seat(group, order),)


def test_a_quota_lets_the_first_in_by_its_own_order_and_the_rest_is_shared():
    terms = Terms("p", 60, "pro_rata", quotas=(Quota(2),))
    every = [("a", 50, 3), ("b", 40, 1), ("c", 80, 2)]
    claims = [claim(name, fen, seats=seats("", place)) for name, fen, place in every]
    assert approved(terms, *claims) == {"a": 0, "b": 20, "c": 40}
    assert whys(terms, *claims)["a"] == "beyond"


def test_a_claim_for_nothing_takes_no_place():
    terms = Terms("p", 60, "ranking", quotas=(Quota(1),))
    assert approved(terms, claim("a", 0, seats=seats("", 1)), claim("b", 40, seats=seats("", 2))) == {"a": 0, "b": 40}


def test_each_group_has_its_own_places_and_a_claim_outside_needs_none():
    terms = Terms("p", 100, "first_come", quotas=(Quota(1),))
    first, second, third = seats("x", 1), seats("x", 2), seats("y", 9)
    claims = [claim("a", 1, seats=second), claim("b", 2, seats=first), claim("c", 3, seats=third)]
    assert approved(terms, *claims, claim("d", 4, seats=(None,))) == {"a": 0, "b": 2, "c": 3, "d": 4}


def test_the_pools_own_places_go_to_those_whom_the_offers_quota_let_in():
    terms = Terms("p", 100, "ranking", quotas=(Quota(1), Quota(2)))
    every = [("a", "x", 1), ("b", "x", 2), ("c", None, 3), ("d", None, 4)]
    both = [(Seat(own, (rank,)) if own else None, Seat("", (rank,))) for _, own, rank in every]
    claims = [claim(name, 10, (rank,), seats=seats) for (name, _, rank), seats in zip(every, both, strict=True)]
    assert approved(terms, *claims) == {"a": 10, "b": 0, "c": 10, "d": 0}


def test_a_quota_without_an_order_is_for_a_person_only_where_claims_exceed_it():
    terms = Terms("p", 100, "pro_rata", quotas=(Quota(2, ordered=False),))
    claims = [claim(name, 10, seats=seats("")) for name in "abc"]
    made = allocate(terms, claims)
    assert (made.account.decision.kind, made.account.decision.need, made.account.decision.have) == ("order", 3, 2)
    assert approved(terms, *claims[:2]) == {"a": 10, "b": 10}
    none = replace(terms, quotas=(Quota(0, ordered=False),))
    assert approved(none, *claims) == {"a": 0, "b": 0, "c": 0}


# the account


@pytest.mark.parametrize(
    ("part", "asked_for", "kept"), [(0, 40, 0), (300_000, 40, 30), (300_000, 80, 20), (1_000_000, 40, 60)]
)
def test_what_may_stay_is_a_part_of_the_size_and_no_more_than_is_left(part, asked_for, kept):
    account = allocate(Terms("p", 100, "pro_rata", carry_over=part), [claim("a", asked_for)]).account
    assert (account.left, account.carried_over, account.lapsed) == (100 - asked_for, kept, 100 - asked_for - kept)


def test_what_was_carried_in_is_shared_with_the_rest_and_not_counted_for_next_years_part():
    account = allocate(Terms("p", 100, "first_come", carried_in=50, carry_over=100_000), [claim("a", 60)]).account
    assert (account.available, account.approved, account.left, account.carried_over) == (150, 60, 90, 10)


def test_a_part_of_a_fen_that_may_stay_is_rounded_half_up():
    account = allocate(Terms("p", 15, "pro_rata", carry_over=300_000), []).account
    assert account.carried_over == 5


def test_every_note_is_said_in_both_languages():
    rows = allocate(Terms("p", 1, "pro_rata"), [claim("a", 1), claim("b", 1)]).rows
    assert [row.note.zh for row in rows] == ["按比例核减，余数较大，补 1 分", "按比例核减"]
    assert rows[1].note.en == "reduced pro rata"


def test_a_thousand_claims_of_random_size_share_a_pool_to_the_fen():
    chance = random.Random(20230601)
    claims = [claim(f"{number:04d}", chance.randrange(10**9)) for number in range(1_000)]
    for size in (1, 10**6 + 1, 10**11 + 7):
        assert allocate(Terms("p", size, "pro_rata"), claims).account.approved == size
