"""More cost never pays less: two cases side by side that differ in one number, or in one more row.

The rows that both cases have in common are any number; beside them stands one row of which one column differs, or one
row more. Cases in which a gate fails are not compared: a condition may rightly end where something grows too large.
"""

from __future__ import annotations

from typing import Any

from jarlig.engines.findings import NONE, PROVED, REFUTED
from jarlig.engines.proof.encode import Encoder
from jarlig.engines.proof.proof import Found, Proof, Verdict, unproved
from jarlig.engines.proof.roles import BASELINE, COST, roles
from jarlig.engines.proof.standing import Env, Row, terms_of
from jarlig.engines.proof.terms import both, is_plain, negated
from jarlig.engines.proof.world import Free, World
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Kind, Number
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import Words


def moves(proof: Proof) -> list[str]:
    """Each number that is a cost never pays less when it rises; gives back the costs."""
    costs = []
    ways = roles(proof.ladder)
    for name, way in ways.items():
        label = proof.title(name.removesuffix("."))
        if way == BASELINE:
            proof.find("monotone", NONE, Words(f"{label.zh}是基期或扣减数", f"{label.en} is a baseline or deducted"))
            continue
        costs.append(name)
        pair = _Pair(proof, name, ways)
        verdict = pair.verdict()
        more = Words(f"{label.zh}增加，奖补不减", f"more {label.en} never pays less")
        if verdict.status == PROVED:
            proof.find("monotone", PROVED, more)
        elif proof.offer.falls is not None:
            proof.find("monotone", NONE, proof.offer.falls)
        elif verdict.status == REFUTED:
            less = Words(f"{label.zh}增加，奖补反降", f"more {label.en} pays less")
            values = {"fact": label, **pair.sizes(verdict), **pair.sums}
            proof.found.append(Found("monotone", REFUTED, less, "E945", name, "falls", values, verdict.cases))
        else:
            proof.find("monotone", verdict.status, unproved(more, verdict.why))
    return costs


class _Pair:
    """Two cases, alike but for one number, the second with more of it."""

    def __init__(self, proof: Proof, name: str, ways: dict[str, int]) -> None:
        self.proof, self.name, self.ways = proof, name, ways
        self.rows, self.dot, self.column = name.partition(".")
        self.world = World(proof.world)
        self.changed: dict[str, Free] = {}
        self.few: tuple[Row, ...] = ()
        self.many: tuple[Row, ...] = ()
        self.kind: Kind = Number((), 0, 0, 0)
        self.sums: dict[str, str] = {}
        self.close: list[Any] = []  # the least step at which it falls shows the edge
        self.less, self.more = self._encoders()

    def _encoders(self) -> tuple[Encoder, Encoder]:
        encoder, world = self.proof.encoder, self.world
        if not self.dot:
            node = next(below for below in self.proof.ladder.nodes()
                        if isinstance(below, n.Fact) and below.name == self.name)  # fmt: skip
            self.kind = node.kind
            more, less = world.free(self.name, node.kind), encoder.node(node)
            world.hold(less.value <= more.term.value, negated(less.none))
            self.changed = {self.name: more}
            self.close.append(more.term.value == less.value + 1)
            return encoder, encoder.beside(world, facts={self.name: more.term})
        group = encoder.sums.group(self.rows)
        row = encoder.sums.free_columns(world, group)
        if not self.column:
            self._hold_costs(row)
            self.many = (row,)
            return encoder, encoder.beside(world, rows={self.rows: (terms_of(row),)})
        column = encoder.sums.read_columns(group)[self.column]
        self.kind = column.kind
        larger = world.free(f"{self.rows}.{self.column}", column.kind)
        world.hold(row[self.column].term.value <= larger.term.value, negated(row[self.column].term.none))
        self.close.append(larger.term.value == row[self.column].term.value + 1)
        self.few, self.many = (row,), ({**row, self.column: larger},)
        one, other = (encoder.beside(world, rows={self.rows: (terms_of(rows[0]),)}) for rows in (self.few, self.many))
        return one, other

    def _hold_costs(self, row: Row) -> None:
        """A further row brings costs only: no number in it is negative, and nothing is deducted."""
        for name, free in row.items():
            way = self.ways.get(f"{self.rows}.{name}")
            if way is None:
                continue
            if not is_plain(free.term.none) and way == BASELINE:
                self.world.hold(free.term.none)
            elif way == BASELINE:
                self.world.hold(free.term.value == 0)
            elif way == COST:
                self.world.hold(free.term.value >= 0)

    def verdict(self) -> Verdict:
        """Whether the second case never gets less."""
        one, other = self.less.award(), self.more.award()
        if one.value is other.value or (not is_plain(one.value) and not is_plain(other.value)
                                        and one.value.eq(other.value)):  # fmt: skip
            return Verdict(PROVED)
        query = (both(self.less.eligible(), self.more.eligible()), one.value > other.value)
        return self.proof.decide(self.world, query, self._read, self._confirm, self.close)

    def _read(self, model: Any) -> tuple[Env, ...] | None:
        standing = self.proof.standing
        lists = ({self.rows: self.few}, {self.rows: self.many}) if self.dot else ({}, {})
        one, other = standing.env(model, added=lists[0]), standing.env(model, self.changed, lists[1])
        return None if one is None or other is None else (one, other)

    def _confirm(self, model: Any, cases: tuple[Env, ...]) -> bool:
        high, low = self.proof.awards(model, cases)
        if high is None or low is None or high <= low:
            return False
        self.sums = {"high": format_scaled(high, 2, group=True), "low": format_scaled(low, 2, group=True)}
        return self.proof.replayable(cases)

    def sizes(self, verdict: Verdict) -> dict[str, str]:
        """The number that differs, in both cases."""
        found = []
        for env in verdict.cases:
            if not self.dot:
                value = env[self.name]
            else:
                table = env[self.rows]
                value = table.columns[self.column][-1] if self.column else table.size
            scale = self.kind.scale if isinstance(self.kind, Number) else 0
            found.append(format_scaled(value, scale, group=True))
        return {"less": found[0], "more": found[1]}
