"""What a run asks (批量测算的内容): which ladders govern its cases, and which facts, rows and awards they read.

A *plan* is a guide with the rules of a place. Each case has the number of its plan, computed in SQL from its day and
place; the plans that really occur are compiled, and only what their ladders read is looked at in the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.printing import written
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import DATE, Kind, Rows
from jarlig.ladder.steps import Ladder, Words
from jarlig.policy import model
from jarlig.policy.awards import BUILT_IN_KEYS
from jarlig.policy.plans import Plan

#: Names that a ladder may read and that are columns of every case.
BUILT_IN = ("on", "at", "guide_year")
#: Digits of a division code that name a region, a league, a county; and what follows them in the code of such a place.
_LEVELS = ((2, "0000"), (4, "00"), (6, ""))


@dataclass(frozen=True, eq=False)
class Amended:
    """A programme as a reform would have it, for applications between two days."""

    programme: model.Programme
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Rules:
    """One set of rules over the cases: a programme, perhaps with a guide, a place or a reform to ask "what if" with.

    ``plan`` is the column of the cases table with the number of the plan that governs each case under these rules.
    """

    programme: model.Programme
    guide: int | None = None
    at: str = ""
    plan: str = "plan"
    amended: Amended | None = None

    @cached_property
    def numbers(self) -> PlanNumbers:
        """The numbers of its plans."""
        return PlanNumbers(self.programme, self.guide, self.amended)

    @property
    def programmes(self) -> tuple[model.Programme, ...]:
        """The programme, and what a reform would make of it."""
        return (self.programme, *((self.amended.programme,) if self.amended else ()))


class PlanNumbers:
    """Numbers for all plans of a programme, and the SQL that gives a case its number.

    A number has a digit for the guide and one for the rules of each level: region, league, county. As each rule stands
    in one of them only, numbers of a programme of the most files that there may be fit 31 bits (a test says so).

    The plans of a reform come after those of the programme, ``first_amended`` before them all.
    """

    def __init__(self, programme: model.Programme, guide: int | None = None, amended: Amended | None = None) -> None:
        self.programme, self.guide, self.amended = programme, guide, amended
        self.guides = list(programme.guides.values())
        self.levels = [
            [place for place in programme.locals.values() if _level(place.at) == level] for level in range(len(_LEVELS))
        ]
        self.first_amended = prod(len(found) + 1 for found in (self.guides, *self.levels))

    def sql(self, on: str, at: str, dialect: Dialect) -> str:
        """The number of the plan that governs a day and a place, as ``policy.plans`` picks it."""
        number = self._of_programme(on, at, dialect)
        if self.amended is None:
            return f"CAST({number} AS INTEGER)"
        first, last = (written(day, DATE, dialect) for day in (self.amended.start, self.amended.end))
        other = f"{PlanNumbers(self.amended.programme, self.guide).sql(on, at, dialect)} + {self.first_amended}"
        return f"CAST(CASE WHEN {on} BETWEEN {first} AND {last} THEN {other} ELSE {number} END AS INTEGER)"

    def _of_programme(self, on: str, at: str, dialect: Dialect) -> str:
        def day(ordinal: int) -> str:
            return written(ordinal, DATE, dialect)

        number = f"({self._guide(on, day)})"
        for (digits, tail), places in zip(_LEVELS, self.levels, strict=True):
            if not places:
                continue
            code = f"substr({at}, 1, {digits}) || '{tail}'"
            held = [
                f"WHEN {code} = '{place.at}' AND {on} BETWEEN {day(place.start)} AND {day(place.end)} THEN {index}"
                for index, place in enumerate(places, 1)
            ]
            number = f"({number} * {len(places) + 1} + CASE {' '.join(held)} ELSE 0 END)"
        return number

    def _guide(self, on: str, day: Callable[[int], str]) -> str:
        index = {guide.year: at for at, guide in enumerate(self.guides, 1)}
        if self.guide is not None:
            return str(index[self.guide])
        if not self.guides:
            return "0"
        inside = [
            f"WHEN {on} BETWEEN {day(g.start)} AND {day(g.end)} THEN {index[g.year]}"
            for g in self.guides
        ]
        of_year = [f"WHEN year({on}) = {g.year} THEN {index[g.year]}" for g in self.guides]
        return f"CASE {' '.join(inside + of_year)} ELSE 0 END"

    def plan(self, number: int) -> Plan:
        """The plan of a number."""
        if self.amended is not None and number >= self.first_amended:
            return PlanNumbers(self.amended.programme, self.guide).plan(number - self.first_amended)
        found: list[model.Overlay] = []
        for places in reversed(self.levels):
            number, index = divmod(number, len(places) + 1)
            if index:
                found.insert(0, places[index - 1])
        return Plan(self.programme, self.guides[number - 1] if number else None, tuple(found))


def _level(at: str) -> int:
    return next(level for level, (digits, _) in enumerate(_LEVELS) if not at[digits:].strip("0"))


@dataclass(frozen=True)
class Slot:
    """A column that is wanted: where it stands in the file, and of which kind it is under each plan.

    ``plan`` is the column with the numbers of the plans, where kinds vary; ``labels`` are what its choices are called.
    """

    source: str
    optional: bool
    kinds: tuple[tuple[int, Kind], ...]
    plan: str = ""
    labels: Mapping[str, Words] = field(default_factory=dict, compare=False)

    @property
    def kind(self) -> Kind:
        """The kind, the same under every plan but for open lists of choices."""
        return self.kinds[0][1]

    @property
    def varies(self) -> bool:
        """Whether plans list different choices."""
        return any(kind != self.kind for _, kind in self.kinds)


@dataclass(frozen=True, eq=False)
class ListSlot:
    """A list of rows that is wanted: its name in the run, and its definition under each plan of some rules."""

    source: str
    defs: tuple[tuple[int, model.FactDef], ...]
    plan: str = "plan"

    @property
    def rows(self) -> Rows:
        """What a row is."""
        kind = self.defs[0][1].kind
        assert isinstance(kind, Rows)
        return kind


#: The lists that a run reads, and the columns of each that a rule reads.
Lists = dict[ListSlot, set[str]]


@dataclass
class Asked:
    """Everything that the ladders of the plans of some rules read.

    ``facts`` and ``lists`` give for each offer and name the slot it is read from; None is a column that the file does
    not have: unknown for every case.
    """

    rules: Rules
    offers: tuple[str, ...]
    ladders: dict[tuple[int, str], Ladder]
    facts: dict[tuple[str, str], Slot | None] = field(default_factory=dict)
    #: Names of the facts by which allocation puts the claims of an offer in order.
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lists: dict[tuple[str, str], ListSlot | None] = field(default_factory=dict)

    @cached_property
    def plans(self) -> tuple[int, ...]:
        """Numbers of the plans."""
        return tuple(dict.fromkeys(plan for plan, _ in self.ladders))


def asked(
    rules: Rules,
    offers: Iterable[str],
    plans: Mapping[int, Plan],
    columns: Iterable[str],
    tables: Iterable[str],
    lists: Lists,
) -> Asked:
    """What is to be read for some offers under the plans that occur.

    Args:
        rules: the rules.
        offers: ids of the offers.
        plans: the plans by their numbers.
        columns: names of the columns of the cases table.
        tables: names of the rows tables, ``investment`` or ``2a.investment``.
        lists: takes the lists that are read, each once for all rules of a run.

    Raises:
        PolicyError: an offer does not compile under a plan.
    """
    have, named = set(columns), set(tables)
    ladders = {(number, offer): plan.ladder(offer) for number, plan in plans.items() for offer in offers}
    made = Asked(rules, tuple(offers), ladders)
    facts: dict[tuple[str, str], dict[int, tuple[Kind, bool]]] = {}
    rows: dict[tuple[str, str], dict[int, model.FactDef]] = {}
    read: dict[tuple[str, str], set[str]] = {}
    labels: dict[tuple[str, str], Mapping[str, Words]] = {}
    for (number, offer), ladder in ladders.items():
        defs = plans[number].fact_defs(offer)
        labels.update({(offer, name): found.labels for name, found in defs.items()})
        if ladder.state == "closed":
            continue
        for node in ladder.nodes():
            if isinstance(node, n.Fact) and node.name not in BUILT_IN:
                kind = defs[node.name].kind if node.name in defs else BUILT_IN_KEYS[node.name]
                facts.setdefault((offer, node.name), {})[number] = kind, node.optional
            elif isinstance(node, n.Judged):
                facts.setdefault((offer, "!" + node.name), {})[number] = node.kind, False
            elif isinstance(node, n.Sum):
                key = (offer, node.rows)
                rows.setdefault(key, {})[number] = defs[node.rows]
                inside = (below for part in (*node.where, node.value) for below in n.walk(part))
                read.setdefault(key, set()).update(c.name for c in inside if isinstance(c, n.Column))
    for offer in made.offers:
        ordered: dict[str, None] = {}
        for number, plan in plans.items():
            defs = plan.fact_defs(offer)
            for name in _orders(plan, offer):
                if name in defs:
                    ordered[name] = None
                    facts.setdefault((offer, name), {})[number] = defs[name].kind, defs[name].or_none
        made.orders[offer] = tuple(ordered)
    for (offer, name), by_plan in facts.items():
        made.facts[offer, name] = _slot(rules, offer, name, by_plan, have, labels.get((offer, name), {}))
    for (offer, name), defs_by_plan in rows.items():
        source = f"{offer}.{name}" if f"{offer}.{name}" in named else name if name in named else ""
        slot = ListSlot(source, tuple(defs_by_plan.items()), rules.plan) if source else None
        for known in lists:
            if slot is not None and _same_list(known, slot):
                slot = known
        made.lists[offer, name] = slot
        if slot is not None:
            lists.setdefault(slot, set()).update(read[offer, name])
    return made


def _orders(plan: Plan, offer: str) -> list[str]:
    """Facts that the pools of a guide and the quotas of an offer put claims in order by, or count by."""
    pools = plan.guide.pools.values() if plan.guide else ()
    found = [name for pool in pools if offer in pool.offers for name in pool.by]
    for limit in plan.offer(offer).limits:
        if limit.awards is not None and limit.by is not None:
            found += [limit.by.text, *plan.programme.subjects.get(limit.per, ())]
    return found


def _slot(
    rules: Rules, offer: str, name: str, by_plan: Mapping[int, tuple[Kind, bool]], have: set[str],
    labels: Mapping[str, Words],
) -> Slot | None:  # fmt: skip
    if name.startswith("!"):
        own, shared = f"decisions.{offer}.{name[1:]}", f"decisions.{name[1:]}"
    else:
        own, shared = f"{offer}.{name}", name
    source = own if own in have else shared if shared in have else ""
    if not source:
        return None
    kinds = tuple((number, kind) for number, (kind, _) in by_plan.items())
    optional = any(optional for _, optional in by_plan.values())
    slot = Slot(source, optional, kinds, rules.plan, labels)
    return slot if slot.varies else Slot(source, optional, ((0, kinds[0][1]),), labels=labels)


def _same_list(one: ListSlot, other: ListSlot) -> bool:
    """Whether two offers read one list in one way; the words around it may differ."""
    if one.source != other.source:
        return False
    mine, theirs = (dict.fromkeys(definition.kind for _, definition in slot.defs) for slot in (one, other))
    if len(mine) == 1:  # read in one way under every plan
        return mine == theirs
    return one.plan == other.plan and [(p, d.kind) for p, d in one.defs] == [(p, d.kind) for p, d in other.defs]
