"""The rule of an offer in words: who can get it, how much in one line, and the sum step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jarlig.ladder import nodes as n
from jarlig.ladder.steps import Step
from jarlig.policy import model
from jarlig.policy.plans import Plan
from jarlig.words import fmt
from jarlig.words.handbook_page.book import Book, Line, Link
from jarlig.words.handbook_page.ceilings import ceiling
from jarlig.words.handbook_page.counts import every_step
from jarlig.words.handbook_page.figures import Figures, Table, bare
from jarlig.words.naming import division_name

#: The badge of each kind of step (算阶), in Chinese and as a sign.
BADGES = {
    "zh": {"base": "基", "rate": "率", "each": "价", "formula": "算", "part": "项", "cap": "顶", "less": "减",
           "limit": "限", "floor": "底", "round": "整", "award": "奖"},
    "en": {"base": "Σ", "rate": "×", "each": "×", "formula": "=", "part": "+", "cap": "≤", "less": "\u2212",
           "limit": "≤", "floor": "≥", "round": "≈", "award": "="},
}  # fmt: skip
#: Gates whose label says only the count: their own sentence is made from the limit.
_FROM_HISTORY = ("limit.", "after", "exclusive")


@dataclass(frozen=True)
class Rung:
    """One step of the rule: its badge, what happens, notes below it, its figure, and what it rests on."""

    badge: str
    text: str
    notes: tuple[str, ...]
    figure: str
    cites: tuple[Link, ...]
    open: bool = False


class Rule:
    """An offer under one plan, told."""

    def __init__(self, book: Book, plan: Plan, name: str) -> None:
        self.book, self.plan, self.say = book, plan, book.say
        self.offer: model.Offer = plan.offer(name)
        self.ladder = plan.ladder(name)
        self.speaker = book.speaker(plan, name)
        self.figures = Figures(book, self.speaker, self.ladder)
        self.badges = BADGES[book.lang]

    # who

    def gates(self) -> Iterator[Line]:
        """The conditions that the notice itself sets on who can get it."""
        for name in self.ladder.gates:
            step = self.ladder.step(name)
            if not step.key.startswith(("guide_gates", "local_gates")):
                yield self.gate(step)

    def later(self) -> Iterator[Line]:
        """What allocation decides by the notice itself: a number of awards, a ranking, a factor method."""
        for condition in self.ladder.conditions:
            if not condition.name.startswith("pool_"):
                text = fmt.sentence(condition.says[self.book.lang], self.book.lang)
                yield Line(text, self.book.links(condition.cites))

    def gate(self, step: Step) -> Line:
        """One condition with its citation."""
        text = self._from_history(step) if step.key.startswith(_FROM_HISTORY) else ""
        if step.key == "pool.among" and self.offer.pool:
            places = (division_name(code, self.book.lang) for code in self.offer.pool.among)
            text = self.say("among", places=self.book.listed(places))
        text = text or step.label[self.book.lang] or self.book.test(step.node, self.speaker)
        return Line(fmt.sentence(text, self.book.lang), self.book.links(step.cites))

    def _from_history(self, step: Step) -> str:
        if step.key == "after":
            return self.say("after", offers=self.book.listed(self.offer.after))
        if step.key == "exclusive" and self.offer.exclusive:
            return self.say("exclusive", offers=self.book.listed(self.offer.exclusive.offers))
        if not step.key.startswith("limit."):
            return ""
        limit = self.offer.limits[int(step.key.partition(".")[2]) - 1]
        earlier = next((node for node in n.walk(step.node) if isinstance(node, n.Earlier)), None)
        bound = next((node for node in n.children(step.node) if isinstance(node, n.Literal)), None)
        count = str(bound.value if bound else limit.awards or limit.years)
        if limit.years is not None:
            what = self.say("limit.years.row" if limit.in_a_row else "limit.years", count=count)
        else:
            what = self.say("limit.awards.one") if count == "1" else self.say("limit.awards", count=count)
        scope = self.book.say("comma").join(self._scope(earlier)) if earlier else ""
        return self.say("limit.scope", what=what, scope=scope) if scope else what

    def _scope(self, node: n.Earlier) -> Iterator[str]:
        """The window and the subject a limit counts by, and the offers counted together."""
        window = node.window
        if window.over == "validity":
            period = fmt.period(window.first, window.last, self.book.lang)
            yield self.book.words("window.validity", period=period)
        elif not (window.over == "ever" and node.streak):
            yield self.book.words("window." + window.over, months=str(window.months))
        if node.subject:
            keys = self.book.listed(self.speaker.title(key) for key, _ in node.subject)
            yield self.book.words("per_subject", keys=keys)
        if len(node.offers) > 1:
            yield self.book.words("across", offers=self.book.listed(node.offers))

    # how much

    def most(self) -> int | None:
        """The highest sum of one claim in fen, or None."""
        return ceiling(self.ladder)

    def formula(self) -> str:
        """How the sum comes about, in one line without caps."""
        offer, formula = self.offer, self.offer.formula
        if offer.pool is not None and formula is None:
            node = bare(self.ladder.step("pool").node)
            key = "how.pool.open" if isinstance(node, n.Open) else "how.pool"
            return self.say(key, amount=self.figures.value(node))
        if offer.parts:
            parts = (part.title[self.book.lang] for part in offer.parts)
            return self.say("how.parts", parts=self.book.listed(parts))
        if offer.for_each is not None:
            return self.say("how.rows", base=self._quoted(self.ladder.step("rows").label[self.book.lang]))
        if formula is not None and formula.rate is not None:
            return self._rated()
        if formula is not None and formula.each is not None:
            each = self._pending("each")
            rate = self.figures.value(each.node) if each else self.say("how.table")
            if formula.every is not None:
                return self.say("how.every", every=self.every(formula.every, "count"), rate=rate)
            return self.say("how.each", base=self._counted(), rate=rate)
        return self._lump(bare(self.ladder.step("formula").node))

    def _rated(self) -> str:
        base, rate = self._quoted(self._base_label()), self._pending("rate")
        node = bare(rate.node) if rate else None
        if node is None or next(self.figures.tabular(node), None) is not None:
            return self.say("how.rate.table", base=base)
        if isinstance(node, n.Open):
            return self.say("how.rate.open", base=base)
        return self.say("how.rate", base=base, rate=self.figures.value(node))

    def _lump(self, node: n.Node) -> str:
        if isinstance(node, n.Open):
            return self.say("how.amount.open")
        if next(self.figures.tabular(node), None) is not None:
            return self.say("how.amount.table")
        if isinstance(node, n.Judged):
            low, high = (self.speaker.figure(end, node.kind) for end in (node.kind.low, node.kind.high))
            return self.say("how.decide", low=low, high=high)
        if isinstance(node, n.Fact):
            return self.say("how.fact", base=self._quoted(self.speaker.phrase(node)))
        if not isinstance(node, n.Literal):
            return self.say("how.fact", base=self.speaker.phrase(node))
        return self.say("how.amount", amount=self.figures.value(node))

    def every(self, every: model.Every, name: str) -> str:
        """The step that is counted, in words; ``name`` is the step of the ladder that counts."""
        return every_step(self.book, self.speaker, every, bare(self.ladder.step(name).node))

    def _counted(self) -> str:
        node = bare(self.ladder.step("count").node)
        rows = isinstance(node, n.Sum)
        return self._quoted(self.ladder.step("count").label[self.book.lang]) if rows else self.speaker.phrase(node)

    def _base_label(self) -> str:
        step = self.ladder.step("base")
        node = bare(step.node)
        return step.label[self.book.lang] if isinstance(node, n.Sum | n.Case) else self.speaker.phrase(node)

    def _pending(self, name: str) -> Step | None:
        return next((step for step in self.ladder.steps if step.name == name), None)

    def _quoted(self, text: str) -> str:
        return self.say("quoted", text=text)

    # the steps

    def rungs(self) -> list[Rung]:
        """The steps that state a rule, those that only carry a figure on left out."""
        return [rung for step in self.ladder.steps for rung in self._rung(step)]

    def tables(self) -> list[Table]:
        """The tables of the steps, in their order."""
        found: list[Table] = []
        for step in self.ladder.steps:
            if step.role in ("gate", "part_gate", "part", "kept", "capped", "floored", "limited", "remaining"):
                continue
            what = self.book.words("place.rate") if isinstance(bare(step.node), n.Marginal) else self._called(step)
            what = fmt.sentence(self.of_part(step, what), self.book.lang)
            found += self.figures.tables(step.node, what)
        return found

    def _called(self, step: Step) -> str:
        if step.role == "base" and isinstance(bare(step.node), n.Case):
            return self._base_label()
        return step.label[self.book.lang]

    def _rung(self, step: Step) -> Iterator[Rung]:
        node = bare(step.node)
        if step.role in ("base", "count"):
            written = isinstance(node, n.Literal | n.Open | n.Choose | n.Banded | n.Case)
            yield self._made(step, "base", *self._base(step, node), node if written else None)
        elif step.name == "share":
            yield self._made(step, "rate", self.say("rung.share"), (), node)
        elif step.role in ("rate", "each"):
            yield self._made(step, step.role, self.say(f"rung.{'times' if step.role == 'rate' else 'each'}"), (), node)
        elif step.role == "formula":
            yield from self._formula_rung(step, node)
        elif step.role == "part":
            test = self._pending(step.name.removesuffix("_part") + "_when")
            notes = (self.say("rung.if", test=self.book.test(test.node, self.speaker)),) if test else ()
            yield self._made(step, "part", step.label[self.book.lang], notes, None)
        elif step.role in ("cap", "floor"):
            yield self._made(step, step.role, self.say("rung." + step.role), self._floor_notes(step), node)
        elif step.role == "limit":
            yield self._made(step, "limit", self.say("rung.limit"), self._limit_notes(step), node)
        elif step.role == "less" and not step.name.startswith("used_"):
            yield self._made(step, "less", self.say("rung.less", label=step.label[self.book.lang]), (), None)
        elif step.role == "award":
            yield self._made(step, "round", self.say("rung.round"), (), None)

    def _made(self, step: Step, role: str, text: str, notes: tuple[str, ...], node: n.Node | None) -> Rung:
        lang = self.book.lang
        figure = fmt.sentence(self.figures.value(node), lang) if node is not None else ""
        if step.name == "share" and isinstance(node, n.Fact):
            figure = self.say("share.later")
        told = fmt.sentence(self.of_part(step, text), lang)
        said = tuple(fmt.sentence(note, lang) for note in notes)
        cites = self.book.links(step.cites) if role != "round" else ()
        return Rung(self.badges[role], told, said, figure, cites, isinstance(node, n.Open))

    def of_part(self, step: Step, text: str) -> str:
        """A text with the component before it that the step belongs to."""
        for part in self.offer.parts:
            if step.name.startswith(part.name + "_") and step.role != "part":
                return self.book.words("of_part", part=part.title[self.book.lang], what=text)
        return text

    def _base(self, step: Step, node: n.Node) -> tuple[str, tuple[str, ...]]:
        label = step.label[self.book.lang]
        every = self.counts(step)
        if every:
            return self.say("rung.count"), (every,)
        if not isinstance(node, n.Sum):
            phrase = self.speaker.phrase(node)
            bare_figure = isinstance(node, n.Literal | n.Open | n.Case | n.Fact) or phrase == label
            return label, () if bare_figure else (phrase,)
        notes = tuple(self.say("rung.counts", test=self.book.test(test, self.speaker)) for test in node.where)
        value = bare(node.value)
        if isinstance(value, n.Literal):
            return self.book.words("head.count", label=label), notes
        if isinstance(value, n.Column):
            return self.book.words("head.sum", label=label, value=self.speaker.phrase(value)), notes
        if isinstance(value, n.Open):
            each = self.speaker.term(value.term) + self.say("colon") + self.figures.value(value)
            return self.book.words("head.each", label=label), (*notes, each)
        whole = next(self.figures.tabular(value), None) is value
        each = self.say("how.table") if whole else self.speaker.phrase(value)
        return self.book.words("head.each", label=label), (*notes, self.book.words("each_row", value=each))

    def counts(self, step: Step) -> str:
        """The step that a count counts, in words; empty for any other step."""
        formulas = {"count": self.offer.formula, **{f"{part.name}_count": part.formula for part in self.offer.parts}}
        formula = formulas.get(step.name)
        return self.every(formula.every, step.name) if formula is not None and formula.every is not None else ""

    def _formula_rung(self, step: Step, node: n.Node) -> Iterator[Rung]:
        """A formula that only multiplies what stands above is no rung of its own."""
        refs = any(isinstance(inner, n.StepRef) for inner in n.walk(node))
        if isinstance(node, n.Add) and refs:
            yield self._made(step, "formula", self.say("rung.sum"), (), None)
        elif isinstance(node, n.Marginal):
            yield self._made(step, "rate", self.say("rung.times"), (), node)
        elif not refs:
            text = self.speaker.phrase(node) if isinstance(node, n.Fact) else self.say("rung.amount")
            yield self._made(step, "base", text, (), None if isinstance(node, n.Fact) else node)

    def _floor_notes(self, step: Step) -> tuple[str, ...]:
        floor = self.offer.floor
        kept = step.role == "floor" and floor is not None and floor.in_scaling == "keep"
        return (self.say("rung.floor.keep"),) if kept else ()

    def _limit_notes(self, step: Step) -> tuple[str, ...]:
        steps = self.ladder.steps
        after = (later.node for later in steps[steps.index(step) + 1 :])
        earlier = next((node for node in after if isinstance(node, n.Earlier)), None)
        return tuple(self._scope(earlier)) if earlier else ()
