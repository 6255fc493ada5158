"""Tiny programmes and single offers of them in the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.tiny import tiny

from jarlig.engines.answer import Desk
from jarlig.engines.check_settings import Stand, concerns, days, settings, somewhere
from jarlig.engines.proof.judge import Judge
from jarlig.engines.proof.offer import compare, prove
from jarlig.engines.proof.proof import Found, Proof
from jarlig.engines.proof.standing import Standing
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import Ladder, Step, Words
from jarlig.policy.model import Programme
from jarlig.policy.plans import Plan

MEASURES, GUIDE, LOCAL, CASES = "measures/01.yaml", "guides/2023.yaml", "local/1502.yaml", "cases/01.yaml"
PROGRAMME = "programme.yaml"
Edit = tuple[str, str, str]

SCORE = """\
  amount:
    of: score
    bands: {"under 60": 0, "60 to under 80": 100_000, "from 80": 300_000}
  cap: 300_000
"""
SCORE_FACT = """\
    score:
      quantity: {unit: point, most: 100}
      title: {zh: 评分, en: score}
      evidence: list
      verified_by: commerce
"""
TOTAL = '    - {amount: 6_000_000, per: enterprise, over: validity, cites: "1.2", reading: r-1}\n'
PARTS = """\
    parts:
      rows: {most: 100}
      title: {zh: 明细, en: parts}
      evidence: list
      verified_by: commerce
      columns:
        good: {yes_no: {}, title: {zh: 良, en: good}}
        kind: {choice: {a: {zh: 甲, en: a}, b: {zh: 乙, en: b}}, title: {zh: 种类, en: kind}}
        cost: {money: {}, title: {zh: 费用, en: cost}}
        other: {money: {}, title: {zh: 其他费用, en: other cost}}
"""


def fact(name: str, kind: str = "money: {}") -> str:
    """A fact of offer 2 with evidence and someone who verifies it."""
    return f"    {name}: {{{kind}, title: {{zh: 事实{name}, en: {name}}}, evidence: list, verified_by: commerce}}\n"


def with_formula(facts: str, formula: str) -> tuple[Edit, Edit]:
    """Offer 2 with other facts and another formula."""
    return (MEASURES, SCORE_FACT, facts), (MEASURES, SCORE, formula)


def stands(programme: Programme) -> list[tuple[Stand, Ladder]]:
    """Every offer under every guide and place, with the ladder of the document above."""
    desk, found = Desk(programme), []
    for guide, places in settings(programme):
        if guide is None:
            continue
        plan, above = Plan(programme, guide, places), Plan(programme, guide if places else None, places[:-1])
        for offer in programme.offers.values():
            ladder = plan.ladder(offer.offer)
            period = days(ladder, places)
            if period is not None and concerns(offer, places):
                at = places[-1].at if places else somewhere(desk.plans, offer, guide, period[0])
                found.append((Stand(offer, ladder, guide, places, *period, at), above.ladder(offer.offer)))
    return found


def stand_of(programme: Programme, offer: str = "2") -> tuple[Stand, Ladder]:
    """An offer under the guide alone."""
    return next(one for one in stands(programme) if one[0].offer.offer == offer and not one[0].places)


def proof_of(folder: Path, edits: Sequence[Edit], offer: str = "2", seconds: float = 5) -> Proof:
    """An offer of the tiny programme in the solver."""
    programme = tiny(folder, *edits, drop=(CASES,))
    return Proof(Standing(Desk(programme), stand_of(programme, offer)[0]), Judge(seconds))


def found_in(folder: Path, edits: Sequence[Edit], offer: str = "2", seconds: float = 5) -> list[Found]:
    """What is found of an offer of the tiny programme."""
    programme = tiny(folder, *edits, drop=(CASES,))
    stand, above = stand_of(programme, offer)
    found = prove(Desk(programme), stand, seconds)
    if all(one.subject == "can_pay" for one in found):
        return found
    return [*found, *compare(Desk(programme), stand, above, seconds)]


def of(found: list[Found], subject: str) -> list[tuple[str, str]]:
    """The findings of one subject."""
    return [(one.status, one.says.en) for one in found if one.subject == subject]


def with_ladder(programme: Programme, change: Ladder) -> Desk:
    """A desk whose offer 2 climbs another ladder than its files say: what no file can say, a proof must still see."""
    desk = Desk(programme)
    stand, _ = stand_of(programme)
    plan = desk.plans.plan(stand.first, stand.guide.year, stand.at)
    plan._ladders["2"] = change
    return desk


def proved_with(folder: Path, award: n.Node, *facts: Edit) -> list[Found]:
    """What is found of offer 2 when one node is its formula and its award."""
    programme = tiny(folder, *facts, drop=(CASES,))
    stand, _ = stand_of(programme)
    steps = [step for step in stand.ladder.steps if step.role == "gate"]
    words = Words("", "")
    made = (*steps, Step("formula", "formula", award, words), Step("award", "award", award, words))
    ladder = replace(stand.ladder, steps=made)
    return prove(with_ladder(programme, ladder), replace(stand, ladder=ladder), 5)


SCORED = n.Fact("score", Number((("point", 1),), 0, 0, 100))
