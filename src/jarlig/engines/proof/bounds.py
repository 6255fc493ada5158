"""What holds of every award: within each ceiling, never below zero, and always one figure.

A ceiling is the rounded one: half a fen over a share is within it (reading of the order of rounding). What a limit
leaves is a ceiling too, and so is the cap of a part and of a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jarlig.engines.findings import NONE, NOT_PROVED, PROVED, REFUTED
from jarlig.engines.proof.encode import Encoder
from jarlig.engines.proof.proof import Found, Proof, Verdict, scaled_to_fen, unproved
from jarlig.engines.proof.standing import Env
from jarlig.engines.proof.terms import either, every, fails, holds, negated
from jarlig.engines.proof.world import World
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import MOST_FEN, Number
from jarlig.ladder.numbers import format_scaled, round_half_up
from jarlig.ladder.steps import Step, Words


def ceilings(proof: Proof) -> None:
    """The award never exceeds the offer's caps, what its limits leave, nor any bound of its formula."""
    caps = 0
    for value, cap in _capped(proof):
        caps += 1
        _ceiling(proof, value, cap)
    caps += _row_caps(proof)
    bound = proof.ladder.step(proof.ladder.award).node.kind
    if not caps and isinstance(bound, Number):
        if bound.high >= MOST_FEN:
            proof.find("ceiling", NONE, Words("没有上限", "there is no ceiling"))
            return
        top = format_scaled(bound.high, 2, group=True)
        above = proof.judge.never(proof.world, proof.encoder.award().known, proof.encoder.award().value > bound.high)
        says = Words(f"公式本身最高 {top} 元", f"the formula gives at most CNY {top}")
        proof.find("ceiling", PROVED if above else NOT_PROVED, says if above else unproved(says, proof.judge.late))


def _capped(proof: Proof) -> Iterator[tuple[Step, Step]]:
    """Each ceiling with what lies under it: the award under the offer's own, a part under that of the part."""
    steps = {step.name: step for step in proof.ladder.steps}
    for step in proof.ladder.steps:
        whole = re.fullmatch(r"(?:cap(?:_\d+)?|limit_(\d+))", step.name)
        if whole and step.role in ("cap", "limit"):
            left = steps.get(f"left_{whole.group(1)}")
            yield steps[proof.ladder.award], left or step
        elif step.role == "cap":
            yield steps[re.sub(r"cap(_\d+)?$", "part", step.name)], step


def _ceiling(proof: Proof, under: Step, cap: Step) -> None:
    kind = cap.node.kind
    assert isinstance(kind, Number)
    seen: dict[str, int] = {}

    def confirm(model: Any, cases: tuple[Env, ...]) -> bool:
        values = proof.standing.values(model, cases[0])
        got, bound = values[under.name], values[cap.name]
        if got is None or bound is None:
            return False
        assert isinstance(under.node.kind, Number)
        seen.update(got=round_half_up(got, under.node.kind.scale, 2), cap=round_half_up(bound, kind.scale, 2))
        return seen["got"] > seen["cap"] and proof.replayable(cases)

    def query(encoder: Encoder) -> tuple[Any, ...]:
        value, most = encoder.step(under.name), encoder.step(cap.name)
        above = scaled_to_fen(value.value, under.node.kind) > scaled_to_fen(most.value, kind)
        return encoder.eligible(), value.known, most.known, above

    verdict = proof.decide_case(query, confirm)
    if cap.role == "remaining":
        says = Words("不超过累计上限的剩余额度", "never above what the limit in total leaves")
        top = proof.ladder.step(cap.name.replace("left", "limit")).node.kind
    else:
        says = Words(f"不超过{cap.label.zh}", f"never above the {cap.label.en}")
        top = kind
    if verdict.status == PROVED:
        says = _with_top(says, top)
    _told(proof, verdict, says, cap.name, seen)


def _with_top(says: Words, kind: Any) -> Words:
    assert isinstance(kind, Number)
    if kind.scale >= 2 and kind.high >= MOST_FEN * 10 ** (kind.scale - 2):
        return says
    top = format_scaled(kind.high, kind.scale, group=True)
    return Words(f"{says.zh}，最高 {top} 元", f"{says.en}, at most CNY {top}")


def _told(proof: Proof, verdict: Verdict, says: Words, about: str, seen: dict[str, int]) -> None:
    if verdict.status != REFUTED:
        words = says if verdict.status == PROVED else unproved(says, verdict.why)
        proof.find("ceiling", verdict.status, words)
        return
    one, two = (format_scaled(seen[name], 2, group=True) for name in ("got", "cap"))
    values = {"zh": f"得 {one} 元，上限 {two} 元", "en": f"CNY {one}, cap CNY {two}"}
    above = Words("超过上限", "above the cap")
    proof.found.append(Found("ceiling", REFUTED, above, "E943", about, "above-cap", values, verdict.cases))


