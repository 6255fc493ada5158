"""Nodes as closures over abstract values, compiled once.

While everything a node reads is known its plain meaning is asked, so that the interval engine cannot differ from the
exact one there. Only what is not known goes through ``lifted``. ``Case`` and ``Choose`` read only branches that can be
taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from jarlig.engines.exact.meaning import meaning
from jarlig.engines.interval.lifted import lifted
from jarlig.engines.interval.values import (
    ABSTRACT,
    Among,
    Reads,
    Witness,
    both,
    hull,
    top,
    truth_by,
)
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Date, Month, Number


class Books(Protocol):
    """Where the rows and the history of a case are looked up."""

    def sum(self, node: n.Sum, state: State) -> Any:
        """What a sum over rows can be."""

    def earlier(self, node: n.Earlier, state: State) -> Any:
        """What a limit can count."""


class State:
    """What is known or open while a ladder is climbed: facts, steps so far, the row at hand, cells set by hand."""

    __slots__ = ("books", "cells", "facts", "row", "setting", "steps")

    def __init__(self, books: Books, facts: dict[str, Any]) -> None:
        self.books, self.facts = books, facts
        self.steps: dict[str, Any] = {}
        self.row: dict[str, Any] = {}
        self.cells: dict[str, dict[int, dict[str, Any]]] = {}
        self.setting: Any = None


Compiled = Callable[[State], Any]


def compiled(node: n.Node) -> Compiled:
    """A closure that gives what a node can be."""
    special = _SPECIAL.get(type(node))
    if special is not None:
        return special(node)
    as_is = isinstance(node, n.IsNone | n.Within) or (isinstance(node, n.Compare) and node.op in ("=", "!="))
    items = [compiled(child) if as_is else measured(child) for child in n.children(node)]
    exact, abstract, kind = meaning(node), lifted(node), node.kind

    def value(s: State) -> Any:
        values = [item(s) for item in items]
        for one in values:
            if one.__class__ in ABSTRACT:
                return abstract(*values)
        found = exact(*values)
        return top(kind) if found is None else found

    return value


def measured(node: n.Node) -> Compiled:
    """A value that is counted with: "none" is no number and no date, so that nothing is known there."""
    value, kind = compiled(node), node.kind
    optional = any(isinstance(below, n.Fact | n.Column) and below.optional for below in n.walk(node))
    if not optional or not isinstance(kind, Number | Date | Month):
        return value
    return lambda s: top(kind) if (found := value(s)) == n.NONE else found


def _literal(node: n.Literal) -> Compiled:
    value = node.value
    return lambda s: value


def _fact(node: n.Fact) -> Compiled:
    name = node.name
    return lambda s: s.facts[name]


def _judged(node: n.Judged) -> Compiled:
    name = "!" + node.name
    return lambda s: s.facts[name]


def _column(node: n.Column) -> Compiled:
    name = node.name
    return lambda s: s.row[name]


def _step(node: n.StepRef) -> Compiled:
    name = node.name
    return lambda s: s.steps[name]


def _open(node: n.Open) -> Compiled:
    value = top(node.kind)
    return lambda s: value


def _case(node: n.Case) -> Compiled:
    """Only branches that can be taken are read."""
    branches = [(compiled(test), measured(value)) for test, value in node.branches]
    otherwise = measured(node.otherwise)

    def choose(s: State) -> Any:
        found: list[tuple[Witness, Any]] = []
        before: Witness = ()
        reads: Reads = ()
        for test, value in branches:
            holds = test(s)
            if holds is False:
                continue
            if holds is True:
                found.append((before, value(s)))
                return hull(found, reads)
            yes, no = truth_by(holds)
            found.append((both(before, yes), value(s)))
            before, reads = both(before, no), (reads, holds.reads)
        found.append((before, otherwise(s)))
        return hull(found, reads)

    return choose


def _choose(node: n.Choose) -> Compiled:
    """A key outside the table has no value; it is left out where another key is possible."""
    by, table = compiled(node.by), {key: measured(value) for key, value in node.table}
    anything: dict[Any, Witness] = dict.fromkeys(table)

    def choose(s: State) -> Any:
        key = by(s)
        if key.__class__ is Among:
            options = {k: w for k, w in (key.options or anything).items() if k in table} or anything
            return hull([(w, table[k](s)) for k, w in options.items()], key.reads)
        item = table.get(key)
        return hull([(None, value(s)) for value in table.values()], ()) if item is None else item(s)

    return choose


def _sum(node: n.Sum) -> Compiled:
    return lambda s: s.books.sum(node, s)


def _earlier(node: n.Earlier) -> Compiled:
    return lambda s: s.books.earlier(node, s)


_SPECIAL: dict[type, Callable[[Any], Compiled]] = {
    n.Literal: _literal,
    n.Fact: _fact,
    n.Judged: _judged,
    n.Column: _column,
    n.StepRef: _step,
    n.Open: _open,
    n.Case: _case,
    n.Choose: _choose,
    n.Sum: _sum,
    n.Earlier: _earlier,
}
