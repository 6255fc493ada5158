"""The answer to every case under one set of rules (测算结果): one SELECT, made of the staged ladders of all plans.

Sums over rows are made plan by plan, limits look into the history. Claims of one subject under one offer are taken in
their order: a later one sees the earlier as pending.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jarlig.engines.sql.asking import Asked, ListSlot
from jarlig.engines.sql.climbing import AT, ON, Base, Climb, digits_of, shown
from jarlig.engines.sql.history import Question
from jarlig.engines.sql.intake import Reject
from jarlig.engines.sql.population import Population
from jarlig.engines.sql.printing import Printer, sql_type
from jarlig.engines.sql.sheet import Sheet, Value
from jarlig.engines.sql.totals import Column, Total, columns_of, totals_query
from jarlig.ladder import nodes as n
from jarlig.ladder.steps import Ladder, Words

#: More claims than these of one subject under one offer are no run of a year.
MOST_CLAIMS = 60
#: Up to so many rows the answer is put in the order of the cases.
MOST_ORDERED = 3_000_000

#: For each question and the year it depends on, the table of what the history says.
Told = Mapping[tuple[n.Earlier, int | None], str]


@dataclass
class Answers:
    """The answers of a population under one of its sets of rules; ``steps`` adds a column for every step."""

    population: Population
    asked: Asked
    with_steps: bool = False
    _totals: dict[tuple[int, str], dict[n.Sum, Value]] = field(default_factory=dict)
    _table: str = ""
    _late: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.backend, self.rules = self.population.backend, self.asked.rules
        self.plan, self.offers, self.awards = self.rules.plan, self.asked.offers, self.population.awards
        self.digits = digits_of(self.asked.ladders.values())
        # tables of other rules stand beside these
        self.prefix = "" if self.plan == "plan" else f"{self.plan}_"

    def select(self) -> str:
        """The query of the whole answer: every case under every offer."""
        names = [self.backend.dialect.ident(name) for name in self.columns]
        answer = self.rows()
        if self.population.answered * len(self.offers) > MOST_ORDERED:
            return f"SELECT {', '.join(names)} FROM ({answer})"
        return f"SELECT {', '.join(names)} FROM ({answer}) ORDER BY n, which"

    def rows(self) -> str:
        """The same in no order, with ``n`` (the case) and ``which`` (the offer) before the columns."""
        self._sums()
        self._claims()
        return " UNION ALL ".join(self._parts())

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the answer."""
        return (
            "case", "offer", "on", "at", "guide", "outcome", "formula_amount", "amount", "refused", "missing",
            *(f"step.{name}" for name in self.steps), *self.orders, *self.population.cases.groups,
        )  # fmt: skip

    @property
    def orders(self) -> tuple[str, ...]:
        """Names of the facts by which allocation will put claims in order."""
        return tuple(dict.fromkeys(name for names in self.asked.orders.values() for name in names))

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the steps that are columns of the answer, those of every ladder of the one offer."""
        if not self.with_steps:
            return ()
        (offer,) = self.offers
        ladders = (self.asked.ladders[plan, offer] for plan in self.asked.plans)
        return tuple(dict.fromkeys(step.name for ladder in ladders for step in ladder.steps))

    # sums over rows

    def base(self, plan: int, offer: str) -> Base:
        """Where a ladder of a plan finds what it reads."""
        facts: dict[str, Value] = {}
        for (of, name), slot in self.asked.facts.items():
            if of == offer and slot is not None:
                facts[name] = self.population.cases.columns[slot]
        guide = self.rules.numbers.plan(plan).guide
        year = guide.year if guide else None
        totals = dict(self._totals.get((plan, offer), {}))
        same_day = self.population.cases.same_day
        return Base(offer, self.backend.dialect, year, same_day, self.rules.at, facts, totals)

    def _sums(self) -> None:
        """Every sum over rows, and the table of the cases with them."""
        table = self.population.table
        tables, columns = list[str](), list[str]()
        for at, (slot, lines) in enumerate(self.population.lines.items()):
            wanted = self._wanted(slot, f"t{at}_")
            if wanted:
                self.population.progress(Words(f"汇总明细 {slot.source}", f"adding up the rows of {slot.source}"))
                sums = f"{self.prefix}sums_{at}"
                rows = totals_query(self.backend.dialect, lines, wanted, self.plan, self.asked.plans)
                self.backend.add_up(sums, rows, [(column.name, column.wide) for column in wanted])
                tables.append(sums)
                columns += self._total_columns(sums, slot, wanted)
        if columns:
            joins = "".join(f" LEFT JOIN {sums} ON {sums}.n = w.n" for sums in tables)
            wide = f"SELECT w.*, {', '.join(columns)} FROM {table} w{joins}"
            table = f"{self.prefix}wide"
            self.backend.keep(table, wide)
        for sums in tables:
            self.backend.drop(sums)
        self._table = table

    def _wanted(self, slot: ListSlot, prefix: str) -> list[Column]:
        """The sums over one list, each once for all the plans that ask for it."""
        found: dict[tuple[object, ...], Total] = {}
        for plan in self.asked.plans:
            for offer in self.offers:
                base = self.base(plan, offer)
                for node in self.asked.ladders[plan, offer].nodes():
                    if not isinstance(node, n.Sum) or self.asked.lists.get((offer, node.rows)) is not slot:
                        continue
                    year = base.guide_year if _reads(node, "guide_year") else None
                    total = found.setdefault((offer, node, year), Total(offer, node, base, []))
                    if plan not in total.plans:
                        total.plans.append(plan)
        return columns_of(found.values(), prefix)

    def _total_columns(self, table: str, slot: ListSlot, wanted: list[Column]) -> list[str]:
        asked = ", ".join(f"bool_or({column.name}u)" for column in wanted)
        (unknown,) = self.backend.ask(f"SELECT {asked} FROM {table}")
        flag = self.backend.dialect.ident("given " + slot.source)
        flagged = slot.source in self.population.cases.flags
        columns = []
        for column, some in zip(wanted, unknown, strict=True):
            text = f"coalesce({table}.{column.name}, 0)"
            if some:
                text = f"CASE WHEN {table}.{column.name}u THEN NULL ELSE {text} END"
            if flagged:
                text = f"CASE WHEN w.{flag} THEN {text} END"
            columns.append(f"{text} AS {column.name}")
            value = Value(column.name, 0, column.wide, "", bool(some) or flagged, True)
            for total in column.totals:
                for plan in total.plans:
                    self._totals.setdefault((plan, total.offer), {})[total.node] = value
        return columns

    # the history

    def _told(self, offer: str, plans: Iterable[int], source: str, name: str, run: str = "") -> Told:
        """What the history says to the cases of some plans: a table for each question, whichever plans ask it."""
        asked: dict[tuple[n.Earlier, int | None], list[int]] = {}
        for plan in plans:
            ladder, base = self.asked.ladders[plan, offer], self.base(plan, offer)
            for node in dict.fromkeys(ladder.nodes()):
                if isinstance(node, n.Earlier) and self.awards is not None and ladder.state != "closed":
                    asked.setdefault((node, _year(node, base)), []).append(plan)
        tables = {}
        for at, ((node, year), askers) in enumerate(asked.items()):
            assert self.awards is not None
            cases = f"(SELECT * FROM {source} WHERE {self.plan} IN ({', '.join(map(str, askers))}))"
            question = Question(self.awards, node, self.base(askers[0], offer), cases, self.backend)
            tables[node, year] = f"{name}_h{at}"
            self.backend.keep(f"{name}_h{at}", question.query(run))
        return tables

    def _unsure(self, told: Iterable[Told]) -> set[str]:
        """The tables of what the history says in which anything is unknown."""
        tables = [table for one in told for table in one.values()]
        flags = [f"SELECT {at}, bool_or(unknown) FROM {table}" for at, table in enumerate(tables)]
        return {tables[at] for at, some in self.backend.ask(" UNION ALL ".join(flags)) if some} if flags else set()

    def _source(self, ladder: Ladder, base: Base, source: str, told: Told, unsure: Container[str]) -> str:
        """The cases of a plan with what the history says to them; fills ``base.awards``."""
        awards: dict[n.Earlier, Value] = {}
        columns, joins = [], []
        for node in dict.fromkeys(ladder.nodes()):
            if not isinstance(node, n.Earlier) or (node, _year(node, base)) not in told:
                continue
            table = told[node, _year(node, base)]
            some = table in unsure
            text, name = f"coalesce({table}.value, 0)", f"h{len(awards)}"
            if some:
                text = f"CASE WHEN {table}.unknown THEN NULL ELSE {text} END"
            if node.what == "years" and base.guide_year is None:
                text, some = "CAST(NULL AS BIGINT)", True
            columns.append(f"CAST({text} AS BIGINT) AS {name}")
            joins.append(f" LEFT JOIN {table} ON {table}.n = w.n")
            awards[node] = Value(name, 0, False, "", some, True)
        base.awards = awards
        return f"(SELECT w.*, {', '.join(columns)} FROM {source} w{''.join(joins)})" if columns else source

    # claims of one subject, one after the other

    def _claims(self) -> None:
        """Offers whose limits count claims of this very run: those are taken in their order."""
        if self.awards is None:
            return
        for which, offer in enumerate(self.offers):
            ladders = [self.asked.ladders[plan, offer] for plan in self.asked.plans]
            ladders = [ladder for ladder in ladders if ladder.state == "open"]
            nodes = [
                node for ladder in ladders for node in ladder.nodes()
                if isinstance(node, n.Earlier) and offer in node.offers
            ]  # fmt: skip
            if not nodes:
                continue
            shared = [key for key, _ in nodes[0].subject if all(key in dict(node.subject) for node in nodes)]
            subjects = [[dict(nodes[0].subject)[key] for key in shared]]
            if not shared:  # limits by subjects that have no key in common: one queue for all whom any of them binds
                subjects = [[value for _, value in node.subject] for node in nodes if node.subject]
            if subjects:
                self._in_order(which, offer, subjects, apart=bool(shared))

    def _in_order(self, which: int, offer: str, subjects: list[list[n.Node]], *, apart: bool) -> None:
        """Give the claims that stand together under a subject their turns; ``apart``: each subject's by itself."""
        bound = []
        for subject in subjects:
            claims, same = self._bound(offer, subject)
            again = f"SELECT h FROM ({claims}) GROUP BY h HAVING count(*) > 1"
            if self.backend.ask(f"SELECT 1 FROM ({again}) LIMIT 1"):
                group = f"PARTITION BY {same} " if apart else ""
                together = f"SELECT *, count(*) OVER (PARTITION BY {same}) AS size FROM ({claims}) WHERE h IN ({again})"
                bound.append(f"SELECT * FROM ({together}) WHERE size > 1")
        if not bound:
            return
        turns = f"{self.prefix}turns_{which}"
        queue = bound[0] if apart else " UNION ".join(f"SELECT n, day_ FROM ({one})" for one in bound)
        number = f"row_number() OVER ({group}ORDER BY day_, n)"
        self.backend.keep(turns, f"SELECT n, CAST({number} AS INTEGER) AS turn FROM ({queue})")
        self._too_many(turns, offer)
        taken = self._taken(turns)
        if not taken:
            return
        made: list[str] = []
        for turn, plans in taken.items():
            made.append(self._turn(which, offer, turn, plans, turns, self._earned(made)))
        self._late[offer] = [turns, *made]

    def _bound(self, offer: str, subject: list[n.Node]) -> tuple[str, str]:
        """The claims whose subject is known, with a hash ``h`` of its keys; and the names of the keys."""
        dialect = self.backend.dialect
        base = self.base(self.asked.plans[0], offer)
        years = ((plan, self.base(plan, offer).guide_year) for plan in self.asked.plans)
        arms = " ".join(f"WHEN {plan} THEN CAST({year} AS BIGINT)" for plan, year in years if year is not None)
        base.years = f"(CASE {self.plan} {arms} END)" if arms else ""
        sheet = Sheet(dialect, f"SELECT * FROM {self.population.table}")
        printer = Printer(sheet, base)
        keys = [sheet.put(printer.print(node)).text for node in subject]
        known = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        columns = [f"{key} AS s{at}" for at, key in enumerate(keys)]
        claims = sheet.query(["n", f"{ON} AS day_", f"{dialect.hashed(keys)} AS h", *columns], known)
        return claims, ", ".join(f"s{at}" for at in range(len(keys)))

    def _earned(self, made: Iterable[str]) -> str:
        """The claims of earlier turns that count, as a table; empty before there is any."""
        earned = " UNION ALL ".join(f"SELECT * FROM {table}" for table in made)
        keys = ", ".join(self.awards.columns.values()) if self.awards else ""
        return earned and (
            f"(SELECT offer, on_, guide_year, counted, {keys} FROM ({earned}) "
            "WHERE counted IS DISTINCT FROM 0 AND outcome IN ('award', 'undetermined', 'needs_decision'))"
        )

    def _too_many(self, turns: str, offer: str) -> None:
        """Claims beyond any year's number are put aside: no answer under this offer."""
        case = self.backend.dialect.ident("case")
        query = (
            f"SELECT c.line, CAST(c.{case} AS {self.backend.dialect.text}) FROM {turns} t JOIN cases c ON c.n = t.n "
            f"WHERE t.turn > {MOST_CLAIMS}"
        )
        why = Words(
            f"同一主体在事项 {offer} 下的申报超过 {MOST_CLAIMS} 次，请分批测算",
            f"more than {MOST_CLAIMS} claims of one subject under offer {offer}; split the run",
        )
        for line, whose in self.backend.ask(query):
            self.population.rejects.add(Reject(self.population.cases.file, line, whose, "offer", offer, why))

    def _taken(self, turns: str) -> dict[int, list[int]]:
        """The turns in their order, each with the plans of the claims whose turn it is."""
        found: dict[int, list[int]] = {}
        query = f"SELECT DISTINCT t.turn, c.{self.plan} FROM {turns} t JOIN {self.population.table} c ON c.n = t.n"
        for turn, plan in sorted(self.backend.ask(f"{query} WHERE t.turn <= {MOST_CLAIMS}")):
            found.setdefault(turn, []).append(plan)
        return found

    def _turn(self, which: int, offer: str, turn: int, plans: list[int], turns: str, run: str) -> str:
        """The table of the answers of the claims whose turn it is, and of what they take from the limits."""
        assert self.awards is not None
        name = f"{self.prefix}turn_{which}_{turn}"
        cases = f"(SELECT w.* FROM {self._table} w JOIN {turns} t ON t.n = w.n WHERE t.turn = {turn})"
        told, parts = self._told(offer, plans, cases, name, run), []
        for alike in self._alike(offer, plans):
            ladder, base = self.asked.ladders[alike[0], offer], self.base(alike[0], offer)
            source = self._source(ladder, base, self._of(cases, alike), told, told.values())
            subject = {key: node for earlier in base.awards for key, node in earlier.subject}
            sheet = Sheet(self.backend.dialect, f"SELECT * FROM {source}", "key_")
            printer = Printer(sheet, base)
            keys = []
            for key, column in self.awards.columns.items():
                text = sheet.put(printer.print(subject[key])).text if key in subject else self._no_key(key)
                keys.append(f"{text} AS {column}")
            keyed = sheet.query(["*", *keys])
            answer = self._answer(which, ladder, base, f"({keyed})", alike, self.awards.columns.values())
            counted = "CASE WHEN outcome = 'award' THEN CAST(amount * 100 AS BIGINT) END"
            year = "CAST(NULL AS BIGINT)" if base.guide_year is None else str(base.guide_year)
            parts.append(
                f"SELECT *, {self.backend.dialect.ident('on')} AS on_, CAST({year} AS BIGINT) AS guide_year, "
                f"{counted} AS counted FROM ({answer})"
            )
        self.backend.keep(name, " UNION ALL ".join(parts))
        return name

    def _no_key(self, key: str) -> str:
        assert self.awards is not None
        return f"CAST(NULL AS {sql_type(self.awards.keys[key], self.backend.dialect)})"

    # the answer

    def _parts(self) -> Iterator[str]:
        cases, told = {}, {}
        for which, offer in enumerate(self.offers):
            late = self._late.get(offer)
            here = f"(SELECT * FROM {self._table} WHERE n NOT IN (SELECT n FROM {late[0]}))" if late else self._table
            cases[offer], told[offer] = here, self._told(offer, self.asked.plans, here, f"{self.prefix}past_{which}")
        unsure = self._unsure(told.values())
        for which, offer in enumerate(self.offers):
            for alike in self._alike(offer, self.asked.plans):
                ladder, base = self.asked.ladders[alike[0], offer], self.base(alike[0], offer)
                source = self._source(ladder, base, self._of(cases[offer], alike), told[offer], unsure)
                yield self._answer(which, ladder, base, source, alike)
            names = ", ".join(["n", "which", *(self.backend.dialect.ident(name) for name in self.columns)])
            yield from (f"SELECT {names} FROM {table}" for table in self._late.get(offer, [])[1:])

    def _alike(self, offer: str, plans: Iterable[int]) -> list[list[int]]:
        """Plans under which the rules of an offer are the same, whatever document says them."""
        found: dict[Any, list[int]] = {}
        for plan in plans:
            ladder, year = self.asked.ladders[plan, offer], self.base(plan, offer).guide_year
            dated = any(isinstance(node, n.Earlier) or _reads(node, "guide_year") for node in ladder.nodes())
            found.setdefault((_meaning(ladder), year if dated else 0), []).append(plan)
        return list(found.values())

    def _of(self, cases: str, plans: list[int]) -> str:
        """The cases of some plans."""
        if len(plans) == len(self.asked.plans):
            return cases
        return f"(SELECT * FROM {cases} WHERE {self.plan} IN ({', '.join(map(str, plans))}))"

    def _guide(self, plans: list[int]) -> str:
        """The year of the guide that governs a case of some plans."""
        years = {plan: guide.year for plan in plans if (guide := self.rules.numbers.plan(plan).guide)}
        if len(years) == len(plans) and len(set(years.values())) == 1:
            return f"CAST({years[plans[0]]} AS INTEGER)"
        arms = "".join(f" WHEN {plan} THEN {year}" for plan, year in years.items())
        return f"CAST(CASE {self.plan}{arms} END AS INTEGER)" if arms else "CAST(NULL AS INTEGER)"

    def _answer(
        self, which: int, ladder: Ladder, base: Base, source: str, plans: list[int], more: Iterable[str] = ()
    ) -> str:
        dialect = self.backend.dialect
        at = dialect.literal(base.at) if base.at else AT
        before = [
            "n", f"{which} AS which", dialect.ident("case"), f"{dialect.literal(ladder.offer)} AS offer",
            f"{ON} AS {dialect.ident('on')}", f"{at} AS at", f"{self._guide(plans)} AS guide",
        ]  # fmt: skip
        climb = Climb(
            ladder, base, has_places=bool(self.rules.programme.locals), what_if=self.rules.guide is not None,
            digits=self.digits,
        )  # fmt: skip
        after = [self._order(ladder.offer, name) for name in self.orders]
        after += [*(dialect.ident(name) for name in self.population.cases.groups), *more]
        return climb.select(source, before, after, self.steps)

    def _order(self, offer: str, name: str) -> str:
        """A fact that puts claims in order, as it is written; NULL where it is unknown or orders other offers."""
        slot = self.asked.facts.get((offer, name)) if name in self.asked.orders[offer] else None
        text = f"CAST(NULL AS {self.backend.dialect.text})"
        if slot is not None:
            text = shown(self.population.cases.columns[slot], slot.kind, self.backend.dialect)
        return f"{text} AS {self.backend.dialect.ident(name)}"


def _meaning(ladder: Ladder) -> Any:
    """All of a ladder that an answer depends on: nothing of its words and citations."""
    steps = tuple((step.name, step.node, step.key) for step in ladder.steps)
    doubts = tuple(doubt.node for doubt in ladder.doubts)
    return steps, doubts, ladder.gates, ladder.formula, ladder.award, ladder.valid, ladder.window, ladder.state


def _reads(node: n.Node, name: str) -> bool:
    return any(isinstance(below, n.Fact) and below.name == name for below in n.walk(node))


def _year(node: n.Earlier, base: Base) -> int | None:
    """The year of the guide, where an answer to the question depends on it."""
    asks = any(_reads(value, "guide_year") for _, value in node.subject)
    return base.guide_year if asks or node.what == "years" or node.window.over == "guide_year" else 0
