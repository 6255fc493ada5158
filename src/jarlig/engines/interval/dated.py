"""Missing dates that only pick dated values (按日期适用的参数): they can only lie where some value is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jarlig.engines.interval.unknowns import Use, use_name
from jarlig.engines.interval.values import bounds
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Date


def vouched(nodes: Iterable[n.Node], uses: Mapping[str, list[Use]]) -> dict[str, tuple[int, int]]:
    """First and last day with a known value, for each date that is read for dated values and for nothing else.

    On any other day the exact engine settles only what does not depend on the date, and that is inside the range
    anyway; without this the range would end at whatever the kind of the value can hold.
    """
    days: dict[str, list[tuple[int, int]]] = {}
    tables: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, n.Banded) and isinstance(node.of, n.Fact) and isinstance(node.of.kind, Date):
            name = node.of.name
            tables[name] = tables.get(name, 0) + 1
            first, last = bounds(node.of.kind)
            starts = [first, *(edge + 1 if closed else edge for edge, closed in node.edges), last + 1]
            known = [at for at, value in enumerate(node.values) if not isinstance(value, n.Open)]
            days.setdefault(name, []).extend((starts[at], starts[at + 1] - 1) for at in known)
    return {
        name: (min(start for start, _ in known), max(end for _, end in known))
        for name, known in days.items()
        if known and tables[name] == len(uses[use_name(n.Fact(name, Date()), "")])
    }
