"""The factor method (因素法): weights and each place's scores make shares of a sum that goes to governments."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import Any

from jarlig.allocation.model import WHOLE
from jarlig.allocation.remainders import largest_remainder


class NoScore(ValueError):
    """No place has a score above zero in a factor that has a weight; ``factor`` is its position."""

    def __init__(self, factor: int) -> None:
        super().__init__(f"factor {factor} has no score above zero")
        self.factor = factor


def factor_shares(scores: Sequence[Sequence[int]], weights: Sequence[int], order: Sequence[Any]) -> list[int]:
    """The share of each place in millionths, whose sum is the whole.

    A place's part of a factor is its score over the sum of all scores of the factor; its share is the sum of its parts
    by weight. Only the last step rounds, by largest remainder, so no place loses by the order of the arithmetic.

    Args:
        scores: for each place a score for each factor, not below zero, in any unit that is one for a factor.
        weights: of the factors, in millionths, making up the whole.
        order: a key for each place that decides between equal remainders, no two equal.

    Raises:
        NoScore: a weight above zero cannot be shared out.
    """
    sums = [sum(place[at] for place in scores) for at in range(len(weights))]
    for at, (weight, total) in enumerate(zip(weights, sums, strict=True)):
        if weight and not total:
            raise NoScore(at)
    common = lcm(*(total for weight, total in zip(weights, sums, strict=True) if weight))
    parts = [weight * (common // total) if weight else 0 for weight, total in zip(weights, sums, strict=True)]
    weighed = [sum(part * score for part, score in zip(parts, place, strict=True)) for place in scores]
    return largest_remainder(weighed, WHOLE, order)[0]
