"""All properties of one offer under one guide and place, in the order in which they build on each other."""

from __future__ import annotations

from collections.abc import Callable

from jarlig.engines.answer import Desk
from jarlig.engines.candidates import constant
from jarlig.engines.check_settings import Stand
from jarlig.engines.findings import NOT_PROVED, PROVED
from jarlig.engines.proof.bounds import always_a_figure, ceilings, exceptions, never_negative
from jarlig.engines.proof.encode import Unsupported
from jarlig.engines.proof.judge import Judge
from jarlig.engines.proof.moves import moves
from jarlig.engines.proof.proof import Found, Proof
from jarlig.engines.proof.reach import NOBODY, NOT_HERE, can_pay, figures
from jarlig.engines.proof.splitting import splitting
from jarlig.engines.proof.standing import Standing
from jarlig.engines.proof.within import says_within, within
from jarlig.ladder.steps import Ladder, Words

#: A property and what it is called when its ladder holds what no proof is made of.
_NAMES = {
    "can_pay": Words("能否获得", "whether anybody can get it"),
    "ceiling": Words("不超过上限", "never above its cap"),
    "never_negative": Words("不会为负", "never negative"),
    "total": Words("事实齐全时必有数额", "known facts always give one figure"),
    "within": Words("在上级文件之内", "within the document above"),
    "exceptions": Words("例外互不重叠", "the exceptions never overlap"),
    "monotone": Words("支出增加，奖补不减", "more cost never pays less"),
    "reachable": Words("所写数额都可能适用", "every figure written can apply"),
    "splitting": Words("项目拆分", "splitting a project"),
}


def prove(desk: Desk, stand: Stand, seconds: float) -> list[Found]:
    """What is found of an offer: a paying case first, and without one nothing more is claimed."""
    proof = Proof(Standing(desk, stand), Judge(seconds))
    _pools(proof)
    reached = _asked(proof, "can_pay", lambda: can_pay(proof))
    if reached in (NOBODY, NOT_HERE):
        return proof.found
    _asked(proof, "ceiling", lambda: ceilings(proof))
    _asked(proof, "never_negative", lambda: never_negative(proof))
    _asked(proof, "total", lambda: always_a_figure(proof))
    costs = _asked(proof, "monotone", lambda: moves(proof))
    if proof.open:
        _asked(proof, "exceptions", lambda: exceptions(proof))
        _asked(proof, "reachable", lambda: figures(proof))
        _asked(proof, "splitting", lambda: splitting(proof, costs if isinstance(costs, list) else []))
    return proof.found


def compare(desk: Desk, stand: Stand, above: Ladder, seconds: float) -> list[Found]:
    """How an offer lies within the document above: ``above`` is its ladder there, by the notice or by the guide."""
    name = Words("指南", "guide") if stand.places else Words("公文", "notice")
    if above == stand.ladder:
        return [Found("within", PROVED, says_within(name))]
    proof = Proof(Standing(desk, stand), Judge(seconds))
    _asked(proof, "within", lambda: within(proof, above, name))
    return proof.found


def _asked(proof: Proof, subject: str, ask: Callable[[], object]) -> object:
    try:
        return ask()
    except Unsupported as error:
        name = _NAMES[subject]
        words = Words(f"{name.zh}，未能证明：{error}", f"{name.en}: not proved: {error}")
        proof.find(subject, NOT_PROVED, words)
        return None


def _pools(proof: Proof) -> None:
    """A pool that is known to be too small for its floors is told with the sources that pull apart."""
    for doubt in proof.ladder.doubts:
        if constant(doubt.node) is True:
            cites = ", ".join(cite.text for cite in doubt.cites)
            values = {"zh": doubt.label.zh, "en": doubt.label.en, "cites": cites}
            proof.found.append(Found("", "", doubt.label, "E946", doubt.name, values=values))
