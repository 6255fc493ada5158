"""What a year's rules ask of each fact: the values that no condition refuses, and those that one does.

Read from the ladders alone. A condition that reads one fact (or one column of a list) is tried with every choice, both
yes and no, and every day near the year; conditions between several facts are left to chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jarlig.engines.answer import Desk
from jarlig.engines.candidates import reads
from jarlig.engines.exact.closures import scalar, vector
from jarlig.engines.witness import Search
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Choice, Date, Kind, Number, Rows, YesNo
from jarlig.ladder.steps import Ladder
from jarlig.ladder.tables import Table
from jarlig.policy import model
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.plans import Plan

#: Days before and after the window of applications that a cost or a recognition may fall on.
BEFORE, AFTER = 1_100, 200
#: A list that may hold so many rows is one of parcels, not of cost lines.
MANY_ROWS = 100_000
_LARGEST = 10**13


@dataclass
class Asked:
    """A fact as the tables ask for it: its column, whose it is (no offer: everybody's), and what suits the rules."""

    column: str
    fact: model.FactDef
    kind: Kind
    offers: tuple[str, ...] = ()
    good: tuple[Any, ...] = ()
    bad: tuple[Any, ...] = ()


@dataclass
class Listed:
    """A list as the tables ask for it: its file, the offers that read it, and what of its columns the rules count."""

    name: str
    column: str
    kind: Rows
    offers: tuple[str, ...]
    good: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    bad: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    #: A sum in fen with which one line brings the formula above every cap; 0 where none does.
    breach: int = 0

    @property
    def money(self) -> str:
        """The column of the sum that counts: the first of money."""
        return next((c for c, kind in self.kind.columns if isinstance(kind, Number) and kind.unit), "")

    def dated(self) -> str:
        """The column of days that the rules ask about; empty when there is none."""
        days = (name for name, kind in self.kind.columns if isinstance(kind, Date))
        return next((name for name in days if self.bad.get(name)), "")


@dataclass
class Rules:
    """A programme in one year, as far as a population needs to know it."""

    desk: Desk
    plan: Plan
    guide: model.Overlay
    offers: tuple[str, ...]
    facts: tuple[Asked, ...]
    lists: tuple[Listed, ...]
    parcels: Listed | None

    @property
    def programme(self) -> model.Programme:
        return self.plan.programme


def rules_of(desk: Desk, year: int | None) -> Rules:
    """What the guide of a year asks; that of the latest guide without a year.

    Raises:
        PolicyError: E812 when there is no guide of that year.
    """
    guides = desk.programme.guides
    wanted = max(guides, default=None) if year is None else year
    if wanted is None or wanted not in guides:
        valid = ", ".join(str(known) for known in sorted(guides))
        place = Place(desk.programme.programme, 0, 0)
        raise PolicyError((problem("E812", place, str(wanted), year=wanted, valid=valid),))
    guide = guides[wanted]
    plan = desk.plans.plan(guide.start, wanted)
    offers = tuple(
        name
        for name, offer in desk.programme.offers.items()
        if offer.nature != "transfer" and plan.ladder(name).state == "open"
    )
    asked = _Asking(desk, plan, guide, offers)
    lists = asked.lists()
    many = [one for one in lists if one.kind.most >= MANY_ROWS]
    return Rules(desk, plan, guide, offers, asked.facts(), tuple(one for one in lists if one not in many),
                 max(many, key=lambda one: one.kind.most, default=None))  # fmt: skip


class _Asking:
    def __init__(self, desk: Desk, plan: Plan, guide: model.Overlay, offers: tuple[str, ...]) -> None:
        self.desk, self.plan, self.guide, self.offers = desk, plan, guide, offers
        self.fixed = {"on": guide.start, "at": None, "guide_year": guide.year}
        self.days = tuple(range(guide.start - BEFORE, guide.end + AFTER))

    def facts(self) -> tuple[Asked, ...]:
        """Every fact that is no list: those of the programme, then those of its offers."""
        shared = [Asked(name, fact, fact.kind) for name, fact in self.plan.programme.facts.items()]
        own = [Asked(column, fact, fact.kind, offers) for column, fact, offers in self._owned()]
        found = tuple(one for one in (*shared, *own) if not isinstance(one.kind, Rows))
        for one in found:
            ladders = [self.plan.ladder(offer) for offer in one.offers or self.offers]
            options = self._options(one.kind)
            held = self._held(one.fact.name, options, ladders) if options else {}
            one.good = tuple(value for value in options if held[value]) or options
            one.bad = tuple(value for value in options if not held[value])
        return found

    def lists(self) -> list[Listed]:
        """Every list that an offer reads."""
        shared = [(name, fact, self.offers) for name, fact in self.plan.programme.facts.items()]
        found = []
        for column, fact, offers in (*shared, *self._owned()):
            readers = tuple(offer for offer in offers if fact.name in _lists(self.plan.ladder(offer)))
            if isinstance(fact.kind, Rows) and readers:
                found.append(self._listed(column, fact, fact.kind, readers))
        return found

    def _owned(self) -> Iterator[tuple[str, model.FactDef, tuple[str, ...]]]:
        """The facts of offers; a name that means different things stands once for each, with its offer in front."""
        by_name: dict[str, list[tuple[str, model.FactDef]]] = {}
        for offer in self.offers:
            shown = self.plan.fact_defs(offer)
            for name in self.plan.programme.offers[offer].facts:
                by_name.setdefault(name, []).append((offer, shown[name]))
        for name, owners in by_name.items():
            first = owners[0][1]
            if all((fact.kind, fact.title) == (first.kind, first.title) for _, fact in owners):
                yield name, first, tuple(offer for offer, _ in owners)
            else:
                yield from ((f"{offer}.{name}", fact, (offer,)) for offer, fact in owners)

    def _options(self, kind: Kind) -> tuple[Any, ...]:
        if isinstance(kind, YesNo):
            return (True, False)
        if isinstance(kind, Choice):
            return kind.values
        return self.days if isinstance(kind, Date) else ()

    def _held(self, name: str, options: tuple[Any, ...], ladders: Iterable[Ladder]) -> dict[Any, bool]:
        """Which values no condition refuses that reads this fact alone."""
        gates = self._gates(name, ladders)
        return {value: all(gate({**self.fixed, name: value}) is not False for gate in gates) for value in options}

    def _gates(self, name: str, ladders: Iterable[Ladder]) -> list[Callable[[dict[str, Any]], Any]]:
        """The conditions that read one fact and nothing else of the case."""
        return [
            scalar(ladder.step(gate).node)
            for ladder in ladders
            for gate in ladder.gates
            if set(reads(ladder, ladder.step(gate).node)) - self.fixed.keys() == {name}
        ]

    def _listed(self, column: str, fact: model.FactDef, kind: Rows, offers: tuple[str, ...]) -> Listed:
        good: dict[str, tuple[Any, ...]] = {}
        bad: dict[str, tuple[Any, ...]] = {}
        for name, what in kind.columns:
            options = self._options(what)
            if options:
                marks = self._counted(fact.name, name, options, offers)
                good[name] = tuple(value for value, mark in zip(options, marks, strict=True) if mark) or options
                bad[name] = tuple(value for value, mark in zip(options, marks, strict=True) if not mark)
        listed = Listed(fact.name, column, kind, offers, good, bad)
        listed.breach = max(self._breach(listed, offer) for offer in offers)
        return listed

    def _counted(self, rows: str, column: str, options: tuple[Any, ...], offers: tuple[str, ...]) -> list[bool]:
        """Which values of a column every offer counts, as far as the column alone decides."""
        marks = [True] * len(options)
        table = Table({column: list(options)}, len(options))
        for offer in offers:
            ladder = self.plan.ladder(offer)
            for test in _tests(ladder, rows):
                if {below.name for below in n.walk(test) if isinstance(below, n.Column)} != {column}:
                    continue
                if set(reads(ladder, test)) - self.fixed.keys():
                    continue
                said = vector(test)(dict(self.fixed), table)
                marks = [mark and value is not False for mark, value in zip(marks, said, strict=True)]
        return marks

    def _breach(self, listed: Listed, offer: str) -> int:
        """The smallest of the sums 1, 2, 4 … million yuan on one line with which a cap or limit bites."""
        search = Search(self.desk, self.plan, self.plan.ladder(offer), self.guide.start, "")
        env = search.witness()
        table = env.get(listed.name) if env else None
        if env is None or not isinstance(table, Table) or not table.size or not listed.money:
            return 0
        sum_ = 10**8
        while sum_ < _LARGEST:
            said = search.climber.climb({**env, listed.name: Table({**table.columns, listed.money: [sum_]}, 1)})
            if said.formula is not None and said.award is not None and said.award < said.formula:
                return 2 * sum_
            sum_ *= 2
        return 0


def _tests(ladder: Ladder, rows: str) -> Iterator[n.Node]:
    """The conditions on the rows of a list, those joined by "and" apart."""
    for node in ladder.nodes():
        if isinstance(node, n.Sum) and node.rows == rows:
            for test in node.where:
                yield from test.items if isinstance(test, n.All) else (test,)


def _lists(ladder: Ladder) -> set[str]:
    return {node.rows for node in ladder.nodes() if isinstance(node, n.Sum)}
