"""The check of a programme (校验): what is wrong, what is doubtful, what is proven and what is not.

Every offer is compiled under every guide and place, which proves that each document stays within the one above it;
then each ladder is looked at for all facts, each worked case is run, and the notice's text, if at hand, is compared.
"""

from __future__ import annotations

from collections.abc import Callable

from jarlig.engines.answer import Desk
from jarlig.engines.cases import run_cases
from jarlig.engines.check_files import check_files
from jarlig.engines.check_offers import OfferCheck
from jarlig.engines.check_settings import Stand, concerns, days, settings, somewhere, where
from jarlig.engines.findings import PROVED, CheckReport, Finding, Ledger
from jarlig.engines.witness import Search
from jarlig.ladder.steps import Ladder, Words
from jarlig.policy import model
from jarlig.policy.messages import PolicyError
from jarlig.policy.notice import check_notice
from jarlig.policy.plans import Plan

Documents = tuple[str, ...]
#: Called with a word about what is being done now.
Progress = Callable[[str], None]


def check(
    programme: model.Programme,
    notice: str | None = None,
    notice_file: str = "notice",
    progress: Progress | None = None,
    seconds: float | None = None,
) -> CheckReport:
    """Everything that can be said of a programme without any case of an enterprise.

    Args:
        programme: a programme that could be read.
        notice: the notice's text, if it is at hand.
        notice_file: how messages call it.
        progress: told what is being done.
        seconds: prove every property for all facts, each within so many seconds; needs the solver of the extra
            ``prove``. Without it, properties are read from the ladders, and what that does not settle is searched.

    Raises:
        PolicyError: when the case files cannot be read.
    """
    say = progress or (lambda what: None)
    desk, ledger = Desk(programme), Ledger()
    ladders: list[Ladder] = []
    plans: dict[Documents, Plan] = {}
    proofs = None
    if seconds is not None:
        from jarlig.engines.proof.programme import Proofs

        proofs = Proofs(desk, seconds)
    for guide, places in settings(programme):
        plan = plans[_key(guide, places)] = Plan(programme, guide, places)
        for offer in programme.offers.values():
            say(f"{offer.offer}{where(guide, places).en}")
            ladder = _compiled(plan, offer, ledger)
            if ladder is not None:
                ladders.append(ladder)
                stand = None
                if guide is not None and concerns(offer, places):
                    stand = _stand(desk, offer, ladder, guide, places)
                if stand is not None and proofs is None:
                    _look(desk, stand, ledger)
                elif stand is not None and proofs is not None:
                    proofs.add(stand, _above(plans, stand))
    if proofs is not None:
        proofs.run(ledger, say)
    if not ledger.problems:
        count = len(ladders)
        says = Words(f"{count} 种组合均在上级文件之内", f"all {count} combinations lie within the documents above them")
        ledger.findings.append(Finding("", Words("", ""), "within_notice", PROVED, says))
    check_files(programme, ladders, ledger, proofs.evidence(ledger) if proofs is not None else None)
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
        proofs is not None,
    )


def _compiled(plan: Plan, offer: model.Offer, ledger: Ledger) -> Ladder | None:
    try:
        return plan.ladder(offer.offer)
    except PolicyError as error:
        for told in error.problems:
            ledger.tell(told)
        return None


def _key(guide: model.Overlay | None, places: tuple[model.Overlay, ...]) -> Documents:
    return (guide.source if guide else "", *(place.source for place in places))


def _above(plans: dict[Documents, Plan], stand: Stand) -> Ladder:
    """The ladder of the same offer under the document above: the wider place's rules, the guide, or the notice."""
    above = _key(stand.guide, stand.places[:-1]) if stand.places else _key(None, ())
    return plans[above].ladder(stand.offer.offer)


def _look(desk: Desk, stand: Stand, ledger: Ledger) -> None:
    """Look at a ladder on the first day on which the notice, the guide and the place's rules all hold."""
    plan = desk.plans.plan(stand.first, stand.guide.year, stand.at)
    search = Search(desk, plan, stand.ladder, stand.first, stand.at)
    OfferCheck(stand.offer, plan.ladder(stand.offer.offer), stand.where, search, ledger).run()


def _stand(
    desk: Desk, offer: model.Offer, ladder: Ladder, guide: model.Overlay, places: tuple[model.Overlay, ...]
) -> Stand | None:
    """An offer under a guide and a place's rules; None when they never hold on one day."""
    period = days(ladder, places)
    if period is None:
        return None
    at = places[-1].at if places else somewhere(desk.plans, offer, guide, period[0])
    return Stand(offer, ladder, guide, places, *period, at)
