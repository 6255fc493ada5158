"""Two answers to the same cases compared (规则比较): pure SQL that DuckDB and Spark both know, and plain data from it.

Offers that have the very same rules on both sides for every case are answered once. All sums are of whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from jarlig.engines.sql.answering import Answers
from jarlig.engines.sql.asking import Asked, ListSlot, Slot
from jarlig.engines.sql.cases import GROUP
from jarlig.engines.sql.population import Population
from jarlig.ladder.steps import Ladder, Words
from jarlig.whatif.compared import CODES, EDGES, OPEN, Band, Figures, Line, Move, Mover, Offered, Tally, summed

#: So many of the largest gains and losses are told.
MOST_MOVERS = 20
#: A label for reports with more values than these is told by its largest; the others are one line.
MOST_LABELS = 60
_AWARD = CODES.index("award")
_OPEN = ", ".join(str(CODES.index(name)) for name in OPEN)
NO_LABEL = Words("未填写", "not given")
NO_PLACE = Words("地点未知", "place not known")
OTHERS = Words("其他", "others")


@dataclass
class Comparer:
    """The answers of a population under two of its sets of rules, side by side, in its engine."""

    population: Population
    before: Asked
    after: Asked

    def __post_init__(self) -> None:
        self.backend = self.population.backend
        natures = {
            offer: {ladder.nature for side in (self.before, self.after) for (_, of), ladder in side.ladders.items()
                    if of == offer}
            for offer in self.before.offers
        }  # fmt: skip
        self.told_only = tuple(offer for offer, found in natures.items() if found == {"inform"})
        self.offers = tuple(offer for offer in self.before.offers if offer not in self.told_only)
        self.mixed = tuple(offer for offer in self.offers if len(natures[offer]) > 1 and "inform" in natures[offer])
        self.changed = tuple(offer for offer in self.offers if not self._alike(offer))

    def answer(self) -> None:
        """Answer under both sets of rules and keep both side by side."""
        self._side("side_a", self.before, self.offers)
        if self.changed:
            self._side("side_b", self.after, self.changed)
            self.backend.keep(
                "changed", "SELECT a.n AS n, a.which AS which, a.outcome AS oa, b.outcome AS ob, a.fen AS fa, "
                "b.fen AS fb, a.guide AS ga, b.guide AS gb, FALSE AS same "
                "FROM side_a a JOIN side_b b ON a.n = b.n AND a.which = b.which",
            )  # fmt: skip
            self.backend.drop("side_b")
        self.backend.keep("by_case", self._by_case())

    # which offers have the same rules

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        """Plans that govern one case on the two sides."""
        found = self.backend.ask(
            f"SELECT DISTINCT {self.before.rules.plan}, {self.after.rules.plan} FROM {self.population.table}"
        )
        return [(int(one), int(other)) for one, other in found]

    def _alike(self, offer: str) -> bool:
        """Whether every case has the same ladder under both, reads the same facts and is asked at the same place."""
        one, other = self.before, self.after
        if one.rules.at != other.rules.at or (one.rules.guide is None) != (other.rules.guide is None):
            return False
        for before, after in self._pairs:
            if _year(one, before) != _year(other, after):
                return False
            if _answer_of(one.ladders[before, offer]) != _answer_of(other.ladders[after, offer]):
                return False
        return all(
            self._read_alike(mine.get(key), theirs.get(key))
            for mine, theirs in ((one.facts, other.facts), (one.lists, other.lists))
            for key in mine.keys() | theirs.keys() if key[0] == offer
        )  # fmt: skip

    def _read_alike(self, one: Slot | ListSlot | None, other: Slot | ListSlot | None) -> bool:
        """Whether a column or a list is read in one way under both plans of every case."""
        if one is None or other is None or one.source != other.source:
            return one is other
        mine, theirs = _kinds(one), _kinds(other)
        return all(mine.get(before, mine.get(0)) == theirs.get(after, theirs.get(0)) for before, after in self._pairs)

    # the answers

    def _side(self, table: str, asked: Asked, offers: Sequence[str]) -> None:
        some = set(offers)
        ladders = {key: ladder for key, ladder in asked.ladders.items() if key[1] in some}
        narrow = replace(asked, offers=tuple(offers), ladders=ladders)
        rows = Answers(self.population, narrow).rows()
        numbers = {at: self.offers.index(offer) for at, offer in enumerate(offers)}
        which = "which" if all(at == number for at, number in numbers.items()) else _case("which", numbers)
        outcome = _case("outcome", {f"'{name}'": code for code, name in enumerate(CODES)})
        fen = "CAST(amount * 100 AS BIGINT)"
        source = f"({rows}) r"
        if any(offer in self.mixed for offer in offers):
            plans = f"SELECT n AS cn, {asked.rules.plan} AS cplan FROM {self.population.table}"
            source += f" JOIN ({plans}) c ON r.n = c.cn"
            fen = f"CASE {self._told(offers, ladders)} ELSE {fen} END"
        self.backend.keep(
            table, f"SELECT CAST(n AS BIGINT) AS n, CAST({which} AS INTEGER) AS which, "
            f"CAST({outcome} AS INTEGER) AS outcome, {fen} AS fen, guide FROM {source}"
        )  # fmt: skip

    def _told(self, offers: Sequence[str], ladders: Mapping[tuple[int, str], Any]) -> str:
        """Awards of an offer that is only told under some plans: nothing is paid."""
        plans = [
            f"WHEN which = {at} AND cplan = {plan} AND amount IS NOT NULL THEN CAST(0 AS BIGINT)"
            for at, offer in enumerate(offers)
            for (plan, of), ladder in ladders.items()
            if of == offer and ladder.nature == "inform"
        ]
        return " ".join(plans) or "WHEN FALSE THEN CAST(0 AS BIGINT)"

    @cached_property
    def both(self) -> str:
        """FROM text of all claims with both answers."""
        alike = [str(at) for at, offer in enumerate(self.offers) if offer not in self.changed]
        parts = []
        if self.changed:
            parts.append("SELECT n, which, oa, ob, fa, fb, ga, gb, same FROM changed")
        if alike or not parts:
            listed = ", ".join(alike) or "-1"
            parts.append(
                "SELECT n, which, outcome AS oa, outcome AS ob, fen AS fa, fen AS fb, guide AS ga, guide AS gb, "
                f"TRUE AS same FROM side_a WHERE which IN ({listed})"
            )
        return f"({' UNION ALL '.join(parts)})"

    def _by_case(self) -> str:
        """A row a case: its awards, costs, open claims, and the change of the claims whose change is known."""
        unsure = f"NOT same AND (oa IN ({_OPEN}) OR ob IN ({_OPEN}))"
        sums = {
            "claims": "1", "aa": _one(_paid("oa", "fa")), "ab": _one(_paid("ob", "fb")),
            "ca": "coalesce(fa, 0)", "cb": "coalesce(fb, 0)",
            "ua": _one(f"oa IN ({_OPEN})"), "ub": _one(f"ob IN ({_OPEN})"),
            "unsure": _one(unsure), "change": f"CASE WHEN {unsure} THEN 0 ELSE coalesce(fb, 0) - coalesce(fa, 0) END",
        }  # fmt: skip
        columns = ", ".join(f"CAST(sum({what}) AS BIGINT) AS {name}" for name, what in sums.items())
        return f"SELECT n, {columns} FROM {self.both} GROUP BY n"

    # figures

    def moves(self) -> tuple[tuple[Move, ...], dict[str, Figures], dict[str, int]]:
        """The matrix of outcomes, the figures of every offer, and the sums of claims known on one side only."""
        found = self.backend.ask(
            f"SELECT which, oa, ob, count(*), {self._sum('fa')}, {self._sum('fb')}, sum({_one(_paid('oa', 'fa'))}), "
            f"sum({_one(_paid('ob', 'fb'))}) FROM {self.both} "
            "GROUP BY which, oa, ob ORDER BY which, oa, ob"
        )
        moves: dict[tuple[str, str], Move] = {}
        offers = {offer: summed(()) for offer in self.offers}
        unsure = {"known_before": 0, "known_after": 0, "claims": 0}
        for which, oa, ob, claims, fa, fb, aa, ab in found:
            offer, before, after = self.offers[which], CODES[oa], CODES[ob]
            cost = int(fa), int(fb)
            known = moves.get((before, after), Move(before, after, 0, (0, 0)))
            total = known.cost[0] + cost[0], known.cost[1] + cost[1]
            moves[before, after] = Move(before, after, known.claims + int(claims), total)
            offers[offer] += Figures(
                int(claims), (int(aa), int(ab)), cost,
                (_if(before in OPEN, claims), _if(after in OPEN, claims)),
            )  # fmt: skip
            if offer in self.changed and (before in OPEN or after in OPEN):
                unsure["claims"] += int(claims)
                unsure["known_before"] += cost[0]
                unsure["known_after"] += cost[1]
        order = {name: at for at, name in enumerate(reversed(CODES))}
        listed = sorted(moves.values(), key=lambda move: (order[move.before], order[move.after]))
        return tuple(listed), offers, unsure

    def _sum(self, column: str) -> str:
        return f"coalesce(sum(CAST({column} AS {self.backend.dialect.wide})), 0)"

    def places(self) -> list[tuple[str | None, int, Figures]]:
        """Figures by league or city of the place of application, None where it is not known."""
        return self._grouped("CASE WHEN length(c.at_) >= 4 THEN concat(substr(c.at_, 1, 4), '00') END")

    def groups(self) -> dict[str, list[tuple[str | None, int, Figures]]]:
        """Figures by the labels of every column ``group.NAME``."""
        ident = self.backend.dialect.ident
        return {
            name.removeprefix(GROUP): self._grouped(f"c.{ident(name)}") for name in self.population.cases.groups
        }

    def _grouped(self, label: str) -> list[tuple[str | None, int, Figures]]:
        names = ("claims", "aa", "ab", "ca", "cb", "ua", "ub")
        sums = ", ".join(self._sum(f"p.{name}") for name in names)
        found = self.backend.ask(
            f"SELECT {label} AS label, count(*), {sums} FROM {self.population.table} c JOIN by_case p ON p.n = c.n "
            "GROUP BY 1 ORDER BY 1"
        )
        return [(label, int(cases), _figures(sums)) for label, cases, *sums in found]

    def tallies(self) -> tuple[dict[int, Tally], tuple[Band, ...], int]:
        """Cases that gain (1), lose (-1) and do neither (0); their changes by size; and how many are open as well."""
        size = "CASE " + " ".join(
            f"WHEN abs(change) < {edge * 100} THEN {at}" for at, edge in enumerate(EDGES)
        ) + f" ELSE {len(EDGES)} END"  # fmt: skip
        found = self.backend.ask(
            "SELECT CASE WHEN change > 0 THEN 1 WHEN change < 0 THEN -1 ELSE 0 END AS side, "
            f"{size} AS size, count(*), {self._sum('change')}, sum({_one('unsure > 0')}) FROM by_case GROUP BY 1, 2"
        )
        sides = {1: Tally(), 0: Tally(), -1: Tally()}
        sized: dict[tuple[int, int], Tally] = {}
        unsure = 0
        for side, at, cases, change, some in found:
            sides[side] = Tally(sides[side].cases + int(cases), sides[side].change + int(change))
            sized[side, at] = Tally(int(cases), int(change))
            unsure += int(some)
        ends = (0, *EDGES, None)
        bands = [
            Band(side, ends[at] or 0, ends[at + 1], sized.get((side, at), Tally()))
            for side in (-1, 1) for at in range(len(EDGES) + 1)
        ]  # fmt: skip
        return sides, tuple(bands), unsure

    def movers(self, side: int) -> tuple[Mover, ...]:
        """The cases that gain (1) or lose (-1) most, equal ones by their ids, with the offers that made the change."""
        dialect = self.backend.dialect
        case = f"CAST(c.{dialect.ident('case')} AS {dialect.text})"
        sign, order = (">", "DESC") if side > 0 else ("<", "ASC")
        found = self.backend.ask(
            f"SELECT p.n, {case} AS whose, p.change, p.unsure FROM by_case p "
            f"JOIN {self.population.table} c ON c.n = p.n "
            f"WHERE p.change {sign} 0 ORDER BY p.change {order}, whose LIMIT {MOST_MOVERS}"
        )
        if not found:
            return ()
        listed = ", ".join(str(n) for n, *_ in found)
        offers: dict[int, list[Offered]] = {}
        for n, which, oa, ob, fa, fb in self.backend.ask(
            f"SELECT n, which, oa, ob, fa, fb FROM changed WHERE n IN ({listed}) ORDER BY n, which"
        ):
            before, after = CODES[oa], CODES[ob]
            if (before, fa) != (after, fb) and "award" in (before, after):
                amounts = _amount(before, fa), _amount(after, fb)
                offers.setdefault(n, []).append(Offered(self.offers[which], (before, after), amounts))
        return tuple(
            Mover(whose, int(change), tuple(offers.get(n, ())), bool(unsure)) for n, whose, change, unsure in found
        )

    def requests(self, side: int) -> dict[tuple[int, str], tuple[int, int, int]]:
        """By guide year and offer: awards, what they ask for in fen, and claims whose amount is not known."""
        outcome, fen, guide = (("oa", "fa", "ga"), ("ob", "fb", "gb"))[side]
        found = self.backend.ask(
            f"SELECT {guide}, which, sum({_one(_paid(outcome, fen))}), {self._sum(fen)}, "
            f"sum({_one(f'{outcome} IN ({_OPEN})')}) FROM {self.both} WHERE {guide} IS NOT NULL GROUP BY 1, 2"
        )
        return {(int(g), self.offers[at]): (int(n), int(asked), int(open_)) for g, at, n, asked, open_ in found}

    def claims(self, side: int, year: int, offers: Iterable[str], at: str) -> str:
        """SELECT of the awards of some offers under the guide of a year, as `allocation` reads claims."""
        outcome, fen, guide = (("oa", "fa", "ga"), ("ob", "fb", "gb"))[side]
        dialect = self.backend.dialect
        numbers = {str(self.offers.index(offer)): offer for offer in offers if offer in self.offers}
        case = f"CAST(c.{dialect.ident('case')} AS {dialect.text}) AS {dialect.ident('case')}"
        offer = _case("p.which", {number: dialect.literal(name) for number, name in numbers.items()})
        place = dialect.literal(at) if at else "c.at_"
        return (
            f"SELECT {case}, {offer} AS offer, 'award' AS outcome, {dialect.yuan(f'p.{fen}', 18)} AS amount, "
            f"c.on_ AS {dialect.ident('on')}, {place} AS at FROM {self.both} p JOIN {self.population.table} c "
            f"ON c.n = p.n WHERE p.{outcome} = {_AWARD} AND p.{guide} = {year} AND p.which IN ({', '.join(numbers)})"
        )

    def governed(self, asked: Asked) -> dict[int, int]:
        """How many cases each plan of a set of rules governs."""
        found = self.backend.ask(f"SELECT {asked.rules.plan}, count(*) FROM {self.population.table} GROUP BY 1")
        return {int(plan): int(cases) for plan, cases in found}


def _year(asked: Asked, plan: int) -> int | None:
    guide = asked.rules.numbers.plan(plan).guide
    return guide.year if guide else None


def _answer_of(ladder: Ladder) -> tuple[object, ...]:
    """All of a ladder that an answer depends on; words, citations and what allocation decides later are none of it."""
    return (
        ladder.nature, ladder.state, ladder.valid, ladder.window, ladder.gates, ladder.formula, ladder.award,
        [(step.name, step.node) for step in ladder.steps], [doubt.node for doubt in ladder.doubts],
    )  # fmt: skip


def _kinds(slot: Slot | ListSlot) -> dict[int, object]:
    """The kinds of a column or list by plan; under 0 the one of all plans."""
    if isinstance(slot, Slot):
        return {plan: (kind, slot.optional) for plan, kind in slot.kinds}
    return {plan: definition.kind for plan, definition in slot.defs}


def lines(
    found: Sequence[tuple[str | None, int, Figures]], titles: Mapping[str, Words], none: Words
) -> tuple[Line, ...]:
    """Lines of a table, those with the largest cost first, what has no label last.

    Beyond the most labels the rest, by size of the larger cost, is one line.
    """
    known = [entry for entry in found if entry[0] is not None]
    known.sort(key=lambda entry: (-max(entry[2].cost), -entry[1], entry[0] or ""))
    made = [
        Line(label or "", titles.get(label or "", Words(label or "", label or "")), figures, cases)
        for label, cases, figures in known[:MOST_LABELS]
    ]
    rest = known[MOST_LABELS:]
    if rest:
        total = summed(figures for *_, figures in rest)
        made.append(Line("…", OTHERS, total, sum(cases for _, cases, _ in rest)))
    made += [Line("", none, figures, cases) for label, cases, figures in found if label is None]
    return tuple(made)


def _figures(sums: Sequence[Any]) -> Figures:
    claims, aa, ab, ca, cb, ua, ub = (int(value) for value in sums)
    return Figures(claims, (aa, ab), (ca, cb), (ua, ub))


def _amount(outcome: str, fen: int | None) -> int | None:
    """What a claim gets: nothing when it is refused, None while it is not known."""
    return None if outcome in OPEN else int(fen or 0)


def _case(what: str, values: Mapping[Any, Any]) -> str:
    return f"CASE {what} {' '.join(f'WHEN {key} THEN {value}' for key, value in values.items())} END"


def _paid(outcome: str, fen: str) -> str:
    """Whether a claim is an award of something: one of 0.00 is an answer, and counts as no award."""
    return f"{outcome} = {_AWARD} AND {fen} > 0"


def _one(test: str) -> str:
    return f"CASE WHEN {test} THEN 1 ELSE 0 END"


def _if(holds: bool, count: Any) -> int:
    return int(count) if holds else 0
