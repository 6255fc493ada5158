"""Earlier awards (已获奖补): what a limit counts, and how.

A counted award is one that is not void: at ``approved - recovered`` once decided, at ``capped`` while it is pending,
so that two claims filed on one day cannot both pass. An award whose counted sum is nothing counts as no award and as
no year. Order is ``(on, id)``; only awards up to the application date of the case count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jarlig.ladder.dates import months_before, year_of
from jarlig.ladder.nodes import Value, Window

STATES = ("pending", "approved", "paid", "void")


@dataclass(frozen=True, slots=True)
class EarlierAward:
    """One earlier award. Money in fen; None is unknown. ``keys`` are the facts of its subjects, typed like a case's."""

    offer: str | None
    on: int | None
    guide_year: int | None
    state: str | None
    capped: int | None = None
    approved: int | None = None
    recovered: int | None = 0
    paid: int | None = None
    id: str = ""
    keys: Mapping[str, Value | None] = field(default_factory=dict)

    @property
    def counted(self) -> int | None:
        """The sum that limits count, in fen; None while it is not known."""
        if self.state is None:
            return None
        if self.state == "void":
            return 0
        if self.state == "pending":
            return self.capped
        if self.approved is None or self.recovered is None:
            return None
        return max(0, self.approved - self.recovered)


def in_window(award: EarlierAward, window: Window, on: int, guide_year: int | None) -> bool | None:
    """Whether an award falls into the window of a limit, seen from a case applied for on ``on``."""
    if award.on is None:
        return None
    if award.on > on:
        return False
    if window.over == "guide_year":
        return None if award.guide_year is None or guide_year is None else award.guide_year == guide_year
    if window.over == "calendar_year":
        return year_of(award.on) == year_of(on)
    if window.over == "validity":
        return window.first <= award.on <= window.last
    if window.over == "rolling":
        return award.on > months_before(on, window.months)
    return True


def matches(award: EarlierAward, offers: Iterable[str], subject: Mapping[str, Value | None]) -> bool | None:
    """Whether an award was made under one of the offers to the same subject; unknown when a key is not known."""
    if award.offer is not None and award.offer not in offers:
        return False
    unknown = award.offer is None
    for key, value in subject.items():
        theirs = award.keys.get(key)
        if theirs is None or value is None:
            unknown = True
        elif theirs != value:
            return False
    return None if unknown else True


def years_used(years: set[int], current: int, streak: str, closed_years_break: bool, open_years: Iterable[int]) -> int:
    """How many years of a limit are used up before ``current``.

    Without a ``streak`` every earlier year counts. With one, years are counted back from the current year while they
    follow each other. A year in which no guide opened the offer does not break the run unless ``closed_years_break``.
    After a gap, ``restart`` begins a new run; ``no_restart`` means that the right has ended: the count given back is
    then higher than any limit.
    """
    earlier = {year for year in years if year < current}
    if not streak or not earlier:
        return len(earlier)
    opened = set(open_years)
    run, year = 0, current - 1
    while year >= min(earlier):
        if year in earlier:
            run += 1
        elif closed_years_break or year in opened:
            return NO_RIGHT if streak == "no_restart" else run
        year -= 1
    return run


#: Stands for "the run was broken and does not begin again": above every limit of years.
NO_RIGHT = 10_000
