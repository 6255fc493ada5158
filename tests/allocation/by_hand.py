"""Sharing as a person would do it by hand, in exact fractions: nothing of it is taken from the engine.

Every figure is found by counting who stands before a claim. That is slow, and easy to hold against what a guide says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Any

from tests.allocation.samples import Asked


@dataclass(frozen=True)
class Share:
    """What one claim comes to: fen (None while a person decides), its kept floor, its place in the order, and why."""

    fen: int | None
    floor: int
    place: int | None
    why: str


def by_hand(
    claims: Sequence[Asked], size: int, share: str, partial: str = "cut", quotas: Sequence[tuple[int, bool]] = ()
) -> list[Share]:
    """One pool among its claims; each quota is how many of a group are let in, and whether an order is stated."""
    asking = [at for at, claim in enumerate(claims) if claim.amount > 0]
    late: set[int] = set()
    for most, ordered in quotas:
        seated = [at for at in asking if claims[at].group is not None]
        groups = Counter(claims[at].group for at in seated)
        if most and not ordered and max(groups.values(), default=0) > most:
            return [Share(None, 0, None, "decide")] * len(claims)
        full = {at for at in seated if _before(at, seated, claims, share) >= most}
        late |= full
        asking = [at for at in asking if at not in full]
    paid = (_scaled if share == "pro_rata" else _served)(claims, asking, size, share, partial)
    if paid is None:
        return [Share(None, 0, None, "decide")] * len(claims)
    nothing = {at: Share(0, 0, None, "beyond" if at in late else "nothing") for at in range(len(claims))}
    return [paid.get(at, nothing[at]) for at in range(len(claims))]


def _before(at: int, among: Sequence[int], claims: Sequence[Asked], share: str) -> int:
    """How many of the same group stand before a claim."""
    mine = claims[at]
    return sum(claims[one].group == mine.group and _key(claims[one], share) < _key(mine, share) for one in among)


def _key(claim: Asked, share: str) -> tuple[Any, ...]:
    """Earlier days, then cases, then offers by their characters; by rank the higher number comes before all that."""
    return (-claim.by if share == "ranking" else 0, claim.on, claim.case, claim.offer)


def _scaled(
    claims: Sequence[Asked], asking: Sequence[int], size: int, share: str, partial: str
) -> dict[int, Share] | None:
    """Floors first; the rest by one factor, a fen more for the largest remainders."""
    asked = sum(claims[at].amount for at in asking)
    floors = {at: min(claims[at].floor, claims[at].amount) for at in asking}
    if asked <= size:
        return {at: Share(claims[at].amount, floors[at], None, "whole") for at in asking}
    if sum(floors.values()) > size:
        floors = {at: kept if claims[at].firm else 0 for at, kept in floors.items()}
    if sum(floors.values()) > size:
        return None
    factor = Fraction(size - sum(floors.values()), asked - sum(floors.values()))
    exact = {at: (claims[at].amount - floors[at]) * factor for at in asking}
    lacking = {at: (floor(part) - part, _key(claims[at], share)) for at, part in exact.items()}
    spare = size - sum(floors.values()) - sum(floor(part) for part in exact.values())
    found = {}
    for at in asking:
        up = sum(other < lacking[at] for other in lacking.values()) < spare
        why = "whole" if claims[at].amount == floors[at] else "scaled_up" if up else "scaled"
        found[at] = Share(floors[at] + floor(exact[at]) + up, floors[at], None, why)
    return found


def _served(
    claims: Sequence[Asked], asking: Sequence[int], size: int, share: str, partial: str
) -> dict[int, Share] | None:
    """Each in full until one is not covered; nobody behind it."""
    found = {}
    for at in asking:
        mine, kept = claims[at], min(claims[at].floor, claims[at].amount)
        ahead = [claims[one] for one in asking if _key(claims[one], share) < _key(mine, share)]
        used = sum(one.amount for one in ahead)
        if used + mine.amount <= size:
            fen, why = mine.amount, "whole"
        elif used >= size:
            fen, why = 0, "passed"
        elif partial == "drop":
            fen, why = 0, "dropped"
        elif size - used < kept and mine.firm:
            return None
        else:
            fen, why = size - used, "cut"
        found[at] = Share(fen, kept if fen >= kept else 0, len(ahead) + 1, why)
    return found


def stays(size: int, carried_in: int, paid: int, millionths: int) -> int:
    """What may stay for next year: a part of the size, rounded as money is, and no more than is left."""
    part = (Decimal(size) * millionths / 1_000_000).quantize(Decimal(1), ROUND_HALF_UP)
    return min(size + carried_in - paid, int(part))


def by_factors(
    scores: Mapping[Hashable, Sequence[int]], weights: Sequence[Fraction], size: int
) -> dict[Hashable, tuple[int, int]]:
    """For each place its share in millionths and its fen; both by largest remainder, equal ones by the place's code."""
    totals = [sum(column) for column in zip(*scores.values(), strict=True)]
    exact = {
        place: sum((w * Fraction(s, t) for w, s, t in zip(weights, own, totals, strict=True) if w), Fraction(0))
        for place, own in scores.items()
    }
    shares = _rounded({place: part * 1_000_000 for place, part in exact.items()}, 1_000_000)
    fen = _rounded({place: Fraction(share * size, 1_000_000) for place, share in shares.items()}, size)
    return {place: (shares[place], fen[place]) for place in scores}


def _rounded(exact: Mapping[Any, Fraction], total: int) -> dict[Any, int]:
    spare = total - sum(floor(part) for part in exact.values())
    lacking = {place: (floor(part) - part, place) for place, part in exact.items()}
    return {
        place: floor(part) + (sum(other < lacking[place] for other in lacking.values()) < spare)
        for place, part in exact.items()
    }
