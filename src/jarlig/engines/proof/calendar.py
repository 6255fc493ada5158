"""Days cut into year, month and day by the rules of the Gregorian calendar (GB/T 7408.1), in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from jarlig.engines.proof.terms import both, chosen, either, is_plain, negated

if TYPE_CHECKING:
    from jarlig.engines.proof.world import World

#: Days of a common year before each month.
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS = (1900, 2199)


class Calendar(NamedTuple):
    """A day's year, its month from 1 to 12 and its day of the month."""

    year: Any
    month: Any
    day: Any


def calendar(world: World, day: Any) -> Calendar:
    """The parts of a day; of a free one they are free as well, and held to it."""
    if is_plain(day):
        found = date.fromordinal(day)
        return Calendar(found.year, found.month, found.day)
    year, month = world.integer("year", *_YEARS), world.integer("month", 1, 12)
    place = world.integer("day", 1, 31)
    before = year - 1
    start = 365 * before + before / 4 - before / 100 + before / 400
    leap = is_leap(year)
    extra = chosen(both(leap, month > 2), 1, 0)
    world.hold(day == start + _by_month(month, _BEFORE) + extra + place)
    world.hold(place <= _by_month(month, _LENGTHS) + chosen(both(leap, month == 2), 1, 0))
    return Calendar(year, month, place)


def is_leap(year: Any) -> Any:
    """Whether a year has a 29 February."""
    return both(year % 4 == 0, either(year % 100 != 0, year % 400 == 0))


def full_years(start: Calendar, end: Calendar) -> Any:
    """Full years from one day to another; 29 February counts as 28 February in a common year; none before the start."""
    fits = chosen(both(start.month == 2, start.day == 29, negated(is_leap(end.year))), 28, start.day)
    short = either(start.month > end.month, both(start.month == end.month, fits > end.day))
    years = end.year - start.year - chosen(short, 1, 0)
    return chosen(years < 0, 0, years)


def _by_month(month: Any, values: Sequence[int]) -> Any:
    found: Any = values[-1]
    for at in range(len(values) - 1, 0, -1):
        found = chosen(month == at, values[at - 1], found)
    return found
