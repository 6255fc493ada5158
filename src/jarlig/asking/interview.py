"""An interview (测算问答): what is known so far, what it comes to, and what to ask next. All of it is plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from jarlig.asking import answering, ranking, result, total, wording
from jarlig.asking.estimates import Estimates, Lazily, Reads, estimates_of
from jarlig.asking.question import Question
from jarlig.asking.reading import Plain
from jarlig.asking.sums import SumStep, steps
from jarlig.asking.topics import COUNT, FACT, HISTORY, PLACE, SHORTLIST, TOTAL, Topic
from jarlig.engines.answer import Determination
from jarlig.ladder.steps import Words
from jarlig.library import Programme, day_of, division_of
from jarlig.policy.casefile import Facts
from jarlig.policy.model import Offer
from jarlig.policy.plans import Plan

#: Questions after which a first result is shown.
ENOUGH = 12
#: A question that can move all offers together by less is not worth asking before the first result: 1,000 yuan, in fen.
LEAST = 100_000
#: The least and the most, in fen; None without bound.
Span = tuple[int, int | None]
#: Outcomes that no answer of the applicant can change any more.
DEAD = ("lapsed", "closed", "not_eligible", "awaiting_guide")


@dataclass(frozen=True)
class Interview:
    """A session of check and estimate. Every method gives back a new one or a value; nothing is changed in place.

    Attributes:
        programme: the notice as rules.
        on: the day of application.
        at: division code of the place of application, empty to take it from the answers.
        answers: what was answered, by the id of its question in the order of asking; None is "I don't know".
    """

    programme: Programme
    on: date
    at: str = ""
    answers: Mapping[str, Plain | None] = field(default_factory=dict)

    @classmethod
    def begin(cls, programme: Programme, on: date | str | None = None, at: str | None = None) -> Interview:
        """A session without answers; a place given counts as answered where the programme asks for it as a fact.

        Raises:
            PolicyError: no such day, or no such place.
        """
        day = date.fromordinal(day_of(on))
        place = division_of(at)
        applied_at = programme.model.applied_at
        made = cls(programme, day)
        if place and applied_at:
            return made.answer(applied_at, place)
        programme.desk.determine(next(iter(programme.offers)), {}, on=day.toordinal(), at=place)  # refuses a place
        return replace(made, at=place)

    # what is known

    @cached_property
    def estimates(self) -> Estimates:
        """The rules behind, shared by all sessions of the programme."""
        return estimates_of(self.programme)

    @cached_property
    def place(self) -> str:
        """Where the application is made, as far as that is known."""
        found = self.at or self.answers.get(self.programme.model.applied_at) or self.answers.get(PLACE)
        return found if isinstance(found, str) else ""

    @cached_property
    def plan(self) -> Plan:
        """The guide and the local rules that govern."""
        return self.estimates.plan(self.on.toordinal(), self.place)

    @cached_property
    def known(self) -> Mapping[str, Any]:
        """The answers as the facts of a case, an offer's own under its id."""
        found: dict[str, Any] = {}
        for id_, value in self.answers.items():
            topic = self.estimates.topics.by_id[id_]
            if value is None or topic.form in (SHORTLIST, PLACE):
                continue
            if topic.form == HISTORY:
                found[HISTORY] = answering.history(self, value)
                continue
            for offer in topic.offers or ("",):
                own = found.setdefault(offer, {}) if offer else found
                own[topic.name] = answering.fact_value(topic, value, own.get(topic.name))
        return found

    def facts(self, offer: str | None = None) -> Facts:
        """What was answered, as facts for ``determine``; of one offer flat, so that a draft claim can begin with them.

        Sums and counts told in place of a list stand as ``{about: …}``, ``{from: …, to: …}`` or ``{count: …}``.
        """
        known = dict(self.known)
        if HISTORY in known:
            known[HISTORY] = answering.history(self, self.answers[HISTORY], stand_ins=False)
        if offer is None:
            return Facts(known)
        shared = {name: value for name, value in known.items() if name not in self.programme.offers}
        reads = self.reads(offer).names
        return Facts({name: value for name, value in {**shared, **known.get(offer, {})}.items()
                      if name in reads or name in self.programme.model.facts})  # fmt: skip

    # what it comes to

    def reads(self, offer: str) -> Reads:
        """What the rules of an offer read on this day at this place."""
        return self.estimates.reads(self.plan, offer)

    def determination(self, offer: str) -> Determination:
        """What an offer comes to on the answers: the engine's own answer, ready for ``words.explain``.

        The missing facts of an offer that was left out are not ranked.
        """
        at = self.at or ("" if self.programme.model.applied_at else self.place)
        wanted = self.wanted(offer)
        return self.estimates.determine(offer, self.known, self.on.toordinal(), at, self.place, ranked=wanted)

    @cached_property
    def determinations(self) -> Mapping[str, Determination]:
        """What every offer comes to, in the order of the programme; each is worked out when it is first read."""
        return Lazily(self.programme.offers, self.determination)

    @cached_property
    def _everywhere(self) -> Mapping[str, tuple[Determination, ...]]:
        """What every offer comes to, and while the place is not known what it does under each place's own rules."""
        return Lazily(self.programme.offers, lambda offer: (self.determinations[offer], *self._elsewhere(offer)))

    def _elsewhere(self, offer: str) -> Iterator[Determination]:
        on = self.on.toordinal()
        for code in () if self.place else self.estimates.places(offer, on):
            yield self.estimates.determine(offer, self.known, on, code, "", ranked=False)

    @cached_property
    def spans(self) -> Mapping[str, Span | None]:
        """The least and the most that each offer comes to, in fen, wherever the application is made.

        What is refused, closed or lapsed comes to nothing; None while a guide is awaited. The most may have no bound.
        """
        return Lazily(self.programme.offers, lambda offer: span(self._everywhere[offer]))

    @cached_property
    def place_matters(self) -> Mapping[str, int | None]:
        """How far local rules can move each offer while the place is not known, in fen; None without bound."""
        return Lazily(self.programme.offers, self._moved_by_place)

    def _moved_by_place(self, offer: str) -> int | None:
        if len({span([one]) for one in self._everywhere[offer]}) == 1:
            return 0
        whole = self.spans[offer]
        return None if whole is None or whole[1] is None else whole[1] - whole[0]

    def wanted(self, offer: str) -> bool:
        """Whether the applicant did not leave an offer out."""
        chosen = self.answers.get(SHORTLIST)
        return not isinstance(chosen, list) or offer in chosen

    def settled(self, offer: str) -> str:
        """Why an answer can change nothing about an offer any more; empty while one can.

        ``lapsed``, ``closed``, ``not_eligible``, ``awaiting_guide``, ``transfer`` (goes to a government),
        ``set_aside`` (left out), ``award`` or ``needs_decision`` (nothing is missing), ``fixed`` (what is missing does
        not change the sum).
        """
        found, varies = self.determinations[offer], self.place_matters[offer] != 0
        if found.outcome in DEAD and not varies:
            return found.outcome
        if found.nature == "transfer":
            return "transfer"
        if not self.wanted(offer):
            return "set_aside"
        if found.outcome in ("award", "needs_decision") and not varies:
            return found.outcome
        reach = self.spans[offer]
        return "fixed" if reach is not None and reach[0] == reach[1] else ""

    @cached_property
    def open(self) -> tuple[Offer, ...]:
        """The offers that an answer can still change. Of those that were left out nothing is worked out."""
        found = self.programme.offers.items()
        return tuple(offer for name, offer in found if self.wanted(name) and not self.settled(name))

    def results(self) -> tuple[result.Result, ...]:
        """What every offer comes to, told for a page: the sum or its range, what is missing, what to do next."""
        return tuple(result.result(self, offer) for offer in self.programme.offers)

    def result(self, offer: str) -> result.Result:
        """The same of one offer."""
        return result.result(self, offer)

    def steps(self, offer: str) -> tuple[SumStep, ...]:
        """How an offer comes to its sum, step by step, each with its clause; empty where nothing is worked out."""
        found = self.determinations[offer]
        return steps(found, self.programme.desk.ranges(found))

    def total(self) -> total.Total:
        """What can be got of all offers together, and what is not summed because it cannot all be got."""
        return total.total(self)

    # what to ask

    def next_question(self) -> Question | None:
        """The question that can change the answer most, over all offers together; None when none can change anything.

        "Most" is counted so. Of each offer that is still open and not left out, every missing fact has a worth: the
        widest change of its sum that the fact alone can make (see ``engines.interval.ranking``); a fact that a
        condition reads has the whole width of the offer, from nothing to its highest sum, for with the condition the
        offer stands or falls. The worth of a question is the sum over the offers that it touches, so a condition that
        many offers share (place, standing, trade) counts the width of them all, and the choice of the offers that
        concern the applicant counts every one. Questions are put in order by

        1. the number of offers of awards for which its worth has no bound,
        2. the sum of its worths over the other offers of awards,
        3. and 4. the same over offers that only inform, since nothing is paid under them,
        5. the order of the files.

        Never asked are what was answered, also by "I don't know"; what can change nothing; what only offers read that
        have lapsed, are closed or refused, wait for a guide, go to governments, or were left out.
        """
        found = ranking.ranked(self)
        return ranking.question(self, found[0]) if found else None

    def questions(self) -> tuple[Question, ...]:
        """Every question that can still change something, the first to ask first."""
        return tuple(ranking.question(self, one) for one in ranking.ranked(self))

    def question(self, id_: str) -> Question:
        """A question by its id, also one that was answered or need not be asked.

        Raises:
            PolicyError: E970 when there is none.
        """
        topic = self.estimates.topics.topic(id_)
        found = next((one for one in ranking.ranked(self) if one.topic is topic), None)
        return ranking.question(self, found or ranking.Ranked(topic, {}))

    def title(self, id_: str) -> Words:
        """What a question asks, in short: for the facts that a result misses.

        Raises:
            PolicyError: E970 when there is none.
        """
        return wording.title(self, self.estimates.topics.topic(id_))

    def enough(self, most: int = ENOUGH, least: int = LEAST) -> bool:
        """Whether a first result may be shown: ``most`` were asked, or no question can move ``least`` fen any more."""
        if len(self.answers) >= most:
            return True
        found = ranking.ranked(self)
        return not found or not found[0].matters(least)

    # answering

    def answer(self, id_: str, value: str | Mapping[str, Any] | Sequence[Any] | None) -> Interview:
        """The session with one answer more, or another one in its place.

        Args:
            id_: of the question.
            value: the text as it was typed; a plain value as ``answers`` holds it; None or "don't know".

        Raises:
            PolicyError: E970 for an unknown question, E971 when the answer cannot be read, saying how to write it.
        """
        topic = self.estimates.topics.topic(id_)
        found = answering.answer(self, topic, value)
        made = replace(self, answers={**self.answers, id_: found})
        return made._still_counted(self) if made.place != self.place else made

    def forget(self, id_: str) -> Interview:
        """The session without an answer, so that its question may be asked again."""
        made = replace(self, answers={name: value for name, value in self.answers.items() if name != id_})
        return made._still_counted(self) if made.place != self.place else made

    def _still_counted(self, before: Interview) -> Interview:
        """Without what is no answer at another place, and totals and counts of lists of which it counts other lines."""
        told = [one for id_ in self.answers if (one := self.estimates.topics.by_id[id_]).form in (TOTAL, COUNT)]
        gone = {one.id for one in told if any(
            self.reads(offer).sums.get((one.name, one.form)) != before.reads(offer).sums.get((one.name, one.form))
            for offer in one.offers or self.programme.offers
        )}  # fmt: skip
        by_id = self.estimates.topics.by_id
        return replace(self, answers={
            id_: value for id_, value in self.answers.items()
            if id_ not in gone and answering.fits(self, by_id[id_], value)
        })  # fmt: skip

    def again(self) -> Interview:
        """The session in which everything that was not known may be asked again."""
        return replace(self, answers={name: value for name, value in self.answers.items() if value is not None})

    def said(self, id_: str, lang: str) -> str:
        """An answer as people write it."""
        return answering.said(self, self.estimates.topics.topic(id_), self.answers[id_], lang)

    def topics_of(self, offer: str) -> Iterator[Topic]:
        """What the rules of an offer can be told, in the order of its steps."""
        reads = self.reads(offer)
        for name in reads.names:
            for form in reads.rows.get(name, (FACT,)):
                topic = ranking.topic_of(self, offer, name, form)
                if topic is not None and name not in reads.identities:
                    yield topic


def span(found: Sequence[Determination]) -> Span | None:
    """The least and the most of several answers; None while one of them awaits a guide, or a person's decision."""
    if any(one.outcome == "awaiting_guide" or (one.low is None and one.outcome not in DEAD) for one in found):
        return None
    highs = [one.high if one.outcome not in DEAD else 0 for one in found]
    return min(one.low or 0 for one in found), None if None in highs else max(high or 0 for high in highs)
