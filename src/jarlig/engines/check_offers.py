"""What is proven of one ladder: it can pay, within its ceiling, never below zero, never less for more.

Proofs read the ladder alone and hold for all facts. Where they cannot tell, a search puts cases to the exact engine;
a case that breaks the property is written down. What neither settles is *not proved*, and is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from jarlig.engines.candidates import constant
from jarlig.engines.directions import BUILT_IN, Directions, stays_within
from jarlig.engines.findings import NONE, NOT_PROVED, PROVED, REFUTED, Finding, Ledger
from jarlig.engines.witness import Env, Search
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import MOST_FEN, Kind, Number, Rows
from jarlig.ladder.numbers import format_scaled, round_half_up
from jarlig.ladder.steps import Ladder, Step, Words
from jarlig.ladder.tables import Table
from jarlig.policy import model
from jarlig.policy.messages import problem

#: More rows than this are not made in a search.
MOST_ROWS = 64
#: A gain from splitting below this is rounding, in fen.
LEAST_GAIN = 100
#: How many combinations of choices are put to the engine.
MOST_CHOICES = 256


@dataclass
class OfferCheck:
    """The checks of one offer under one guide and place."""

    offer: model.Offer
    ladder: Ladder
    where: Words
    search: Search
    ledger: Ledger

    def run(self) -> None:
        """All checks, in the order in which they build on each other."""
        self.ceiling()
        self.never_negative()
        self.pools()
        awaited = [term for term in self.ladder.open_terms if term.filled_by != "parameter"]
        if self.ladder.state != "open" or awaited:
            self.moves(None)
            return
        blocked = self.search.blocked()
        if blocked is not None:
            self.tell("E940" if blocked.alone else "E941", gate=self._label(blocked.gate))
            self.find("can_pay", REFUTED, Words("无人能够获得", "nobody can get it"))
            return
        witness = self.search.witness()
        paid = witness is not None and (self.search.award(witness) or 0) > 0
        says = (
            Words("有事实可获得奖补", "there are facts that earn it")
            if paid
            else Words("没有找到可获得奖补的事实", "no facts were found that earn it")
        )
        self.find("can_pay", PROVED if paid else NOT_PROVED, says)
        self.choices()
        self.moves(witness)
        if witness is not None and paid:
            self.splitting(witness)

    # saying

    def find(self, subject: str, status: str, says: Words) -> None:
        """Write down a finding."""
        self.ledger.findings.append(Finding(self.offer.offer, self.where, subject, status, says))

    def tell(self, code: str, about: str = "", **values: Any) -> bool:
        """Tell a problem at the offer, once for each thing it is about."""
        told = problem(code, self.offer.place, self.offer.offer, offer=self.offer.offer, where=self.where, **values)
        return self.ledger.tell(told, self.offer.offer, about)

    def refute(self, code: str, about: str, what: str, *cases: Env, **values: Any) -> None:
        """Tell a problem, and write down the cases that show it under the name that the message gives them."""
        known = self.ledger.counterexamples
        names = [f"{self.offer.offer}-{what}-{len(known) + at}" for at in range(1, len(cases) + 1)]
        if self.tell(code, about, case=names[0], **values):
            title = {"zh": f"检查发现：{self.offer.title.zh}", "en": f"Found by check: {self.offer.title.en}"}
            known += [self.search.case(name, env, title) for name, env in zip(names, cases, strict=True)]

    def _label(self, key: str) -> Words:
        step = next(step for step in self.ladder.steps if step.key == key and step.role == "gate")
        return Words(f"{key} {step.label.zh}".strip(), f"{key} {step.label.en}".strip())

    # ceilings

    def ceiling(self) -> None:
        """The award never exceeds the offer's own cap or limit, nor any bound of its formula."""
        caps = [step for step in self.ladder.steps if step.role in ("cap", "limit") and _whole_offer(step)]
        award = self.ladder.step(self.ladder.award)
        for cap in caps:
            kind = cap.node.kind
            assert isinstance(kind, Number)
            if stays_within(self.ladder, award.node, cap.name):
                top = format_scaled(kind.high, kind.scale, group=True)
                bounded = kind.high < MOST_FEN * 10 ** (kind.scale - 2) if kind.scale >= 2 else True
                most = Words(f"，最高 {top} 元", f", at most CNY {top}") if bounded else Words("", "")
                says = Words(f"不超过{cap.label.zh}{most.zh}", f"never above the {cap.label.en}{most.en}")
                self.find("ceiling", PROVED, says)
            elif not self._above(cap):
                self.find(
                    "ceiling",
                    NOT_PROVED,
                    Words(f"不超过{cap.label.zh}，未能证明", f"never above the {cap.label.en}: not proved"),
                )
        bound = award.node.kind
        if not caps and isinstance(bound, Number):
            if bound.high >= MOST_FEN:
                self.find("ceiling", NONE, Words("没有上限", "there is no ceiling"))
            else:
                top = format_scaled(bound.high, 2, group=True)
                self.find("ceiling", PROVED, Words(f"公式本身最高 {top} 元", f"the formula gives at most CNY {top}"))

    def _above(self, cap: Step) -> bool:
        """Whether a case is found whose award is above the cap."""
        for choices in self._choices():
            env = self.search.witness(choices)
            if env is None:
                continue
            answer, trace = self.search.climber.trace(dict(env))
            award, most = answer.award, next(step.value for step in trace if step.name == cap.name)
            kind = cap.node.kind
            assert isinstance(kind, Number)
            if award is not None and most is not None and award > round_half_up(most, kind.scale, 2):
                one, two = format_scaled(award, 2, group=True), format_scaled(most, kind.scale, group=True)
                said = {"zh": f"得 {one} 元，上限 {two} 元", "en": f"CNY {one}, cap CNY {two}"}
                self.refute("E943", cap.name, "above-cap", env, **said)
                self.find("ceiling", REFUTED, Words("超过上限", "above the cap"))
                return True
        return False

    def _choices(self) -> list[Env]:
        """Every combination of the choices that figures are written by."""
        names = sorted({fact.name for fact, _ in self._selectors()})
        options = [[(name, value) for value in self.search.values(name, {})] for name in names]
        combined = [dict(chosen) for chosen in product(*options)]
        return combined[:MOST_CHOICES]

    # never negative

    def never_negative(self) -> None:
        """The lowest award that the kinds of the ladder allow is nil."""
        kind = self.ladder.step(self.ladder.award).node.kind
        if isinstance(kind, Number) and kind.low >= 0:
            self.find("never_negative", PROVED, Words("不会为负", "never negative"))
        else:
            self.find("never_negative", NOT_PROVED, Words("不会为负，未能证明", "never negative: not proved"))

    # choices and bands that never apply

    def choices(self) -> None:
        """Each value of a choice for which a figure is written can lead to an award."""
        seen: set[tuple[str, str]] = set()
        for fact, table in self._selectors():
            for value in table:
                if (fact.name, value) not in seen and self.search.blocked({fact.name: value}) is not None:
                    self.tell("E942", f"{fact.name}={value}", fact=self._fact(fact.name), value=value)
                seen.add((fact.name, value))

    def _selectors(self) -> Iterator[tuple[n.Fact, list[str]]]:
        """The facts by which figures are chosen, each with the values that have a figure."""
        for node in self.ladder.nodes():
            if isinstance(node, n.Choose) and isinstance(node.by, n.Fact) and node.by.name != "at":
                yield node.by, [value for value, _ in node.table]

    def _fact(self, name: str) -> Words:
        found = self.search.plan.fact_defs(self.offer.offer).get(name.split(".")[0])
        if found is None:
            return Words(name, name)
        column = found.columns.get(name.partition(".")[2])
        return (
            Words(f"{found.title.zh}：{column.title.zh}", f"{found.title.en}: {column.title.en}")
            if column
            else found.title
        )

    # more never pays less

    def moves(self, witness: Env | None) -> None:
        """More cost never pays less, number by number."""
        for name, way in Directions(self.ladder).award().items():
            label = self._fact(name)
            if way == "+":
                self.find("monotone", PROVED, Words(f"{label.zh}增加，奖补不减", f"more {label.en} never pays less"))
            elif way == "b":
                self.find("monotone", NONE, Words(f"{label.zh}是基期或扣减数", f"{label.en} is a baseline or deducted"))
            elif self.offer.falls is not None:
                self.find("monotone", NONE, self.offer.falls)
            elif witness is None or not self._falls(name, label, witness):
                zh, en = f"{label.zh}增加时奖补不减，未能证明", f"more {label.en} never pays less: not proved"
                self.find("monotone", NOT_PROVED, Words(zh, en))

    def _falls(self, name: str, label: Words, witness: Env) -> bool:
        """Whether a pair of cases is found, alike but for more of one number, where the one with more gets less."""
        known = [(value, env, award) for value, env in self._rising(name, witness)
                 if (award := self.search.award(env)) is not None]  # fmt: skip
        for (less, one, high), (more, two, low) in pairwise(known):
            if low < high:
                kind = self._kind(name)
                sizes = {"less": _grouped(less, kind), "more": _grouped(more, kind)}
                sums = {"high": format_scaled(high, 2, group=True), "low": format_scaled(low, 2, group=True)}
                self.refute("E945", name, "falls", one, two, fact=label, **sizes, **sums)
                self.find("monotone", REFUTED, Words(f"{label.zh}增加，奖补反降", f"more {label.en} pays less"))
                return True
        return False

    def _kind(self, name: str) -> Kind:
        rows, _, column = name.partition(".")
        kind = self.search.kinds[rows]
        found = kind.column(column) if column and isinstance(kind, Rows) else kind
        return found if isinstance(found, Number) else Number((), 0, 0, MOST_ROWS)

    def _rising(self, name: str, witness: Env) -> list[tuple[Any, Env]]:
        """The witness with rising values of one number: a fact, a column of its row, or the number of rows."""
        rows, dot, column = name.partition(".")
        if not dot:
            values = sorted(self.search.values(name, witness))
            return [(value, {**witness, name: value}) for value in values]
        table, kind = witness.get(rows), self.search.kinds[rows]
        if not isinstance(table, Table) or not table.size or not isinstance(kind, Rows):
            return []
        if not column:
            sizes = range(min(kind.most, MOST_ROWS) + 1)
            return [(size, {**witness, rows: _repeated(table, kind, size)}) for size in sizes]
        what = kind.column(column)
        assert what is not None
        values = sorted(self.search.points.candidates(column, what, self.search.on))
        return [(v, {**witness, rows: Table({**table.columns, column: [v] * table.size}, table.size)}) for v in values]

    # questions for a person, and splitting

    def pools(self) -> None:
        """A pool that is known to be too small for its floors is told with the sources that pull apart."""
        for doubt in self.ladder.doubts:
            if constant(doubt.node) is True:
                cites = ", ".join(cite.text for cite in doubt.cites)
                self.tell("E946", doubt.name, zh=doubt.label.zh, en=doubt.label.en, cites=cites)

    def splitting(self, witness: Env) -> None:
        """Whether two projects get more than one of their size, with a limit only for each project."""
        subjects = self.search.plan.programme.subjects
        owns = {name: [key for key in keys if key not in BUILT_IN] for name, keys in subjects.items()}
        finer = [limit for limit in self.offer.limits if limit.awards and len(owns.get(limit.per, ())) > 1]
        total = [
            limit for limit in self.offer.limits if limit.amount is not None or (limit.awards and limit not in finer)
        ]
        if not finer or total:
            return
        costs = [name for name, way in Directions(self.ladder).award().items() if way == "+" and not name.endswith(".")]
        for name in costs:
            awards = {value: self.search.award(env) for value, env in self._rising(name, witness) if value > 0}
            if self._told_split(name, {value: award for value, award in awards.items() if award}, witness):
                return

    def _told_split(self, name: str, awards: dict[int, int], witness: Env) -> bool:
        """Tell the smallest half at which one project already gets all that it can."""
        for enough, most in sorted(awards.items()):
            if (self._worth(name, 0, witness) or 0) >= most:
                continue
            low, high = 0, enough
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if (self._worth(name, middle, witness) or 0) >= most else (middle, high)
            round_sum = 100 * 10 ** getattr(self._kind(name), "scale", 0)
            high = -(-high // round_sum) * round_sum
            together = self._worth(name, 2 * high, witness)
            if together is not None and 2 * most >= together + LEAST_GAIN:
                kind = self._kind(name)
                sizes = {"whole": _grouped(2 * high, kind), "half": _grouped(high, kind)}
                sums = {"one": format_scaled(together, 2, group=True), "two": format_scaled(2 * most, 2, group=True)}
                return self.tell("E947", fact=self._fact(name), **sizes, **sums)
        return False

    def _worth(self, name: str, value: int, witness: Env) -> int | None:
        env = self._with(name, value, witness)
        return None if env is None else self.search.award(env)

    def _with(self, name: str, value: int, witness: Env) -> Env | None:
        kind = self._kind(name)
        if not isinstance(kind, Number) or value > kind.high:
            return None
        rows, dot, column = name.partition(".")
        if not dot:
            return {**witness, name: value}
        table = witness[rows]
        return {**witness, rows: Table({**table.columns, column: [value] * table.size}, table.size)}


def _grouped(value: int, kind: Kind) -> str:
    return format_scaled(value, getattr(kind, "scale", 0), group=True)


def _whole_offer(step: Step) -> bool:
    """Whether a cap or limit is the offer's own, not that of a part."""
    return re.fullmatch(r"(cap|limit)(_\d+)?", step.name) is not None


def _repeated(table: Table, kind: Rows, size: int) -> Table:
    """The first row so many times, each with a key of its own where the key holds a text."""
    columns = {name: [values[0]] * size for name, values in table.columns.items()}
    for name in kind.key[-1:]:
        if isinstance(columns[name][0] if size else None, str):
            columns[name] = [_numbered(columns[name][0], at) for at in range(size)]
    return Table(columns, size)


def _numbered(text: str, at: int) -> str:
    return f"{text[:-3]}{at:03d}" if len(text) > 3 else f"{text}-{at}"
