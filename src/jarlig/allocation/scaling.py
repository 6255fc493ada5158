"""Pro rata for millions of claims of many pools at once: exact in 64 bits, and no row is ever moved or sorted.

Of a claim that asks ``x`` above its floor in a pool with ``part`` fen for ``over`` asked, the share is
``q = x * part // over`` and the remainder ``r = x * part - q * over``; the product may need 109 bits. With

    0 <= x <= MOST_FEN < 2**47,   0 <= part <= over < 2**62 (refused otherwise),

a double ``g = x * (part / over)`` is off by less than ``x * 3 * 2**-53 < 1/16``, so its whole part is ``q - 1``, ``q``
or ``q + 1``. For such a guess the remainder lies in ``[-over, 2 * over)``, inside 63 bits; arithmetic that wraps around
at 64 bits therefore gives it exactly, and one step up or down makes both exact. The double guesses, integers decide.

The fen left over go to the largest remainders: remainders are counted in buckets, which a double may draw as it likes
as long as it never falls, and only the rows of the one bucket in which the last fen lies are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jarlig.allocation.model import WHYS

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Rows worked on at once: their columns stay in the cache of a core.
BLOCK = 1 << 15
_BUCKETS = 1 << 10
_LOW = 24
_WHOLE, _SCALED, _UP = (WHYS.index(why) for why in ("whole", "scaled", "scaled_up"))
assert (_WHOLE, _SCALED, _UP) == (0, 1, 2)  # a row's reason is its pool's, one more for a fen up


def blocks(size: int) -> list[slice]:
    """The rows of a table, a block at a time."""
    return [slice(start, min(start + BLOCK, size)) for start in range(0, size, BLOCK)]


def sums_by(codes: NDArray[Any], values: Ints, count: int) -> Ints:
    """Sums of values from 0 to 2**47 by code, as two rows: of their high and of their low 24 bits.

    Within a block each is below 2**39, so the doubles that they are added in hold them exactly.
    """
    high = np.bincount(codes, weights=values >> _LOW, minlength=count)
    low = np.bincount(codes, weights=values & ((1 << _LOW) - 1), minlength=count)
    return np.stack([high, low]).astype(np.int64)


def joined(parts: Iterable[Ints], count: int) -> list[int]:
    """The sums of all blocks, by code."""
    total = np.zeros((2, count), np.int64)
    for part in parts:
        total += part
    return [(int(high) << _LOW) + int(low) for high, low in total.T]


@dataclass(frozen=True)
class Factors:
    """For each pool the fraction of what is asked above the floors; 1 / 1 where it fits, 0 / 1 where it is no matter.

    ``keeps`` says whether floors are served first, ``firm_only`` whether only those that are firm.
    """

    part: Ints
    over: Ints
    keeps: Flags
    firm_only: Flags


def proportional(above: Ints, part: Any, over: Any, factor: Any) -> tuple[Ints, Ints]:
    """Whole shares ``above * part // over`` and their remainders; ``factor`` is ``part / over`` as a double."""
    shares = (above * factor).astype(np.int64)
    remainders: Ints = above * part
    remainders -= shares * over
    low, high = remainders < 0, remainders >= over
    if low.any():
        shares -= low
        remainders += low * over
    if high.any():
        shares += high
        remainders -= high * over
    return shares, remainders


