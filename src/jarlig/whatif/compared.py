"""What a comparison of two sets of rules came to, as plain data. Money is fen; unknown is told, never counted as zero.

A *claim* (申报) is a case under an offer. Its amount is not known while the outcome is undetermined, awaits a guide or
a person's decision; its change is known when both amounts are, or when both sides have the very same rules for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from jarlig.ladder.outcome import OUTCOMES
from jarlig.ladder.steps import Words

#: Outcomes whose amount is not known.
OPEN = ("awaiting_guide", "undetermined", "needs_decision")
#: Outcomes of many cases, a number each; ``range`` is none of them.
CODES = tuple(name for name in OUTCOMES if name != "range")
#: Edges of the sizes of a change, in yuan.
EDGES = (1_000, 10_000, 100_000, 1_000_000)


class Imbalance(AssertionError):
    """Sums of a report that do not agree: a fault of this program, never of its input."""


@dataclass(frozen=True)
class Figures:
    """Claims, and under A and B: awards above 0.00, what they cost in fen, and claims whose amount is not known."""

    claims: int
    awards: tuple[int, int]
    cost: tuple[int, int]
    open: tuple[int, int]

    @property
    def difference(self) -> int:
        """B less A, in fen."""
        return self.cost[1] - self.cost[0]

    def __add__(self, other: Figures) -> Figures:
        (aa, ab), (ca, cb), (oa, ob) = self.awards, self.cost, self.open
        (xa, xb), (ya, yb), (za, zb) = other.awards, other.cost, other.open
        return Figures(self.claims + other.claims, (aa + xa, ab + xb), (ca + ya, cb + yb), (oa + za, ob + zb))


NOTHING = Figures(0, (0, 0), (0, 0), (0, 0))


@dataclass(frozen=True)
class Line:
    """A line of a table: a key, its name, how many cases it has (0 where offers are counted), and the figures.

    ``same`` says of an offer that both sides have the same rules for it.
    """

    key: str
    title: Words
    figures: Figures
    cases: int = 0
    same: bool = False


@dataclass(frozen=True)
class Move:
    """Claims that have one outcome under A and one under B, and their amounts."""

    before: str
    after: str
    claims: int
    cost: tuple[int, int]


@dataclass(frozen=True)
class Tally:
    """So many cases and the sum of their changes, in fen."""

    cases: int = 0
    change: int = 0


@dataclass(frozen=True)
class Band:
    """Cases whose change lies between two sizes in yuan (None: no end), both without sign; ``side`` is 1 or -1."""

    side: int
    least: int
    most: int | None
    tally: Tally


@dataclass(frozen=True)
class Offered:
    """What one offer gives a case under A and B; None where it is not known."""

    offer: str
    outcome: tuple[str, str]
    amount: tuple[int | None, int | None]


@dataclass(frozen=True)
class Mover:
    """A case with one of the largest changes, and the offers that made it."""

    case: str
    change: int
    offers: tuple[Offered, ...]
    open: bool


@dataclass(frozen=True)
class Shares:
    """A pool under one set of rules, in fen: what there is, what is asked, and what sharing would come to.

    ``rule`` is how claims are served when requests exceed it, ``by`` the numbers they are ranked by. ``factor`` is the
    exact fraction of what is asked above kept ``floors``; ``approved`` is None where the order or a person decides, and
    ``why`` then says so.
    """

    size: int
    claims: int
    requested: int
    rule: str
    by: tuple[Words, ...] = ()
    open: int = 0
    factor: Fraction | None = None
    floors: int = 0
    approved: int | None = None
    why: Words | None = None

    @property
    def take_up(self) -> Fraction | None:
        """What is asked as a part of what there is; None where there is nothing."""
        return Fraction(self.requested, self.size) if self.size else None


@dataclass(frozen=True)
class PoolLine:
    """A pool of the guide of one year under both sets of rules; None where a side has no such pool.

    ``not_compared`` are those of its offers that the comparison leaves out: what they ask for is in no figure.
    """

    year: int
    pool: str
    offers: tuple[str, ...]
    shares: tuple[Shares | None, Shares | None]
    not_compared: tuple[str, ...] = ()

    @property
    def paid(self) -> tuple[int, int]:
        """What sharing comes to on each side, in fen; nothing where it is not known or there is no such pool."""
        one, other = ((shares.approved or 0) if shares else 0 for shares in self.shares)
        return one, other

    @property
    def differs(self) -> bool:
        """Whether both sides are known, and pay another sum."""
        known = all(shares is not None and shares.approved is not None for shares in self.shares)
        return known and self.paid[0] != self.paid[1]


@dataclass(frozen=True)
class SideTold:
    """One set of rules in words: what it is called, how it was asked for, and what a reform changes.

    ``warnings`` say of which of its changes nothing comes.
    """

    asked: str
    name: Words
    notes: tuple[Words, ...] = ()
    reform: bool = False
    changes: tuple[tuple[Words, Words, Words, Words, Words], ...] = ()
    warnings: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two sets of rules over the same cases."""

    programme: str
    title: Words
    sides: tuple[SideTold, SideTold]
    cases: int
    left_out: int
    total: Figures
    offers: tuple[Line, ...]
    places: tuple[Line, ...]
    groups: Mapping[str, tuple[Line, ...]]
    moves: tuple[Move, ...]
    unsure: Mapping[str, int]
    winners: Tally
    losers: Tally
    even: Tally
    also_open: int
    bands: tuple[Band, ...]
    gains: tuple[Mover, ...]
    losses: tuple[Mover, ...]
    pools: tuple[PoolLine, ...]
    told_only: tuple[str, ...]
    samples: tuple[Words, ...]
    manifest: Mapping[str, object] = field(default_factory=dict)

    @property
    def pools_that_differ(self) -> tuple[PoolLine, ...]:
        """The pools from which another sum would be paid."""
        return tuple(line for line in self.pools if line.differs)

    @property
    def change_known(self) -> int:
        """The difference of all claims whose change is known, in fen."""
        return self.winners.change + self.losers.change + self.even.change

    def check(self) -> None:
        """Everything that must add up does: A with the difference is B, and parts are their whole.

        Raises:
            Imbalance: it does not.
        """
        a, b = self.total.cost
        _equal("total", a + self.total.difference, b)
        for name, lines in (("offers", self.offers), ("places", self.places), *self.groups.items()):
            _same(name, summed(line.figures for line in lines), self.total)
        for name, lines in (("places", self.places), *self.groups.items()):
            _equal(f"cases of {name}", sum(line.cases for line in lines), self.cases)
        _equal("claims of outcomes", sum(move.claims for move in self.moves), self.total.claims)
        for side in (0, 1):
            _equal("cost of outcomes", sum(move.cost[side] for move in self.moves), self.total.cost[side])
        _equal("cases", self.winners.cases + self.losers.cases + self.even.cases, self.cases)
        unsure = self.unsure["known_after"] - self.unsure["known_before"]
        _equal("difference", self.change_known + unsure, self.total.difference)
        for side, tally in ((1, self.winners), (-1, self.losers)):
            banded = [band.tally for band in self.bands if band.side == side]
            _equal("cases of bands", sum(band.cases for band in banded), tally.cases)
            _equal("change of bands", sum(band.change for band in banded), tally.change)


def summed(figures: Iterable[Figures]) -> Figures:
    """The sum of figures."""
    total = NOTHING
    for one in figures:
        total = total + one
    return total


def _equal(what: str, mine: int, theirs: int) -> None:
    if mine != theirs:
        raise Imbalance(f"{what}: {mine} is not {theirs}")


def _same(what: str, mine: Figures, theirs: Figures) -> None:
    if mine != theirs:
        raise Imbalance(f"{what}: {mine} is not {theirs}")
