"""Small random ladders and cases: every kind of node, facts read once or often, rows and a history."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from jarlig.engines.exact import Climber
from jarlig.ladder import build
from jarlig.ladder.history import STATES, EarlierAward
from jarlig.ladder.kinds import CNY, DATE, YES_NO, Choice, Code, Kind, Number, Rows, Some, exactly, integer, money
from jarlig.ladder.nodes import (
    NONE,
    All,
    AnyOf,
    Banded,
    Case,
    Choose,
    Column,
    Earlier,
    Fact,
    Grown,
    IsNone,
    Literal,
    Marginal,
    Node,
    Not,
    Part,
    StepRef,
    Steps,
    Sum,
    Window,
    Within,
    YearsSince,
)
from jarlig.ladder.steps import Ladder, Step, Words
from jarlig.ladder.tables import Table

ON = 738_000
CHOICE = Choice(("x", "y", "z"))
MOST = 100_000
ROWS = Rows((("net", money(signed=True, low=-MOST, high=MOST)), ("cat", CHOICE), ("flag", YES_NO), ("paid", DATE)), 40)
FACTS: dict[str, Kind] = {
    **{f"b{i}": YES_NO for i in range(4)},
    **{f"c{i}": CHOICE for i in range(3)},
    **{f"m{i}": money(high=MOST) for i in range(3)},
    "u": money(),
    "d0": DATE,
    "d1": DATE,
    "k": Code("project"),
    "o": DATE,
    "p": money(high=MOST),
}
KINDS: dict[str, Kind] = {**FACTS, "rows": ROWS}
WORDS = Words("", "")


def fact(name: str) -> Fact:
    return Fact(name, FACTS[name], name in "op")


def fen(value: int) -> Literal:
    return Literal(value, exactly(value, 2, CNY))


def day(value: int) -> Literal:
    return Literal(value, DATE)


def number(value: int) -> Literal:
    return build.literal(value, 0)


class Random:
    """Random nodes; each fact read ``once`` only if asked, and ``wide`` adds codes, years, none and the history."""

    def __init__(self, seed: int, once: bool = False, rows: bool = True, wide: bool = False) -> None:
        self.rng, self.names, self.steps = random.Random(seed), list(FACTS), dict[str, Node]()
        self.once, self.rows, self.wide = once, rows, wide

    def name(self, *starts: str) -> str | None:
        found = [name for name in self.names if name[0] in starts]
        if not found:
            return None
        name = self.rng.choice(found)
        if self.once:
            self.names.remove(name)
        return name

    def words(self) -> frozenset[str]:
        return frozenset(self.rng.sample(CHOICE.values, self.rng.randint(1, 2)))

    def test(self, depth: int) -> Node:
        """A yes/no."""
        kinds = ["flag", "word", "in", "money", "day"] + (["all", "any", "not", "more"] * 2 if depth else [])
        kinds += list(_WIDE) if self.wide else []
        kind = self.rng.choice(kinds)
        if kind in ("all", "any"):
            items = tuple(self.test(depth - 1) for _ in range(self.rng.randint(2, 3)))
            return All(items) if kind == "all" else AnyOf(items)
        if kind == "not":
            return Not(self.test(depth - 1))
        if kind == "more" and not self.once:
            one, other = self.number(depth - 1), self.number(depth - 1)
            return build.compare(self.rng.choice(("<", "<=", ">", ">=")), one, other)
        if kind == "word" and (name := self.name("c")):
            return build.compare(self.rng.choice(("=", "!=")), fact(name), Literal(self.rng.choice("xyz"), CHOICE))
        if kind == "in" and (name := self.name("c")):
            return Within(fact(name), Literal(self.words(), Some(CHOICE)))
        if kind == "money" and (name := self.name("m")):
            op = self.rng.choice(("<", "<=", ">", ">=", "=", "!="))
            return build.compare(op, fact(name), fen(self.rng.randint(0, MOST)))
        if kind == "day" and (name := self.name("d")):
            op = self.rng.choice(("<", "<=", ">", ">=", "=", "!="))
            return build.compare(op, fact(name), day(ON + self.rng.randint(-40, 40)))
        if kind in _WIDE:
            return _WIDE[kind](self)
        name = self.name("b")
        return fact(name) if name else Literal(True, YES_NO)

    def number(self, depth: int) -> Node:
        """An amount in fen."""
        leaf = ["literal", "money"] + (["sum"] if self.rows else [])
        more = ["add", "subtract", "times", "least", "greatest", "case", "choose", "bands", "marginal", "grown"]
        more += ["count", "step", *(["used", "granted"] if self.wide else [])]
        kind = self.rng.choice(leaf if depth <= 0 else leaf + more + more)
        make = getattr(self, "_" + kind, None)
        return make(depth - 1) if make else fen(self.rng.randint(0, MOST))

    def _money(self, depth: int) -> Node:
        name = self.name("m")
        return fact(name) if name else fen(self.rng.randint(0, MOST))

    def _sum(self, depth: int) -> Node:
        tests: list[Node] = []
        if self.rng.random() < 0.7:
            tests.append(Within(Column("cat", CHOICE), Literal(self.words(), Some(CHOICE))))
        if self.rng.random() < 0.4:
            tests.append(Column("flag", YES_NO))
        if self.rng.random() < 0.3:
            tests.append(build.compare(">=", Column("paid", DATE), day(ON - 10)))
            tests.append(build.compare("<=", Column("paid", DATE), day(ON + 10)))
        if self.rng.random() < 0.3 and (name := self.name("b")):
            tests.append(fact(name))
        if self.rng.random() < 0.2 and (name := self.name("c")):
            tests.append(build.compare("=", Column("cat", CHOICE), fact(name)))
        value: Node = Column("net", ROWS.columns[0][1])
        if self.rng.random() < 0.3:
            rates = tuple((word, build.literal(self.rng.randint(0, 20), 2)) for word in CHOICE.values)
            level, kind = build.one_kind([rate for _, rate in rates])
            by = Choose(Column("cat", CHOICE), tuple(zip(CHOICE.values, level, strict=True)), kind)
            value = build.rounded(build.multiply(value, by))
        assert isinstance(value.kind, Number)
        return Sum("rows", tuple(tests), value, Number(CNY, 2, -MOST * 40, MOST * 40))

    def _add(self, depth: int) -> Node:
        return build.add(self.number(depth), self.number(depth))

    def _subtract(self, depth: int) -> Node:
        return build.subtract(self.number(depth), self.number(depth))

    def _times(self, depth: int) -> Node:
        return build.rounded(build.multiply(self.number(depth), build.literal(self.rng.randint(0, 150), 2)))

    def _least(self, depth: int) -> Node:
        return build.least(self.number(depth), self.number(depth))

    def _greatest(self, depth: int) -> Node:
        return build.greatest(self.number(depth), self.number(depth))

    def _case(self, depth: int) -> Node:
        tests = [self.test(depth) for _ in range(self.rng.randint(1, 2))]
        values, kind = build.one_kind([self.number(depth) for _ in range(len(tests) + 1)])
        return Case(tuple(zip(tests, values[:-1], strict=True)), values[-1], kind)

    def _choose(self, depth: int) -> Node:
        name = self.name("c")
        if name is None:
            return self.number(0)
        values, kind = build.one_kind([self.number(depth) for _ in CHOICE.values])
        return Choose(fact(name), tuple(zip(CHOICE.values, values, strict=True)), kind)

    def _bands(self, depth: int) -> Node:
        of = self._money(0) if self.once else self.number(depth)
        cuts = sorted(self.rng.sample(range(MOST), 2))
        values, kind = build.one_kind([self.number(0 if self.once else depth) for _ in range(3)])
        return Banded(of, tuple((cut, self.rng.random() < 0.5) for cut in cuts), tuple(values), kind)

    def _marginal(self, depth: int) -> Node:
        of = build.not_below_zero(self.number(depth))
        cuts = sorted(self.rng.sample(range(1, MOST), 2))
        rates, rate = build.one_kind([build.literal(self.rng.randint(0, 90), 2) for _ in range(3)])
        top = build.number_kind(of).high * build.number_kind(rates[0]).high
        assert isinstance(rate, Number)
        kind = Number(CNY, 4, 0, max(top, build.number_kind(of).high * rate.high))
        return build.rounded(Marginal(of, tuple(cuts), tuple(rates), kind))

    def _grown(self, depth: int) -> Node:
        now, since = (self._money(0), self._money(0)) if self.once else (self.number(depth), self.number(depth))
        values, kind = build.one_kind([fen(self.rng.randint(0, MOST)) for _ in range(4)])
        return Grown(
            now,
            since,
            ((200_000, False), (self.rng.randint(210_000, 900_000), True)),
            6,
            tuple(values[:3]),
            values[3],
            kind,
        )

    def _count(self, depth: int) -> Node:
        of, step = self.number(depth), fen(self.rng.randint(1, MOST))
        count = Steps(of, step, self.rng.choice(("full", "started")), 0, integer(0, 10**9))
        each = build.literal(self.rng.randint(0, 5_000), 2, CNY)
        return build.multiply(count, each)

    def _used(self, depth: int) -> Node:
        return self.earlier("amount", MOST)

    def _granted(self, depth: int) -> Node:
        values, kind = build.one_kind([fen(self.rng.randint(0, MOST)), fact("p")])
        return Case(((IsNone(fact("p")), values[0]),), values[1], kind)

    def earlier(self, what: str, high: int = 100) -> Node:
        """What earlier awards amount to."""
        over = self.rng.choice((Window("ever"), Window("validity", 0, ON - 300, ON + 300), Window("rolling", 12)))
        kind = money() if what == "amount" else integer(0, high)
        streak = self.rng.choice(("", "restart", "no_restart")) if what == "years" else ""
        offers, opened = ("o", "p")[: self.rng.randint(1, 2)], (2019, 2020)
        return Earlier(what, offers, (("k", fact("k")),), over, kind, streak, False, opened)

    def _step(self, depth: int) -> Node:
        if self.once or not self.steps:
            return self.number(0)
        name = self.rng.choice(list(self.steps))
        return StepRef(name, self.steps[name].kind)

    def ladder(self, gates: int = 2, steps: int = 2, depth: int = 2) -> Ladder:
        """A ladder that ends, as every ladder does, in an award that is not negative and under a cap."""
        made = [Step(f"gate_{i}", "gate", self.test(1), WORDS) for i in range(self.rng.randint(0, gates))]
        names = tuple(step.name for step in made)
        for index in range(steps):
            node = self.number(depth)
            self.steps[f"s{index}"] = node
            made.append(Step(f"s{index}", "base", node, WORDS))
        formula = build.not_below_zero(self.number(depth))
        made.append(Step("formula", "formula", formula, WORDS))
        ref: Node = StepRef("formula", formula.kind)
        if self.rng.random() < 0.5:
            ref = build.least(ref, self.number(1) if not self.once else fen(self.rng.randint(1, MOST * 3)))
        made.append(Step("award", "award", build.rounded(build.not_below_zero(ref)), WORDS))
        return Ladder("o", "award", tuple(made), names, "formula", "award")

    def value(self, name: str) -> Any:
        """A value of a fact."""
        if name[0] == "b":
            return self.rng.random() < 0.6
        if name[0] == "d":
            return ON + self.rng.randint(-45, 45)
        if name[0] in "op" and self.rng.random() < 0.5:
            return NONE
        if name[0] == "o":
            return ON + self.rng.randint(-45, 45)
        return self.rng.randint(0, MOST) if name[0] in "mup" else self.rng.choice("xyz")

    def history(self, size: int = 2) -> list[EarlierAward]:
        """Earlier awards, all known."""
        made = [EarlierAward(self.rng.choice("op"), ON - self.rng.randint(0, 700), self.rng.randint(2018, 2020),
                             self.rng.choice(STATES), self.rng.randint(0, MOST), self.rng.randint(0, MOST), 0,
                             keys={"k": self.rng.choice("xy")}) for _ in range(size)]  # fmt: skip
        return sorted(made, key=lambda one: one.on or 0)

    def table(self, size: int) -> Table:
        """Rows, all known."""
        cells = {
            "net": lambda: self.rng.randint(-MOST // 3, MOST),
            "cat": lambda: self.rng.choice("xyz"),
            "flag": lambda: self.rng.random() < 0.6,
            "paid": lambda: ON + self.rng.randint(-15, 15),
        }
        return Table({name: [make() for _ in range(size)] for name, make in cells.items()}, size)

    def environment(self, size: int = 4) -> dict[str, Any]:
        """A case in which everything is known."""
        return {**{name: self.value(name) for name in FACTS}, "rows": self.table(size), "on": ON, "guide_year": 2021,
                "at": "150100", "history": self.history() if self.wide else []}  # fmt: skip


_WIDE: dict[str, Callable[[Random], Node]] = {
    "code": lambda r: build.compare(r.rng.choice(("=", "!=")), fact("k"), Literal(r.rng.choice("xy"), FACTS["k"])),
    "none": lambda r: IsNone(fact("k")),
    "year": lambda r: build.compare(
        "<=", Part(fact("d0"), "year", integer(0, 9999)), number(r.rng.choice((2020, 2021)))
    ),
    "maybe": lambda r: AnyOf((IsNone(fact("o")), build.compare("<=", fact("o"), day(ON + r.rng.randint(-40, 40))))),
    "since": lambda r: build.compare(
        "<", YearsSince(fact("d1"), day(ON), integer(0, 300)), number(r.rng.randint(1, 3))
    ),
    "earlier": lambda r: build.compare("<", r.earlier(r.rng.choice(("awards", "years"))), number(r.rng.randint(1, 3))),
}


@dataclass
class Hole:
    """Something taken out of a case: a fact, or a cell of the rows."""

    key: Any
    options: tuple[Any, ...] = field(default=())


def holes(rng: random.Random, read: set[str], most: int = 6, rows: int = 4) -> list[Hole]:
    """Yes/no facts, choices and cells to take out, at most so many."""
    found = [Hole(name, (False, True) if name[0] == "b" else CHOICE.values) for name in sorted(read) if name[0] in "bc"]
    if "rows" in read:
        found += [Hole(("rows", i, column), options) for i in range(rows)
                  for column, options in (("cat", CHOICE.values), ("flag", (False, True)))]  # fmt: skip
    rng.shuffle(found)
    return found[: rng.randint(0, most)]


def without(env: dict[str, Any], taken: list[Hole]) -> dict[str, Any]:
    """A case with facts and cells taken out."""
    return filled(env, {hole.key: None for hole in taken})


def filled(env: dict[str, Any], values: dict[Any, Any]) -> dict[str, Any]:
    """A case with facts and cells set."""
    made = {**env, **{key: value for key, value in values.items() if isinstance(key, str)}}
    cells = {key: value for key, value in values.items() if not isinstance(key, str)}
    if cells and made["rows"] is not None:
        columns = {name: list(column) for name, column in made["rows"].columns.items()}
        for (_, index, name), value in cells.items():
            columns[name][index] = value
        made["rows"] = Table(columns, made["rows"].size)
    return made


def award(climber: Climber, env: dict[str, Any]) -> int | None:
    """The exact award; a refused case gets nothing."""
    exact = climber.climb(dict(env))
    return 0 if exact.refused else exact.award


def brute_force(climber: Climber, env: dict[str, Any], taken: list[Hole]) -> tuple[int, int]:
    """The lowest and highest award over every completion."""
    awards = []
    for way in product(*(hole.options for hole in taken)):
        found = award(climber, filled(env, {hole.key: value for hole, value in zip(taken, way, strict=True)}))
        assert found is not None
        awards.append(found)
    return min(awards), max(awards)


def read_by(ladder: Ladder) -> set[str]:
    """Facts and rows that a ladder reads."""
    return set(ladder.facts) | {node.rows for node in ladder.nodes() if isinstance(node, Sum)}


__all__ = [
    "CHOICE",
    "FACTS",
    "KINDS",
    "MOST",
    "ON",
    "ROWS",
    "WORDS",
    "Earlier",
    "EarlierAward",
    "Hole",
    "IsNone",
    "Part",
    "Random",
    "Window",
    "YearsSince",
    "award",
    "brute_force",
    "day",
    "fact",
    "fen",
    "filled",
    "holes",
    "number",
    "read_by",
    "replace",
    "without",
]
