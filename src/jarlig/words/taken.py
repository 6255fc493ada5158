"""The part of a figure that a case reaches: branches that it does not take explain nothing and rest on nothing here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jarlig.ladder import nodes as n


def taken(node: n.Node, value: Callable[[n.Node], Any]) -> Iterator[n.Node]:
    """The node and what lies below it on the branches that are taken, or may be while what decides is unknown.

    Args:
        node: a node of a ladder.
        value: the value of a node in the case, None while it is unknown.
    """
    yield node
    for child in _reached(node, value):
        # Rows are decided line by line, so no single branch is taken in them.
        yield from n.walk(child) if isinstance(node, n.Sum) else taken(child, value)


def _reached(node: n.Node, value: Callable[[n.Node], Any]) -> Iterator[n.Node]:
    if isinstance(node, n.Choose):
        chosen = value(node.by)
        yield node.by
        yield from (branch for name, branch in node.table if chosen in (None, name))
    elif isinstance(node, n.Banded):
        of = value(node.of)
        yield node.of
        yield from node.values if of is None else (node.values[band_at(node.edges, of)],)
    elif isinstance(node, n.Case):
        for test, then in node.branches:
            holds = value(test)
            yield test
            if holds is not False:
                yield then
            if holds is True:
                return
        yield node.otherwise
    else:
        yield from n.children(node)


def band_at(edges: tuple[tuple[int, bool], ...], of: int) -> int:
    """The index of the band that a number lies in; an edge that is closed belongs to the band below it."""
    return sum(1 for edge, closed in edges if of > edge or (of == edge and not closed))
