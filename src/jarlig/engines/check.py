"""The check of a programme (校验): what is wrong, what is doubtful, what is proven and what is not.

Every offer is compiled under every guide and place, which proves that each document stays within the one above it;
then each ladder is looked at for all facts, each worked case is run, and the notice's text, if at hand, is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jarlig.engines.answer import Desk
from jarlig.engines.cases import run_cases
from jarlig.engines.check_files import check_files
from jarlig.engines.check_offers import OfferCheck
from jarlig.engines.findings import PROVED, CheckReport, Finding, Ledger
from jarlig.engines.witness import Search
from jarlig.ladder.steps import Ladder, Words
from jarlig.policy import model
from jarlig.policy.messages import PolicyError
from jarlig.policy.notice import check_notice
from jarlig.policy.plans import Plan, layers

#: Called with a word about what is being done now.
Progress = Callable[[str], None]
Setting = tuple[model.Overlay | None, tuple[model.Overlay, ...]]


def check(
    programme: model.Programme,
    notice: str | None = None,
    notice_file: str = "notice",
    progress: Progress | None = None,
) -> CheckReport:
    """Everything that can be said of a programme without any case of an enterprise.

    Args:
        programme: a programme that could be read.
        notice: the notice's text, if it is at hand.
        notice_file: how messages call it.
        progress: told what is being done.

    Raises:
        PolicyError: when the case files cannot be read.
    """
    say = progress or (lambda what: None)
    desk, ledger = Desk(programme), Ledger()
    ladders: list[Ladder] = []
    for guide, places in settings(programme):
        plan = Plan(programme, guide, places)
        for offer in programme.offers.values():
            say(f"{offer.offer}{_where(guide, places).en}")
            ladder = _compiled(plan, offer, ledger)
            if ladder is not None:
                ladders.append(ladder)
                if guide is not None and _concerns(offer, places):
                    _look(desk, offer, ladder, guide, places, ledger)
    if not ledger.problems:
        count = len(ladders)
        says = Words(f"{count} 种组合均在上级文件之内", f"all {count} combinations lie within the documents above them")
        ledger.findings.append(Finding("", Words("", ""), "within_notice", PROVED, says))
    check_files(programme, ladders, ledger)
    if notice is not None:
        say(notice_file)
        for told in check_notice(programme, notice, notice_file):
            ledger.tell(told)
    cases = run_cases(programme, lambda name, held: say(name), desk)
    for told in cases.problems:
        ledger.tell(told)
    problems = PolicyError(tuple(ledger.problems)).with_sources(programme.files).problems
    return CheckReport(
        tuple(told for told in problems if told.severity == "error"),
        tuple(told for told in problems if told.severity == "warning"),
        tuple(ledger.findings),
        len(ladders),
        cases,
        tuple(ledger.counterexamples),
    )


def settings(programme: model.Programme) -> Iterator[Setting]:
    """The notice alone, each guide alone, and each guide with the rules of each place, on those of wider places."""
    yield None, ()
    for guide in programme.guides.values():
        yield guide, ()
        for place in programme.locals.values():
            for places in layers(programme, place, guide.start, guide.end):
                yield guide, places


def _compiled(plan: Plan, offer: model.Offer, ledger: Ledger) -> Ladder | None:
    try:
        return plan.ladder(offer.offer)
    except PolicyError as error:
        for told in error.problems:
            ledger.tell(told)
        return None


def _concerns(offer: model.Offer, places: tuple[model.Overlay, ...]) -> bool:
    """Whether a place's rules say anything of an offer; where they do not, the guide alone was looked at."""
    if not places:
        return True
    place = places[-1]
    named = (place.closes, place.fill, place.lower, place.raise_, place.narrow)
    return bool(place.gates) or any(offer.offer in group for group in named)


def _look(
    desk: Desk,
    offer: model.Offer,
    ladder: Ladder,
    guide: model.Overlay,
    places: tuple[model.Overlay, ...],
    ledger: Ledger,
) -> None:
    """Look at a ladder on the first day on which the notice, the guide and the place's rules all hold."""
    first, last = ladder.window or ladder.valid
    on = max(first, ladder.valid[0], *(place.start for place in places))
    if on > min(last, ladder.valid[1], *(place.end for place in places)):
        return
    at = places[-1].at if places else _somewhere(desk, offer, guide, on)
    plan = desk.plans.plan(on, guide.year, at)
    OfferCheck(offer, plan.ladder(offer.offer), _where(guide, places), Search(desk, plan, ladder, on, at), ledger).run()


def _somewhere(desk: Desk, offer: model.Offer, guide: model.Overlay, on: int) -> str:
    """A place of application without rules of its own: one of those a pool is shared among, or any other."""
    region = desk.programme.region[:2]
    anywhere = [f"{region}{league:02d}00" for league in range(1, 100)]
    for code in (*(offer.pool.among if offer.pool else ()), *anywhere):
        if not desk.plans.plan(on, guide.year, code).places:
            return code
    return ""


def _where(guide: model.Overlay | None, places: tuple[model.Overlay, ...]) -> Words:
    """How messages name a guide and a place."""
    if guide is None:
        return Words("（仅公文）", " (notice alone)")
    there = "、".join(place.id for place in places)
    english = ", ".join(("", *(place.id for place in places)))
    zh = f"（{guide.year} 年指南{'，' + there if there else ''}）"
    return Words(zh, f" (guide {guide.year}{english})")
