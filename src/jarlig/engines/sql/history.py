"""The table of earlier awards (获奖台账), and what the limits of many cases read from it.

The meaning is that of ``ladder.history``. Awards whose keys are known are joined by them; where a key of the case or of
an award is not known, an award that may be meant leaves the answer unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from jarlig.engines.sql.asking import Slot
from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.climbing import ON, Base
from jarlig.engines.sql.intake import RAW, Intake
from jarlig.engines.sql.printing import Printer, sql_type, written
from jarlig.engines.sql.sheet import Sheet
from jarlig.ladder import nodes as n
from jarlig.ladder.history import NO_RIGHT, STATES
from jarlig.ladder.kinds import CNY, DATE, Choice, Code, Kind, Number
from jarlig.policy import model
from jarlig.policy.awards import BUILT_IN_KEYS
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.tabular import Staged
from jarlig.tabular.formats import refused

MONEY = ("capped", "approved", "recovered", "paid")
_MONEY = Number(CNY, 2, 0, 10**14)


@dataclass
class Awards:
    """Earlier awards as they stand in the engine: ``offer``, ``on_``, ``guide_year``, ``counted`` and the keys."""

    keys: dict[str, Kind]
    first_year: int = 0
    vague: bool = False
    count: int = 0
    #: Names of key columns by key.
    columns: dict[str, str] = field(default_factory=dict)


def key_kinds(programme: model.Programme) -> dict[str, Kind]:
    """The keys of all subjects, each with the kind of the fact it names."""
    kinds: dict[str, Kind] = {}
    for name in dict.fromkeys(key for keys in programme.subjects.values() for key in keys):
        owners = [programme.facts, *(offer.facts for offer in programme.offers.values())]
        found = next((facts[name].kind for facts in owners if name in facts), None)
        kinds[name] = BUILT_IN_KEYS.get(name) or found or Code("text")
    return kinds


def keys_or_none(programme: model.Programme) -> set[str]:
    """The keys whose facts may be "none"."""
    owners = [programme.facts, *(offer.facts for offer in programme.offers.values())]
    return {name for facts in owners for name, fact in facts.items() if fact.or_none}


def read_awards(backend: Backend, staged: Staged | None, programme: model.Programme) -> Awards | None:
    """The history in the table ``awards``; None when there is no table: the history is not known.

    Raises:
        PolicyError: E825 for an unknown column, E832 with the first row that cannot be read: a history with a hole in
            it would let limits be passed.
    """
    if staged is None:
        return None
    intake, kinds, none = Intake(backend, staged, "history"), key_kinds(programme), keys_or_none(programme)
    plain: dict[str, Kind] = {
        "offer": Choice(tuple(programme.offers)), "on": DATE, "guide_year": BUILT_IN_KEYS["guide_year"],
        "state": Choice(STATES), **dict.fromkeys(MONEY, _MONEY),
    }  # fmt: skip
    known = {**kinds, **plain}
    for name in staged.columns:
        if name not in known and name not in ("id", "case"):
            raise refused("E825", staged.source, 1, name, name=name, near=nearest(name, known) or "")
    names = [name for name in known if name in staged.columns]
    rows = f"{intake.source} {RAW}"
    slots = [Slot(name, name in none, ((0, known[name]),)) for name in names]
    typed = dict(zip(names, intake.typed(rows, slots), strict=True))
    for one in typed.values():
        for bad in intake.rejected(rows, one, "NULL"):
            place = Place(str(staged.source), bad.line, 0)
            raise PolicyError((problem("E832", place, bad.value, column=bad.column, zh=bad.why.zh, en=bad.why.en),))

    def value(name: str) -> str:
        return typed[name].value if name in typed else f"CAST(NULL AS {sql_type(known[name], backend.dialect)})"

    left = f"({value('approved')} - {value('recovered') if 'recovered' in typed else '0'})"
    counted = (
        f"CASE {value('state')} WHEN 'void' THEN 0 WHEN 'pending' THEN {value('capped')} "
        f"WHEN 'approved' THEN CASE WHEN {left} < 0 THEN 0 ELSE {left} END "
        f"WHEN 'paid' THEN CASE WHEN {left} < 0 THEN 0 ELSE {left} END END"
    )
    made = Awards(kinds, columns={name: f"k{at}" for at, name in enumerate(kinds)})
    keys = "".join(f", {value(name)} AS {column}" for name, column in made.columns.items())
    joins = "".join(one.join for one in typed.values())
    inner = (
        f"SELECT {value('offer')} AS offer, {value('on')} AS on_, {value('guide_year')} AS guide_year, "
        f"CAST({counted} AS BIGINT) AS counted{keys} FROM {rows}{joins}"
    )
    backend.keep("awards", f"SELECT * FROM ({inner}) WHERE counted IS DISTINCT FROM 0")
    ((made.count, first),) = backend.ask("SELECT count(*), min(guide_year) FROM awards")
    made.first_year = min([int(first or 9999), *programme.guides])
    vague = " OR ".join(f"{column} IS NULL" for column in ("offer", *made.columns.values()))
    made.vague = bool(backend.ask(f"SELECT 1 FROM awards WHERE {vague} LIMIT 1"))
    return made


class Question:
    """One question to the history, for the cases of one plan."""

    def __init__(self, awards: Awards, node: n.Earlier, base: Base, source: str, backend: Backend) -> None:
        self.awards, self.node, self.base, self.backend = awards, node, base, backend
        self.dialect = backend.dialect
        self.keys = [awards.columns[key] for key, _ in node.subject]
        sheet = Sheet(self.dialect, f"SELECT * FROM {source}")
        printer = Printer(sheet, base)
        subject = [sheet.put(printer.print(value)) for _, value in node.subject]
        columns = [f"{value.text} AS s{at}" for at, value in enumerate(subject)]
        self.cases = sheet.query(["n", f"{self._on()} AS on_", *columns])
        self.unsure = any(value.nullable for value in subject)

    def _on(self) -> str:
        return ON if self.base.same_day is None else written(self.base.same_day, DATE, self.dialect)

    def query(self, run: str = "") -> str:
        """``n``, ``value`` and ``unknown`` for every case with an award that counts or may count.

        ``run`` is a table of earlier claims of the same run by the same subjects.
        """
        offers = ", ".join(self.dialect.literal(offer) for offer in self.node.offers)
        width = range(len(self.keys))
        same = " AND ".join(f"h.{key} = c.s{at}" for at, key in enumerate(self.keys)) or "TRUE"
        pairs = [self._pairs("awards", self.cases, f"{same} AND h.offer IN ({offers})", "TRUE")]
        if run:
            pairs.append(self._pairs(run, self.cases, f"{same} AND h.offer IN ({offers})", "TRUE"))
        if self.unsure:
            for known in (part for size in width for part in combinations(width, size)):
                blank = [at for at in width if at not in known]
                asked = " AND ".join([*(f"s{at} IS NULL" for at in blank), *(f"s{at} IS NOT NULL" for at in known)])
                cases = f"SELECT * FROM ({self.cases}) WHERE {asked}"
                on = " AND ".join([f"h.{self.keys[at]} = c.s{at}" for at in known] + [f"h.offer IN ({offers})"])
                pairs += [self._pairs(table, cases, on, "FALSE") for table in ("awards", run) if table]
        if self.awards.vague:
            near = [f"(h.{key} = c.s{at} OR h.{key} IS NULL OR c.s{at} IS NULL)" for at, key in enumerate(self.keys)]
            vague = " OR ".join(f"h.{key} IS NULL" for key in ("offer", *self.keys))
            on = " AND ".join([*near, f"(h.offer IS NULL OR h.offer IN ({offers}))", f"({vague})"])
            pairs.append(self._pairs("awards", self.cases, on, "FALSE"))
        joined = " UNION ALL ".join(pairs)
        unknown = "NOT sure OR inside IS NULL OR counted IS NULL"
        if self.node.what == "years":
            unknown += " OR guide_year IS NULL"
        return (
            f"SELECT n, CAST({self._value()} AS BIGINT) AS value, bool_or({unknown}) AS unknown "
            f"FROM ({joined}) WHERE inside IS NOT FALSE GROUP BY n"
        )

    def _pairs(self, table: str, cases: str, on: str, sure: str) -> str:
        return (
            f"SELECT c.n, h.guide_year, h.counted, {sure} AS sure, {self._inside()} AS inside "
            f"FROM ({cases}) c JOIN {table} h ON {on}"
        )

    def _inside(self) -> str:
        window, test = self.node.window, "TRUE"
        if window.over == "guide_year":
            test = "CAST(NULL AS BOOLEAN)" if self.base.guide_year is None else f"h.guide_year = {self.base.guide_year}"
        elif window.over == "calendar_year":
            test = "year(h.on_) = year(c.on_)"
        elif window.over == "validity":
            test = f"h.on_ BETWEEN {self._day(window.first)} AND {self._day(window.last)}"
        elif window.over == "rolling":
            test = f"h.on_ > {self.dialect.months_before('c.on_', window.months)}"
        return f"CASE WHEN h.on_ IS NULL THEN NULL WHEN h.on_ > c.on_ THEN FALSE ELSE {test} END"

    def _day(self, day: int) -> str:
        return written(day, DATE, self.dialect)

    def _value(self) -> str:
        if self.node.what == "amount":
            return "sum(counted)"
        if self.node.what == "awards":
            return "count(*)"
        year = self.base.guide_year
        if year is None:
            return "NULL"
        before = f"count(DISTINCT CASE WHEN guide_year < {year} THEN guide_year END)"
        if not self.node.streak:
            return before
        return self._streak(year, before)

    def _streak(self, year: int, before: str) -> str:
        """Years counted back from this one while they follow each other: see ``ladder.history.years_used``."""
        first = min(self.awards.first_year, year - 1)
        opened: Sequence[int] = (
            range(first, year) if self.node.closed_years_break
            else [one for one in self.node.open_years if first <= one < year]
        )  # fmt: skip
        arms = []
        for gap in sorted(opened, reverse=True):
            run = f"count(DISTINCT CASE WHEN guide_year < {year} AND guide_year > {gap} THEN guide_year END)"
            earliest = f"min(CASE WHEN guide_year < {year} THEN guide_year END)"
            broken = f"NOT bool_or(guide_year = {gap}) AND {earliest} < {gap}"
            arms.append(f"WHEN {broken} THEN {NO_RIGHT if self.node.streak == 'no_restart' else run}")
        return f"CASE {' '.join(arms)} ELSE {before} END" if arms else before


