"""Witnesses (证例): facts under which an offer pays, found by trying the values at which its rules change.

A proof about an offer that nobody can get says nothing, so a witness comes first. A witness is a whole case: it can be
put to the desk, and written down as a worked case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from jarlig.engines.answer import Desk, Determination
from jarlig.engines.candidates import Points, reads
from jarlig.engines.exact import Climber
from jarlig.engines.exact.closures import scalar, vector
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import day_text, month_text
from jarlig.ladder.history import EarlierAward
from jarlig.ladder.kinds import Date, Kind, Month, Number, Rows
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import Ladder
from jarlig.ladder.tables import Table
from jarlig.policy.plans import Plan

#: How many combinations a search may try before it gives up and says so.
MOST_TRIED = 20_000
Env = dict[str, Any]


class GaveUp(Exception):
    """The search tried all that it may; nothing follows from that."""


@dataclass(frozen=True)
class Blocked:
    """No facts make the gates hold: ``gate`` is the key of the one that fails; ``alone`` when it fails by itself."""

    gate: str
    alone: bool


class Search:
    """Looks for cases of one ladder."""

    def __init__(self, desk: Desk, plan: Plan, ladder: Ladder, on: int, at: str) -> None:
        self.desk, self.plan, self.ladder, self.on, self.at = desk, plan, ladder, on, at
        self.climber = Climber(ladder)
        facts = plan.fact_defs(ladder.offer)
        self.kinds: dict[str, Kind] = {name: fact.kind for name, fact in facts.items()}
        self.optional = {name for name, fact in facts.items() if fact.or_none}
        self.kinds.update((node.name, node.kind) for node in ladder.nodes() if isinstance(node, n.Fact))
        self.fixed: dict[str, Any] = {"on": on, "at": at or None, "guide_year": plan.guide.year if plan.guide else None}
        self.points = Points(ladder, {name: value for name, value in self.fixed.items() if value is not None})
        self.gates = [ladder.step(name) for name in ladder.gates]
        self.tried = 0

    # gates

    def blocked(self, given: Env | None = None) -> Blocked | None:
        """The gates that no facts can satisfy, as far as a complete search can tell; None when it cannot."""
        start: Env = {**self.fixed, **(given or {})}
        judged = [gate for gate in self.gates if self._is_complete(gate.node, start)]
        held: list[n.Node] = []
        for gate in judged:
            try:
                if self._first(start, [gate.node]) is None:
                    return Blocked(gate.key, alone=True)
                if self._first(start, [*held, gate.node]) is None:
                    return Blocked(gate.key, alone=False)
            except GaveUp:
                return None
            held.append(gate.node)
        return None

    def _is_complete(self, gate: n.Node, given: Env) -> bool:
        """Whether a search of a gate says all; one that asks for the place only says something of this place."""
        if any(isinstance(below, n.Open | n.Judged) for below in n.walk(gate)) or "at" in reads(self.ladder, gate):
            return False
        names = [name for name in reads(self.ladder, gate) if name not in given]
        return all(name in self.kinds and self.points.is_complete(name, self.kinds[name]) for name in names)

    def _first(self, start: Env, gates: list[n.Node]) -> Env | None:
        self.tried = 0
        return next(self._held(start, [(scalar(gate), reads(self.ladder, gate)) for gate in gates]), None)

    def _held(self, env: Env, gates: list[Any]) -> Iterator[Env]:
        """Every way to make the gates hold, one fact after the other, leaving a branch as soon as a gate is false."""
        self.tried += 1
        if self.tried > MOST_TRIED:
            raise GaveUp
        if not gates:
            yield env
            return
        test, names = gates[0]
        holds = test(env)
        if holds:
            yield from self._held(env, gates[1:])
        elif holds is None:
            for name in [name for name in names if name not in env][:1]:
                for value in self.values(name, env):
                    yield from self._held({**env, name: value}, gates)

    # whole cases

    def witness(self, given: Env | None = None) -> Env | None:
        """Facts under which every gate holds and the award is known, as high as a short climb finds it."""
        start: Env = {**self.fixed, **(given or {})}
        self.tried = 0
        gates = [(scalar(gate.node), reads(self.ladder, gate.node)) for gate in self.gates]
        try:
            env = next(self._held(start, gates), None)
        except GaveUp:
            return None
        if env is None:
            return None
        for node in (*(step.node for step in self.ladder.steps), *(doubt.node for doubt in self.ladder.doubts)):
            for name in reads(self.ladder, node):
                if name not in env:
                    env = {**env, name: next(iter(self.values(name, env)), None)}
        for judged in self.ladder.judged:
            env["!" + judged.name] = judged.kind.high
        best = self.best(env, 1, frozenset(given or ()))
        return best if self.award(best) is not None else None

    def award(self, env: Env) -> int | None:
        """The award of a case, None while anything is unknown or a gate is false."""
        return self.climber.climb(dict(env)).award

    def best(self, env: Env, sign: int, kept: frozenset[str] = frozenset()) -> Env:
        """The case with one fact after the other moved to where the award is highest (or lowest: sign -1)."""
        score = self.award(env)
        for name in self.kinds:
            if name not in env or name in kept or name in self.fixed:
                continue
            for value in self.values(name, env):
                moved = {**env, name: value}
                award = self.award(moved)
                if award is not None and (score is None or sign * award > sign * score):
                    env, score = moved, award
        return env

    def values(self, name: str, env: Env) -> Iterable[Any]:
        """Values of a fact worth trying."""
        if name == "history":
            return self._histories(env)
        kind = self.kinds.get(name)
        if isinstance(kind, Rows):
            return self._tables(name, kind, env)
        if kind is None:
            return ()
        none = (n.NONE,) if name in self.optional else ()
        return (*none, *self.points.candidates(name, kind, self.on))

    def _tables(self, name: str, kind: Rows, env: Env) -> list[Table]:
        """No row, and one row that as many sums as possible count."""
        sums = [node for node in self.ladder.nodes() if isinstance(node, n.Sum) and node.rows == name]
        row = self.row(kind, sums, env)
        return [Table({column: [value] for column, value in row.items()}, 1), Table({c: [] for c in row}, 0)]

    def row(self, kind: Rows, sums: list[n.Sum], env: Env) -> dict[str, Any]:
        """A row that every condition of the sums keeps, column by column."""
        row: dict[str, Any] = {column: None for column, _ in kind.columns}
        tests = [vector(test) for total in sums for test in total.where]
        for column, what in kind.columns:
            if column in kind.optional:
                row[column] = n.NONE
                continue
            options = self.points.candidates(column, what, self.on)
            row[column] = next((value for value in options if _kept(tests, {**row, column: value}, env)), None)
            if row[column] is None:
                row[column] = next(iter(options), None)
        return row

    def _histories(self, env: Env) -> list[list[EarlierAward]]:
        """No earlier award, or one under each other offer that a limit or an order of offers reads."""
        earlier = [node for node in self.ladder.nodes() if isinstance(node, n.Earlier)]
        keys = {key: scalar(value)(env) for node in earlier for key, value in node.subject}
        year = self.fixed["guide_year"]
        others = dict.fromkeys(offer for node in earlier for offer in node.offers if offer != self.ladder.offer)
        awards = [
            EarlierAward(offer, self.on - 1, year, "approved", 100, 100, id=f"H{at}", keys=keys)
            for at, offer in enumerate(others, 1)
        ]
        return [[], awards] if awards else [[]]

    # as a case of a file

    def plain(self, env: Env) -> dict[str, Any]:
        """The facts of a case as a facts file holds them."""
        facts: dict[str, Any] = {}
        for name, value in env.items():
            if name in self.fixed or value is None or name.startswith("="):
                continue
            if name.startswith("!"):
                facts.setdefault("decisions", {})[name[1:]] = format_scaled(value, 2)
            elif name == "history":
                facts[name] = [_award_text(award, self._key_kinds()) for award in value]
            elif name in self.kinds:
                facts[name] = text_of(value, self.kinds[name])
        return facts

    def _key_kinds(self) -> dict[str, Kind]:
        earlier = (node for node in self.ladder.nodes() if isinstance(node, n.Earlier))
        return {key: value.kind for node in earlier for key, value in node.subject}

    def ask(self, env: Env) -> Determination:
        """The desk's own answer to the case."""
        year = self.plan.guide.year if self.plan.guide else None
        return self.desk.determine(self.ladder.offer, self.plain(env), on=self.on, guide=year, at=self.at)

    def case(self, name: str, env: Env, title: Mapping[str, str]) -> dict[str, Any]:
        """The case as an entry of ``cases/*.yaml``, with the answer it gets."""
        answer = self.ask(env)
        amount = {} if answer.amount is None else {"amount": format_scaled(answer.amount, 2)}
        expect = {"outcome": answer.outcome, **amount}
        year: dict[str, Any] = {"guide": str(self.plan.guide.year)} if self.plan.guide else {}
        at: dict[str, Any] = {"at": self.at} if self.at else {}
        return {"case": name, "title": dict(title), "arithmetic": dict(title), "offer": self.ladder.offer,
                "on": day_text(self.on), **year, **at, "facts": self.plain(env), "expect": expect}  # fmt: skip


