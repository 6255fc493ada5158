"""The order of questions: what each can change, over all offers together. See ``Interview.next_question``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jarlig.asking import wording
from jarlig.asking.question import Question
from jarlig.asking.topics import COUNT, FACT, HISTORY, PLACE, SHORTLIST, TOTAL, Topic
from jarlig.engines.answer import Determination

if TYPE_CHECKING:
    from jarlig.asking.interview import Interview

#: The choice of offers is worth a question while more than so many are open.
_FEW = 2


@dataclass(frozen=True)
class Ranked:
    """A topic with what it can do to each offer, in fen; None without bound."""

    topic: Topic
    worth: Mapping[str, int | None]
    informs: frozenset[str] = frozenset()

    @property
    def order(self) -> tuple[int, ...]:
        """Sorts before what matters less."""
        paid = [worth for offer, worth in self.worth.items() if offer not in self.informs]
        told = [worth for offer, worth in self.worth.items() if offer in self.informs]
        return (*_weight(paid), *_weight(told), self.topic.order)

    @property
    def total(self) -> int | None:
        """Over the offers of awards; None without bound."""
        paid = [worth for offer, worth in self.worth.items() if offer not in self.informs]
        return None if None in paid else sum(worth for worth in paid if worth is not None)

    def matters(self, least: int) -> bool:
        """Whether it can move all offers together by so much, those that inform among them."""
        return None in self.worth.values() or sum(worth or 0 for worth in self.worth.values()) >= max(least, 1)


def _weight(worths: list[int | None]) -> tuple[int, int]:
    return -worths.count(None), -sum(worth for worth in worths if worth is not None)


def ranked(interview: Interview) -> list[Ranked]:
    """Every question that can still change something, the first to ask first."""
    kept: list[Ranked] | None = interview.__dict__.get("_ranked")
    if kept is None:
        kept = interview.__dict__["_ranked"] = _ranked(interview)
    return kept


def _ranked(interview: Interview) -> list[Ranked]:
    worths: dict[str, dict[str, int | None]] = {}
    topics: dict[str, Topic] = {}
    waits = _waits_for_place(interview)
    for offer in interview.open:
        for topic, worth in offer_worths(interview, offer.offer).values():
            if waits and topic.form in (TOTAL, COUNT):
                continue  # which lines count hangs on the place: it is asked before
            topics[topic.id] = topic
            worths.setdefault(topic.id, {})[offer.offer] = worth
    if len(interview.open) > _FEW and SHORTLIST not in interview.answers:
        topics[SHORTLIST] = interview.estimates.topics.by_id[SHORTLIST]
        worths[SHORTLIST] = {offer.offer: _high(interview, offer.offer) for offer in interview.open}
    informs = frozenset(offer.offer for offer in interview.open if offer.nature == "inform")
    found = [Ranked(topics[id_], worth, informs) for id_, worth in worths.items()]
    return sorted((one for one in found if any(w != 0 for w in one.worth.values())), key=lambda one: one.order)


def _high(interview: Interview, offer: str) -> int | None:
    reach = interview.spans[offer]
    return None if reach is None else reach[1]


def _waits_for_place(interview: Interview) -> bool:
    """Whether the place is still to be asked and can change what counts."""
    topic = _place_topic(interview)
    if topic is None or topic.id in interview.answers:
        return False
    return any(interview.place_matters[offer.offer] != 0 for offer in interview.open)


def _place_topic(interview: Interview) -> Topic | None:
    topics, model = interview.estimates.topics, interview.programme.model
    if interview.place:
        return None
    return topics.of("", model.applied_at) if model.applied_at else topics.by_id[PLACE]


def offer_worths(interview: Interview, offer: str) -> dict[str, tuple[Topic, int | None]]:
    """The worth of every question that is not answered, for one offer."""
    answer, reads = interview.determinations[offer], interview.reads(offer)
    found: dict[str, tuple[Topic, int | None]] = {}
    for missing in answer.missing:
        if not isinstance(missing.key, str) or missing.key in reads.identities:
            continue
        worth = missing.worth
        if missing.key in reads.gates and worth != 0:
            worth = _width(answer, worth)
        for form in reads.rows.get(missing.key, (FACT,)):
            topic = topic_of(interview, offer, missing.key, form)
            if topic is None or topic.id in interview.answers:
                continue
            before = found.get(topic.id)
            found[topic.id] = (topic, worth if before is None else _larger(before[1], worth))
    place = _place_topic(interview)
    if place is not None and place.id not in interview.answers and (worth := interview.place_matters[offer]) != 0:
        before = found.get(place.id)
        found[place.id] = (place, worth if before is None else _larger(before[1], worth))
    return found


def _width(answer: Determination, worth: int | None) -> int | None:
    """With a condition an offer stands or falls: its whole width, from nothing to the highest sum."""
    return None if answer.high is None or worth is None else max(answer.high, worth)


def _larger(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def topic_of(interview: Interview, offer: str, name: str, form: str) -> Topic | None:
    """The question that asks for a fact of an offer; None for what is never asked of an applicant."""
    topics, model = interview.estimates.topics, interview.programme.model
    if name == HISTORY:
        return topics.by_id[HISTORY]
    if name == PLACE:
        return topics.of("", model.applied_at) if model.applied_at else None if interview.at else topics.by_id[PLACE]
    if form in (TOTAL, COUNT):
        return topics.of(offer, name, form)
    known = name in interview.plan.fact_defs(offer) or topics.of("", name) is not None
    return topics.of(offer, name) if known else None


def question(interview: Interview, one: Ranked) -> Question:
    """A topic in words, with what it can do."""
    return wording.worded(interview, one.topic, one.worth, one.total)
