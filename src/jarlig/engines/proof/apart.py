"""Two offers beside each other: evidence that both could pay on, and tiers that are written as several offers.

One piece of evidence is a row of both lists; nothing else is shared, for the two may be claimed on different days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from jarlig.engines.answer import Desk
from jarlig.engines.check_settings import Stand
from jarlig.engines.proof.judge import NEVER, Judge
from jarlig.engines.proof.proof import Proof
from jarlig.engines.proof.standing import Env, Standing, terms_of
from jarlig.engines.proof.terms import both, either, every, holds, negated
from jarlig.engines.proof.world import Free, World, number
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import day_text
from jarlig.ladder.kinds import Date, Number
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import Words


@dataclass(frozen=True)
class Twice:
    """Whether a piece of evidence could be paid under both offers; a case of each with it where that was found."""

    apart: bool
    cases: tuple[tuple[Stand, Env], ...] = ()


def twice(desk: Desk, judge: Judge, one: Sequence[Stand], other: Sequence[Stand], rows: tuple[str, str]) -> Twice:
    """Whether the filters of two offers leave no row that both count, under any of the guides that open them."""
    found = Twice(True)
    for a in one:
        for b in other:
            result = _one_row(desk, judge, a, b, rows)
            if not result.apart and (found.apart or not found.cases):
                found = result
    return found


def _one_row(desk: Desk, judge: Judge, a: Stand, b: Stand, rows: tuple[str, str]) -> Twice:
    first = Proof(Standing(desk, a), judge)
    second = Proof(Standing(desk, b, first.world), judge)
    world = World(first.world)
    shared: dict[str, Free] = {}
    sides = []
    for proof, name in zip((first, second), rows, strict=True):
        counted = [node for node in proof.ladder.nodes() if isinstance(node, n.Sum) and node.rows == name]
        if not counted:
            return Twice(True)
        group = proof.encoder.sums.group(name)
        row = proof.encoder.sums.free_columns(world, group)
        row = {column: _same(shared, column, free) for column, free in row.items()}
        at = proof.encoder.beside(world, columns=terms_of(row))
        passed = either(*(holds(every([at.node(test) for test in node.where])) for node in counted))
        pays = proof.encoder.beside(world, rows={name: (terms_of(row),)}, totals=proof.standing.no_rows())
        sides.append((proof, name, row, passed, pays))
    world.hold(*second.world.given, *(side[3] for side in sides))
    if judge.never(world):
        return Twice(True)
    answer = judge.ask(world, *(query for *_, pays in sides for query in (pays.eligible(), pays.award().value > 0)))
    cases: list[tuple[Stand, Env]] = []
    for proof, name, row, *_ in sides if answer.model is not None else ():
        env = proof.standing.env(answer.model, added={name: (row,)}, totals=proof.standing.no_rows())
        if env is not None and (proof.awards(answer.model, (env,))[0] or 0) > 0 and proof.replayable((env,)):
            cases.append((proof.standing.stand, env))
    return Twice(False, tuple(cases) if len(cases) == len(sides) else ())


def _same(shared: dict[str, Free], column: str, free: Free) -> Free:
    """A column that both lists have is the same cell, when it is of one kind."""
    known = shared.setdefault(column, free)
    return known if type(known.term.value) is type(free.term.value) else free


# tiers written as several offers


@dataclass(frozen=True)
class Tiers:
    """Two offers under one clause whose conditions are ranges of one fact, and a value in both or in none of them."""

    one: Stand
    other: Stand
    fact: str
    value: str
    overlap: bool
    cases: tuple[tuple[Stand, Env], ...] = ()


def tiers(desk: Desk, judge: Judge, stands: Sequence[Stand]) -> Iterator[Tiers]:
    """Overlaps and gaps between offers under one clause that differ in the range of one number, day or choice."""
    groups: dict[tuple[str, str, int | None], list[Stand]] = {}
    for stand in stands:
        if not stand.places and stand.ladder.state == "open":
            groups.setdefault((stand.offer.cites, stand.offer.to, stand.guide.year), []).append(stand)
    for group in groups.values():
        ranges = [(stand, _ranges(stand)) for stand in group]
        for name in dict.fromkeys(name for _, found in ranges for name in found):
            tiered = [(stand, found[name]) for stand, found in ranges if name in found]
            if len(tiered) > 1:
                yield from _between(desk, judge, name, tiered)


def _ranges(stand: Stand) -> dict[str, list[n.Node]]:
    """The offer's own conditions that read one fact and nothing else, by that fact."""
    found: dict[str, list[n.Node]] = {}
    for step in stand.ladder.steps:
        if step.role == "gate" and step.key.startswith("when."):
            facts = {below.name for below in n.walk(step.node) if isinstance(below, n.Fact)}
            plain = not any(isinstance(below, n.Sum | n.Earlier | n.Open | n.StepRef) for below in n.walk(step.node))
            (name,) = facts if len(facts) == 1 else ("",)
            if name and plain and _compares(step.node):
                found.setdefault(name, []).append(step.node)
    return found


