"""Kernel nodes as phrases: what a condition or a figure says, with titles and labels in place of names and codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import CNY, USD, Date, Division, Kind, Month, Number, Some
from jarlig.ladder.steps import Ladder
from jarlig.words import fmt
from jarlig.words.naming import Namer
from jarlig.words.taken import band_at

_SIGNS = {"=": "equal", "!=": "unequal", "<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}
#: A figure by more choices than this is not spelt out in a sentence.
_MOST_LISTED = 6
_ORDERED = ("below", "at_most", "above", "at_least")


@dataclass(frozen=True)
class Speaker(Namer):
    """Says nodes of one offer's ladder in one language; ``ladder`` gives earlier steps their labels."""

    ladder: Ladder | None = None

    # phrases

    def phrase(self, node: n.Node, inner: bool = False) -> str:
        """A node in words; ``inner`` puts a phrase of several parts in brackets, as it stands inside another."""
        words = _PHRASES[type(node)](self, node)
        joined = isinstance(node, n.All | n.AnyOf | n.Case | n.Add | n.Subtract)
        if inner and joined and not (isinstance(node, n.All) and between(node)):
            return self.say("brackets", inner=words)
        return words

    def _literal(self, node: n.Literal) -> str:
        return self.value(node.value, node.kind)

    def _fact(self, node: n.Fact) -> str:
        return self.title(node.name)

    def _column(self, node: n.Column) -> str:
        return self.any_column(node.name)

    def _step(self, node: n.StepRef) -> str:
        if self.ladder is not None:
            label = self.ladder.step(node.name).label[self.lang]
            if label:
                return label
        return self.say("that_figure")

    def _open(self, node: n.Open) -> str:
        return self.say("to_be_filled", term=self.term(node.term))

    def _judged(self, node: n.Judged) -> str:
        return self.say("to_be_decided", term=self.term(node.name))

    def _compare(self, node: n.Compare) -> str:
        left, right = plain(node.left), plain(node.right)
        if isinstance(left, n.Literal) and not isinstance(right, n.Literal):
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(node.op, node.op)
            return self._compare(n.Compare(turned, node.right, node.left))
        sign = _SIGNS[node.op]
        if sign in _ORDERED and isinstance(node.left.kind, Date | Month):
            sign += "_date"
        return self.say("compare." + sign, left=self.phrase(left, True), right=self.side(node.right, left))

    def side(self, node: n.Node, beside: n.Node) -> str:
        """A value written beside a fact takes the fact's labels and its way of writing numbers."""
        inner = plain(node)
        if not isinstance(inner, n.Literal):
            return self.phrase(inner, True)
        if isinstance(inner.kind, Number) and isinstance(inner.value, int):
            other = beside.kind
            if isinstance(other, Number) and not other.unit and not other.scale:
                whole = not inner.kind.scale
                return self.figure(inner.value, other) if whole else fmt.number(inner.value, inner.kind.scale)
            return self.figure(inner.value, inner.kind, isinstance(other, Number) and not other.unit)
        return self.value(inner.value, inner.kind, beside)

    def _all(self, node: n.All) -> str:
        span = between(node)
        if span:
            item, low, high = span
            key = "between_days" if isinstance(item.kind, Date | Month) else "between"
            return self.say(
                key, item=self.phrase(plain(item), True), low=self.side(low, item), high=self.side(high, item)
            )
        return self.say("and").join(self.phrase(item, True) for item in node.items)

    def _any(self, node: n.AnyOf) -> str:
        return self.say("or").join(self.phrase(item, True) for item in node.items)

    def _not(self, node: n.Not) -> str:
        item = node.item
        span = between(item) if isinstance(item, n.All) else None
        if span:
            of, low, high = span
            return self.say("not_between", item=self.phrase(of, True), low=self.side(low, of), high=self.side(high, of))
        if isinstance(item, n.Within):
            key = "not_among" if isinstance(item.options, n.Fact) else "not_within"
            return self.say(key, item=self.phrase(item.item), options=self._options_of(item))
        if isinstance(item, n.IsNone):
            return self.say("is_some", item=self.phrase(item.item))
        if isinstance(item, n.Fact | n.Column):
            return self.say("is_no", item=self.phrase(item))
        return self.say("not", item=self.phrase(item))

    def _is_none(self, node: n.IsNone) -> str:
        return self.say("is_none", item=self.phrase(node.item))

    def _within(self, node: n.Within) -> str:
        if isinstance(node.options, n.Fact):
            return self.say("among", item=self.phrase(node.item), options=self.phrase(node.options))
        return self.say("within", item=self.phrase(node.item), options=self._options_of(node))

    def _options_of(self, node: n.Within) -> str:
        if isinstance(node.options, n.Literal) and isinstance(node.options.value, frozenset):
            kind = node.options.kind
            assert isinstance(kind, Some)
            return self.options(node.options.value, kind.of, node.item)
        return self.phrase(node.options)

    def _two(self, key: str) -> Callable[[Any], str]:
        return lambda node: self.say(key, left=self.phrase(node.left, True), right=self.side(node.right, node.left))

    def _plus(self, node: n.Add) -> str:
        if isinstance(node.left, n.YearsSince) and isinstance(node.right, n.Literal) and node.right.value == 1:
            return self.say("claim_year", start=self.phrase(node.left.start))
        return self._two("plus")(node)

    def _greatest(self, node: n.Greatest) -> str:
        if isinstance(node.right, n.Literal) and node.right.value == 0:
            return self.say("not_below_zero", item=self.phrase(node.left))
        return self._two("higher")(node)

    def _case(self, node: n.Case) -> str:
        when = [self.say("when", test=self.phrase(t), value=self.phrase(v)) for t, v in node.branches]
        return self.say("clause_stop").join([*when, self.say("otherwise", value=self.phrase(node.otherwise))])

    def _choose(self, node: n.Choose) -> str:
        by = self.phrase(node.by)
        values = [value for _, value in node.table if isinstance(value, n.Literal)]
        if len(values) < len(node.table) or len(values) > _MOST_LISTED:
            return self.say("by_choice", by=by)
        choices = [self.value(choice, node.by.kind, node.by) for choice, _ in node.table]
        items = [
            self.say("choice_value", choice=choice, value=self.phrase(value))
            for choice, value in zip(choices, values, strict=True)
        ]
        return self.say("by_choice.listed", by=by, items=fmt.listed(items, self.lang))

    def _banded(self, node: n.Banded) -> str:
        return self.say("by_bands", of=self.phrase(node.of, True))

    def _marginal(self, node: n.Marginal) -> str:
        return self.say("by_marginal", of=self.phrase(node.of, True))

    def _grown(self, node: n.Grown) -> str:
        return self.say("by_growth", now=self.phrase(node.now), since=self.phrase(node.since))

    def _steps(self, node: n.Steps) -> str:
        started = node.how == "started"
        of, step = plain(node.of), plain(node.step)
        growth = growth_of(of, step)
        if growth:
            now, since, above, share = (self.phrase(item) for item in growth)
            key = "started_growth" if started else "full_growth"
            excess = self.say("growth_above", above=above) if getattr(growth[2], "value", None) != 0 else ""
            return self.say(key, now=now, since=since, excess=excess, step=share)
        key = "started_steps" if started else "full_steps"
        return self.say(key, of=self.phrase(of, True), step=self.phrase(step, True))

    def _part(self, node: n.Part) -> str:
        form = "division" if isinstance(node.item.kind, Division) else "other"
        return self.say(f"part.{form}.{node.part}", item=self.phrase(node.item))

    def _years(self, node: n.YearsSince) -> str:
        return self.say("years_since", start=self.phrase(node.start), end=self.phrase(node.end))

    def _sum(self, node: n.Sum) -> str:
        rows = self.title(node.rows)
        if isinstance(node.value, n.Literal):
            return self.say("rows_counted", rows=rows)
        return self.say("rows_added", rows=rows, value=self.phrase(node.value))

    def _earlier(self, node: n.Earlier) -> str:
        return self.say("earlier." + node.what)

    # why a figure is what it is

    def reason(self, node: n.Node, evaluate: Callable[[n.Node], Any]) -> list[str]:
        """Which branch gave a figure, in words: the choice, the band, the exception; empty for a plain figure.

        ``evaluate`` gives the value of a node in the case at hand.
        """
        node = plain(node)
        if isinstance(node, n.Choose):
            chosen = evaluate(node.by)
            if chosen is None:
                return []
            words = self.say(
                "compare.equal", left=self.phrase(node.by), right=self.value(chosen, node.by.kind, node.by)
            )
            taken = dict(node.table).get(chosen)
            return [words, *(self.reason(taken, evaluate) if taken is not None else [])]
        if isinstance(node, n.Banded):
            return self._band_reason(node, evaluate)
        if isinstance(node, n.Grown):
            return self._growth_reason(node, evaluate)
        if isinstance(node, n.Case):
            return self._case_reason(node, evaluate)
        if isinstance(node, n.Judged):
            return [] if evaluate(node) is None else [self.say("decided_by_a_person")]
        if isinstance(node, n.Rounded) and isinstance(node.item, n.Multiply):
            share = evaluate(node.item.right)
            figure = self.phrase(node.item.right) if share is None else self.value(share, node.item.right.kind)
            words = self.say("share_of", of=self.phrase(node.item.left, True), share=figure)
            return [words, *self.reason(node.item.right, evaluate)]
        return []

    def _band_reason(self, node: n.Banded, evaluate: Callable[[n.Node], Any]) -> list[str]:
        of = evaluate(node.of)
        if of is None:
            return []
        words = self.say("compare.equal", left=self.phrase(plain(node.of), True), right=self.value(of, node.of.kind))
        if isinstance(node.of.kind, Date):
            return [words]
        at = band_at(node.edges, of)
        ratio = isinstance(node.of.kind, Number) and not node.of.kind.unit and bool(node.of.kind.scale)

        def edge_text(edge: int) -> str:
            assert isinstance(node.of.kind, Number)
            return self.figure(edge, node.of.kind, ratio)

        band = self.band(node.edges, at, edge_text)
        return [self.say("in_band", value=words, band=band), *self.reason(node.values[at], evaluate)]

    def _growth_reason(self, node: n.Grown, evaluate: Callable[[n.Node], Any]) -> list[str]:
        now, since = evaluate(node.now), evaluate(node.since)
        if now is None or since is None:
            return []
        if since <= 0:
            return [self.say("growth_from_zero", since=self.phrase(node.since))]
        excess = (now - since) * 10**node.edge_scale
        at = sum(1 for e, closed in node.edges if excess > e * since or (excess == e * since and not closed))
        band = self.band(node.edges, at, lambda edge: fmt.percent(edge, node.edge_scale))
        words = self.say("growth_in_band", now=self.phrase(node.now), since=self.phrase(node.since), band=band)
        return [words, *self.reason(node.values[at], evaluate)]

    def _case_reason(self, node: n.Case, evaluate: Callable[[n.Node], Any]) -> list[str]:
        for test, value in node.branches:
            holds = evaluate(test)
            if holds is None:
                return []
            if holds:
                return [self.phrase(test), *self._taken(value, evaluate)]
        return [self.say("no_exception"), *self._taken(node.otherwise, evaluate)]

    def _taken(self, value: n.Node, evaluate: Callable[[n.Node], Any]) -> list[str]:
        """How the branch that was taken makes its figure; a figure as written needs no words."""
        reasons = self.reason(value, evaluate)
        if reasons or isinstance(plain(value), n.Literal | n.Open | n.Judged):
            return reasons
        return [self.say("then", value=self.phrase(value))]

    def band(self, edges: tuple[tuple[int, bool], ...], at: int, text: Callable[[int], str]) -> str:
        """A band in words, both its edges visible: 以上 and 以下 include the figure, 超过 and 不足 do not."""
        low = edges[at - 1] if at else None
        high = edges[at] if at < len(edges) else None
        lower = self.say("over" if low[1] else "from", edge=text(low[0])) if low else ""
        upper = self.say("up_to" if high[1] else "under", edge=text(high[0])) if high else ""
        return self.say("band", lower=lower, upper=upper) if low and high else lower or upper


