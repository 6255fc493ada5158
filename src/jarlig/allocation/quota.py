"""Places (名额): the first so many of each group are let in, "five in all", "the ten best of each park"."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from jarlig.allocation.model import Quota, Seat


def let_in(quota: Quota, seats: Sequence[Seat | None]) -> list[bool]:
    """Whether each claim gets a place; one that the quota is not about needs none.

    The quota must be ordered, or filled by nobody too many (see ``crowded``).
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for at, seat in enumerate(seats):
        if seat is not None:
            groups[seat.group].append(at)
    inside = [seat is None for seat in seats]
    for group in groups.values():
        for at in sorted(group, key=lambda at: _order(seats[at]))[: quota.most]:
            inside[at] = True
    return inside


def crowded(quota: Quota, seats: Sequence[Seat | None]) -> int:
    """How many claims compete for the places of the fullest group that has too few; 0 when all groups have enough."""
    counts = Counter(seat.group for seat in seats if seat is not None)
    most = max(counts.values(), default=0)
    return most if most > quota.most else 0


def _order(seat: Seat | None) -> tuple[object, ...]:
    return () if seat is None else seat.order
