"""Sharing pro rata (按比例核减): everybody in full while it fits; otherwise floors first, the rest by one factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jarlig.allocation.remainders import largest_remainder


@dataclass(frozen=True, slots=True)
class Scaled:
    """Approved fen, kept floors and remainders; the factor is ``part / over``."""

    approved: list[int]
    kept: list[int]
    remainders: list[int]
    part: int
    over: int


def kept_floors(
    amounts: Sequence[int], floors: Sequence[int], firm: Sequence[bool], size: int
) -> tuple[list[int], bool]:
    """The floors that are served first, and whether they fit.

    No floor lifts a claim above what it asks. When all do not fit, those that are not firm are let go together.
    """
    kept = [min(floor, amount) for floor, amount in zip(floors, amounts, strict=True)]
    if sum(kept) > size:
        kept = [floor if hard else 0 for floor, hard in zip(kept, firm, strict=True)]
    return kept, sum(kept) <= size


def pro_rata(
    amounts: Sequence[int], size: int, floors: Sequence[int], firm: Sequence[bool], order: Sequence[Any]
) -> Scaled | None:
    """Approved amounts whose sum is the smaller of what is asked and what there is.

    Each claim gets its kept floor and, of what it asks above it, the one factor ``(size - floors) / (asked - floors)``;
    fen left over go by largest remainder. So nobody gets more than asked, and of two claims with the same floor the
    larger never gets less.

    Returns:
        None when the firm floors do not fit: then there is no factor, and a person decides.
    """
    asked = sum(amounts)
    if asked <= size:
        kept = [min(floor, amount) for floor, amount in zip(floors, amounts, strict=True)]
        return Scaled(list(amounts), kept, [0] * len(amounts), 1, 1)
    kept, fit = kept_floors(amounts, floors, firm, size)
    if not fit:
        return None
    above = [amount - floor for amount, floor in zip(amounts, kept, strict=True)]
    part, over = size - sum(kept), sum(above)
    shares, remainders = largest_remainder(above, part, order)
    return Scaled([floor + share for floor, share in zip(kept, shares, strict=True)], kept, remainders, part, over)
