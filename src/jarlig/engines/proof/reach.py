"""Whether anybody can get an offer, and whether every figure that is written for it can ever apply.

A proof about an offer that nobody can get says nothing, so a paying case comes first; without one nothing else counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from jarlig.engines.findings import NOT_PROVED, PROVED, REFUTED
from jarlig.engines.proof.encode import Encoder
from jarlig.engines.proof.judge import NEVER, NOT_TOLD
from jarlig.engines.proof.proof import UNSHARED, Found, Proof, unproved
from jarlig.engines.proof.standing import FewRows, Row, terms_of
from jarlig.engines.proof.terms import both, every, holds, is_plain, negated
from jarlig.engines.proof.world import World
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import day_text
from jarlig.ladder.kinds import Date, Number
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import PARAMETER, Words

PAYS = Words("有事实可获得奖补", "there are facts that earn it")
#: A stand that pays, one where nobody can be paid, one whose place is left out, and one of which that is not known.
PAYING, NOBODY, NOT_HERE, NOT_KNOWN, LATE = "paying", "nobody", "not here", "not known", "late"


def can_pay(proof: Proof) -> str:
    """Look for a paying case before anything else; what stands in its way is told."""
    found, env = proof.example(lambda encoder: (encoder.eligible(), encoder.award().value > 0), lambda award: award > 0)
    if found == NEVER:
        return _nobody(proof)
    if env is not None and proof.replayable((env,)):
        if proof.open:
            proof.find("can_pay", PROVED, PAYS)
        return PAYING
    why = proof.judge.late if found == NOT_TOLD else UNSHARED
    witness = proof.standing.search.witness() if proof.open else None
    if witness is not None and (proof.standing.search.award(witness) or 0) > 0:
        proof.find("can_pay", PROVED, PAYS)
        return PAYING
    proof.find("can_pay", NOT_PROVED, unproved(PAYS, why))
    return NOT_KNOWN


def _nobody(proof: Proof) -> str:
    """Which gate never holds, alone or beside the others; or the award itself is always nothing."""
    found = _blocking(proof)
    nobody = Words("无人能够获得", "nobody can get it")
    if found is None:
        says = Words("奖补总是零", "the award is always nothing")
        proof.found.append(Found("can_pay", REFUTED, says, "E950"))
        return NOBODY
    gate, alone = found
    step = proof.ladder.step(gate)
    label = Words(f"{step.key} {step.label.zh}".strip(), f"{step.key} {step.label.en}".strip())
    if _elsewhere(proof, gate):
        zh = f"“{label.zh}”不含此地，此地无人可得；其他地方可以获得"
        en = f"“{label.en}” leaves this place out, so nobody gets it here; elsewhere it can be got"
        proof.find("can_pay", PROVED, Words(zh, en))
        return NOT_HERE
    proof.found.append(Found("can_pay", REFUTED, nobody, "E940" if alone else "E941", values={"gate": label}))
    return NOBODY


def _blocking(proof: Proof) -> tuple[str, bool] | None:
    held: list[Any] = []
    for name in proof.ladder.gates:
        gate = holds(proof.encoder.step(name))
        if proof.judge.never(proof.world, gate):
            return name, True
        if proof.judge.never(proof.world, *held, gate):
            return name, False
        held.append(gate)
    return None


def _elsewhere(proof: Proof, gate: str) -> bool:
    """Whether the gate asks for the place alone, and the offer pays in another place under the same documents."""
    if proof.encoder.reads.of(proof.ladder.step(gate).node) != {"at"} or not proof.standing.stand.places:
        return False
    elsewhere = proof.standing.anywhere()
    encoder = elsewhere.encoder
    answer = proof.judge.ask(elsewhere.world, encoder.eligible(), encoder.award().value > 0)
    if answer.model is None:
        return False
    env = elsewhere.env(answer.model)
    return env is not None and (elsewhere.climb(answer.model, env).award or 0) > 0


# figures that never apply


@dataclass(frozen=True)
class Place:
    """A written figure: what it is for in words, when it applies, and the list it is in, if any."""

    node: n.Node
    about: Words
    value: Words
    applies: Any
    world: World
    rows: str = ""
    row: Row | None = None
    chosen: bool = False


def figures(proof: Proof) -> None:
    """Each value of a choice and each band for which a figure is written can lead to an award."""
    seen: set[tuple[str, str]] = set()
    dead = 0
    unsure = False
    few = proof.standing.few_rows(1) if proof.encoder.sums.groups() else None
    alone = _places(proof, few.encoder) if few else _places(proof, proof.encoder)
    for place, simple in zip(_places(proof, proof.encoder), alone, strict=True):
        key = (place.about.en, place.value.en)
        if key in seen or is_plain(place.applies):
            continue
        seen.add(key)
        found = _applies(proof, place, simple, few)
        if found == NOBODY:
            dead += 1
            code = "E942" if place.chosen else "E955"
            says = Words(f"{place.value.zh} 从不适用", f"{place.value.en} never applies")
            values = {"fact": place.about, "value": place.value}
            about = f"{place.about.en}={place.value.en}"
            proof.found.append(Found("reachable", REFUTED, says, code, about, values=values))
        unsure = unsure or found in (NOT_KNOWN, LATE)
        if found in (NOT_KNOWN, LATE):
            zh, en = f"“{place.about.zh}”为 {place.value.zh} 时可获得", f"“{place.about.en}” {place.value.en} can pay"
            why = proof.judge.late if found == LATE else UNSHARED
            proof.find("reachable", NOT_PROVED, unproved(Words(zh, en), why))
    if seen and not dead and not unsure:
        says = Words(f"所写 {len(seen)} 个数额都可能适用", f"each of the {len(seen)} figures written can apply")
        proof.find("reachable", PROVED, says)


def _applies(proof: Proof, place: Place, simple: Place, few: FewRows | None) -> str:
    """Whether a figure can apply: first in a case with few rows, for such a case can always be made."""
    pays, no_history = not _is_nothing(place.node), proof.encoder.past.friendly()

    def good(award: int | None) -> bool:
        return award is not None and (award > 0 or not pays)

    if place.row is not None:
        return _applies_to_a_row(proof, place, pays, good)
    if few is not None:
        query = (simple.applies, few.encoder.eligible(), few.encoder.award().value > 0 if pays else True)
        answer = proof.judge.ask(few.world, *query, friendly=no_history)
        if answer.model is not None:
            cases = proof.few_case(few)(answer.model)
            if cases is not None and good(proof.awards(answer.model, cases)[0]):
                return PAYING
    encoder = proof.encoder
    query = (place.applies, encoder.eligible(), encoder.award().value > 0 if pays else True)
    answer = proof.judge.ask(proof.world, *query, friendly=no_history)
    if answer.model is None:
        return NOBODY if answer.found == NEVER else LATE
    cases = proof.one_case(answer.model)
    return PAYING if cases is not None and good(proof.awards(answer.model, cases)[0]) else NOT_KNOWN


def _applies_to_a_row(proof: Proof, place: Place, pays: bool, good: Callable[[int | None], bool]) -> str:
    assert place.row is not None
    rows = {place.rows: (terms_of(place.row),)}
    for none in (True, False):  # first without any other row: such a case can always be made
        alone = proof.standing.no_rows() if none else {}
        encoder = proof.encoder.beside(place.world, rows=rows, totals=alone)
        pays_here = encoder.award().value > 0 if pays else True
        query = (place.applies, encoder.eligible(), pays_here)
        answer = proof.judge.ask(place.world, *query, friendly=proof.encoder.past.friendly())
        if answer.model is None and not none:
            return NOBODY if answer.found == NEVER else LATE
        if answer.model is not None:
            env = proof.standing.env(answer.model, added={place.rows: (place.row,)}, totals=alone)
            if env is not None and good(proof.standing.climb(answer.model, env).award):
                return PAYING
    return NOT_KNOWN


def _is_nothing(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and node.value == 0


def _places(proof: Proof, base: Encoder) -> Iterator[Place]:
    for step in proof.ladder.steps:
        if step.role != "gate":
            yield from _below(proof, base, step.node, True, _Row(base.world))


class _Row(NamedTuple):
    """The world in which figures apply, and the row that they are looked for in."""

    world: World
    rows: str = ""
    row: Row | None = None


def _below(proof: Proof, base: Encoder, node: n.Node, path: Any, at: _Row) -> Iterator[Place]:
    """Every written figure below a node, with the conditions on the way to it."""
    encoder, (world, rows, row) = base, at
    if row is not None:
        encoder = base.beside(world, columns=terms_of(row))
    if isinstance(node, n.Sum):
        world = World(base.world)
        row = base.sums.free_columns(world, base.sums.group(node.rows))
        inside = base.beside(world, columns=terms_of(row))
        passed = holds(every([inside.node(test) for test in node.where]))
        yield from _below(proof, base, node.value, both(path, passed), _Row(world, node.rows, row))
        return
    told: list[tuple[n.Node, Any, Words]] = []
    by: n.Node | None = None
    if isinstance(node, n.Choose) and isinstance(node.by, n.Fact | n.Column):
        by = node.by
        if getattr(by, "name", "") != "at":
            value = encoder.world.plain(encoder.node(by).value)
            told = [(then, value == proof.world.texts.number(text), Words(text, text)) for text, then in node.table]
    elif isinstance(node, n.Banded):
        by, of = node.of, encoder.measured(node.of)
        for index, then in enumerate(node.values):
            told.append(
                (then, both(of.known, *_in_band(node, index, of.value)), band_words(node.edges, index, node.of.kind))
            )
    elif isinstance(node, n.Grown):
        by, now, since = node.now, encoder.measured(node.now), encoder.measured(node.since)
        below, first = encoder.growth(node, now.value, since.value)
        known = both(now.known, since.known, negated(first))
        ratio = Number((), 6, 0, 0)
        for index, then in enumerate(node.values):
            upper = below[index] if index < len(below) else True
            lower = negated(below[index - 1]) if index else True
            told.append((then, both(known, upper, lower), band_words(node.edges, index, ratio, percent=True)))
    for then, applies, words in told:
        if _is_figure(then):
            assert by is not None
            about = _title(proof, by, rows)
            yield Place(then, about, words, both(path, applies), world, rows, row, isinstance(node, n.Choose))
        yield from _below(proof, base, then, both(path, applies), at)
    if told:
        return
    if isinstance(node, n.Case):
        before: Any = True
        for test, then in node.branches:
            asked = encoder.node(test)
            yield from _below(proof, base, then, both(path, before, holds(asked)), at)
            before = both(before, asked.known, negated(asked.value))
        yield from _below(proof, base, node.otherwise, both(path, before), at)
        return
    for child in n.children(node):
        if not isinstance(child, n.Compare | n.All | n.AnyOf | n.Not):
            yield from _below(proof, base, child, path, at)


def _is_figure(node: n.Node) -> bool:
    """A figure of these documents: not a term that waits, nor a value that another document published for a period."""
    if isinstance(node, n.Open):
        return node.filled_by != "parameter"
    return not (isinstance(node, n.Literal) and node.source.startswith(PARAMETER))


def _in_band(node: n.Banded, at: int, of: Any) -> Iterator[Any]:
    if at:
        edge, closed = node.edges[at - 1]
        yield of > edge if closed else of >= edge
    if at < len(node.edges):
        edge, closed = node.edges[at]
        yield of <= edge if closed else of < edge


def band_words(edges: tuple[tuple[int, bool], ...], at: int, kind: Any, percent: bool = False) -> Words:
    """A band in the words in which programmes write one."""

    def shown(edge: int) -> str:
        if isinstance(kind, Date):
            return day_text(edge)
        scale = kind.scale if isinstance(kind, Number) else 0
        return f"{format_scaled(edge, scale - 2, 0)}%" if percent else format_scaled(edge, scale, 0, group=True)

    low, high = edges[at - 1] if at else None, edges[at] if at < len(edges) else None
    if low is None and high is None:
        return Words("全部", "all")
    if low is None:
        assert high is not None
        text = f"{'up to' if high[1] else 'under'} {shown(high[0])}"
    elif high is None:
        text = f"{'over' if low[1] else 'from'} {shown(low[0])}"
    else:
        text = f"{'over ' if low[1] else ''}{shown(low[0])} to {'' if high[1] else 'under '}{shown(high[0])}"
    return Words(text, text)


def _title(proof: Proof, node: n.Node, rows: str) -> Words:
    """What a band or a choice is of: the first fact or column that it reads."""
    for below in n.walk(node):
        if isinstance(below, n.Column):
            return proof.title(f"{rows}.{below.name}")
        if isinstance(below, n.Sum):
            return proof.title(below.rows)
        if isinstance(below, n.Fact):
            return proof.title(below.name)
        if isinstance(below, n.StepRef):
            return _title(proof, proof.ladder.step(below.name).node, rows)
    return Words("", "")
