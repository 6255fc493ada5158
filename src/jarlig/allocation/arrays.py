"""The same allocation for millions of claims in memory: integer arrays, row by row equal to ``pool.allocate``.

Amounts are from 0 to `MOST_FEN`, sums of a pool below `MOST_SUM`; what is beyond is refused, never wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jarlig.allocation.model import WHYS, Account, Decision, Quota, Terms, closed_account, open_account
from jarlig.allocation.scaling import Factors, Flags, Ints, Scaling, blocks, joined, sums_by
from jarlig.ladder.kinds import MOST_FEN

#: Columns that put claims in order, the first before the second; ascending. Integers, or Arrow arrays of text.
Keys = tuple[Any, ...]

#: Sums of a pool stay below this, so that a wrong guess of a share stays inside 63 bits (see ``scaling``).
MOST_SUM = 2**62
_CODE = {why: code for code, why in enumerate(WHYS)}


class TooLarge(ValueError):
    """An amount above `MOST_FEN` or below zero, or a pool whose sum reaches `MOST_SUM`; ``pool`` is its position."""

    def __init__(self, pool: int) -> None:
        super().__init__(f"sums of pool {pool} do not fit 62 bits")
        self.pool = pool


@dataclass(frozen=True)
class Seats:
    """The claims under one quota: a group for each row, below zero where the quota is not about it, and their order."""

    groups: Ints
    keys: Keys


@dataclass(frozen=True)
class Batch:
    """Claims as columns of one length: ``pools`` holds positions in the list of terms.

    ``keys`` are those of each pool's order, ``seats`` for each pool those of its quotas; keys of two rows of a pool
    are never all equal. ``firm`` is True throughout when not given.
    """

    pools: NDArray[Any]
    amounts: Ints
    keys: Sequence[Keys]
    floors: Ints | None = None
    firm: Flags | None = None
    seats: Sequence[Sequence[Seats]] = ()


@dataclass
class Columns:
    """What becomes of the claims, in their order; ``approved`` counts nothing where ``why`` is that of a decision.

    ``ranks`` is None when no pool has an order, else 0 for rows without a place; ``floors`` None when there are none.
    """

    approved: Ints
    remainders: Ints
    why: NDArray[np.int8]
    ranks: Ints | None = None
    floors: Ints | None = None
    accounts: list[Account] = field(default_factory=list)


def allocate(batch: Batch, terms: Sequence[Terms], threads: int = 2) -> Columns:
    """Approved amounts of every row, and the account of every pool.

    Raises:
        TooLarge: beyond the bounds above.
    """
    with ThreadPoolExecutor(threads) as workers:
        return _Run(batch, terms, workers).columns()


def exact_sum(values: Ints) -> int:
    """The sum of values from 0 to 2**62, also where it does not fit 64 bits."""
    return (int((values >> 31).sum()) << 31) + int((values & (2**31 - 1)).sum())


def in_order(rows: Ints, keys: Keys) -> Ints:
    """These rows in ascending order of their keys."""
    return rows if len(rows) < 2 else rows[sorted_by(taken(keys, rows))]


def taken(keys: Keys, rows: Ints) -> list[Any]:
    """The keys of these rows."""
    return [key[rows] if isinstance(key, np.ndarray) else key.take(rows) for key in keys]


def sorted_by(columns: Sequence[Any]) -> Ints:
    """The positions of rows in ascending order of these columns; text by its characters (code points)."""
    if all(isinstance(column, np.ndarray) for column in columns):
        return np.lexsort(list(reversed(columns)))
    import pyarrow as pa
    import pyarrow.compute as pc

    names = [str(number) for number in range(len(columns))]
    table = pa.table(dict(zip(names, columns, strict=True)))
    found: Ints = pc.sort_indices(table, [(name, "ascending") for name in names]).to_numpy().astype(np.int64)
    return found


class _Run:
    """One allocation: places first, then pools by factor all at once, then pools in order one by one."""

    def __init__(self, batch: Batch, terms: Sequence[Terms], workers: Executor) -> None:
        self.batch, self.terms, self.workers = batch, terms, workers
        self.codes = batch.pools.astype(np.int16, copy=False)
        self.size, self.count = len(self.codes), len(terms)
        self.claims = np.bincount(self.codes, minlength=self.count).tolist()
        self.requested = self._requested()
        self.asked = list(self.requested)
        self.kept = [0] * self.count
        self.decisions: list[Decision | None] = [None] * self.count
        self.beyond: list[Ints] = []
        self.inside = self._let_in()

    def columns(self) -> Columns:
        """Everything, worked out."""
        factors = self._factors()
        scaling = Scaling(self.codes, self.batch.amounts, factors, self.inside, self.batch.floors, self.batch.firm)
        scaling.run(self.workers, lambda pool, rows, most: in_order(rows, self.batch.keys[pool])[:most])
        ranked = any(one.share != "pro_rata" for one in self.terms)
        ranks = np.zeros(self.size, np.int64) if ranked else None
        self.made = Columns(scaling.approved, scaling.remainders, scaling.why, ranks, scaling.kept)
        nil = np.flatnonzero(self.batch.amounts == 0)
        self.made.why[nil] = _CODE["nothing"]
        for rows in self.beyond:
            self.made.why[rows] = _CODE["beyond"]
        unserved = self._unserved()
        for pool, one in enumerate(self.terms):
            if one.share != "pro_rata" and self.decisions[pool] is None:
                self.made.accounts.append(self._in_order(pool, one))
            elif self.decisions[pool] is None:
                approved = min(one.available, self.asked[pool])
                served = self.claims[pool] - unserved[pool]
                part, over = int(factors.part[pool]), int(factors.over[pool])
                self.made.accounts.append(self._closed(pool, served, approved, part, over))
            else:
                self.made.accounts.append(self._undecided(pool))
        return self.made

    def _tally(self, values: Ints) -> list[int]:
        """Sums of a column by pool."""
        parts = self.workers.map(lambda b: sums_by(self.codes[b], values[b], self.count), blocks(self.size))
        return joined(parts, self.count)

    def _requested(self) -> list[int]:
        """What is asked for in each pool, within the bounds."""
        amounts = self.batch.amounts
        if self.size and (int(amounts.min()) < 0 or int(amounts.max()) > MOST_FEN):
            raise TooLarge(int(self.codes[np.argmax((amounts < 0) | (amounts > MOST_FEN))]))
        sums = self._tally(amounts)
        for pool, (asked, one) in enumerate(zip(sums, self.terms, strict=True)):
            if asked >= MOST_SUM or one.available >= MOST_SUM:
                raise TooLarge(pool)
        return sums

    # places

    def _let_in(self) -> Flags | None:
        """The rows that have a place; None when no pool has a quota."""
        if not any(one.quotas for one in self.terms):
            return None
        inside = self.batch.amounts > 0
        for pool, one in enumerate(self.terms):
            rows = np.flatnonzero(self.codes == pool) if one.quotas else np.empty(0, np.int64)
            for number, quota in enumerate(one.quotas):
                seats = self.batch.seats[pool][number]
                competing = rows[inside[rows] & (seats.groups[rows] >= 0)]
                out = _beyond(competing, seats.groups[competing], quota, seats.keys)
                if isinstance(out, int):
                    self.decisions[pool] = Decision("order", out, quota.most, number)
                    break
                inside[out] = False
                self.beyond.append(out)
            if one.quotas:
                self.asked[pool] = exact_sum(self.batch.amounts[rows[inside[rows]]])
        return inside

    # money by one factor

    def _factors(self) -> Factors:
        """How each pro rata pool is scaled; a pool in which a person must decide, or with an order, is not."""
        part, over = np.zeros(self.count, np.int64), np.ones(self.count, np.int64)
        keeps, firm_only = np.zeros(self.count, np.bool_), np.zeros(self.count, np.bool_)
        floors, firm = self._floor_sums()
        for pool, one in enumerate(self.terms):
            if one.share != "pro_rata" or self.decisions[pool] is not None:
                continue
            asked, kept = self.asked[pool], floors[pool]
            if asked <= one.available:
                part[pool] = 1
            else:
                firm_only[pool] = kept > one.available
                kept = firm[pool] if firm_only[pool] else kept
                if kept > one.available:
                    self.decisions[pool] = Decision("floors", kept, one.available)
                    continue
                part[pool], over[pool] = one.available - kept, asked - kept
            keeps[pool], self.kept[pool] = True, kept
        return Factors(part, over, keeps, firm_only)

    def _floor_sums(self) -> tuple[list[int], list[int]]:
        """Sums of the floors in each pool, no floor above its amount: of all, and of those that are firm."""
        if self.batch.floors is None:
            return [0] * self.count, [0] * self.count
        kept = np.minimum(self.batch.floors, self.batch.amounts)
        if self.inside is not None:
            kept *= self.inside
        every = self._tally(kept)
        return every, every if self.batch.firm is None else self._tally(kept * self.batch.firm)

    def _unserved(self) -> list[int]:
        """How many rows of each pool get nothing."""
        counted = np.zeros(self.count, np.int64)
        for block in blocks(self.size):
            nil = self.made.approved[block] == 0
            if nil.any():
                counted += np.bincount(self.codes[block][nil], minlength=self.count)
        return [int(count) for count in counted]

    # money in an order

    def _in_order(self, pool: int, terms: Terms) -> Account:
        """One pool served in its order, up to the cut point."""
        batch, made = self.batch, self.made
        assert made.ranks is not None
        rows = np.flatnonzero((self.codes == pool) & (batch.amounts > 0))
        if self.inside is not None:
            rows = rows[self.inside[rows]]
        served = in_order(rows, batch.keys[pool])
        sums = np.cumsum(batch.amounts[served])  # below MOST_SUM
        count = int(np.searchsorted(sums, terms.available, side="right"))
        approved = int(sums[count - 1]) if count else 0
        left = terms.available - approved if count < len(served) else 0
        made.why[served] = _CODE["passed"]
        made.why[served[:count]] = _CODE["whole"]
        made.approved[served[:count]] = batch.amounts[served[:count]]
        if left and terms.partial == "drop":
            made.why[served[count]], left = _CODE["dropped"], 0
        elif left:
            cut = int(served[count])
            floor = 0 if batch.floors is None else min(int(batch.floors[cut]), int(batch.amounts[cut]))
            if left < floor and (batch.firm is None or batch.firm[cut]):
                self.decisions[pool] = Decision("rest", floor, left)
                return self._undecided(pool)
            made.why[cut], made.approved[cut] = _CODE["cut"], left
        made.ranks[served] = np.arange(1, len(served) + 1)
        if batch.floors is not None and made.floors is not None:
            floors = np.minimum(batch.floors[rows], batch.amounts[rows])
            made.floors[rows] = np.where(made.approved[rows] >= floors, floors, 0)
            self.kept[pool] = exact_sum(made.floors[rows])
        return self._closed(pool, count + bool(left), approved + left, 0, 0)

    # accounts

    def _closed(self, pool: int, served: int, approved: int, part: int, over: int) -> Account:
        return closed_account(
            self.terms[pool], claims=self.claims[pool], requested=self.requested[pool], floors=self.kept[pool],
            served=served, approved=approved, part=part, over=over,
        )  # fmt: skip

    def _undecided(self, pool: int) -> Account:
        """No figure for any row of the pool."""
        decision = self.decisions[pool]
        assert decision is not None
        rows = np.flatnonzero(self.codes == pool)
        self.made.why[rows] = _CODE["decide"]
        self.made.approved[rows] = 0
        need = decision.need if decision.kind == "floors" else 0
        return open_account(
            self.terms[pool], decision, claims=self.claims[pool], requested=self.requested[pool], floors=need
        )


def _beyond(competing: Ints, groups: Ints, quota: Quota, keys: Keys) -> Ints | int:
    """The rows that get no place; or how many compete in the fullest group, when nobody says who comes first."""
    if not len(competing):
        return competing
    counts = np.bincount(groups)
    crowded = int(counts.max())
    if crowded <= quota.most:
        return competing[:0]
    if quota.most == 0:
        return competing
    if not quota.ordered:
        return crowded
    full = counts[groups] > quota.most
    competing, groups = competing[full], groups[full]
    found = sorted_by([groups, *taken(keys, competing)])
    starts = np.flatnonzero(np.diff(groups[found], prepend=-1))
    place = np.arange(len(found)) - np.repeat(starts, np.diff(starts, append=len(found)))
    return competing[found[place >= quota.most]]
