"""What can be got of all offers together: never a sum that cannot all be got."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from jarlig.asking.sayings import words
from jarlig.ladder.kinds import Rows
from jarlig.ladder.steps import Words

if TYPE_CHECKING:
    from jarlig.asking.interview import Interview

#: Offers in conflict with each other of which the best choice is looked for; of more, only the largest counts.
_MOST_TRIED = 14


@dataclass(frozen=True)
class Unsummed:
    """Offers of which not all are in the total, and why."""

    offers: tuple[str, ...]
    why: str
    says: Words


@dataclass(frozen=True)
class Total:
    """The sums of the offers that one applicant can get together, in fen.

    ``determined`` adds what nothing can change any more, ``low`` and ``high`` all awards at their least and their most;
    ``high`` leaves out offers without bound, and then ``bounded`` is False. Tax relief and transfers are never in it.
    ``conflicts`` says of which offers only the best choice counts, ``unsummed`` what is left out beside.
    """

    determined: int
    low: int
    high: int
    bounded: bool
    offers: tuple[str, ...]
    unsummed: tuple[Unsummed, ...]


def total(interview: Interview) -> Total:
    """The total of a session."""
    answers = interview.determinations
    paid = {
        offer: answer
        for offer, answer in answers.items()
        if answer.nature == "award" and answer.outcome in ("award", "range", "undetermined") and interview.wanted(offer)
    }
    reach = {offer: interview.spans[offer] or (0, 0) for offer in paid}
    boundless = [offer for offer, ends in reach.items() if ends[1] is None]
    conflicts = _conflicts(interview, [offer for offer, ends in reach.items() if ends[1] != 0])
    pairs = {frozenset(pair) for one in conflicts for pair in combinations(one.offers, 2)}
    low = best({offer: ends[0] for offer, ends in reach.items()}, pairs)
    high = best({offer: ends[1] or 0 for offer, ends in reach.items()}, pairs)
    known = {offer: ends[0] for offer, ends in reach.items() if interview.settled(offer) in ("award", "fixed")}
    sure = best(known, pairs)
    left = list(conflicts)
    if boundless:
        left.append(Unsummed(tuple(boundless), "unbounded", words("unsummed.unbounded")))
    told = tuple(offer for offer, answer in answers.items() if answer.nature == "inform" and answer.low)
    if told:
        left.append(Unsummed(told, "inform", words("unsummed.inform")))
    return Total(sure, low, high, not boundless, tuple(paid), tuple(left))


def _conflicts(interview: Interview, offers: list[str]) -> list[Unsummed]:
    """Groups of offers that one applicant cannot all get to the full, each with its reason."""
    model = interview.programme.model
    found: dict[tuple[str, ...], str] = {}
    for offer in offers:
        exclusive = model.offers[offer].exclusive
        for other in exclusive.offers if exclusive else ():
            if other in offers and other != offer:
                found.setdefault(tuple(sorted((offer, other), key=offers.index)), "exclusive")
    for group in _shared_lists(interview, offers):
        found.setdefault(group, "evidence")
    for offer in offers:
        for limit in model.offers[offer].limits:
            group = tuple(one for one in offers if one == offer or one in limit.across)
            if limit.across and len(group) > 1:
                found.setdefault(group, "limit")
    return [Unsummed(group, why, words("unsummed." + why)) for group, why in found.items()]


def _shared_lists(interview: Interview, offers: list[str]) -> list[tuple[str, ...]]:
    """Offers that read lists of one name whose lines serve once ever."""
    groups: dict[str, list[str]] = {}
    for offer in offers:
        defs = interview.plan.fact_defs(offer)
        for name in interview.reads(offer).rows:
            fact = defs.get(name)
            if fact is not None and isinstance(fact.kind, Rows) and fact.key_once == "ever":
                groups.setdefault(name, []).append(offer)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def best(sums: dict[str, int], pairs: set[frozenset[str]]) -> int:
    """The largest sum of offers of which no two are a pair."""
    total_, rest = 0, {offer for offer, fen in sums.items() if fen}
    while rest:
        group = {rest.pop()}
        while joined := {offer for offer in rest if any(frozenset((offer, one)) in pairs for one in group)}:
            group |= joined
            rest -= joined
        total_ += _best_of(sorted(group), sums, pairs)
    return total_


def _best_of(group: list[str], sums: dict[str, int], pairs: set[frozenset[str]]) -> int:
    if len(group) > _MOST_TRIED:
        return max(sums[offer] for offer in group)
    return max(
        sum(sums[offer] for offer in some)
        for size in range(1, len(group) + 1)
        for some in combinations(group, size)
        if not any(frozenset(pair) in pairs for pair in combinations(some, 2))
    )
