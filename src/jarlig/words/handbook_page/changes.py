"""What a guide or a place sets for an offer: terms filled, figures changed, found by comparing two ladders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import Step
from jarlig.words import fmt
from jarlig.words.handbook_page.figures import bare
from jarlig.words.handbook_page.rules import Rule

_CARRIERS = ("kept", "capped", "floored", "limited", "remaining", "award", "gate", "part_gate")


@dataclass(frozen=True)
class Change:
    """One figure that differs: what it is called, its new value, and the former one (empty for a term filled)."""

    what: str
    after: str
    before: str = ""


def changes(before: Rule, after: Rule) -> list[Change]:
    """What the plan of ``after`` changes in the offer, told once each, in the order of the steps."""
    earlier = {step.name: step for step in before.ladder.steps}
    found: list[Change] = []
    for step in after.ladder.steps:
        if step.role not in _CARRIERS and step.name in earlier:
            found += _Differ(before, after, step).pairs(earlier[step.name].node, step.node, "")
    return list(dict.fromkeys(found))


class _Differ:
    def __init__(self, before: Rule, after: Rule, step: Step) -> None:
        self.before, self.after, self.step = before, after, step

    def pairs(self, old: n.Node, new: n.Node, case: str, of: str = "") -> Iterator[Change]:
        """Both trees walked side by side down to where they part."""
        old, new = bare(old), bare(new)
        if old == new or _same(old, new):
            return
        if isinstance(old, n.Open):
            what = self.before.speaker.term(old.term)
            yield Change(self._sentence(what), self.after.figures.brief(new))
        elif isinstance(old, n.Literal) and isinstance(new, n.Literal):
            what = self.after.book.say("comma").join(filter(None, [of or self._called(), case]))
            yield Change(self._sentence(what), self.after.speaker.phrase(new), self.before.speaker.phrase(old))
        elif isinstance(old, n.Choose) and isinstance(new, n.Choose):
            values = dict(old.table)
            for name, value in new.table:
                if name in values:
                    label = self.after.speaker.value(name, new.by.kind, new.by)
                    yield from self.pairs(values[name], value, label, of)
        elif type(old) is type(new) and not isinstance(old, n.StepRef):
            olds, news = list(n.children(old)), list(n.children(new))
            if isinstance(new, n.Within | n.Compare):
                of = self.after.speaker.phrase(bare(news[0]))
            if len(olds) == len(news):
                for one, other in zip(olds, news, strict=True):
                    yield from self.pairs(one, other, case, of)

    def _called(self) -> str:
        book, role = self.after.book, self.step.role
        if role == "formula":
            return book.say("rung.amount")
        if role == "limit":
            return book.words("place.limit")
        return self.step.label[book.lang]

    def _sentence(self, what: str) -> str:
        return fmt.sentence(what, self.after.book.lang)


def _same(old: n.Node, new: n.Node) -> bool:
    """Two written numbers that differ only in how many decimals they carry."""
    if not (isinstance(old, n.Literal) and isinstance(new, n.Literal)):
        return False
    a, b = old.kind, new.kind
    if not (isinstance(a, Number) and isinstance(b, Number)):
        return old.value == new.value
    assert isinstance(old.value, int) and isinstance(new.value, int)
    scale = max(a.scale, b.scale)
    return a.unit == b.unit and old.value * 10 ** (scale - a.scale) == new.value * 10 ** (scale - b.scale)