def plain(node: n.Node) -> n.Node:
    """The node without steps that only add decimals or round."""
    while isinstance(node, n.Rescale):
        node = node.item
    return node


def growth_of(of: n.Node, step: n.Node) -> tuple[n.Node, n.Node, n.Node, n.Node] | None:
    """Now, before, the threshold and the step when steps are counted in the growth of a number (cross-multiplied)."""
    if not isinstance(of, n.Subtract) or not isinstance(step, n.Multiply):
        return None
    product = plain(of.right)
    since = plain(step.left)
    if not isinstance(product, n.Multiply) or plain(product.left) != since:
        return None
    whole = plain(product.right)
    return (plain(of.left), since, plain(whole.right), plain(step.right)) if isinstance(whole, n.Add) else None


def between(node: n.All) -> tuple[n.Node, n.Node, n.Node] | None:
    """The item and both its bounds when a condition is ``item between low and high``."""
    if len(node.items) != 2:
        return None
    low, high = node.items
    if not (isinstance(low, n.Compare) and isinstance(high, n.Compare)) or (low.op, high.op) != (">=", "<="):
        return None
    item = plain(low.left)
    return (item, low.right, high.right) if item == plain(high.left) else None


def is_money(kind: Kind) -> bool:
    """Whether a figure is a sum of money."""
    return isinstance(kind, Number) and kind.unit in (CNY, USD)


