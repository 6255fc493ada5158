"""Tables of many blocks: what is worked on piece by piece is the same as in one piece."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jarlig.allocation import arrays, scaling
from jarlig.allocation.model import WHYS, Claim, Quota, Seat, Terms
from jarlig.allocation.pool import allocate
from jarlig.ladder.kinds import MOST_FEN

#: Some rows more than two blocks, so that the last one is short.
SIZE = 2 * scaling.BLOCK + 4_321


def many(size: int, pools: int, most: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Random claims: zeros, equal amounts, floors above and below, each case once."""
    random = np.random.default_rng(seed)
    amounts = random.integers(0, most, size, endpoint=True)
    amounts[random.random(size) < 0.05] = 0
    amounts[random.random(size) < 0.20] = most // 3
    floors = np.where(random.random(size) < 0.5, random.integers(0, most // 4 + 1, size), 0)
    return {
        "pool": random.integers(0, pools, size),
        "amount": amounts,
        "floor": floors,
        "firm": random.random(size) < 0.5,
        "on": random.integers(0, 30, size),
        "case": random.permutation(size),
        "group": random.integers(-1, 3, size),
    }


def batch(columns: dict[str, np.ndarray], terms: list[Terms], floors: bool = True) -> arrays.Batch:
    keys = (columns["on"], columns["case"])
    seats = [[arrays.Seats(columns["group"], keys) for _ in one.quotas] for one in terms]
    kept = columns["floor"] if floors else None
    return arrays.Batch(columns["pool"], columns["amount"], [keys] * len(terms), kept, columns["firm"], seats)


def expected(columns: dict[str, np.ndarray], terms: list[Terms], floors: bool = True):
    """What plain data gives: approved fen, remainders, reasons and ranks, and the accounts."""
    rows: dict[int, tuple[int, int, str, int]] = {}
    accounts = []
    listed = {name: column.tolist() for name, column in columns.items()}
    for number, one in enumerate(terms):
        mine = np.flatnonzero(columns["pool"] == number).tolist()
        claims = []
        for at in mine:
            order = (listed["on"][at], listed["case"][at])
            group = listed["group"][at]
            seat = Seat(str(group), order) if group >= 0 else None
            floor = listed["floor"][at] if floors else 0
            seats = tuple(seat for _ in one.quotas)
            claims.append(Claim(str(at), listed["amount"][at], order, floor, listed["firm"][at], seats))
        made = allocate(one, claims)
        accounts.append(made.account)
        for at, row in zip(mine, made.rows, strict=True):
            rows[at] = (row.approved or 0, row.remainder, row.why, row.rank or 0)
    return [rows[at] for at in range(len(listed["pool"]))], accounts


def found(made: arrays.Columns) -> list[tuple[int, int, str, int]]:
    ranks = np.zeros(len(made.why), np.int64) if made.ranks is None else made.ranks
    whys = [WHYS[code] for code in made.why.tolist()]
    return list(zip(made.approved.tolist(), made.remainders.tolist(), whys, ranks.tolist(), strict=True))


def sizes(columns: dict[str, np.ndarray], parts: list[tuple[int, int]]) -> list[int]:
    """Pools that hold these parts of what is asked of them."""
    asked = [int(columns["amount"][columns["pool"] == pool].sum()) for pool in range(len(parts))]
    return [total * part // whole for total, (part, whole) in zip(asked, parts, strict=True)]


PARTS = [(2, 3), (1, 1), (1, 1_000), (9, 10), (0, 1)]


@pytest.mark.parametrize("most", [3, 100_000, MOST_FEN])
@pytest.mark.parametrize("floors", [False, True])
def test_pro_rata_over_several_blocks_is_that_of_plain_data(most: int, floors: bool) -> None:
    columns = many(SIZE, len(PARTS), most)
    terms = [Terms(str(at), size, "pro_rata", carry_over=1) for at, size in enumerate(sizes(columns, PARTS))]
    made = arrays.allocate(batch(columns, terms, floors), terms)
    rows, accounts = expected(columns, terms, floors)
    assert made.accounts == accounts
    assert found(made) == rows
    for at, account in enumerate(accounts):
        if account.decision is None:
            assert int(made.approved[columns["pool"] == at].sum()) == account.approved <= account.available


@pytest.mark.parametrize("partial", ["cut", "drop"])
def test_orders_and_quotas_over_several_blocks_are_those_of_plain_data(partial: str) -> None:
    columns = many(SIZE, 5, 1_000_000)
    quotas = (Quota(2_500), Quota(4_000))
    shares = ["pro_rata", "ranking", "first_come", "ranking", "pro_rata"]
    terms = [
        Terms(str(at), size, share, partial, quotas if at < 3 else ())
        for at, (size, share) in enumerate(zip(sizes(columns, [(1, 9)] * 5), shares, strict=True))
    ]
    columns["firm"][:] = False
    made = arrays.allocate(batch(columns, terms), terms)
    rows, accounts = expected(columns, terms)
    assert made.accounts == accounts
    assert found(made) == rows
    assert all(account.served for account in accounts)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_how_many_threads_work_changes_nothing(threads: int) -> None:
    columns = many(SIZE, 3, 777_777, seed=9)
    terms = [Terms(str(at), size, "pro_rata") for at, size in enumerate(sizes(columns, [(1, 2)] * 3))]
    one = arrays.allocate(batch(columns, terms), terms, 1)
    other = arrays.allocate(batch(columns, terms), terms, threads)
    assert found(one) == found(other)


def test_two_hundred_pools_are_shared_at_once() -> None:
    columns = many(20_000, 200, 5_000, seed=4)
    terms = [Terms(str(at), size, "pro_rata") for at, size in enumerate(sizes(columns, [(3, 7)] * 200))]
    made = arrays.allocate(batch(columns, terms, floors=False), terms)
    assert [account.approved for account in made.accounts] == [one.size for one in terms]
    assert (made.approved <= columns["amount"]).all()
    assert found(made) == expected(columns, terms, floors=False)[0]


def test_a_block_of_equal_remainders_is_told_apart_by_its_order_alone() -> None:
    size = SIZE
    keys = (np.arange(size)[::-1].copy(),)
    amounts, pools = np.full(size, 5, np.int64), np.zeros(size, np.int8)
    terms = [Terms("p", 4 * size + 7, "pro_rata")]
    made = arrays.allocate(arrays.Batch(pools, amounts, [keys]), terms)
    assert np.flatnonzero(made.approved == 5).tolist() == list(range(size - 7, size))
    assert int(made.approved.sum()) == 4 * size + 7


def test_keys_of_text_and_of_numbers_order_alike() -> None:
    rows = np.array([4, 0, 3, 1, 2])
    numbers, texts = np.array([1, 1, 0, 0, 1]), pa.array(["b", "a", "10", "9", "甲"])
    assert arrays.in_order(rows, (numbers, texts)).tolist() == [2, 3, 1, 0, 4]
    ranks = np.array([sorted(texts.to_pylist()).index(text) for text in texts.to_pylist()])
    assert arrays.in_order(rows, (numbers, ranks)).tolist() == [2, 3, 1, 0, 4]
    assert arrays.in_order(rows[:1], (texts,)).tolist() == [4]


@pytest.mark.parametrize("share", ["pro_rata", "ranking"])
def test_a_table_without_rows_leaves_every_pool_as_it_was(share: str) -> None:
    none = np.empty(0, np.int64)
    terms = [Terms("p", 7, share), Terms("q", 0, share)]
    made = arrays.allocate(arrays.Batch(none, none, [(none,)] * 2), terms)
    assert [(account.claims, account.approved, account.left) for account in made.accounts] == [(0, 0, 7), (0, 0, 0)]


def test_sums_by_code_are_exact_beyond_what_a_double_holds() -> None:
    codes = np.array([0, 1, 0, 1, 2] * 6_000, np.int16)
    values = np.full(len(codes), MOST_FEN, np.int64)
    values[::7] -= 1
    parts = [scaling.sums_by(codes[block], values[block], 4) for block in scaling.blocks(len(codes))]
    assert scaling.joined(parts, 4) == [int(values[codes == code].astype(object).sum()) for code in range(3)] + [0]


def test_blocks_cover_every_row_once() -> None:
    for size in (0, 1, scaling.BLOCK - 1, scaling.BLOCK, scaling.BLOCK + 1, SIZE):
        rows = [row for block in scaling.blocks(size) for row in range(block.start, block.stop)]
        assert rows == list(range(size))
