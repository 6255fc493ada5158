"""A sum divided by weights to the fen: the largest remainder (最大余数法) gets the fen that whole shares leave over."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest
from typing import Any


def largest_remainder(weights: Sequence[int], total: int, order: Sequence[Any]) -> tuple[list[int], list[int]]:
    """Whole shares of a total in proportion to weights, whose sum is the total.

    A share is the whole part of ``weight * total / sum of weights``, or one more for those with the largest
    remainders; equal remainders are taken in ascending order of their keys. A weight of 0 gets nothing.

    Args:
        weights: not below zero, not all zero.
        total: not below zero.
        order: a key for each weight, no two equal.

    Returns:
        The shares, and the remainders as numerators over the sum of the weights.
    """
    over = sum(weights)
    shares, remainders = [], []
    for weight in weights:
        share, remainder = divmod(weight * total, over)
        shares.append(share)
        remainders.append(remainder)
    extra = total - sum(shares)
    for at in nsmallest(extra, range(len(shares)), key=lambda at: (-remainders[at], order[at])):
        shares[at] += 1
    return shares, remainders
