"""What one offer comes to so far: the sum or its range, what is missing, who must confirm what, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from jarlig.asking import ranking, wording
from jarlig.asking.sayings import words
from jarlig.asking.topics import COUNT, TOTAL
from jarlig.engines.answer import Determination
from jarlig.ladder.steps import Words
from jarlig.policy.model import Overlay
from jarlig.words import fmt
from jarlig.words.case import Case
from jarlig.words.cites import overlay_name
from jarlig.words.outcomes import verdict
from jarlig.words.steps import told_steps

if TYPE_CHECKING:
    from jarlig.asking.interview import Interview


#: What an applicant is not asked about: the outcome of the rules would say what nobody wants to know.
_NOT_ASKED = ("set_aside", "transfer")


@dataclass(frozen=True)
class Verifier:
    """A body (部门) with the facts that it verifies, and by which evidence.

    ``first`` are those on which a condition of the offer's own hangs: the body must have recognised them before one
    applies.
    """

    id: str
    body: Words
    facts: tuple[Words, ...]
    evidence: tuple[Words, ...]
    first: tuple[Words, ...]


@dataclass(frozen=True)
class Result:
    """What an offer comes to (测算结果). Money in fen.

    Attributes:
        offer: its id.
        title: what it is called.
        nature: ``award``, ``inform`` or ``transfer``.
        outcome: one of the eight outcomes of a determination.
        settled: why nothing can change it any more; empty while something can (see ``Interview.settled``).
        low: the least it comes to; None where there is no figure.
        high: the most; None where there is no figure or no bound.
        rough: whether it rests on a figure told as "about", or on a count in place of a list.
        says: the outcome in a sentence.
        refused: the conditions that are not met.
        missing: ids of the questions that would settle it, the one with the largest effect first.
        unknown: ids of those to which the applicant said "I don't know".
        lists: titles of lists that the application wants line by line.
        verifiers: which body must confirm what, those on which a condition hangs first.
        bodies: who is in charge.
        next: what to do next.
        opens: the first day of its window; None without one.
        closes: the last day of its window, or of the notice.
        valid_until: the last day of the notice.
    """

    offer: str
    title: Words
    nature: str
    outcome: str
    settled: str
    low: int | None
    high: int | None
    rough: bool
    says: Words
    refused: tuple[Words, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    lists: tuple[Words, ...]
    verifiers: tuple[Verifier, ...]
    bodies: tuple[Words, ...]
    next: Words
    opens: date | None
    closes: date | None
    valid_until: date

    @property
    def amount(self) -> int | None:
        """The sum where nothing can change it; None while it is a range or there is none."""
        return self.low if self.low == self.high else None


def result(interview: Interview, offer: str) -> Result:
    """The result of one offer."""
    answer, model = interview.determinations[offer], interview.programme.model
    settled, reach = interview.settled(offer), _reach(interview, answer)
    cases = {lang: Case(answer, lang) for lang in ("zh", "en")}
    missing = _missing(interview, offer) if not settled else ()
    verifiers = _verifiers(interview, answer)
    window, valid = answer.ladder.window, answer.ladder.valid
    counts = bool(answer.typed.counts) and answer.outcome in ("range", "undetermined")
    return Result(
        offer=offer,
        title=answer.title,
        nature=answer.nature,
        outcome=answer.outcome,
        settled=settled,
        low=None if reach is None else reach[0],
        high=None if reach is None else reach[1],
        rough=cases["zh"].rough or counts,
        says=words(settled) if settled in _NOT_ASKED else wording.both(lambda lang: verdict(cases[lang])),
        refused=_refused(cases, answer),
        missing=missing,
        unknown=tuple(topic.id for topic in interview.topics_of(offer) if interview.answers.get(topic.id, "") is None),
        lists=_lists(interview, offer),
        verifiers=verifiers,
        bodies=tuple(model.bodies[body] for body in interview.plan.offer(offer).bodies if body in model.bodies),
        next=_next(interview, answer, settled, len(missing), verifiers),
        opens=date.fromordinal(window[0]) if window else None,
        closes=date.fromordinal(min(window[1], valid[1])) if window else None,
        valid_until=date.fromordinal(valid[1]),
    )  # fmt: skip


def _reach(interview: Interview, answer: Determination) -> tuple[int, int | None] | None:
    """The range that is shown: none for what is refused, closed or lapsed, which is told in words."""
    return None if answer.outcome in ("lapsed", "closed", "not_eligible") else interview.spans[answer.question.offer]


def _missing(interview: Interview, offer: str) -> tuple[str, ...]:
    found = ranking.offer_worths(interview, offer).values()
    live = [(topic, worth) for topic, worth in found if worth != 0]
    live.sort(key=lambda one: (one[1] is not None, -(one[1] or 0), one[0].order))
    return tuple(topic.id for topic, _ in live)


def _refused(cases: dict[str, Case], answer: Determination) -> tuple[Words, ...]:
    if not answer.refused:
        return ()
    told = {lang: {one.step.name: one.says for one in told_steps(case)} for lang, case in cases.items()}
    return tuple(Words(told["zh"][step.name], told["en"][step.name]) for step in answer.refused)


def _lists(interview: Interview, offer: str) -> tuple[Words, ...]:
    defs = interview.plan.fact_defs(offer)
    return tuple(defs[name].title for name in interview.reads(offer).rows if name in defs)


def _verifiers(interview: Interview, answer: Determination) -> tuple[Verifier, ...]:
    """Bodies by the facts that the offer reads, those that must recognise something first."""
    offer, model = answer.question.offer, interview.programme.model
    reads, defs = interview.reads(offer), interview.plan.fact_defs(offer)
    facts: dict[str, list[str]] = {}
    for name in reads.names:
        fact = defs.get(name)
        if fact is not None and fact.verified_by in model.bodies:
            facts.setdefault(fact.verified_by, []).append(name)
    found = []
    for body, names in facts.items():
        shown = dict.fromkeys(one for name in names for one in defs[name].evidence if one in model.evidence)
        first = tuple(defs[name].title for name in names if name in reads.gates and name not in model.facts)
        titles, evidence = tuple(defs[name].title for name in names), tuple(model.evidence[one] for one in shown)
        found.append(Verifier(body, model.bodies[body], titles, evidence, first))
    return tuple(sorted(found, key=lambda one: not one.first))


def _next(
    interview: Interview, answer: Determination, settled: str, missing: int, verifiers: tuple[Verifier, ...]
) -> Words:
    if settled in _NOT_ASKED:
        return words("next.set_aside") if settled == "set_aside" else words("transfer")
    if settled == "closed":
        return _after_closing(interview, answer)
    if settled in ("lapsed", "not_eligible", "awaiting_guide"):
        return words("next." + settled)
    if settled == "needs_decision":
        return words("next.decide")
    if missing:
        return words("next.open", count=str(missing))
    if interview.spans[answer.question.offer] == (0, 0):
        return words("next.nothing")
    if answer.nature == "inform":
        return words("next.inform")
    first = [one.body for one in verifiers if one.first]
    if first:
        return words("next.recognise", bodies=wording.both(lambda lang: fmt.listed([one[lang] for one in first], lang)))
    if not settled and any(form in (TOTAL, COUNT) for _, form in interview.reads(answer.question.offer).sums):
        return words("next.list")
    return _apply(answer)


def _apply(answer: Determination) -> Words:
    window = answer.ladder.window
    if window is None:
        return words("next.apply")
    return words("next.apply_by", day=wording.both(lambda lang: fmt.day(min(window[1], answer.ladder.valid[1]), lang)))


def _after_closing(interview: Interview, answer: Determination) -> Words:
    on, window, offer = answer.question.on, answer.ladder.window, answer.question.offer
    if answer.closed_because == "window" and window and on < window[0]:
        return words("next.closed_before", day=wording.both(lambda lang: fmt.day(window[0], lang)))
    later = [(span, guide) for guide in interview.programme.model.guides.values()
             if (span := _opening(guide, offer)) is not None and span[0] > on]  # fmt: skip
    if not later:
        return words("next.closed")
    span, guide = min(later, key=lambda one: one[0])
    return words(
        "next.guide",
        guide=wording.both(lambda lang: overlay_name(guide, lang)),
        period=wording.both(lambda lang: fmt.period(*span, lang)),
    )


def _opening(guide: Overlay, offer: str) -> tuple[int, int] | None:
    if offer not in (guide.opens or ()) or offer in guide.closes:
        return None
    return guide.windows.get(offer, (guide.start, guide.end))
