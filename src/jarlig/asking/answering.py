"""From what a person says to what is known: each question's answer read, checked, kept plain, and said again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jarlig.asking import earlier, reading, wording
from jarlig.asking.reading import MOST_ITEMS, Plain, Unreadable, Wanted
from jarlig.asking.sayings import words
from jarlig.asking.topics import BUILT_IN, COUNT, HISTORY, PLACE, SHORTLIST, TOTAL, Topic
from jarlig.ladder.kinds import CNY, Division, Number, Rows
from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place, PolicyError, problem, visible
from jarlig.policy.model import FactDef

if TYPE_CHECKING:
    from jarlig.asking.interview import Interview

_MOST_FEN = 10**16


def definition(interview: Interview, topic: Topic) -> FactDef | None:
    """What a programme says of the fact, as the guide and the place fill it; None for what is no fact of it."""
    for offer in topic.offers or interview.programme.offers:
        found = interview.plan.fact_defs(offer).get(topic.name)
        if found is not None:
            return found
    return None


def wanted(interview: Interview, topic: Topic) -> Wanted:
    """What an answer must be."""
    region = interview.programme.model.region
    if topic.form == PLACE:
        return Wanted(Division("county"), {}, region=region)
    if topic.name in BUILT_IN:
        return Wanted(BUILT_IN[topic.name], {})
    fact = definition(interview, topic)
    assert fact is not None
    if topic.form == TOTAL:
        return Wanted(Number(CNY, 2, -_MOST_FEN, _MOST_FEN), {})
    if topic.form == COUNT:
        assert isinstance(fact.kind, Rows)
        return Wanted(Number((), 0, 0, fact.kind.most), {})
    return Wanted(fact.kind, fact.labels, fact.or_none, wording.unit(interview, fact.kind), region)


def answer(
    interview: Interview, topic: Topic, value: str | Mapping[str, Any] | Sequence[Any] | None, typed: bool = True
) -> Plain | None:
    """The plain value of an answer; None when it says that the person does not know.

    A text is taken as a person typed it, or where it was not ``typed`` as the plain value that was kept.

    Raises:
        PolicyError: E971 with what is wrong and how to write it.
    """
    if value is None:
        return None
    try:
        if isinstance(value, str) and typed:
            return None if reading.is_unknown(value) else _read(interview, topic, value)
        return _checked(interview, topic, value if isinstance(value, str) else _plain(value))
    except Unreadable as error:
        shown = visible(value if isinstance(value, str) else repr(value), 60)
        title = wording.title(interview, topic)
        place = Place(topic.id, 0, 0)
        raise PolicyError((problem("E971", place, shown, title=title, zh=error.said.zh, en=error.said.en),)) from error


def fits(interview: Interview, topic: Topic, value: Plain | None) -> bool:
    """Whether an answer is one where the application is made; a place may offer other options than another."""
    try:
        answer(interview, topic, value, typed=False)
    except PolicyError:
        return False
    return True


def _read(interview: Interview, topic: Topic, text: str) -> Plain:
    if topic.form == HISTORY:
        return earlier.read(interview.programme.model, text)
    if topic.form == SHORTLIST:
        return reading.several(reading.clean(text), choices(interview))
    return reading.read(wanted(interview, topic), text)


def _checked(interview: Interview, topic: Topic, value: Any) -> Plain:
    if topic.form == HISTORY:
        return earlier.check(interview.programme.model, value)
    if topic.form == SHORTLIST:
        if not isinstance(value, list) or len(value) > MOST_ITEMS + len(interview.programme.offers):
            raise Unreadable(words("bad.shape"))
        for offer in value:
            if not isinstance(offer, str) or offer not in interview.programme.offers:
                raise Unreadable(words("bad.offer", offer=str(offer)[:40]))
        return list(dict.fromkeys(value))
    return reading.check(wanted(interview, topic), value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, list | tuple):
        raise Unreadable(words("bad.shape"))
    return [dict(item) if isinstance(item, Mapping) else item for item in list(value)[: MOST_ITEMS * 10]]


def choices(interview: Interview) -> dict[str, Words]:
    """The offers to choose from: those that an applicant could get, as far as is known."""
    model = interview.programme.model
    return {
        name: offer.title
        for name, offer in model.offers.items()
        if interview.settled(name) in ("", "set_aside", "award", "fixed", "needs_decision")
    }


def fact_value(topic: Topic, value: Plain, before: Any) -> Any:
    """An answer as a facts file spells it; the total and the count of one list stand in one mapping."""
    if topic.form not in (TOTAL, COUNT):
        return value
    told = before if isinstance(before, dict) else {}
    if topic.form == COUNT:
        return {**told, "count": value}
    return {**told, **(value if isinstance(value, dict) else {"from": value, "to": value})}


def history(interview: Interview, value: Any, stand_ins: bool = True) -> list[dict[str, str]]:
    """Earlier awards as rows; the applicant's own identity stands on them, made up while it is not known."""
    model = interview.programme.model
    keys: dict[str, str] = {}
    for name in dict.fromkeys(key for subject in model.subjects.values() for key in subject):
        own = interview.answers.get(name) if name in model.facts else None
        if isinstance(own, str):
            keys[name] = own
        elif stand_ins and name in model.facts:
            made = next(
                (found for offer in model.offers if (found := interview.reads(offer).identities.get(name))), None
            )
            if made is not None:
                keys[name] = made
    return earlier.as_history(value, keys)


def said(interview: Interview, topic: Topic, value: Plain | None, lang: str) -> str:
    """An answer as people write it."""
    return wording.said(interview, topic, value, lang)
