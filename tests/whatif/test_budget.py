"""Take-up against budget: what a comparison says of a pool is what its claims shared one by one come to."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.policy.frame import Frame
from tests.whatif.comparing import ALWAYS, compared, reform_file, table

from jarlig.allocation.model import Claim, Terms
from jarlig.allocation.pool import allocate
from jarlig.ladder.numbers import format_money
from jarlig.policy import model
from jarlig.whatif.compared import Comparison, Shares

OFFER = """
facts: {sum: {money: {}, title: {zh: 数, en: sum}}}
rate: 100%
of: sum
"""
SUMS = st.lists(st.integers(0, 90_000), min_size=1, max_size=25)


def framed(folder: Path, pool: str, **more: Any) -> model.Programme:
    """A programme whose one offer pays what is stated, out of a pool."""
    return Frame(folder, OFFER, guide=f"pools: {{p: {{offers: [a], {pool}}}}}\n", **more).programme


def asked(programme: model.Programme, folder: Path, sums: list[int], after: str = "2024") -> Comparison:
    """Claims of so many fen, one a day."""
    days = [f"2024-0{at // 28 + 3}-{at % 28 + 1:02}" for at in range(len(sums))]
    rows = "".join(
        f"{at:03},{day},U{at},{format_money(fen)}\n" for at, (day, fen) in enumerate(zip(days, sums, strict=True))
    )
    return compared(programme, "rules", after, ["a"], table(folder, "case,on,uscc,sum\n" + rows), folder)


def shares(found: Comparison) -> Shares:
    """The pool under the rules as they stand."""
    (line,) = found.pools
    assert line.shares[0] is not None
    return line.shares[0]


def expected(sums: list[int], size: int, share: str = "pro_rata", partial: str = "cut", floor: int = 0) -> Any:
    claims = [Claim(str(at), fen, (at,), floor) for at, fen in enumerate(sums)]
    return allocate(Terms("p", size, share, partial), claims).account


@settings(max_examples=12)
@given(SUMS, st.integers(1, 1_000_000), st.integers(0, 200))
def test_pro_rata_with_and_without_floors_is_the_account_of_the_pool(sums: list[int], size: int, floor: int) -> None:
    floor *= 100
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pool = f"amount: {format_money(size)}, share: pro_rata" + (f", floor: {floor // 100}" if floor else "")
        found = shares(asked(framed(folder / "p", pool), folder, sums))
    account = expected(sums, size, floor=floor)
    assert (found.size, found.claims, found.requested) == (size, sum(fen > 0 for fen in sums), sum(sums))
    assert found.approved == account.approved
    if account.approved is None:
        assert found.factor is None and found.why is not None
    else:
        assert found.factor == Fraction(account.factor)


@settings(max_examples=12)
@given(SUMS, st.integers(1, 1_000_000), st.sampled_from(["cut", "drop"]))
def test_first_come_is_the_account_of_the_pool(sums: list[int], size: int, partial: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pool = f"amount: {format_money(size)}, share: first_come, partial: {partial}"
        found = shares(asked(framed(folder / "p", pool), folder, sums))
    account = expected(sums, size, "first_come", partial)
    assert found.approved == account.approved
    assert (found.factor == 1) == (sum(sums) <= size)


def test_a_floor_of_the_offer_is_kept_first(tmp_path: Path) -> None:
    frame = Frame(
        tmp_path / "p", OFFER + "floor: {amount: 100, in_scaling: keep}\n",
        guide="pools: {p: {offers: [a], amount: 600, share: pro_rata}}\n",
    )  # fmt: skip
    found = shares(asked(frame.programme, tmp_path, [10_000, 30_000, 50_000]))
    assert (found.floors, found.factor, found.approved) == (30_000, Fraction(1, 2), 60_000)


def test_a_quota_that_counts_over_years_says_what_it_lacks(tmp_path: Path) -> None:
    frame = Frame(
        tmp_path / "p", OFFER + "limit: {awards: 2, over: validity}\n", years=(2024, 2025),
        guide="pools: {p: {offers: [a], amount: 600, share: pro_rata, ties: [on, case]}}\n",
    )  # fmt: skip
    found = asked(frame.programme, tmp_path, [10_000, 30_000, 50_000], "2025")
    here, later = (line.shares[side] for line, side in zip(found.pools, (0, 1), strict=True))
    assert here is not None and here.approved == 40_000
    assert later is not None and later.approved is None and later.why is not None and later.why.zh != later.why.en


def test_a_pool_of_nothing_has_no_take_up(tmp_path: Path) -> None:
    found = shares(asked(framed(tmp_path / "p", "amount: 0, share: pro_rata"), tmp_path, [100]))
    assert (found.size, found.take_up, found.factor, found.approved) == (0, None, 0, 0)


@pytest.mark.parametrize(("share", "by"), [("ranking", "sum"), ("ranking", "amount")])
def test_a_ranked_pool_that_suffices_pays_all_and_one_that_does_not_is_left_to_the_order(
    tmp_path: Path, share: str, by: str
) -> None:
    enough = shares(asked(framed(tmp_path / "p", f"amount: 10, share: {share}, by: {by}"), tmp_path, [100, 900]))
    assert (enough.factor, enough.approved) == (1, 1_000)
    short = shares(asked(framed(tmp_path / "q", f"amount: 9.99, share: {share}, by: {by}"), tmp_path, [100, 900]))
    assert (short.factor, short.approved, len(short.by)) == (None, None, 1)
    assert short.why is not None


def test_claims_of_two_years_draw_on_the_pools_of_their_guides(tmp_path: Path) -> None:
    programme = framed(tmp_path / "p", "amount: 5, share: pro_rata", years=(2024, 2025))
    rows = "case,on,uscc,sum\n1,2024-03-01,A,8\n2,2025-03-01,B,3\n"
    found = compared(programme, "rules", "2025", ["a"], table(tmp_path, rows), tmp_path)
    told = {line.year: [one and (one.requested, one.approved) for one in line.shares] for line in found.pools}
    assert told == {2024: [(800, 500), None], 2025: [(300, 300), (1_100, 500)]}


def test_claims_not_known_stand_beside_what_is_asked(tmp_path: Path) -> None:
    programme = framed(tmp_path / "p", "amount: 5, share: pro_rata")
    rows = "case,on,uscc,sum\n1,2024-03-01,A,4\n2,2024-03-02,B,\n"
    found = shares(compared(programme, "rules", "2024", ["a"], table(tmp_path, rows), tmp_path))
    assert (found.claims, found.requested, found.open) == (1, 400, 1)


def test_a_reform_that_halves_a_budget_answers_nothing_twice(tmp_path: Path) -> None:
    programme = framed(tmp_path / "p", "amount: 8, share: pro_rata")
    reform = reform_file(tmp_path, "guides: {'2024': {pools: {p: {amount: 4}}}}\n", ALWAYS)
    found = asked(programme, tmp_path, [300, 500], reform)
    one, other = found.pools[0].shares
    assert one is not None and other is not None and found.offers[0].same
    assert (one.factor, other.factor, other.take_up) == (1, Fraction(1, 2), 2)
