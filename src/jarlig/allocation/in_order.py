"""Sharing in an order, by rank (择优) or first come (先到先得): each in full until the pool no longer covers one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Served:
    """Approved fen, the place of each in the order from 1, and why it got that."""

    approved: list[int]
    ranks: list[int]
    why: list[str]


def in_order(
    amounts: Sequence[int], size: int, partial: str, floors: Sequence[int], firm: Sequence[bool], order: Sequence[Any]
) -> Served | tuple[int, int]:
    """Claims served in ascending order of their keys up to the cut point, the first that is not covered in full.

    There ``cut`` gives what is left, ``drop`` nothing. Nobody behind the cut point is served, however small: a later
    place never overtakes an earlier one.

    Returns:
        What was served; or what is left and the floor it is below, when a firm floor meets the cut point and a person
        decides.
    """
    approved, ranks, why = [0] * len(amounts), [0] * len(amounts), ["passed"] * len(amounts)
    left, ended = size, False
    for rank, at in enumerate(sorted(range(len(amounts)), key=lambda at: order[at]), 1):
        ranks[at] = rank
        if ended:
            continue
        if amounts[at] <= left:
            approved[at], why[at] = amounts[at], "whole"
            left -= amounts[at]
            continue
        ended = True
        if left and partial == "drop":
            why[at] = "dropped"
        elif left:
            floor = min(floors[at], amounts[at])
            if left < floor and firm[at]:
                return left, floor
            approved[at], why[at] = left, "cut"
    return Served(approved, ranks, why)
