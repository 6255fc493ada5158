"""A ladder in the solver with every fact held to one case: what tests of the proof engine compare with."""

from __future__ import annotations

from typing import Any

import z3

from jarlig.engines.exact import Climber
from jarlig.engines.proof.encode import Encoder
from jarlig.engines.proof.places import PlaceCode
from jarlig.engines.proof.terms import Term, is_plain
from jarlig.engines.proof.world import Free, World, number, truth
from jarlig.ladder import nodes as n
from jarlig.ladder.nodes import NONE
from jarlig.ladder.steps import Ladder
from jarlig.ladder.tables import Table

NOT_KNOWN = "not known"


def holding(world: World, free: Free, value: Any) -> list[Any]:
    """Constraints that hold a free value to one value."""
    term = free.term
    if isinstance(term.value, dict):
        return [flag == (word in value) for word, flag in term.value.items()]
    if value == NONE and not is_plain(term.none):
        return [term.none]
    none = [] if is_plain(term.none) else [z3.Not(term.none)]
    if isinstance(term.value, PlaceCode):
        return [*none, term.value.whole() == int(value)]
    if isinstance(value, bool):
        return [*none, term.value == value]
    plain = world.plain(term.value)
    return [*none, plain == (world.texts.number(value) if isinstance(value, str) else value)]


class Held:
    """A ladder whose facts, rows and history are those of a case."""

    def __init__(self, ladder: Ladder, env: dict[str, Any]) -> None:
        self.ladder, self.env, self.world = ladder, env, World()
        for name in ("on", "guide_year"):
            value = env[name]
            self.world.facts[name] = Free(Term(value), lambda model, value=value: value)
        root = Encoder(ladder, self.world)
        self.root = root
        rows = {}
        for group in {node.rows for node in ladder.nodes() if isinstance(node, n.Sum)}:
            table: Table = env[group]
            kinds = {c.name: c for s in ladder.nodes() if isinstance(s, n.Sum) and s.rows == group
                     for item in (*s.where, s.value) for c in n.walk(item) if isinstance(c, n.Column)}  # fmt: skip
            held = []
            for index in range(table.size):
                free = {name: self.world.free(name, c.kind, c.optional) for name, c in kinds.items()}
                for name, one in free.items():
                    self.world.hold(*holding(self.world, one, table.columns[name][index]))
                held.append({name: one.term for name, one in free.items()})
            rows[group] = tuple(held)
        self.encoder = root.beside(World(self.world), rows=rows) if rows else root
        self.terms = {step.name: self.encoder.step(step.name) for step in ladder.steps}
        solver = z3.Solver()
        for name, free in self.world.facts.items():
            if name in env and not is_plain_fact(free):
                self.world.hold(*holding(self.world, free, env[name]))
        for group_ in root.sums.groups():
            for one in group_.classes:
                totals = [total for total in one.totals.values() if not is_plain(total)]
                self.world.hold(*(total == 0 for total in totals))
                if one.count is not None:
                    self.world.hold(one.count == 0)
        for node, value in root.past.read():
            known = Climber(_alone(node)).steps[0][1](dict(env))
            self.world.hold(value == known)
        solver.add(*self.encoder.world.given, *self.encoder.world.exact)
        assert solver.check() == z3.sat, "the case itself is not in the world"
        self.model = solver.model()

    def value(self, step: str) -> Any:
        """The value of a step in the solver; ``NOT_KNOWN`` when it is not."""
        return shown(self.model, self.terms[step])


def is_plain_fact(free: Free) -> bool:
    """Whether a fact is written, not free."""
    return not isinstance(free.term.value, z3.ExprRef | dict | PlaceCode)


def shown(model: z3.ModelRef, term: Term) -> Any:
    """The value of a term in a model."""
    if not truth(model, term.known):
        return NOT_KNOWN
    if truth(model, term.none):
        return NONE
    if isinstance(term.value, bool) or (not is_plain(term.value) and z3.is_bool(term.value)):
        return truth(model, term.value)
    return number(model, term.value)


def _alone(node: n.Node) -> Ladder:
    from jarlig.ladder.steps import Step, Words

    return Ladder("o", "award", (Step("formula", "formula", node, Words("", "")),
                                 Step("award", "award", n.StepRef("formula", node.kind), Words("", ""))),
                  (), "formula", "award")  # fmt: skip
