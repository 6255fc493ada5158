"""A ladder made ready for estimates: its gates and its award compiled, and what each of them reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jarlig.engines.interval.dated import vouched
from jarlig.engines.interval.nodes import Compiled, compiled
from jarlig.engines.interval.rows import SumPlan
from jarlig.engines.interval.unknowns import Use, uses_of
from jarlig.engines.interval.values import HISTORY
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Kind
from jarlig.ladder.steps import Ladder


@dataclass(frozen=True)
class Rung:
    """A compiled step with the facts, rows and history that it reads, itself or through earlier steps."""

    name: str
    value: Compiled
    reads: frozenset[str]


@dataclass(frozen=True)
class Unit:
    """A gate, or the award with every step that leads to it."""

    rungs: tuple[Rung, ...]
    reads: frozenset[str]
    is_gate: bool


class Shape:
    """A ladder compiled once; ``kinds`` gives the kinds of its facts, rows among them."""

    def __init__(self, ladder: Ladder, kinds: Mapping[str, Kind]) -> None:
        self.ladder, self.kinds = ladder, kinds
        nodes = list(ladder.nodes())
        self.facts: dict[str, Kind] = {node.name: node.kind for node in nodes if isinstance(node, n.Fact)}
        self.facts |= {"!" + node.name: node.kind for node in ladder.judged}
        self.plans = {id(node): SumPlan(node) for node in nodes if isinstance(node, n.Sum)}
        self.limits = [node for node in nodes if isinstance(node, n.Earlier)]
        tops = [*(step.node for step in ladder.steps), *(doubt.node for doubt in ladder.doubts)]
        self.uses: dict[str, list[Use]] = uses_of(tops)
        self.vouched = vouched(nodes, self.uses)
        reads: dict[str, frozenset[str]] = {}
        for step in ladder.steps:
            reads[step.name] = frozenset(name for node in n.walk(step.node) for name in _read_by(node, reads))
        needed = leading_to(ladder, ladder.award)
        rungs = {step.name: Rung(step.name, compiled(step.node), reads[step.name]) for step in ladder.steps
                 if step.name in needed or step.name in ladder.gates}  # fmt: skip
        self.award = Unit(
            tuple(rungs[step.name] for step in ladder.steps if step.name in needed), reads[ladder.award], False
        )
        self.units = [*(Unit((rungs[name],), reads[name], True) for name in ladder.gates), self.award]


def leading_to(ladder: Ladder, last: str) -> set[str]:
    """The step of that name and every step it rests on."""
    needed = {last}
    for step in reversed(ladder.steps):
        if step.name in needed:
            needed |= {node.name for node in n.walk(step.node) if isinstance(node, n.StepRef)}
    return needed


def _read_by(node: n.Node, steps: Mapping[str, frozenset[str]]) -> Iterable[str]:
    if isinstance(node, n.Fact):
        return (node.name,)
    if isinstance(node, n.Judged):
        return ("!" + node.name,)
    if isinstance(node, n.Sum):
        return (node.rows,)
    if isinstance(node, n.Earlier):
        return (HISTORY,)
    return steps[node.name] if isinstance(node, n.StepRef) else ()
