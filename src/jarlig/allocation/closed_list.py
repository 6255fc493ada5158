"""A sum divided among a closed list of places by shares that are known, whether stated or found by factors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jarlig.allocation.remainders import largest_remainder


def by_shares(shares: Sequence[int], size: int, order: Sequence[Any]) -> list[int]:
    """Fen for each place, whose sum is the whole of the pool; equal remainders in ascending order of the keys.

    Args:
        shares: in millionths, making up the whole.
        size: of the pool, in fen.
        order: a key for each place, such as its division code (区划代码); no two equal.
    """
    return largest_remainder(shares, size, order)[0]
