"""The same allocation for millions of claims in memory: integer arrays, row by row equal to ``pool.allocate``.

Exact in 64 bits. Of a claim that asks ``x`` above its floor in a pool with ``part`` fen for ``over`` asked, the share
is ``q = x * part // over`` and the remainder ``r = x * part - q * over``; the product may need 109 bits. With

    0 <= x <= MOST_FEN < 2**47,   0 <= part < over < 2**62 (refused otherwise),

a double ``g = x * (part / over)`` is off by less than ``x * 3 * 2**-53 < 1/16``, so its whole part is ``q - 1``, ``q``
or ``q + 1``. For such a guess the remainder lies in ``[-over, 2 * over)``, inside 63 bits; arithmetic that wraps around
at 64 bits therefore gives it exactly, and one step up or down makes both exact. The double guesses, integers decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jarlig.allocation.model import WHYS, Account, Decision, Quota, Terms, closed_account, open_account
from jarlig.ladder.kinds import MOST_FEN

Ints = NDArray[np.int64]
#: Columns that put claims in order, the first before the second; ascending. Integers, or Arrow arrays of text.
Keys = tuple[Any, ...]

#: Sums of a pool stay below this, so that a wrong guess stays inside 63 bits.
MOST_SUM = 2**62
#: Rows worked on at once: their columns stay in the cache of a core.
_BLOCK = 1 << 15
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
    are never all equal.
    """

    pools: NDArray[Any]
    amounts: Ints
    keys: Sequence[Keys]
    floors: Ints | None = None
    firm: NDArray[np.bool_] | None = None
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
    size = len(batch.amounts)
    ranked = any(one.share != "pro_rata" for one in terms)
    made = Columns(
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int8),
        np.zeros(size, np.int64) if ranked else None,
        None if batch.floors is None else np.zeros(size, np.int64),
    )
    codes = batch.pools.astype(np.int16, copy=False)
    rows = np.argsort(codes, kind="stable")  # by radix for 16 bits: no comparison sort
    ends = np.cumsum(np.bincount(codes, minlength=len(terms)))
    starts = ends - np.diff(ends, prepend=0)
    pools = [_Pool(batch, number, one, rows[starts[number] : ends[number]]) for number, one in enumerate(terms)]
    with ThreadPoolExecutor(threads) as workers:
        made.accounts.extend(workers.map(lambda pool: pool.share(made), pools))
    return made


def exact_sum(values: Ints, most: int) -> int:
    """The sum of values from 0 to ``most``, also where it does not fit 64 bits."""
    if len(values) * most < 2**63:
        return int(values.sum())
    return (int((values >> 31).sum()) << 31) + int((values & (2**31 - 1)).sum())


def proportional(above: Ints, part: int, over: int) -> tuple[Ints, Ints]:
    """Whole shares ``above * part // over`` and their remainders, exact within the bounds of this module."""
    factor = part / over
    shares, remainders = np.empty_like(above), np.empty_like(above)
    for start in range(0, len(above), _BLOCK):
        block = slice(start, start + _BLOCK)
        x, q, r = above[block], shares[block], remainders[block]
        q[:] = x * factor
        np.multiply(x, part, out=r)
        r -= q * over
        low, high = r < 0, r >= over
        if low.any():
            q -= low
            r += low * np.int64(over)
        if high.any():
            q += high
            r -= high * np.int64(over)
    return shares, remainders


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


