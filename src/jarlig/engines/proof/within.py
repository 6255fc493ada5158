"""A guide lies within the notice, and a place's rules within the guide: figure by figure, term by term, gate by gate.

What stands above may be lowered, narrowed and made stricter, a floor may be raised (附则：各项比例和限额均为上限).
Reading the files refuses what goes the other way; here it is proved of the ladders that came out, for all facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from jarlig.engines.findings import NOT_PROVED, PROVED, REFUTED
from jarlig.engines.proof.encode import ROWS, Encoder
from jarlig.engines.proof.judge import NEVER, NOT_TOLD, SOMETIMES
from jarlig.engines.proof.proof import Found, Proof, unproved
from jarlig.engines.proof.sums import Sums
from jarlig.engines.proof.terms import every, holds, negated
from jarlig.engines.proof.world import World
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import Ladder, Step, Words

#: Roles of steps whose value may only fall from one document to the next.
_LOWERED = ("rate", "each", "cap", "limit", "share_cap")
Pair = tuple[n.Node, n.Node]


def within(proof: Proof, above: Ladder, name: Words) -> None:
    """Every figure, term and gate of the ladder lies within that of the document above."""
    check = _Within(proof, above)
    says = says_within(name)
    worst = PROVED
    for what, found in check.compared():
        if found == SOMETIMES:
            words = Words(f"{what.zh} 超出{name.zh}", f"{what.en} is outside the {name.en}")
            values = {"what": what, "above": name}
            proof.found.append(Found("within", REFUTED, words, "E957", what.en, values=values))
            return
        if found != NEVER:
            worst = NOT_PROVED
    proof.find("within", worst, says if worst == PROVED else unproved(says, proof.judge.late))


def says_within(name: Words) -> Words:
    """What is said of a ladder that lies within another document."""
    return Words(f"各项数额、参数和条件均在{name.zh}之内", f"figures, terms and conditions lie within the {name.en}")


class _Within:
    def __init__(self, proof: Proof, above: Ladder) -> None:
        self.proof, self.lower = proof, proof.ladder
        self.steps = {step.name: step for step in proof.ladder.steps}
        self.pairs = [(step, pair) for step in above.steps if step.name in self.steps and step.role != "gate"
                      for pair in differing(step.node, self.steps[step.name].node)]  # fmt: skip
        self.terms = {one.term: other for _, (one, other) in self.pairs if isinstance(one, n.Open)}
        steps = tuple(replace(step, node=_with_terms(step.node, self.terms)) for step in above.steps)
        self.above = replace(above, steps=steps)
        self.world = World(proof.world)
        self.own, self.encoder = Encoder(proof.ladder, self.world), Encoder(self.above, self.world)
        sums = Sums(self.own, self.above.nodes())
        for encoder in (self.own, self.encoder):  # one history, and the same rows
            encoder.past, encoder.sums = proof.encoder.past, sums

    def compared(self) -> Iterator[tuple[Words, str]]:
        """What was compared, and whether it can lie outside: ``never`` if it cannot."""
        for step, (one, other) in self.pairs:
            if isinstance(one, n.Open) and isinstance(one.kind, Number):
                yield _words(step), self._outside(other, one.kind)
        for step in self.above.steps:
            if step.role == "gate":
                yield from self._gate(step)
            elif step.name in self.steps and step.node != self.steps[step.name].node:
                yield from self._figure(step)
            elif step.name not in self.steps and step.role in _LOWERED:
                yield _words(step), SOMETIMES

    def _outside(self, node: n.Node, kind: Number) -> str:
        """Whether a value can lie outside the bounds of the term that it fills."""
        own = node.kind
        assert isinstance(own, Number)
        scale = max(own.scale, kind.scale)
        world = World(self.world)
        value = self._at_rows(node, world).value * int(10 ** (scale - own.scale))
        level = int(10 ** (scale - kind.scale))
        below, above = value < kind.low * level, value > kind.high * level
        return self._ask(world, [below], [above])

    def _at_rows(self, node: n.Node, world: World) -> Any:
        columns = {below.name: below for below in n.walk(node) if isinstance(below, n.Column)}
        row = {name: world.free(name, column.kind, column.optional).term for name, column in columns.items()}
        encoder = self.own
        return (encoder.beside(world, columns=row) if row else encoder).measured(node)

    def _figure(self, step: Step) -> Iterator[tuple[Words, str]]:
        own = self.steps[step.name]
        lump = step.role == "formula" and step.key.endswith("amount")
        if step.role in _LOWERED or lump or step.role == "floor":
            one, other = self.encoder.step(step.name), self.own.step(step.name)
            high, low = (_level(term.value, item.node.kind, step, own) for term, item in ((one, step), (other, own)))
            outside = low < high if step.role == "floor" else low > high
            found = self._ask(self.world, [one.known, other.known, outside])
            unsure = any(name.startswith(ROWS) for name in self.own.reads.of(own.node))
            yield _words(step), NOT_TOLD if unsure and found == SOMETIMES else found
        sums = [(a, b) for a, b in zip(_sums(step.node), _sums(own.node), strict=False) if a.where != b.where]
        for one_sum, other_sum in sums:
            yield _words(step), self._rows_left_out(one_sum, other_sum)

    def _rows_left_out(self, above: n.Sum, own: n.Sum) -> str:
        """Whether a row counts here that the document above leaves out."""
        world = World(self.world)
        columns = {c.name: c for s in (above, own) for item in s.where for c in n.walk(item) if isinstance(c, n.Column)}
        row = {name: world.free(name, column.kind, column.optional).term for name, column in columns.items()}
        one, other = (encoder.beside(world, columns=row) for encoder in (self.encoder, self.own))
        wide = holds(every([one.node(test) for test in above.where]))
        narrow = holds(every([other.node(test) for test in own.where]))
        return self._ask(world, [narrow, negated(wide)])

    def _gate(self, step: Step) -> Iterator[tuple[Words, str]]:
        own = next((s for s in self.lower.steps if s.role == "gate" and s.key == step.key), None)
        if own is None:
            yield _words(step), SOMETIMES
        elif own.node != step.node:
            one, other = self.encoder.node(step.node), self.own.node(own.node)
            yield _words(step), self._ask(self.world, [holds(other), negated(holds(one))])

    def _ask(self, world: World, *queries: list[Any]) -> str:
        found = [self.proof.judge.ask(world, *query).found for query in queries]
        return SOMETIMES if SOMETIMES in found else NEVER if set(found) == {NEVER} else found[0]


def differing(above: n.Node, own: n.Node) -> Iterator[Pair]:
    """The places in which two nodes differ, as deep down as they can be told apart; an open term beside its filling."""
    if isinstance(above, n.Open) or type(above) is not type(own):
        if isinstance(above, n.Rescale) and not isinstance(own, n.Rescale):
            yield from differing(above.item, own)
        elif above != own:
            yield above, own
        return
    if isinstance(above, n.Literal):
        if above.value != own.value:  # type: ignore[union-attr]
            yield above, own
        return
    for one, other in zip(n.children(above), n.children(own), strict=False):
        yield from differing(one, other)


def _with_terms(node: n.Node, terms: Mapping[str, n.Node]) -> n.Node:
    """A node with its open terms as the document below fills them, at their own scale."""
    if isinstance(node, n.Open) and node.term in terms:
        filled = terms[node.term]
        kind, own = node.kind, filled.kind
        if isinstance(kind, Number) and isinstance(own, Number) and own.scale < kind.scale:
            return n.Rescale(filled, kind.scale - own.scale, Number(own.unit, kind.scale, kind.low, kind.high))
        return filled
    changed = {field.name: _in(getattr(node, field.name), terms) for field in fields(node)}
    return type(node)(**changed)


def _in(value: Any, terms: Mapping[str, n.Node]) -> Any:
    if isinstance(value, n.Node):
        return _with_terms(value, terms)
    if isinstance(value, tuple):
        return tuple(_in(item, terms) for item in value)
    return value


def _level(value: Any, kind: Any, one: Step, other: Step) -> Any:
    """The value of a step at the finer scale of the two."""
    kinds = [step.node.kind for step in (one, other)]
    scale = max(found.scale for found in kinds if isinstance(found, Number))
    assert isinstance(kind, Number)
    return value * int(10 ** (scale - kind.scale))


def _sums(node: n.Node) -> list[n.Sum]:
    return [below for below in n.walk(node) if isinstance(below, n.Sum)]


def _words(step: Step) -> Words:
    return Words(f"{step.key} {step.label.zh}".strip(), f"{step.key} {step.label.en}".strip())
