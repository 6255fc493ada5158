"""Places in a proof: a division code as a number, in the parts that a ladder reads and no finer.

A region whose table is known holds only the divisions of that table, so that a place in a counterexample is one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import z3

from jarlig.engines.proof.terms import chosen, implied
from jarlig.reference.divisions import PROVINCES, divisions

if TYPE_CHECKING:
    from jarlig.engines.proof.world import World

#: What makes a code of 9 or 12 digits out of a county's, when a fact asks for a finer place.
_TAIL = {"township": "001", "village": "001001"}
_NONE = -1


class PlaceCode:
    """A free division code, given as finely as it is read: a place given too coarsely is a fact that is not known."""

    def __init__(self, world: World, name: str, level: str) -> None:
        self.world, self.name, self.level = world, name, level
        self._region = world.integer(f"{name}.region", 11, 99)
        if world.region[:2] in PROVINCES:
            world.hold(*(self._region != code for code in range(11, 100) if str(code) not in PROVINCES))
        self._league: Any = None
        self._county: Any = None
        self._tail: Any = None

    def part(self, part: str) -> Any:
        """The code of the region, league or county that the place lies in, or of a finer part."""
        if part == "region":
            return self._region * 10_000
        if part == "league":
            return self._region * 10_000 + self._with_league() * 100
        if part == "county":
            self.world.hold(self._with_county() >= 1)
            return self._six()
        whole = self.whole()
        self.world.hold(self._tail >= (1000 if part == "village" else 0))
        if part == "village":
            return whole
        town = self._six() * 1000
        return chosen(self._tail < 1000, town + self._tail, town + self._tail / 1000 - 1)

    def whole(self) -> Any:
        """The code itself."""
        if self.level not in _TAIL:
            return self._six()
        if self._tail is None:
            most = 1_000_999 if self.level == "village" else 999
            self._tail = self.world.integer(f"{self.name}.tail", _NONE, most)
        six, tail = self._six(), self._tail
        fine = chosen(tail < 1000, six * 1000 + tail, six * 1_000_000 + tail - 1000)
        return chosen(tail < 0, six, fine)

    def inside(self, code: str) -> Any:
        """Whether the place is a division or lies in it: rules of a region, a league or a county hold there."""
        if code.endswith("0000"):
            return self.part("region") == int(code)
        if code.endswith("00"):
            return self._region * 10_000 + self._with_league(0) * 100 == int(code)
        return self._six() == int(code)

    def read(self, model: z3.ModelRef) -> str:
        """The code that a model gives, finished with any division that there is where the model says nothing."""
        region = _number(model, self._region)
        league = 0 if self._league is None else _number(model, self._league)
        county = 0 if self._county is None else _number(model, self._county)
        six = f"{region:02d}{league:02d}{county:02d}"
        if self._league is None:
            six = _within(six[:2]) or f"{six[:2]}0101"
        elif self._county is None:
            six = _within(six[:4]) or f"{six[:4]}01"
        if self.level == "region":
            return six[:2] + "0000"
        if self.level == "league":
            return six[:4] + "00"
        tail = _NONE if self._tail is None else _number(model, self._tail)
        if self._tail is None:
            return six + _TAIL.get(self.level, "")
        return six if tail < 0 else f"{six}{tail:03d}" if tail < 1000 else f"{six}{tail - 1000:06d}"

    def _six(self) -> Any:
        if self.level == "region":
            return self._region * 10_000
        league = self._with_league(0)
        if self.level == "league":
            return self._region * 10_000 + league * 100
        return self._region * 10_000 + league * 100 + self._with_county()

    def _with_league(self, low: int = 1) -> Any:
        if self._league is None:
            self._league = self.world.integer(f"{self.name}.league", 0, 99)
            leagues = sorted({int(code[2:4]) for code in _codes()})
            here = self._region == int(_known_region())
            self.world.hold(implied(here, z3.Or(*(self._league == one for one in leagues))))
        if low:
            self.world.hold(self._league >= low)
        return self._league

    def _with_county(self) -> Any:
        if self._county is None:
            league = self._with_league(0)
            self._county = self.world.integer(f"{self.name}.county", 0, 99)
            pair = league * 100 + self._county
            here = self._region == int(_known_region())
            self.world.hold(implied(here, z3.Or(*(pair == int(code[2:]) for code in _codes()))))
        return self._county


def _number(model: z3.ModelRef, value: Any) -> int:
    return int(model.eval(value, model_completion=True).as_long())


@cache
def _known_region() -> str:
    return divisions().region.code[:2]


@cache
def _codes() -> tuple[str, ...]:
    """Every division of the region whose table is known, the region's own code among them."""
    known = divisions()
    found = [known.region, *known.leagues, *known.banners]
    return tuple(sorted(one.code for one in found))


@cache
def _within(prefix: str) -> str:
    """A county of the known region whose code begins so; empty when there is none."""
    return next((code for code in _codes() if code.startswith(prefix) and not code.endswith("00")), "")