class _Pool:
    """One pool and its rows."""

    def __init__(self, batch: Batch, number: int, terms: Terms, rows: Ints) -> None:
        self.batch, self.number, self.terms, self.rows = batch, number, terms, rows
        self.amounts = batch.amounts[rows]
        most = int(self.amounts.max(initial=0))
        self.requested = exact_sum(self.amounts, most)
        low = int(self.amounts.min(initial=0))
        if low < 0 or most > MOST_FEN or self.requested >= MOST_SUM or terms.available >= MOST_SUM:
            raise TooLarge(number)

    def share(self, made: Columns) -> Account:
        """Fills in the rows of this pool."""
        inside = self._let_in(made)
        if isinstance(inside, Decision):
            return self._undecided(made, inside)
        rows, amounts = (self.rows, self.amounts) if inside is None else (self.rows[inside], self.amounts[inside])
        floors = None
        if self.batch.floors is not None:
            floors = np.minimum(self.batch.floors[rows], amounts)
        shared = self._by_factor if self.terms.share == "pro_rata" else self._by_order
        return shared(made, rows, amounts, floors)

    def _let_in(self, made: Columns) -> NDArray[np.bool_] | Decision | None:
        """The rows that ask for something and have a place; None for all."""
        asking = self.amounts > 0
        if asking.all() and not self.terms.quotas:
            return None
        made.why[self.rows[~asking]] = _CODE["nothing"]
        inside = asking
        for number, quota in enumerate(self.terms.quotas):
            seats = self.batch.seats[self.number][number]
            groups = seats.groups[self.rows]
            competing = np.flatnonzero(inside & (groups >= 0))
            out = self._beyond(competing, groups[competing], quota, seats.keys)
            if isinstance(out, int):
                return Decision("order", out, quota.most, number)
            inside[out] = False
            made.why[self.rows[out]] = _CODE["beyond"]
        return inside

    def _beyond(self, competing: Ints, groups: Ints, quota: Quota, keys: Keys) -> Ints | int:
        """Positions of the rows that get no place; their number in the fullest group when nobody says which."""
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
        found = sorted_by([groups, *taken(keys, self.rows[competing])])
        starts = np.flatnonzero(np.diff(groups[found], prepend=-1))
        place = np.arange(len(found)) - np.repeat(starts, np.diff(starts, append=len(found)))
        return competing[found[place >= quota.most]]

    def _by_factor(self, made: Columns, rows: Ints, amounts: Ints, floors: Ints | None) -> Account:
        terms, asked = self.terms, exact_sum(amounts, int(amounts.max(initial=0)))
        if asked <= terms.available:
            made.approved[rows] = amounts
            if floors is not None and made.floors is not None:
                made.floors[rows] = floors
            kept = 0 if floors is None else exact_sum(floors, MOST_FEN)
            return self._closed(kept, len(rows), asked, 1, 1)
        kept = 0
        if floors is not None:
            kept = exact_sum(floors, MOST_FEN)
            if kept > terms.available and self.batch.firm is not None:
                floors = np.where(self.batch.firm[rows], floors, 0)
                kept = exact_sum(floors, MOST_FEN)
            if kept > terms.available:
                return self._undecided(made, Decision("floors", kept, terms.available))
        above = amounts if floors is None else amounts - floors
        part, over = terms.available - kept, asked - kept
        shares, remainders = proportional(above, part, over)
        up = self._rounded_up(shares, remainders, part, rows)
        shares += up
        why = np.full(len(rows), _CODE["scaled"], np.int8)
        why[up] = _CODE["scaled_up"]
        if floors is not None and made.floors is not None:
            shares += floors
            why[above == 0] = _CODE["whole"]
            made.floors[rows] = floors
        made.approved[rows], made.remainders[rows], made.why[rows] = shares, remainders, why
        return self._closed(kept, int(np.count_nonzero(shares)), terms.available, part, over)

    def _rounded_up(self, shares: Ints, remainders: Ints, part: int, rows: Ints) -> NDArray[np.bool_]:
        """The rows with the largest remainders, as many as fen are left: a selection, no full sort."""
        extra = part - exact_sum(shares, MOST_FEN)
        if not extra:
            return np.zeros(len(rows), np.bool_)
        least = np.partition(remainders, len(rows) - extra)[len(rows) - extra]
        up: NDArray[np.bool_] = remainders > least
        level = np.flatnonzero(remainders == least)
        wanted = extra - int(np.count_nonzero(up))
        if wanted < len(level):
            chosen = in_order(rows[level], self.batch.keys[self.number])[:wanted]
            level = np.searchsorted(rows, chosen)
        up[level] = True
        return up

    def _by_order(self, made: Columns, rows: Ints, amounts: Ints, floors: Ints | None) -> Account:
        terms, left = self.terms, 0
        served = in_order(rows, self.batch.keys[self.number])
        assert made.ranks is not None
        made.ranks[served] = np.arange(1, len(served) + 1)
        sums = np.cumsum(self.batch.amounts[served])
        count = int(np.searchsorted(sums, terms.available, side="right"))
        used = int(sums[count - 1]) if count else 0
        made.why[served[count:]] = _CODE["passed"]
        approved = used
        if count < len(served) and used < terms.available:
            left, cut = terms.available - used, served[count]
            if terms.partial == "drop":
                made.why[cut] = _CODE["dropped"]
                left = 0
            else:
                floor = self._floor(int(cut))
                if left < floor and (self.batch.firm is None or self.batch.firm[cut]):
                    return self._undecided(made, Decision("rest", floor, left))
                made.why[cut], made.approved[cut] = _CODE["cut"], left
                approved += left
        made.approved[served[:count]] = self.batch.amounts[served[:count]]
        kept = 0
        if floors is not None and made.floors is not None:
            made.floors[rows] = np.where(made.approved[rows] >= floors, floors, 0)
            kept = exact_sum(made.floors[rows], MOST_FEN)
        return self._closed(kept, count + bool(left), approved, 0, 0)

    def _floor(self, row: int) -> int:
        return 0 if self.batch.floors is None else min(int(self.batch.floors[row]), int(self.batch.amounts[row]))

    def _closed(self, floors: int, served: int, approved: int, part: int, over: int) -> Account:
        return closed_account(
            self.terms, claims=len(self.rows), requested=self.requested, floors=floors, served=served,
            approved=approved, part=part, over=over,
        )  # fmt: skip

    def _undecided(self, made: Columns, decision: Decision) -> Account:
        """No figure for any row of the pool."""
        made.why[self.rows] = _CODE["decide"]
        made.approved[self.rows] = 0
        if made.ranks is not None:
            made.ranks[self.rows] = 0
        need = decision.need if decision.kind == "floors" else 0
        return open_account(self.terms, decision, claims=len(self.rows), requested=self.requested, floors=need)