def _compares(node: n.Node) -> bool:
    return any(isinstance(below, n.Compare | n.Within) for below in n.walk(node))


def _between(desk: Desk, judge: Judge, name: str, tiered: list[tuple[Stand, list[n.Node]]]) -> Iterator[Tiers]:
    fact = next(below for node in tiered[0][1] for below in n.walk(node) if isinstance(below, n.Fact))
    for (a, _), (b, _) in combinations(tiered, 2):
        query = _Query(desk, judge, fact, tiered)
        if a.offer.exclusive is None and b.offer.exclusive is None:
            value = query.find(query.inside[a.offer.offer], query.inside[b.offer.offer])
            if value is not None:
                yield Tiers(a, b, name, query.shown(value), True, query.cases(value, (a, b), eligible=True))
    if isinstance(fact.kind, Number | Date):
        query = _Query(desk, judge, fact, tiered)
        value = query.gap()
        if value is not None:
            a, b = tiered[0][0], tiered[1][0]
            yield Tiers(a, b, name, query.shown(value), False, query.cases(value, (a, b), eligible=False))


class _Query:
    """The ranges of several offers over one free fact."""

    def __init__(self, desk: Desk, judge: Judge, fact: n.Fact, tiered: list[tuple[Stand, list[n.Node]]]) -> None:
        self.desk, self.judge, self.fact, self.tiered = desk, judge, fact, tiered
        self.standing = Standing(desk, tiered[0][0])
        self.encoder = self.standing.encoder
        self.term = self.encoder.node(fact)
        self.inside = {stand.offer.offer: self._inside(self.encoder, nodes) for stand, nodes in tiered}

    def _inside(self, encoder: Any, nodes: list[n.Node]) -> Any:
        return both(*(holds(encoder.node(node)) for node in nodes))

    def find(self, *query: Any) -> Any:
        """A value of the fact for which everything holds."""
        answer = self.judge.ask(self.standing.world, *query)
        return None if answer.model is None else self.standing.world.facts[self.fact.name].read(answer.model)

    def gap(self) -> int | None:
        """A value between two tiers that lies in none of them."""
        world = World(self.standing.world)
        ends = []
        for about in ("below", "above"):
            free = world.free(about, self.fact.kind)
            at = self.encoder.beside(world, facts={self.fact.name: free.term})
            ends.append((free.term.value, either(*(self._inside(at, nodes) for _, nodes in self.tiered))))
        (low, one), (high, other) = ends
        value = self.term.value
        none = [negated(inside) for inside in self.inside.values()]
        answer = self.judge.ask(world, low < value, value < high, one, other, *none)
        return None if answer.found == NEVER or answer.model is None else number(answer.model, value)

    def cases(self, value: Any, pair: tuple[Stand, Stand], eligible: bool) -> tuple[tuple[Stand, Env], ...]:
        """A case of each offer with the value."""
        found = []
        for stand in pair:
            standing = Standing(self.desk, stand)
            term = standing.world.plain(standing.encoder.node(self.fact).value)
            held = term == (standing.world.texts.number(value) if isinstance(value, str) else value)
            query = (held, standing.encoder.eligible()) if eligible else (held,)
            answer = self.judge.ask(standing.world, *query, friendly=standing.friendly())
            env = None if answer.model is None else standing.env(answer.model)
            if env is None or not standing.replays(env) or bool(standing.refused(env)) is eligible:
                return ()
            found.append((stand, env))
        return tuple(found)

    def shown(self, value: Any) -> str:
        """The value as a reader writes it."""
        kind = self.fact.kind
        if isinstance(kind, Number):
            return format_scaled(value, kind.scale, group=True)
        return day_text(value) if isinstance(kind, Date) else str(value)


def title_of(desk: Desk, stand: Stand, name: str) -> Words:
    """A fact of an offer in words."""
    plan = desk.plans.plan(stand.first, stand.guide.year, stand.at)
    return plan.fact_defs(stand.offer.offer)[name].title