def _row_caps(proof: Proof) -> int:
    """Each row of a ladder for rows stays within the cap of a row."""
    count = 0
    for node in (below for step in proof.ladder.steps if step.key == "for_each" for below in n.walk(step.node)):
        if not isinstance(node, n.Sum):
            continue
        inner = node.value.left if isinstance(node.value, n.Greatest) else node.value
        while isinstance(inner, n.Least):
            count += 1
            _row_cap(proof, node, inner.right)
            inner = inner.left
    return count


def _row_cap(proof: Proof, node: n.Sum, cap: n.Node) -> None:
    world = World(proof.world)
    group = proof.encoder.sums.group(node.rows)
    row = proof.encoder.sums.free_columns(world, group)
    at = proof.encoder.beside(world, columns={name: free.term for name, free in row.items()})
    passed, value, most = every([at.node(test) for test in node.where]), at.measured(node.value), at.measured(cap)
    seen: dict[str, int] = {}

    def read(model: Any) -> tuple[Env, ...] | None:
        env = proof.standing.env(model, added={node.rows: (row,)})
        return None if env is None else (env,)

    def confirm(model: Any, cases: tuple[Env, ...]) -> bool:
        alone = {**cases[0], node.rows: _last_row(cases[0][node.rows])}
        got, bound = (proof.standing.sum_of(model, n.Sum(node.rows, node.where, item, node.kind), alone)
                      for item in (node.value, cap))  # fmt: skip
        if got is None or bound is None:
            return False
        seen.update(got=round_half_up(got, node.kind.scale, 2), cap=round_half_up(bound, node.kind.scale, 2))
        return got > bound

    query = (proof.encoder.eligible(), holds(passed), value.known, most.known, value.value > most.value)
    verdict = proof.decide(world, query, read, confirm)
    says = Words("每行不超过该行上限", "no row is paid above the cap of a row")
    _told(proof, verdict, says, "row cap", seen)


def _last_row(table: Any) -> Any:
    return type(table)({name: values[-1:] for name, values in table.columns.items()}, 1)


def never_negative(proof: Proof) -> None:
    """No facts give less than nothing."""
    seen: list[int] = []

    def confirm(model: Any, cases: tuple[Env, ...]) -> bool:
        (got,) = proof.awards(model, cases)
        seen[:] = [] if got is None else [got]
        return got is not None and got < 0 and proof.replayable(cases)

    says = Words("不会为负", "never negative")
    verdict = proof.decide_case(lambda encoder: (encoder.eligible(), encoder.award().value < 0), confirm)
    if verdict.status == REFUTED:
        values = {"sum": format_scaled(seen[0], 2, group=True)}
        below = Words("可能为负", "below zero")
        proof.found.append(Found("never_negative", REFUTED, below, "E953", "", "negative", values, verdict.cases))
    else:
        proof.find("never_negative", verdict.status, says if verdict.status == PROVED else unproved(says, verdict.why))


def always_a_figure(proof: Proof) -> None:
    """With every fact known there is one figure: no band, choice or branch leaves a gap."""
    says = Words("事实齐全时必有且只有一个数额", "known facts always give one figure")

    def query(encoder: Encoder) -> tuple[Any, ...]:
        gates = encoder.gates()
        refused = either(*(fails(gate) for gate in gates))
        return negated(refused), either(*(negated(gate.known) for gate in gates), negated(encoder.award().known))

    def confirm(model: Any, cases: tuple[Env, ...]) -> bool:
        exact = proof.standing.climb(model, cases[0])
        return exact.unknown and not exact.refused and all(value is not None for value in cases[0].values())

    verdict = proof.decide_case(query, confirm)
    if verdict.status == REFUTED and verdict.model is not None:
        missing = proof.standing.first_unknown(verdict.model, verdict.cases[0])
        gap = Words("有事实没有对应的数额", "some facts have no figure")
        values = {"step": missing}
        proof.found.append(Found("total", REFUTED, gap, "E952", "", "no-figure", values, verdict.cases))
    else:
        proof.find("total", verdict.status, says if verdict.status == PROVED else unproved(says, verdict.why))


def exceptions(proof: Proof) -> None:
    """Two exceptions of one rule never hold at once; where they can, a person would have to decide."""
    for doubt in proof.ladder.doubts:
        if not re.search(r"_exceptions_\d+_\d+$", doubt.name):
            continue
        says = Words("各项例外互不重叠", "the exceptions never overlap")

        def confirm(model: Any, cases: tuple[Env, ...], name: str = doubt.name) -> bool:
            return name in proof.standing.climb(model, cases[0]).doubts and proof.replayable(cases)

        def query(encoder: Encoder, node: n.Node = doubt.node) -> tuple[Any, ...]:
            return encoder.eligible(), holds(encoder.node(node))

        verdict = proof.decide_case(query, confirm)
        if verdict.status == REFUTED:
            both_hold = Words("两项例外可能同时成立", "two exceptions can hold at once")
            values = {"facts": proof.standing.in_words(verdict.cases[0], doubt.node)}
            found = Found("exceptions", REFUTED, both_hold, "E951", doubt.name, "exceptions", values, verdict.cases)
            proof.found.append(found)
        else:
            words = says if verdict.status == PROVED else unproved(says, verdict.why)
            proof.find("exceptions", verdict.status, words)
