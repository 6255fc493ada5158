"""Where a proof stands: the days, the places and the guide that a case may be of, and a model read as a whole case.

A model counts only when the exact engine says the same of the case made from it: that is asked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import z3

from jarlig.engines.answer import Desk
from jarlig.engines.candidates import reads
from jarlig.engines.check_settings import Stand
from jarlig.engines.exact import Climber, Exact
from jarlig.engines.exact.closures import scalar
from jarlig.engines.proof.encode import JUDGED, OPEN, Encoder, Totals
from jarlig.engines.proof.places import PlaceCode
from jarlig.engines.proof.sums import COUNT
from jarlig.engines.proof.tables import made_table
from jarlig.engines.proof.terms import Term, both, negated
from jarlig.engines.proof.world import Free, World, number
from jarlig.engines.witness import Search, text_of
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import DATE, Division, Rows
from jarlig.ladder.steps import Words

Env = dict[str, Any]
Row = Mapping[str, Free]


class FewRows(NamedTuple):
    """A case with a few rows, and how it is read from a model."""

    world: World
    encoder: Encoder
    rows: Mapping[str, tuple[Row, ...]]
    totals: Mapping[str, Totals]


class Standing:
    """A stand with its free facts: a world to ask in, and the way from a model to a case."""

    def __init__(self, desk: Desk, stand: Stand, apart: World | None = None) -> None:
        self.desk, self.stand, self.ladder = desk, stand, stand.ladder
        self.world = World(apart=apart, region=desk.programme.region)
        self._hold_question()
        self.encoder = Encoder(self.ladder, self.world)
        self._searches: dict[tuple[int, str], Search] = {}
        self._few: dict[int, FewRows] = {}
        self.search = self._search(stand.first, stand.at)
        self.kinds = self.search.kinds
        self.climber = self.search.climber

    def _search(self, on: int, at: str) -> Search:
        if (on, at) not in self._searches:
            plan = self.desk.plans.plan(on, self.stand.guide.year, at)
            self._searches[on, at] = Search(self.desk, plan, self.ladder, on, at)
        return self._searches[on, at]

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The lists that the ladder reads."""
        return tuple(dict.fromkeys(node.rows for node in self.ladder.nodes() if isinstance(node, n.Sum)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The facts and lists that the ladder reads."""
        nodes = (*(step.node for step in self.ladder.steps), *(doubt.node for doubt in self.ladder.doubts))
        found = dict.fromkeys(name for node in nodes for name in reads(self.ladder, node))
        return tuple(name for name in found if name != "history")

    @cached_property
    def judged(self) -> tuple[n.Judged, ...]:
        """What a person decides."""
        return self.ladder.judged

    # the question

    def _hold_question(self) -> None:
        """The day and the place are free where the ladder reads them, as far as these documents govern there."""
        stand, read = self.stand, set(self.ladder.facts)
        facts = self.world.facts
        facts["guide_year"] = _fixed(stand.guide.year)
        if "at" not in read and "on" not in read:
            facts["on"], facts["at"] = _fixed(stand.first), _fixed(stand.at)
            return
        day: Any = stand.first
        if stand.first < stand.last:
            day = self.world.integer("on", stand.first, stand.last)
        facts["on"] = Free(Term(day), lambda model: number(model, day))
        if "at" not in read:
            facts["at"] = _fixed(stand.at)
            return
        place = PlaceCode(self.world, "at", "county")
        facts["at"] = Free(Term(place), place.read)
        if stand.places:
            self.world.hold(place.inside(stand.places[-1].at))
        for other in self.desk.programme.locals.values():
            if other not in stand.places:
                in_force = both(day >= other.start, day <= other.end)
                self.world.hold(negated(both(place.inside(other.at), in_force)))

    def anywhere(self) -> Standing:
        """The same with the place left wholly free: what is asked is whether only the place stands in the way."""
        made = Standing.__new__(Standing)
        made.desk, made.stand, made.ladder = self.desk, self.stand, self.ladder
        made.world = World(region=self.desk.programme.region)
        made.world.facts.update({"guide_year": _fixed(self.stand.guide.year), "on": _fixed(self.stand.first)})
        place = PlaceCode(made.world, "at", "county")
        made.world.facts["at"] = Free(Term(place), place.read)
        made.encoder = Encoder(self.ladder, made.world)
        made._searches, made._few = self._searches, {}
        made.search, made.kinds, made.climber = self.search, self.kinds, self.climber
        return made

    def few_rows(self, size: int) -> FewRows:
        """The same with so many rows in each list and no others: to look for a case, never to prove anything."""
        if size not in self._few:
            self._few[size] = self._few_rows(size)
        return self._few[size]

    def _few_rows(self, size: int) -> FewRows:
        world = World(self.world)
        sums, totals = self.encoder.sums, self.no_rows()
        rows = {name: tuple(sums.free_columns(world, sums.group(name)) for _ in range(size)) for name in totals}
        terms = {name: tuple(map(terms_of, found)) for name, found in rows.items()}
        encoder = self.encoder.beside(world, rows=terms, totals=totals) if rows else self.encoder
        return FewRows(world, encoder, rows, totals)

    def no_rows(self) -> dict[str, Totals]:
        """Totals of lists without rows."""
        found: dict[str, Totals] = {}
        for name in self.lists:
            made: dict[tuple[int, int | str], int] = {}
            for at, one in enumerate(self.encoder.sums.group(name).classes):
                made[at, COUNT] = 0
                made.update(((at, index), 0) for index in one.totals)
            found[name] = made
        return found

    # from a model to a case

    def env(
        self,
        model: z3.ModelRef,
        changed: Mapping[str, Free] | None = None,
        added: Mapping[str, tuple[Row, ...]] | None = None,
        totals: Mapping[str, Totals] | None = None,
    ) -> Env | None:
        """The case of a model, with facts, further rows or other rows as a case beside it has them; None if none is."""
        free = {**self.world.facts, **(changed or {})}
        env: Env = {name: one.read(model) for name, one in free.items() if not name.startswith(OPEN)}
        for group in self.encoder.sums.groups():
            rows = (added or {}).get(group.rows, ())
            more = [{column: free.read(model) for column, free in row.items()} for row in rows]
            table = made_table(self, model, group, more, env, (totals or {}).get(group.rows))
            if table is None:
                return None
            env[group.rows] = table
        for name in self.names:
            if name not in env:
                env[name] = next(iter(self.search.values(name, env)), None)
        for judged in self.judged:
            env.setdefault(JUDGED + judged.name, judged.kind.low)
        env["history"] = self.encoder.past.history(model, env)
        return env

    def filled(self, model: z3.ModelRef) -> Climber:
        """The exact engine of the ladder with its open terms filled as in a model."""
        values = {name[1:]: free.read(model) for name, free in self.world.facts.items() if name.startswith(OPEN)}
        if not values:
            return self.climber
        steps = tuple(replace(step, node=_filled(step.node, values)) for step in self.ladder.steps)
        doubts = tuple(replace(doubt, node=_filled(doubt.node, values)) for doubt in self.ladder.doubts)
        return Climber(replace(self.ladder, steps=steps, doubts=doubts))

    def climb(self, model: z3.ModelRef, env: Env) -> Exact:
        """What the exact engine says of a case, open terms filled as in the model."""
        return self.filled(model).climb(dict(env))

    def refused(self, env: Env) -> tuple[str, ...]:
        """The gates that fail in a case."""
        return self.climber.climb(dict(env)).refused

    def values(self, model: z3.ModelRef, env: Env) -> dict[str, Any]:
        """The value of every step, as the exact engine traces it."""
        _, trace = self.filled(model).trace(dict(env))
        return {step.name: step.value for step in trace}

    def sum_of(self, model: z3.ModelRef, node: n.Sum, env: Env) -> int | None:
        """What a sum over the rows of a case comes to."""
        values = {name[1:]: free.read(model) for name, free in self.world.facts.items() if name.startswith(OPEN)}
        found: int | None = scalar(_filled(node, values))(dict(env))
        return found

    def exact_sum(self, node: n.Sum, env: Mapping[str, Any]) -> int | None:
        """What a sum of the ladder comes to in a case, without any open term in it."""
        found: int | None = scalar(node)(dict(env))
        return found

    def first_unknown(self, model: z3.ModelRef, env: Env) -> Words:
        """The first step that has no value in a case."""
        values = self.values(model, env)
        step = next((step for step in self.ladder.steps if values[step.name] is None), self.ladder.steps[-1])
        return Words(f"{step.key} {step.label.zh}".strip(), f"{step.key} {step.label.en}".strip())

    def in_words(self, env: Env, node: n.Node) -> Words:
        """The facts of a case that a node reads, as a facts file would give them."""
        defs = self.search.plan.fact_defs(self.ladder.offer)
        zh, en = [], []
        for name in reads(self.ladder, node):
            value = text_of(env.get(name), self.kinds[name]) if name in self.kinds else None
            if value is not None and not isinstance(value, list):
                title = defs[name].title if name in defs else Words(name, name)
                zh.append(f"{title.zh} = {value}")
                en.append(f"{title.en} = {value}")
        return Words("，".join(zh), ", ".join(en))

    def replays(self, env: Env) -> bool:
        """Whether the desk, asked with the case as it would be written, gives what the exact engine gives."""
        search = self._search(env["on"], env["at"])
        plan = search.plan
        if plan.places != self.stand.places or plan.ladder(self.ladder.offer) != self.ladder:
            return False
        exact = self.climber.climb(dict(env))
        answer = search.ask(env)
        if exact.refused:
            return answer.outcome == "not_eligible"
        return answer.outcome in ("needs_decision", "award") and answer.amount in (None, exact.award)

    def case(self, name: str, env: Env, title: Mapping[str, str]) -> dict[str, Any]:
        """The case as an entry of a file of cases."""
        return self._search(env["on"], env["at"]).case(name, env, title)

    def friendly(self) -> list[Any]:
        """What a reader would rather see in a case: the first day, no earlier awards, few rows of round sums."""
        wishes = self.encoder.past.friendly()
        day = self.world.facts["on"].term.value
        wishes.append(day == self.stand.first)
        place = self.world.facts["at"].term.value
        if isinstance(place, PlaceCode):
            wishes.append(place.part("region") == int(self.desk.programme.region[:2] + "0000"))
        for name, free in self.world.facts.items():
            kind = self.kinds.get(name)
            if isinstance(kind, Division) and isinstance(free.term.value, PlaceCode) and not self.stand.places:
                wishes.append(free.term.value.part("region") == int(self.desk.programme.region[:2] + "0000"))
            elif kind == DATE and name != "on" and isinstance(free.term.value, z3.ExprRef):
                wishes.append(both(free.term.value > self.stand.first - 365, free.term.value <= self.stand.first))
        for group in self.encoder.sums.groups():
            for one in group.classes:
                if one.count is not None:
                    wishes.append(one.count <= 6)
                for index, total in one.totals.items():
                    kind_of = group.values[index].kind
                    high = getattr(kind_of, "high", 0)
                    wishes += [both(total >= 0, total <= high), total == 0]
        return [wish for wish in wishes if not isinstance(wish, bool)]

    def rows_kind(self, rows: str) -> Rows:
        """The kind of a list."""
        kind = self.kinds[rows]
        assert isinstance(kind, Rows)
        return kind


def terms_of(row: Row) -> dict[str, Term]:
    """The terms of a free row."""
    return {name: free.term for name, free in row.items()}


def _fixed(value: Any) -> Free:
    return Free(Term(value), lambda model: value)


def _filled(node: n.Node, values: Mapping[str, Any]) -> n.Node:
    """A node with every open term as a written value."""
    if isinstance(node, n.Open):
        return n.Literal(values[node.term], node.kind) if node.term in values else node
    changed = {name: _filled_in(getattr(node, name), values) for name in node.__dataclass_fields__}
    return type(node)(**changed)


def _filled_in(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, n.Node):
        return _filled(value, values)
    if isinstance(value, tuple):
        return tuple(_filled_in(item, values) for item in value)
    return value
