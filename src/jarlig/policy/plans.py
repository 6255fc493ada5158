"""Which documents govern a case, and the ladders they make together.

The application date picks the notice version, the guide (by its window) and the place's rules. A guide that is asked
for by its year is a question "what if": its terms are used and its window is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from jarlig.ladder.dates import year_of
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import Ladder, Words
from jarlig.policy import model
from jarlig.policy.ground import ALLOCATED_SHARE, open_lists
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.offers import compile_offer


@dataclass
class Plan:
    """A programme under one guide and the rules of a place, wider places first. Ladders are made when asked for."""

    programme: model.Programme
    guide: model.Overlay | None
    places: tuple[model.Overlay, ...] = ()
    _ladders: dict[str, Ladder] = field(default_factory=dict)
    _facts: dict[str, dict[str, model.FactDef]] = field(default_factory=dict)

    @property
    def overlays(self) -> tuple[model.Overlay, ...]:
        """The guide and the place's rules, as far as there are any, in the order in which they are laid on."""
        return (*((self.guide,) if self.guide else ()), *self.places)

    @property
    def samples(self) -> tuple[model.Overlay, ...]:
        """The overlays that are only illustrative."""
        return tuple(overlay for overlay in self.overlays if overlay.sample)

    def ladder(self, offer: str) -> Ladder:
        """The ladder of an offer.

        Raises:
            PolicyError: E811 for an unknown id, or what is wrong in the files.
        """
        if offer not in self._ladders:
            found = self.offer(offer)
            try:
                self._ladders[offer] = compile_offer(self.programme, found, self.guide, self.places)
            except PolicyError as error:
                raise error.with_sources(self.programme.files) from error
        return self._ladders[offer]

    def offer(self, name: str) -> model.Offer:
        """The offer of that id; a register, target or duty is no offer."""
        found = self.programme.offers.get(name)
        if found is not None:
            return found
        place = Place(self.programme.programme, 0, 0)
        others = (self.programme.registers, self.programme.targets, self.programme.duties)
        if any(name in known for known in others):
            raise PolicyError((problem("E813", place, name, name=name),))
        valid = list(self.programme.offers)
        raise PolicyError(
            (problem("E811", place, name, name=name, near=nearest(name, valid) or "", valid=", ".join(valid)),)
        )

    def fact_defs(self, offer: str) -> dict[str, model.FactDef]:
        """The facts an offer may read, open lists of choices filled as the overlays fill them."""
        if offer not in self._facts:
            found = self.offer(offer)
            facts = {**self.programme.facts, **open_lists(found, self.overlays)}
            if found.pool is not None and found.pool.split == "factors":
                share = model.FactDef(ALLOCATED_SHARE, _SHARE_KIND, _SHARE_WORDS, found.place)
                facts[ALLOCATED_SHARE] = share
            self._facts[offer] = facts
        return self._facts[offer]

    @cached_property
    def fact_names(self) -> frozenset[str]:
        """Every name a facts file may hold."""
        return frozenset(name for offer in self.programme.offers for name in self.fact_defs(offer))


_SHARE_KIND = Number((), 6, 0, 10**6)
_SHARE_WORDS = Words("分配份额（由资金分配确定）", "share of the pool (set by the allocation run)")


def places_of(programme: model.Programme, on: int, at: str) -> tuple[model.Overlay, ...]:
    """The local rules (地方细则) that hold at a place on a day: the region's, then the league's, then the county's.

    A county's rules lie on those of its league, so that they can lower what the league set but not escape it.
    """
    codes = dict.fromkeys((at[:2] + "0000", at[:4] + "00", at[:6]))
    held = [overlay for overlay in programme.locals.values() if overlay.start <= on <= overlay.end]
    found = (next((overlay for overlay in held if overlay.at == code), None) for code in codes)
    return tuple(overlay for overlay in found if overlay is not None)


def layers(
    programme: model.Programme, place: model.Overlay, first: int, last: int
) -> tuple[tuple[model.Overlay, ...], ...]:
    """Each way in which a place's rules lie on those of wider places between two days, the place's own last."""
    first, last = max(first, place.start), min(last, place.end)
    turns = (day for other in programme.locals.values() for day in (other.start, other.end + 1))
    days = [first, *sorted(day for day in turns if first < day <= last)] if first <= last else []
    chains = (places_of(programme, day, place.at) for day in days)
    return tuple({tuple(one.id for one in chain): chain for chain in chains if chain[-1:] == (place,)}.values())


class Plans:
    """The plans of a programme, each made once."""

    def __init__(self, programme: model.Programme) -> None:
        self.programme = programme
        self._made: dict[tuple[int | None, tuple[str, ...]], Plan] = {}

    def plan(self, on: int, guide_year: int | None = None, at: str = "") -> Plan:
        """The plan that governs a case applied for on a day at a place.

        Raises:
            PolicyError: E812 when a guide is asked for that there is not.
        """
        guide = self._guide(on, guide_year)
        places = places_of(self.programme, on, at)
        key = (guide.year if guide else None, tuple(place.id for place in places))
        if key not in self._made:
            self._made[key] = Plan(self.programme, guide, places)
        return self._made[key]

    def _guide(self, on: int, year: int | None) -> model.Overlay | None:
        guides = self.programme.guides
        if year is not None:
            if year not in guides:
                valid = ", ".join(str(known) for known in sorted(guides))
                raise PolicyError(
                    (problem("E812", Place(self.programme.programme, 0, 0), str(year), year=year, valid=valid),)
                )
            return guides[year]
        inside = [guide for guide in guides.values() if guide.start <= on <= guide.end]
        return inside[0] if inside else guides.get(year_of(on))
