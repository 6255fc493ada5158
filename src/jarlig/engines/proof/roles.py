"""Which numbers of a ladder are costs, of which more must never pay less, and which are only taken away.

A cost (支出、数量) stands where more of it is meant to give more; a baseline (基期数、已获金额) stands only where it is
subtracted or grown from. A number in a condition is treated as a cost: whether more of it pays less is then asked.
"""

from __future__ import annotations

from jarlig.engines.directions import BUILT_IN
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import Ladder

COST, BASELINE = 1, -1
#: A fact by its name, a column as ``rows.column``, the number of rows as ``rows.``
Roles = dict[str, set[int]]


def roles(ladder: Ladder) -> dict[str, int]:
    """Every number that the award reads, a cost unless it is only ever taken away."""
    found: Roles = {}
    steps = {step.name: step.node for step in ladder.steps}
    _walk(steps[ladder.award], COST, found, steps, "")
    return {name: COST if COST in ways else BASELINE for name, ways in found.items()}


def _walk(node: n.Node, way: int, found: Roles, steps: dict[str, n.Node], rows: str) -> None:
    def on(item: n.Node, turned: int = 1) -> None:
        _walk(item, way * turned, found, steps, rows)

    def asked(item: n.Node) -> None:
        _walk(item, COST, found, steps, rows)

    if isinstance(node, n.Fact | n.Column):
        if isinstance(node.kind, Number) and node.name not in BUILT_IN:
            name = f"{rows}.{node.name}" if isinstance(node, n.Column) else node.name
            found.setdefault(name, set()).add(way)
    elif isinstance(node, n.StepRef):
        _walk(steps[node.name], way, found, steps, rows)
    elif isinstance(node, n.Subtract):
        on(node.left)
        on(node.right, -1)
    elif isinstance(node, n.Multiply):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            below = isinstance(other.kind, Number) and other.kind.high <= 0 and other.kind.low < 0
            on(one, -1 if below else 1)
    elif isinstance(node, n.Grown):
        on(node.now)
        on(node.since, -1)
        for value in (*node.values, node.from_zero):
            on(value)
    elif isinstance(node, n.Steps):
        on(node.of)
        on(node.step, -1)
    elif isinstance(node, n.Case):
        for test, value in node.branches:
            asked(test)
            on(value)
        on(node.otherwise)
    elif isinstance(node, n.Sum):
        found.setdefault(f"{node.rows}.", set()).add(way)
        _walk(node.value, way, found, steps, node.rows)
        for test in node.where:
            _walk(test, COST, found, steps, node.rows)
    elif isinstance(node, n.Compare | n.All | n.AnyOf | n.Not):
        for child in n.children(node):
            asked(child)
    elif not isinstance(node, n.Earlier | n.YearsSince | n.Part | n.Within | n.IsNone):
        for child in n.children(node):
            on(child)
