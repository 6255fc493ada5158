"""What stands around the table of a match: for which day, guide and place it holds, and how far it can be relied on."""

from __future__ import annotations

from collections.abc import Sequence

from jarlig.engines.answer import Determination
from jarlig.words import fmt
from jarlig.words.case import Case


def head(answers: Sequence[Determination], lang: str) -> tuple[str, str]:
    """The programme with its document number; and the day, the place and the documents that governed."""
    case = Case(answers[0], lang)
    asked, guide = answers[0].question, case.plan.guide
    named = case.guide_name(guide) if guide else case.say("head.no_guide")
    context = [case.say("head.applied", day=fmt.day(asked.on, lang))]
    if asked.at:
        context.append(case.say("head.at", at=case.place(asked.at)))
    context.append(case.say("head.what_if", guide=named) if asked.what_if else named)
    context += map(case.guide_name, case.plan.places)
    stop = case.say("head.stop")
    return stop.join([case.programme_name(), case.programme.document.number]), stop.join(context)


def notes(answers: Sequence[Determination], lang: str) -> list[str]:
    """That it is an estimate, and what in it is only illustrative."""
    case = Case(answers[0], lang)
    told = [case.say("note.estimate")]
    if not answers[0].question.at and case.programme.locals:
        told.append(case.say("note.no_place"))
    samples = case.sample_names()
    if samples:
        told.append(case.say("note.samples", names=fmt.listed(samples, lang)))
    return told
