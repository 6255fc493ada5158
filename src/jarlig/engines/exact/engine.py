"""The exact engine: one case up one ladder, in strict three-valued logic; the specification of the language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from jarlig.engines.exact.closures import JUDGED, STEP, Env, Scalar, row_masks, scalar
from jarlig.ladder.kinds import Number
from jarlig.ladder.nodes import Node, StepRef, Sum, substituted, walk
from jarlig.ladder.numbers import round_half_up
from jarlig.ladder.steps import Ladder
from jarlig.ladder.tables import Table


class Exact(NamedTuple):
    """What the exact engine says: gates that are false, whether anything is unknown, and the two sums in fen.

    ``formula`` is the amount before any cap (rounded for show), ``award`` the amount after caps, limits, floor and
    rounding. Both are None while a gate is false or something is unknown.
    """

    refused: tuple[str, ...]
    unknown: bool
    formula: int | None
    award: int | None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowsTrace:
    """How many rows a step read, counted, left out, and could not judge."""

    rows: str
    read: int
    counted: int
    left_out: int
    unknown: int


@dataclass(frozen=True, slots=True)
class StepTrace:
    """A step's value; None is unknown."""

    name: str
    value: Any
    rows: RowsTrace | None = None


class Climber:
    """A ladder compiled once into closures; safe to use from many threads, as it keeps nothing of a case."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder
        gates = set(ladder.gates)
        self.gates = [(name, scalar(ladder.step(name).node)) for name in ladder.gates]
        self.steps = [(STEP + s.name, scalar(s.node)) for s in ladder.steps if s.name not in gates]
        self.short = [(STEP + name, scalar(node)) for name, node in _needed(ladder).items()]
        self.doubts = [(doubt.name, scalar(doubt.node)) for doubt in ladder.doubts]
        self.formula, self.award = STEP + ladder.formula, STEP + ladder.award
        kind = ladder.step(ladder.formula).node.kind
        self.formula_scale = kind.scale if isinstance(kind, Number) else 2
        self.sums = {
            step.name: [(node.rows, row_masks(node)) for node in walk(step.node) if isinstance(node, Sum)]
            for step in ladder.steps
        }

    def climb(self, env: Env) -> Exact:
        """The answer for one case. ``env`` holds the facts by name; values of some steps are written into it."""
        return self._climb(env, self.short)

    def _climb(self, env: Env, steps: list[tuple[str, Scalar]]) -> Exact:
        unknown = False
        refused: list[str] = []
        for name, gate in self.gates:
            value = gate(env)
            if value is False:
                refused.append(name)
            elif value is None:
                unknown = True
        if refused:
            return Exact(tuple(refused), unknown, None, None)
        for key, step in steps:
            env[key] = step(env)
        award, formula = env[self.award], env[self.formula]
        if unknown or award is None:
            return Exact((), True, None, None)
        shown = None if formula is None else round_half_up(formula, self.formula_scale, 2)
        doubts = [(name, test(env)) for name, test in self.doubts]
        if any(value is None for _, value in doubts):
            return Exact((), True, None, None)
        return Exact((), False, shown, award, tuple(name for name, value in doubts if value))

    def trace(self, env: Env) -> tuple[Exact, tuple[StepTrace, ...]]:
        """The answer with the value of every step; steps after a false gate are computed all the same."""
        answer = self._climb(env, self.steps)
        gates = dict(self.gates)
        if answer.refused:
            for key, step in self.steps:
                env[key] = step(env)
        traced = []
        for name in self.sums:
            value = gates[name](env) if name in gates else env[STEP + name]
            traced.append(StepTrace(name, value, self._rows(name, env)))
        return answer, tuple(traced)

    def _rows(self, step: str, env: Env) -> RowsTrace | None:
        for rows, mask in self.sums[step]:
            table = env.get(rows)
            if isinstance(table, Table):
                marks = mask(env, table)
                counted, unknown = marks.count(True), marks.count(None)
                return RowsTrace(rows, table.size, counted, table.size - counted - unknown, unknown)
        return None


def _needed(ladder: Ladder) -> dict[str, Node]:
    """The steps whose values must be kept, every step that is read only once put into its reader."""
    nodes = {step.name: step.node for step in ladder.steps if step.name not in ladder.gates}
    reads = Counter(
        below.name
        for node in (*nodes.values(), *(doubt.node for doubt in ladder.doubts))
        for below in walk(node)
        if isinstance(below, StepRef)
    )
    of_doubts = {n.name for doubt in ladder.doubts for n in walk(doubt.node) if isinstance(n, StepRef)}
    kept = {ladder.formula, ladder.award} | of_doubts | {name for name, times in reads.items() if times > 1}
    inside = {name: node for name, node in nodes.items() if name not in kept}
    return {name: substituted(node, inside) for name, node in nodes.items() if name in kept}


__all__ = ["JUDGED", "Climber", "Exact", "RowsTrace", "StepTrace"]
