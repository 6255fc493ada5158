"""What each of the eight outcomes comes to in one sentence, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jarlig.policy.model import Overlay
from jarlig.words import fmt
from jarlig.words.case import Case


def verdict(case: Case) -> str:
    """The sentence after the name of the outcome."""
    return _VERDICTS[case.answer.outcome](case)


def next_steps(case: Case) -> Iterator[str]:
    """What the reader can do now: another date, the next guide, a correction, whom to ask."""
    outcome = case.answer.outcome
    if outcome == "lapsed":
        yield from _after_lapse(case)
    elif outcome == "closed":
        yield from _after_closing(case)
    elif outcome == "not_eligible":
        yield case.say("next.refused")
    elif outcome == "awaiting_guide":
        yield case.say("next.awaiting")
    bodies = [case.body(body) for body in case.offer.bodies if case.body(body)]
    if bodies and outcome != "award":
        yield case.say("next.ask", bodies=fmt.listed(bodies, case.lang))


def _award(case: Case) -> str:
    if case.answer.amount == 0:
        return case.say("award.nil.inform" if case.answer.nature == "inform" else "award.nil")
    key = "award.inform" if case.answer.nature == "inform" else "award"
    return case.say(key, amount=_money(case, case.answer.amount))


def _range(case: Case) -> str:
    low, high = case.answer.low, case.answer.high
    if high is None:
        return case.say("range.open", low=_money(case, low))
    if low == high:
        return case.say("range.about" if case.rough else "range.point", low=_money(case, low))
    told = case.say("range", low=_money(case, low), high=_money(case, high))
    return case.say("list_stop").join([told, case.say("range.rough")]) if case.rough else told


def _money(case: Case, fen: int | None) -> str:
    return case.say("unknown") if fen is None else fmt.money(fen, case.lang)


def _awaiting(case: Case) -> str:
    if case.answer.ladder.state == "no_guide":
        return case.say("awaiting.no_guide", day=_asked_on(case))
    return case.say("awaiting.terms")


def _refused(case: Case) -> str:
    count = len(case.answer.refused)
    return case.say("not_eligible.one" if count == 1 else "not_eligible", count=str(count))


def _closed(case: Case) -> str:
    window = case.answer.ladder.window
    if case.answer.closed_because == "window" and window:
        key = "closed.before" if case.answer.question.on < window[0] else "closed.after"
        first, last = (fmt.day(day, case.lang) for day in window)
        return case.say(key, guide=_guide(case), first=first, last=last, day=_asked_on(case))
    place = next((place for place in case.plan.places if case.offer.offer in place.closes), None)
    if place is not None:
        return case.say("closed.by_place", guide=case.guide_name(place))
    return case.say("closed.not_opened", guide=_guide(case))


def _lapsed(case: Case) -> str:
    first, last = case.answer.ladder.valid
    early = case.answer.question.on < first
    key = "lapsed.before" if early else "lapsed.after"
    return case.say(key, first=fmt.day(first, case.lang), last=fmt.day(last, case.lang), day=_asked_on(case))


def _guide(case: Case) -> str:
    guide = case.plan.guide
    return case.guide_name(guide) if guide else case.say("head.no_guide")


def _asked_on(case: Case) -> str:
    return fmt.day(case.answer.question.on, case.lang)


def _after_lapse(case: Case) -> Iterator[str]:
    first, last = case.answer.ladder.valid
    day = last if case.answer.question.on > last else first
    yield case.say("next.valid_on" if day == last else "next.on", day=fmt.iso(day))


def _after_closing(case: Case) -> Iterator[str]:
    """A date inside the window that was missed, and the next guide that opens the offer."""
    on, window = case.answer.question.on, case.answer.ladder.window
    if case.answer.closed_because == "window" and window:
        yield case.say("next.on", day=fmt.iso(window[0] if on < window[0] else window[1]))
    others = [guide for guide in case.programme.guides.values() if guide is not case.plan.guide]
    opened = [(_opening(case, guide), guide) for guide in others]
    later = [(span, guide) for span, guide in opened if span and span[0] > on]
    if later:
        span, guide = min(later, key=lambda found: found[0])
        yield case.say("next.guide", guide=case.guide_name(guide), period=fmt.period(*span, case.lang))
    elif not (window and on < window[0] and case.answer.closed_because == "window"):
        yield case.say("next.no_guide")


def _opening(case: Case, guide: Overlay) -> tuple[int, int] | None:
    """The window in which a guide opens the offer; None when it does not."""
    name = case.offer.offer
    if name not in (guide.opens or ()) or name in guide.closes:
        return None
    return guide.windows.get(name, (guide.start, guide.end))


_VERDICTS: dict[str, Callable[[Case], str]] = {
    "award": _award,
    "range": _range,
    "undetermined": lambda case: case.say("undetermined"),
    "awaiting_guide": _awaiting,
    "needs_decision": lambda case: case.say("needs_decision"),
    "not_eligible": _refused,
    "closed": _closed,
    "lapsed": _lapsed,
}
