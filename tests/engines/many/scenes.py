"""Days and places at which an offer is asked for: every guide, window, validity and local rule, and their edges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from tests.engines.many.strategies import code

from jarlig.engines.answer import Desk
from jarlig.engines.candidates import reads
from jarlig.engines.witness import Search
from jarlig.ladder.dates import year_of
from jarlig.ladder.kinds import Code, Number
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.steps import Ladder
from jarlig.policy.model import Programme
from jarlig.policy.plans import Plan
from jarlig.reference.divisions import divisions

OUTSIDE = "110101"


@dataclass
class Scene:
    """One offer on one day at one place; ``what`` is what can come of it."""

    desk: Desk
    offer: str
    on: int
    at: str
    plan: Plan
    ladder: Ladder

    @cached_property
    def search(self) -> Search:
        return Search(self.desk, self.plan, self.ladder, self.on, self.at)

    @cached_property
    def keys(self) -> dict[str, str]:
        """A subject: a code for each key that is a fact."""
        names = dict.fromkeys(key for keys in self.plan.programme.subjects.values() for key in keys)
        kinds = self.search.kinds
        return {name: code(kinds[name].form, 1) for name in names if isinstance(kinds.get(name), Code)}

    @cached_property
    def base(self) -> dict[str, Any] | None:
        """Facts under which the offer pays, and without a question for a person if that can be."""
        found = self.search.witness(dict(self.keys))
        for doubt in self.ladder.doubts if found else ():
            for name in reads(self.ladder, doubt.node):
                for value in self.search.values(name, found) if name not in self.search.fixed else ():
                    said = self.search.climber.climb({**found, name: value})
                    if self._asks(found) and said.award is not None and not said.doubts:
                        found = {**found, name: value}
        return found

    def _asks(self, env: dict[str, Any]) -> bool:
        return bool(self.search.climber.climb(dict(env)).doubts)

    def bases(self) -> list[dict[str, Any]]:
        """Cases to start from: the highest award, the lowest, and some with every number of a common size."""
        if self.base is None:
            return []
        found = [self.base, self.search.best(self.base, -1, frozenset(self.keys))]
        for power in (1, 3, 4, 5, 7):
            env = dict(self.base)
            for name, kind in self.search.kinds.items():
                if isinstance(kind, Number) and name in env and name not in self.search.fixed:
                    env[name] = min(max(10 ** (kind.scale + power), kind.low), kind.high)
            if self.search.award(env) is not None:
                found.append(env)
        return found

    @cached_property
    def what(self) -> str:
        ladder = self.ladder
        if not ladder.valid[0] <= self.on <= ladder.valid[1]:
            return "lapsed"
        if ladder.state == "closed" or (ladder.window and not ladder.window[0] <= self.on <= ladder.window[1]):
            return "closed"
        if ladder.state == "no_guide" or any(term.filled_by != "parameter" for term in ladder.open_terms):
            return "awaiting"
        if self.base is None:
            return "blocked"
        return "doubtful" if self._asks(self.base) else "live"

    def refusals(self) -> list[str]:
        """The gates that read anything but the history."""
        return [
            name for name in self.ladder.gates if set(reads(self.ladder, self.ladder.step(name).node)) - {"history"}
        ]


@cache
def scenes(desk: Desk, offer: str) -> tuple[Scene, ...]:
    """Every day and place worth asking at; each with its search, which is worth keeping."""
    found = []
    for at in places(desk.programme):
        for on in days(desk, offer, at):
            plan = desk.plans.plan(on, None, at)
            found.append(Scene(desk, offer, on, at, plan, plan.ladder(offer)))
    return tuple(found)


def days(desk: Desk, offer: str, at: str) -> list[int]:
    """The first and last day of whatever begins and ends, the day before and after, and one in the middle."""
    programme = desk.programme
    spans = [programme.valid, *((guide.start, guide.end) for guide in programme.guides.values())]
    for guide in programme.guides.values():
        middle = (guide.start + guide.end) // 2
        window = desk.plans.plan(middle, None, at).ladder(offer).window
        spans += [window] if window else []
        spans.append((middle, middle))
    found = {
        day + shift
        for span in spans
        for day, shift in zip((span[0], span[0], span[1], span[1]), (-1, 0, 0, 1), strict=True)
    }
    for year in range(*(year_of(day) for day in programme.valid)):
        found.add(parse_date(f"{year}-12-15"))
    found.add(programme.valid[1] - 40)
    return sorted(found)


def places(programme: Programme) -> tuple[str, ...]:
    """No place, the places with rules of their own and places within, listed places, others, and one outside."""
    own = [overlay.at for overlay in programme.locals.values()]
    listed = [at for offer in programme.offers.values() if offer.pool for at in offer.pool.among]
    return tuple(dict.fromkeys(["", *own, *(_within(at) for at in own), *listed, *_others(programme), OUTSIDE]))


def all_places(programme: Programme) -> tuple[str, ...]:
    """Codes of every level in and out of the region, for facts that are places."""
    inner = [at for at in places(programme) if at]
    finer = [at + tail for at in inner if not at.endswith("00") for tail in ("001", "001201")]
    return (*inner, programme.region, *finer)


def _within(at: str) -> str:
    known = divisions()
    if at[:2] == known.region.code[:2]:
        return next((banner.code for banner in known.banners if banner.parent == at), at)
    return at[:4] + "02" if at.endswith("00") else at + "001"


def _others(programme: Programme) -> list[str]:
    known = divisions()
    if programme.region[:2] == known.region.code[:2]:
        return [known.banners[at].code for at in (0, 40, 90)] + [known.leagues[-1].code]
    return [programme.region[:4] + two for two in ("01", "07")]
