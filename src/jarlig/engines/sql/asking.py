"""What a run asks (批量测算的内容): which ladders govern its cases, and which facts, rows and awards they read.

A *plan* is a guide with the rules of a place. Each case has the number of its plan, computed in SQL from its day and
place; the plans that really occur are compiled, and only what their ladders read is looked at in the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.printing import written
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import DATE, Kind, Rows
from jarlig.ladder.steps import Ladder
from jarlig.policy import model
from jarlig.policy.awards import BUILT_IN_KEYS
from jarlig.policy.plans import Plan

#: Names that a ladder may read and that are columns of every case.
BUILT_IN = ("on", "at", "guide_year")


class PlanNumbers:
    """Numbers for all plans of a programme, and the SQL that gives a case its number."""

    def __init__(self, programme: model.Programme, guide: int | None = None) -> None:
        self.programme, self.guide = programme, guide
        self.guides = list(programme.guides.values())
        self.places = list(programme.locals.values())
        self.base = len(self.places) + 1

    def sql(self, on: str, at: str, dialect: Dialect) -> str:
        """The number of the plan that governs a day and a place, as ``policy.plans`` picks it."""

        def day(ordinal: int) -> str:
            return written(ordinal, DATE, dialect)

        number = f"({self._guide(on, day)})"
        for digits, tail in ((2, "0000"), (4, "00"), (6, "")):
            code = f"substr({at}, 1, {digits}) || '{tail}'"
            held = [
                f"WHEN {code} = '{place.at}' AND {on} BETWEEN {day(place.start)} AND {day(place.end)} THEN {index}"
                for index, place in enumerate(self.places, 1)
            ]
            local = f"CASE {' '.join(held)} ELSE 0 END" if held else "0"
            number = f"({number} * {self.base} + {local})"
        return f"CAST({number} AS INTEGER)"

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
        codes = []
        for _ in range(3):
            number, code = divmod(number, self.base)
            codes.append(code)
        guide = self.guides[number - 1] if number else None
        found = dict.fromkeys(code for code in reversed(codes) if code)  # a league itself is named twice
        places = tuple(self.places[code - 1] for code in found)
        return Plan(self.programme, guide, places)


@dataclass(frozen=True)
class Slot:
    """A column that is wanted: where it stands in the file, and of which kind it is under each plan."""

    source: str
    optional: bool
    kinds: tuple[tuple[int, Kind], ...]

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
    """A list of rows that is wanted: its name in the run, and its definition under each plan."""

    source: str
    defs: tuple[tuple[int, model.FactDef], ...]

    @property
    def rows(self) -> Rows:
        """What a row is."""
        kind = self.defs[0][1].kind
        assert isinstance(kind, Rows)
        return kind


@dataclass
class Asked:
    """Everything that the ladders of the plans read.

    ``facts`` and ``lists`` give for each offer and name the slot it is read from; None is a column that the file does
    not have: unknown for every case.
    """

    offers: tuple[str, ...]
    ladders: dict[tuple[int, str], Ladder]
    facts: dict[tuple[str, str], Slot | None] = field(default_factory=dict)
    lists: dict[tuple[str, str], ListSlot | None] = field(default_factory=dict)
    columns: dict[ListSlot, set[str]] = field(default_factory=dict)

    @cached_property
    def plans(self) -> tuple[int, ...]:
        """Numbers of the plans."""
        return tuple(dict.fromkeys(plan for plan, _ in self.ladders))

    def groups(self, offer: str) -> Iterator[tuple[Ladder, tuple[int, ...]]]:
        """The different ladders of an offer, each with the plans it stands for."""
        found: list[tuple[Ladder, list[int]]] = []
        for plan in self.plans:
            ladder = self.ladders[plan, offer]
            for known, plans in found:
                if known == ladder:
                    plans.append(plan)
                    break
            else:
                found.append((ladder, [plan]))
        for ladder, plans in found:
            yield ladder, tuple(plans)

    def earlier(self) -> dict[n.Earlier, None]:
        """Every question to the history, each once."""
        return dict.fromkeys(
            node for ladder in self.ladders.values() for node in ladder.nodes() if isinstance(node, n.Earlier)
        )


def asked(
    programme: model.Programme, offers: Iterable[str], plans: Mapping[int, Plan], columns: Iterable[str],
    lists: Iterable[str],
) -> Asked:
    """What is to be read for some offers under the plans that occur.

    Args:
        programme: the programme.
        offers: ids of the offers.
        plans: the plans by their numbers.
        columns: names of the columns of the cases table.
        lists: names of the rows tables, ``investment`` or ``2a.investment``.

    Raises:
        PolicyError: an offer does not compile under a plan.
    """
    have, tables = set(columns), set(lists)
    ladders = {(number, offer): plan.ladder(offer) for number, plan in plans.items() for offer in offers}
    made = Asked(tuple(offers), ladders)
    facts: dict[tuple[str, str], dict[int, tuple[Kind, bool]]] = {}
    rows: dict[tuple[str, str], dict[int, model.FactDef]] = {}
    read: dict[tuple[str, str], set[str]] = {}
    for (number, offer), ladder in ladders.items():
        defs = plans[number].fact_defs(offer)
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
    for (offer, name), by_plan in facts.items():
        made.facts[offer, name] = _slot(offer, name, by_plan, have)
    for (offer, name), defs_by_plan in rows.items():
        source = f"{offer}.{name}" if f"{offer}.{name}" in tables else name if name in tables else ""
        slot = ListSlot(source, tuple(defs_by_plan.items())) if source else None
        for known in made.columns:
            if slot is not None and _same_list(known, slot):
                slot = known
        made.lists[offer, name] = slot
        if slot is not None:
            made.columns.setdefault(slot, set()).update(read[offer, name])
    return made


def _slot(offer: str, name: str, by_plan: Mapping[int, tuple[Kind, bool]], have: set[str]) -> Slot | None:
    if name.startswith("!"):
        own, shared = f"decisions.{offer}.{name[1:]}", f"decisions.{name[1:]}"
    else:
        own, shared = f"{offer}.{name}", name
    source = own if own in have else shared if shared in have else ""
    if not source:
        return None
    kinds = tuple((number, kind) for number, (kind, _) in by_plan.items())
    optional = any(optional for _, optional in by_plan.values())
    slot = Slot(source, optional, kinds)
    return slot if slot.varies else Slot(source, optional, ((0, kinds[0][1]),))


def _same_list(one: ListSlot, other: ListSlot) -> bool:
    """Whether two offers read one list in one way; the words around it may differ."""
    return one.source == other.source and [(p, d.kind, d.key_once) for p, d in one.defs] == [
        (p, d.kind, d.key_once) for p, d in other.defs
    ]