def as_yaml(cases: list[dict[str, Any]]) -> str:
    """Cases as the text of a file."""
    text: str = yaml.safe_dump(cases, allow_unicode=True, sort_keys=False, width=120)
    return text


def text_of(value: Any, kind: Kind) -> Any:
    """A typed value as the text that a facts file gives."""
    if value is None:
        return None
    if isinstance(value, Table) and isinstance(kind, Rows):
        kinds = dict(kind.columns)
        rows = (value.row(index) for index in range(value.size))
        return [{c: text_of(v, kinds[c]) for c, v in row.items() if v is not None and v != n.NONE} for row in rows]
    if value == n.NONE and isinstance(value, str):
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(kind, Number):
        return format_scaled(value, kind.scale)
    if isinstance(kind, Date):
        return day_text(value)
    if isinstance(kind, Month):
        return month_text(value)
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _kept(tests: list[Any], row: dict[str, Any], env: Env) -> bool:
    table = Table({column: [value] for column, value in row.items()}, 1)
    return all(test(env, table)[0] is not False for test in tests)


def _award_text(award: EarlierAward, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    assert award.on is not None
    assert award.approved is not None
    keys = {key: text_of(value, kinds[key]) for key, value in award.keys.items() if value is not None}
    year = {} if award.guide_year is None else {"guide_year": str(award.guide_year)}
    sum_ = format_scaled(award.approved, 2)
    return {"id": award.id, "offer": award.offer, "on": day_text(award.on), **year,
            "state": award.state, "capped": sum_, "approved": sum_, "recovered": "0", **keys}  # fmt: skip
