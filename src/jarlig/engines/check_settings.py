"""Where a programme is looked at: every guide, every place that says something, and the days on which all holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jarlig.ladder.steps import Ladder, Words
from jarlig.policy import model
from jarlig.policy.plans import Plans, layers

Setting = tuple[model.Overlay | None, tuple[model.Overlay, ...]]


def settings(programme: model.Programme) -> Iterator[Setting]:
    """The notice alone, each guide alone, and each guide with the rules of each place, on those of wider places."""
    yield None, ()
    for guide in programme.guides.values():
        yield guide, ()
        for place in programme.locals.values():
            for places in layers(programme, place, guide.start, guide.end):
                yield guide, places


def concerns(offer: model.Offer, places: tuple[model.Overlay, ...]) -> bool:
    """Whether a place's rules say anything of an offer; where they do not, the guide alone was looked at."""
    if not places:
        return True
    place = places[-1]
    named = (place.closes, place.fill, place.lower, place.raise_, place.narrow)
    return bool(place.gates) or any(offer.offer in group for group in named)


def where(guide: model.Overlay | None, places: tuple[model.Overlay, ...]) -> Words:
    """How messages name a guide and a place."""
    if guide is None:
        return Words("（仅公文）", " (notice alone)")
    there = "、".join(place.id for place in places)
    english = ", ".join(("", *(place.id for place in places)))
    zh = f"（{guide.year} 年指南{'，' + there if there else ''}）"
    return Words(zh, f" (guide {guide.year}{english})")


def days(ladder: Ladder, places: tuple[model.Overlay, ...]) -> tuple[int, int] | None:
    """The first and last day on which the notice, the guide and the place's rules all hold; None when there is none."""
    first, last = ladder.window or ladder.valid
    first = max(first, ladder.valid[0], *(place.start for place in places))
    last = min(last, ladder.valid[1], *(place.end for place in places))
    return (first, last) if first <= last else None


def somewhere(plans: Plans, offer: model.Offer, guide: model.Overlay, on: int) -> str:
    """A place of application without rules of its own: one of those a pool is shared among, or any other."""
    region = plans.programme.region[:2]
    anywhere = [f"{region}{league:02d}00" for league in range(1, 100)]
    for code in (*(offer.pool.among if offer.pool else ()), *anywhere):
        if not plans.plan(on, guide.year, code).places:
            return code
    return ""


@dataclass(frozen=True)
class Stand:
    """One offer under one guide and the rules of a place: what is looked at at once."""

    offer: model.Offer
    ladder: Ladder
    guide: model.Overlay
    places: tuple[model.Overlay, ...]
    first: int
    last: int
    at: str

    @property
    def where(self) -> Words:
        """The guide and the place in words."""
        return where(self.guide, self.places)
