"""Claims on a pool, the terms on which it is shared, and what becomes of both. Money is fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jarlig.ladder.numbers import half_up
from jarlig.ladder.steps import Words

#: Parts of a pool are held in millionths of the whole.
WHOLE = 10**6
#: Why a claim got what it got; the position is its code in arrays.
WHY: Mapping[str, Words] = {
    "whole": Words("全额支持", "paid in full"),
    "scaled": Words("按比例核减", "reduced pro rata"),
    "scaled_up": Words("按比例核减，余数较大，补 1 分", "reduced pro rata, one fen up for its larger remainder"),
    "cut": Words("剩余资金不足全额，支持剩余部分", "gets what is left of the pool"),
    "dropped": Words("剩余资金不足全额，按指南不予支持", "what is left does not cover it, so it gets nothing"),
    "passed": Words("资金分配到此前已截止", "the pool ended before it"),
    "beyond": Words("超出名额", "beyond the quota"),
    "nothing": Words("申请金额为零", "nothing was asked"),
    "decide": Words("须由人裁定", "a person must decide"),
}
WHYS = tuple(WHY)


@dataclass(frozen=True, slots=True)
class Quota:
    """So many places (名额) for the claims that share a group; ``ordered`` where a document says who comes first."""

    most: int
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Seat:
    """A claim under a quota: the group whose places it competes for, and its key in the order; lower comes first."""

    group: str
    order: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One capped amount (测算金额) that asks for money of a pool.

    Attributes:
        claim: its identity, such as case and offer.
        amount: what it asks for, in fen, not below zero.
        order: its key in the pool's order, lower first; keys of two claims are never equal.
        floor: what scaling may not go below, in fen; 0 for none. Never more than the amount is kept.
        firm: a person decides when the floor cannot be kept; otherwise it is let go.
        seats: for each quota of the terms the seat it competes for, None where the quota is not about it.
    """

    claim: str
    amount: int
    order: tuple[Any, ...]
    floor: int = 0
    firm: bool = True
    seats: tuple[Seat | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How a pool is shared, as its guide says.

    Attributes:
        pool: its name.
        size: what the guide sets aside, in fen.
        share: ``pro_rata``, ``ranking`` or ``first_come``; the latter two serve claims in their order.
        partial: at the cut point ``cut`` gives what is left, ``drop`` nothing; nobody behind it is served either way.
        quotas: places, the offers' own first, each over the claims that those before it let in.
        carried_in: what last year's pool left for this one, in fen.
        carry_over: the part of ``size`` that may stay for next year, in millionths.
    """

    pool: str
    size: int
    share: str
    partial: str = "cut"
    quotas: tuple[Quota, ...] = ()
    carried_in: int = 0
    carry_over: int = 0

    @property
    def available(self) -> int:
        """What there is to share, in fen."""
        return self.size + self.carried_in


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of a claim: ``approved`` fen, None while a person must decide.

    ``factor`` is the exact fraction by which what it asks for above its kept floor was multiplied; ``remainder`` what
    its share lacked to a whole fen, as a numerator over the account's ``over``; ``rank`` its place in the order.
    """

    claim: str
    requested: int
    approved: int | None
    rule: str
    factor: str
    rank: int | None
    remainder: int
    floor: int
    why: str

    @property
    def note(self) -> Words:
        """Why, in words."""
        return WHY[self.why]


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a person must decide: ``floors`` do not fit, the ``rest`` is below a floor, a quota has no ``order``.

    ``need`` and ``have`` are fen, or claims and places where there is no order; ``quota`` says which quota.
    """

    kind: str
    need: int
    have: int
    quota: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """A pool's account, in fen: what there was, what was asked, what was approved, and what becomes of the rest."""

    pool: str
    size: int
    carried_in: int
    claims: int
    requested: int
    floors: int
    served: int
    approved: int | None
    factor: str
    over: int
    carried_over: int | None
    decision: Decision | None = None

    @property
    def available(self) -> int:
        """What there was to share."""
        return self.size + self.carried_in

    @property
    def left(self) -> int | None:
        """What was not used."""
        return None if self.approved is None else self.available - self.approved

    @property
    def lapsed(self) -> int | None:
        """What was not used and may not stay."""
        left, over = self.left, self.carried_over
        return None if left is None or over is None else left - over


@dataclass(frozen=True, slots=True)
class Allocation:
    """Rows in the order of the claims, and the account of the pool."""

    rows: tuple[Row, ...]
    account: Account


def carried(terms: Terms, left: int) -> int:
    """What stays for next year's pool of the same name (结转): at most the stated part of the size, half-up."""
    return min(left, half_up(terms.size * terms.carry_over, WHOLE))


def fraction(part: int, whole: int) -> str:
    """A factor as an exact fraction: ``3/7``, ``1``, ``0``."""
    return str(Fraction(part, whole))


def closed_account(
    terms: Terms, *, claims: int, requested: int, floors: int, served: int, approved: int, part: int, over: int
) -> Account:
    """The account of a pool that was shared; ``part / over`` is its factor, 0 over where it has none."""
    factor = fraction(part, over) if over else ""
    carry = carried(terms, terms.available - approved)
    return Account(
        terms.pool, terms.size, terms.carried_in, claims, requested, floors, served, approved, factor, over, carry
    )


def open_account(terms: Terms, decision: Decision, *, claims: int, requested: int, floors: int) -> Account:
    """The account of a pool about which a person must decide: no factor and no sum is told."""
    return Account(
        terms.pool, terms.size, terms.carried_in, claims, requested, floors, 0, None, "", 0, None, decision
    )