_PHRASES: dict[type, Callable[[Speaker, Any], str]] = {
    n.Literal: Speaker._literal,
    n.Fact: Speaker._fact,
    n.Column: Speaker._column,
    n.StepRef: Speaker._step,
    n.Open: Speaker._open,
    n.Judged: Speaker._judged,
    n.Compare: Speaker._compare,
    n.All: Speaker._all,
    n.AnyOf: Speaker._any,
    n.Not: Speaker._not,
    n.IsNone: Speaker._is_none,
    n.Within: Speaker._within,
    n.Add: Speaker._plus,
    n.Subtract: lambda speaker, node: speaker._two("minus")(node),
    n.Multiply: lambda speaker, node: speaker._two("times")(node),
    n.Rescale: lambda speaker, node: speaker.phrase(node.item),
    n.Rounded: lambda speaker, node: speaker.phrase(node.item),
    n.Least: lambda speaker, node: speaker._two("lower")(node),
    n.Greatest: Speaker._greatest,
    n.Case: Speaker._case,
    n.Choose: Speaker._choose,
    n.Banded: Speaker._banded,
    n.Marginal: Speaker._marginal,
    n.Grown: Speaker._grown,
    n.Steps: Speaker._steps,
    n.Part: Speaker._part,
    n.YearsSince: Speaker._years,
    n.Sum: Speaker._sum,
    n.Earlier: Speaker._earlier,
}
