"""Ranges of one offer for what is known so far, each worked out once for the same facts.

Identities (a credit code, a project's number) only tell earlier awards apart. A person who estimates is not asked for
them: stand-ins take their place, the same in the facts and in the earlier awards, so that the applicant's own awards
count.
"""

from __future__ import annotations

import hashlib
import json
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from jarlig.asking.topics import COUNT, HISTORY, TOTAL, Topics
from jarlig.engines.answer import Determination
from jarlig.engines.interval.rows import sums_money
from jarlig.engines.interval.unknowns import uses_of
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Code
from jarlig.ladder.steps import Ladder
from jarlig.library import Programme
from jarlig.policy.casefile import Facts
from jarlig.policy.plans import Plan

#: Determinations that are kept for one programme.
MOST_KEPT = 4_096
_STAND_INS = {"uscc": "91150000MA0EXAMP11", "invoice": "23150000000000000000", "sha256": "0" * 64, "bank": "0" * 12}
_STAND_IN = "estimate"
T = TypeVar("T")


class Lazily(Mapping[str, T]):
    """A value for each of some names, worked out when it is first read and then kept."""

    def __init__(self, names: Iterable[str], value: Callable[[str], T]) -> None:
        self._names, self._value = dict.fromkeys(names), value
        self._kept: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._kept:
            if name not in self._names:
                raise KeyError(name)
            self._kept[name] = self._value(name)
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Reads:
    """What a ladder reads: names in the order of its steps, what gates read, and which forms rows are told in."""

    names: tuple[str, ...]
    gates: frozenset[str]
    identities: Mapping[str, str]
    rows: Mapping[str, tuple[str, ...]]
    sums: Mapping[tuple[str, str], n.Sum]


class Estimates:
    """The determinations of one programme, kept by offer, day, place and the facts that matter."""

    def __init__(self, programme: Programme) -> None:
        self.programme, self.topics = programme, Topics(programme.model)
        self.fingerprint = fingerprint(programme)
        self._kept: OrderedDict[tuple[Any, ...], Determination] = OrderedDict()
        self._reads: dict[int, tuple[Ladder, Reads]] = {}
        self._places: dict[tuple[str, int], tuple[str, ...]] = {}
        self._lock = Lock()

    def plan(self, on: int, at: str) -> Plan:
        """What governs on a day at a place."""
        return self.programme.desk.plans.plan(on, None, at)

    def forget(self) -> None:
        """Drops what was kept of cases; the rules stay compiled."""
        with self._lock:
            self._kept.clear()

    def places(self, offer: str, on: int) -> tuple[str, ...]:
        """Places whose own rules change what an offer comes to on a day; asked while the place is not known."""
        asked = (offer, on)
        if asked not in self._places:
            plain = self.plan(on, "").ladder(offer)
            laid = [one for one in self.programme.model.locals.values() if one.start <= on <= one.end]
            own = [one.at for one in laid if self.plan(on, one.at).ladder(offer) != plain]
            self._places[asked] = tuple(own)
        return self._places[asked]

    def reads(self, plan: Plan, offer: str) -> Reads:
        """What the ladder of an offer reads."""
        ladder = plan.ladder(offer)
        kept = self._reads.get(id(ladder))
        if kept is None:
            kept = self._reads[id(ladder)] = (ladder, _reads(ladder, plan))
        return kept[1]

    def determine(
        self, offer: str, facts: Mapping[str, Any], on: int, at: str, place: str, ranked: bool
    ) -> Determination:
        """The answer of an offer for the facts that it reads.

        Args:
            offer: its id.
            facts: what is known.
            on: the day of application.
            at: whose local rules are asked for; empty for those of the place that the facts give.
            place: where the facts say that the application is made.
            ranked: whether it is asked what each missing fact can change.
        """
        plan = self.plan(on, at or place)
        reads = self.reads(plan, offer)
        own = facts.get(offer)
        known = {name: facts[name] for name in (*reads.names, self.programme.model.applied_at) if name in facts}
        if isinstance(own, Mapping) and offer not in reads.names:
            known[offer] = {name: value for name, value in own.items() if name in reads.names}
        for name, value in reads.identities.items():
            known.setdefault(name, value)
        asked = (offer, on, at, ranked, json.dumps(known, sort_keys=True, ensure_ascii=False))
        with self._lock:
            found = self._kept.get(asked)
            if found is not None:
                self._kept.move_to_end(asked)
                return found
        found = self.programme.desk.determine(offer, Facts(known), on=on, at=at, ranked=ranked)
        with self._lock:
            self._kept[asked] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found


_OF: weakref.WeakKeyDictionary[Programme, Estimates] = weakref.WeakKeyDictionary()


def estimates_of(programme: Programme) -> Estimates:
    """The estimates kept for a programme as long as the programme itself is."""
    found = _OF.get(programme)
    if found is None:
        found = _OF[programme] = Estimates(programme)
    return found


def fingerprint(programme: Programme) -> str:
    """SHA-256 over the names and bytes of all files of a programme."""
    whole = hashlib.sha256()
    for name, data in sorted(programme.model.files.items()):
        for part in (name.encode(), data):
            whole.update(str(len(part)).encode() + b":" + part)
    return whole.hexdigest()


def _reads(ladder: Ladder, plan: Plan) -> Reads:
    defs = plan.fact_defs(ladder.offer)
    uses = uses_of([*(step.node for step in ladder.steps), *(doubt.node for doubt in ladder.doubts)])
    identities = {
        name: _STAND_INS.get(kind.form, _STAND_IN)
        for name, fact in defs.items()
        if isinstance(kind := fact.kind, Code)
        and (of := uses.get("f:" + name)) and all(use.how == "subject" for use in of)
    }  # fmt: skip
    by_step: dict[str, frozenset[str]] = {}
    names: dict[str, None] = {}
    sums: dict[str, list[n.Sum]] = {}
    for step in ladder.steps:
        found = list(_named(step.node, by_step))
        by_step[step.name] = frozenset(found)
        names.update(dict.fromkeys(found))
        for node in n.walk(step.node):
            if isinstance(node, n.Sum):
                sums.setdefault(node.rows, []).append(node)
    for doubt in ladder.doubts:
        names.update(dict.fromkeys(_named(doubt.node, by_step)))
    gates = frozenset().union(*(by_step[gate] for gate in ladder.gates)) if ladder.gates else frozenset()
    told = {(rows, form): of for rows, nodes in sums.items() for form, of in _forms(nodes).items()}
    rows = {name: tuple(form for of, form in told if of == name) for name in sums}
    return Reads(tuple(names), gates, identities, rows, told)


def _named(node: n.Node, steps: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for one in n.walk(node):
        if isinstance(one, n.Fact):
            yield one.name
        elif isinstance(one, n.Sum):
            yield one.rows
        elif isinstance(one, n.Earlier):
            yield HISTORY
        elif isinstance(one, n.StepRef):
            yield from sorted(steps[one.name])


def _forms(sums: list[n.Sum]) -> dict[str, n.Sum]:
    """How a list can be told without its rows: one figure stands for a sum only where every sum of it is the same.

    A rule that adds up different parts of one list is not told by one total; then only the list itself will do.
    """
    money = [node for node in sums if sums_money(node)]
    others = [node for node in sums if not sums_money(node)]
    found: dict[str, n.Sum] = {}
    if money and all((node.where, node.value) == (money[0].where, money[0].value) for node in money):
        found[TOTAL] = money[0]
    if others and all(node.where == others[0].where for node in others):
        found[COUNT] = others[0]
    return found
