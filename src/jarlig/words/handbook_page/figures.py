"""Figures as tables: a value for each choice, band or case, with every edge in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import CNY, Date, Number, Some
from jarlig.ladder.steps import Ladder
from jarlig.words import fmt
from jarlig.words.expressions import Speaker, plain
from jarlig.words.handbook_page.book import Book

_TABULAR = (n.Choose, n.Banded, n.Grown, n.Marginal, n.Case)
#: One row of a table before it is laid out: the cases that lead to it, and the node it gives.
_Branch = tuple[tuple[str, ...], n.Node]


@dataclass(frozen=True)
class Table:
    """A figure that has several values: caption, head of the first column, and rows of a case and its value.

    ``money`` says that every value is a sum in yuan, so that the unit stands in the head once.
    """

    caption: str
    head: str
    rows: tuple[tuple[str, str], ...]
    money: bool


class Figures:
    """Says the figures of one ladder."""

    def __init__(self, book: Book, speaker: Speaker, ladder: Ladder) -> None:
        self.book, self.speaker, self.ladder = book, speaker, ladder
        self.say = book.say

    def value(self, node: n.Node) -> str:
        """A figure in a line: the number itself, who must set it, or that a table follows."""
        node = bare(node)
        if isinstance(node, n.Open):
            return self.say("open.awaits", who=self.say("filler." + node.filled_by))
        if next(self.tabular(node), None) is not None:
            return self.say("how.table")
        return self.speaker.phrase(node)

    def tables(self, node: n.Node, what: str) -> Iterator[Table]:
        """The tables of a figure, outermost only; ``what`` is what the figure is called."""
        for found in self.tabular(node):
            rows = list(self._branches(found))
            money = all(_is_sum(value) for _, value in rows)
            lang, comma = self.book.lang, self.say("comma")
            cells = [
                (fmt.sentence(comma.join(cases), lang), fmt.sentence(self._cell(value, money), lang))
                for cases, value in rows
            ]
            by = self._by(found)
            caption = self.say("table.by", what=what, by=by) if by else what
            yield Table(caption, fmt.sentence(by, lang) or self.say("table.case"), tuple(cells), money)

    def tabular(self, node: n.Node) -> Iterator[n.Node]:
        """The outermost nodes with several values."""
        if isinstance(node, _TABULAR):
            yield node
        else:
            for child in n.children(node):
                yield from self.tabular(child)

    def brief(self, node: n.Node) -> str:
        """A figure with all its values in one line: ``A: 1.00; B: 2.00``."""
        node = bare(node)
        found = next(self.tabular(node), None)
        if found is None:
            return self._options(node) if isinstance(node.kind, Some) else self.value(node)
        colon, stop = self.say("colon"), self.say("semicolon")
        comma = self.say("comma")
        return stop.join(comma.join(cases) + colon + self._cell(value, False) for cases, value in self._branches(found))

    def _options(self, node: n.Node) -> str:
        """A set of choices, each on its own: their labels may hold an "and" themselves."""
        if not (isinstance(node, n.Literal) and isinstance(node.kind, Some) and isinstance(node.value, frozenset)):
            return self.value(node)
        chosen = [self.speaker.label(value) for value in node.kind.of.values if value in node.value]
        return self.say("list").join(chosen)

    def _base_of(self, node: n.Node) -> n.Node:
        """The base itself in place of the step that keeps it from falling below zero."""
        if isinstance(node, n.StepRef) and self.ladder.step(node.name).role == "kept":
            return bare(self.ladder.step(node.name).node)
        return node

    def _cell(self, node: n.Node, money: bool) -> str:
        node = bare(node)
        if money and isinstance(node, n.Literal) and isinstance(node.value, int) and isinstance(node.kind, Number):
            return fmt.plain_money(node.value, node.kind.scale)
        return self.value(node)

    # branches

    def _branches(self, node: n.Node, before: tuple[str, ...] = ()) -> Iterator[_Branch]:
        """Every case with its value; tables within tables are laid flat."""
        node = bare(node)
        own = self._own(node)
        if own is None:
            yield before, node
            return
        for label, value in own:
            if isinstance(value, n.Open) and value.filled_by == "parameter":
                continue  # a parameter has no value there, and says so where it stands
            yield from self._branches(value, (*before, label))

    def _own(self, node: n.Node) -> list[tuple[str, n.Node]] | None:
        if isinstance(node, n.Choose):
            return [(self.speaker.value(name, node.by.kind, node.by), value) for name, value in node.table]
        if isinstance(node, n.Banded):
            return [(self._band(node, at), value) for at, value in enumerate(node.values)]
        if isinstance(node, n.Marginal):
            edges = tuple((edge, True) for edge in node.edges)
            return [(self._number_band(edges, at, node.of), value) for at, value in enumerate(node.rates)]
        if isinstance(node, n.Grown):
            scale = node.edge_scale
            bands = [
                (self.speaker.band(node.edges, at, lambda edge: fmt.percent(edge, scale)), value)
                for at, value in enumerate(node.values)
            ]
            return [*bands, (self.say("table.nil", since=self.speaker.phrase(node.since)), node.from_zero)]
        if isinstance(node, n.Case):
            cases = [(self.book.test(test, self.speaker), value) for test, value in node.branches]
            return [*cases, (self.say("table.otherwise"), node.otherwise)]
        return None

    def _band(self, node: n.Banded, at: int) -> str:
        if not isinstance(node.of.kind, Date):
            return self._number_band(node.edges, at, node.of)
        first = _first_day(*node.edges[at - 1]) if at else None
        last = _last_day(*node.edges[at]) if at < len(node.edges) else None
        if first is not None and last is not None:
            return fmt.period(first, last, self.book.lang)
        if first is not None:
            return self.say("band.since", day=fmt.day(first, self.book.lang))
        return self.say("band.until", day=fmt.day(last or 0, self.book.lang))

    def _number_band(self, edges: tuple[tuple[int, bool], ...], at: int, of: n.Node) -> str:
        kind = of.kind
        assert isinstance(kind, Number)
        ratio = not kind.unit and bool(kind.scale)
        return self.speaker.band(edges, at, lambda edge: self.speaker.figure(edge, kind, ratio))

    def _by(self, node: n.Node) -> str:
        """What decides which value holds."""
        if isinstance(node, n.Choose):
            return self.speaker.phrase(node.by)
        if isinstance(node, n.Banded):
            return self.speaker.phrase(plain(node.of))
        if isinstance(node, n.Marginal):
            return self.say("table.marginal", of=self.speaker.phrase(self._base_of(bare(node.of))))
        if isinstance(node, n.Grown):
            now, since = self.speaker.phrase(plain(node.now)), self.speaker.phrase(plain(node.since))
            return self.say("table.growth", now=now, since=since)
        return ""


def bare(node: n.Node) -> n.Node:
    """A figure without the steps that only add decimals, round, or keep it from falling below zero."""
    while True:
        if isinstance(node, n.Rescale | n.Rounded):
            node = node.item
        elif isinstance(node, n.Greatest) and isinstance(node.right, n.Literal) and node.right.value == 0:
            node = node.left
        else:
            return node


def _is_sum(node: n.Node) -> bool:
    node = bare(node)
    return isinstance(node, n.Literal) and isinstance(node.kind, Number) and node.kind.unit == CNY


def _first_day(edge: int, closed: bool) -> int:
    """The first day above an edge; ``closed`` says that the day of the edge lies below."""
    return edge + 1 if closed else edge


def _last_day(edge: int, closed: bool) -> int:
    return edge if closed else edge - 1