class Scaling:
    """The pro rata pools of a table, shared."""

    def __init__(
        self,
        codes: NDArray[Any],
        amounts: Ints,
        factors: Factors,
        inside: Flags | None,
        floors: Ints | None,
        firm: Flags | None,
    ) -> None:
        self.codes, self.amounts, self.inside, self.floors, self.firm = codes, amounts, inside, floors, firm
        self.factors, self.count = factors, len(factors.part)
        self.doubles = factors.part / factors.over
        self.widths = _BUCKETS / factors.over
        size = len(codes)
        self.approved, self.remainders = np.empty(size, np.int64), np.empty(size, np.int64)
        self.why = np.empty(size, np.int8)
        self.kept = None if floors is None else np.empty(size, np.int64)
        self.buckets = np.empty(size, np.int16)

    def run(self, workers: Executor, choose: Callable[[int, Ints, int], Ints]) -> None:
        """Fills in approved fen, kept floors, remainders and reasons.

        Args:
            workers: threads.
            choose: which rows of a pool, all of one remainder, come first; as many as asked for.
        """
        listed = blocks(len(self.codes))
        first = list(workers.map(self._shares, listed))
        given = joined((sums for sums, _ in first), self.count)
        counts = np.zeros(self.count * (_BUCKETS + 1), np.int64)
        for _, counted in first:
            counts += counted
        extra = [int(part) - sum_ for part, sum_ in zip(self._parts(), given, strict=True)]
        edges, places = _edges(counts.reshape(self.count, -1), extra)
        found = list(workers.map(lambda block: self._lift(block, edges), listed))
        self._last(np.concatenate(found) if found else np.empty(0, np.int64), places, choose)

    def _parts(self) -> Sequence[int]:
        """What there is to give above the floors, nothing extra where everything fits."""
        scaled = self.factors.part != self.factors.over
        return [int(part) if yes else -1 for part, yes in zip(self.factors.part, scaled, strict=True)]

    def _shares(self, block: slice) -> tuple[Ints, Ints]:
        """Whole shares of a block; their sums by pool, and how many remainders fall into each bucket."""
        codes, asked, factors = self.codes[block], self.amounts[block], self.factors
        if self.inside is not None:
            asked = np.where(self.inside[block], asked, 0)
        above = asked
        if self.floors is not None and self.kept is not None:
            kept = np.minimum(self.floors[block], asked)
            kept *= factors.keeps.take(codes)
            if self.firm is not None and factors.firm_only.any():
                kept *= self.firm[block] | ~factors.firm_only.take(codes)
            self.kept[block] = kept
            above = asked - kept
        part, over = factors.part.take(codes), factors.over.take(codes)
        shares, remainders = proportional(above, part, over, self.doubles.take(codes))
        buckets = (remainders * self.widths.take(codes)).astype(np.int16)
        self.approved[block], self.remainders[block], self.buckets[block] = shares, remainders, buckets
        places = codes.astype(np.intp) * (_BUCKETS + 1) + buckets
        counted = np.bincount(places, minlength=self.count * (_BUCKETS + 1))
        return sums_by(codes, shares, self.count), counted

    def _lift(self, block: slice, edges: NDArray[np.int16]) -> Ints:
        """One fen more above the edge; the rows at the edge are told."""
        codes, buckets, approved = self.codes[block], self.buckets[block], self.approved[block]
        edge = edges.take(codes)
        up = buckets > edge
        approved += up
        scaled = (self.factors.part != self.factors.over).astype(np.int8)
        why = scaled.take(codes)
        why += up
        if self.kept is not None:
            kept = self.kept[block]
            asked = self.amounts[block] if self.inside is None else np.where(self.inside[block], self.amounts[block], 0)
            why[kept == asked] = _WHOLE
            approved += kept
        self.why[block] = why
        found: Ints = np.flatnonzero(buckets == edge) + block.start
        return found

    def _last(self, rows: Ints, places: Sequence[int], choose: Callable[[int, Ints, int], Ints]) -> None:
        """The last fen of each pool go to the largest remainders among the rows at its edge."""
        codes = self.codes[rows]
        for pool in np.unique(codes).tolist():
            mine, wanted = rows[codes == pool], places[pool]
            if not wanted:
                continue
            remainders = self.remainders[mine]
            least = np.partition(remainders, len(mine) - wanted)[len(mine) - wanted]
            chosen, level = mine[remainders > least], mine[remainders == least]
            wanted -= len(chosen)
            chosen = np.concatenate([chosen, level if wanted == len(level) else choose(pool, level, wanted)])
            self.approved[chosen] += 1
            self.why[chosen] = _UP


def _edges(counts: Ints, extra: Sequence[int]) -> tuple[NDArray[np.int16], list[int]]:
    """For each pool the bucket in which the last extra fen falls, and how many of them fall there.

    The edge is above all buckets where no fen is left over.
    """
    edges, places = np.full(len(extra), _BUCKETS + 1, np.int16), [0] * len(extra)
    for pool, wanted in enumerate(extra):
        if wanted > 0:
            upto = np.cumsum(counts[pool, ::-1])
            at = int(np.searchsorted(upto, wanted))
            edges[pool] = _BUCKETS - at
            places[pool] = wanted - (int(upto[at - 1]) if at else 0)
    return edges, places
