"""The claims of a table (申请明细): which rows take part in which pool, and the columns that order and bound them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jarlig.allocation import arrays
from jarlig.allocation.columns import Ints, Source, days, plain, scaled, texts
from jarlig.allocation.terms import Guided, Places, PoolPlan
from jarlig.ladder.kinds import Number
from jarlig.ladder.numbers import NumberError, parse_date
from jarlig.ladder.outcome import OUTCOMES
from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.pools import AMOUNT

#: What a sharing adds to a row; no column of a table may be called so already.
ADDED = ("pool", "rule", "requested", "approved", "factor", "rank", "floor_kept", "note_zh", "note_en")
#: The columns without which nothing can be shared.
NEEDED = {
    "case": Words("案件编号", "the id of the case"),
    "offer": Words("奖补事项", "the offer"),
    "outcome": Words("测算结论", "the outcome of the determination"),
    "amount": Words("测算金额", "the capped amount"),
}


def _counted(column: Any, name: Callable[[str], str]) -> dict[str, int]:
    """How many values have each name, in the order of the names."""
    found: Counter[str] = Counter()
    for one in pc.value_counts(column).to_pylist():
        found[name(str(one["values"]))] += one["counts"]
    return dict(sorted(found.items()))


class Claims:
    """The rows that take part, their columns read; ``aside`` counts the others by why they do not.

    ``other_years`` counts awards by the year of the guide that governs them, where it is not the one that is shared:
    those of the column ``guide`` take no part; without it the day tells, and they take part as the table says.
    """

    def __init__(self, table: pa.Table, file: str, guided: Guided, lines: Ints) -> None:
        self.table, self.guided = table, guided
        self.source = Source(file, lines)
        self.file = Place(file, 0, 0)
        for name in table.column_names:
            if name in ADDED:
                raise PolicyError((problem("E850", self.file, name, name=name, near="", valid=""),))
        for name, what in NEEDED.items():
            self._has(name, what)
        self.plans = tuple(guided.pools.values())
        self.aside: dict[str, int] = {}
        self.other_years: dict[str, int] = {}
        awards = self._awards()
        self.table, self.source = self._take(table, awards), Source(file, lines[awards])
        self.offers, self.offer_codes = self._offers()
        pools = self._pools()
        inside = np.flatnonzero(pools >= 0)
        if len(inside) < len(pools):
            self.aside["other_pool"] = len(pools) - len(inside) - self.aside.get("no_award", 0)
        self.table = self._take(self.table, inside)
        self.source = Source(file, lines[awards[inside]])
        self.offer_codes, self.pools = self.offer_codes[inside], pools[inside]
        self.amounts = scaled(self.table.column("amount"), 2, "amount", self.source)
        self._not_negative()
        self.cases = texts(self.table.column("case"))
        self._once()
        if "on" in self.table.column_names and "guide" not in self.table.column_names:
            found = _counted(plain(self.table.column("on")), self._other_year)
            self.other_years = {year: rows for year, rows in found.items() if year}

    def batch(self) -> arrays.Batch:
        """The claims as arrays."""
        keys = [self._order(plan) for plan in self.plans]
        seats = [
            [self._seats(plan, place, key) for place in plan.places]
            for plan, key in zip(self.plans, keys, strict=True)
        ]
        floors, firm = self._floors()
        return arrays.Batch(self.pools, self.amounts, keys, floors, firm, seats)

    def offers_in(self, pool: int) -> tuple[str, ...]:
        """The offers of which claims draw on a pool."""
        found = set(np.unique(self.offer_codes[self.pools == pool]).tolist())
        return tuple(name for code, name in enumerate(self.offers) if code in found)

    # which rows take part

    def _has(self, name: str, what: Words) -> Any:
        if name not in self.table.column_names:
            near = nearest(name, self.table.column_names) or ""
            values = {"name": name, "near": near, "zh": what.zh, "en": what.en}
            raise PolicyError((problem("E846", self.file, name, **values),))
        return self.table.column(name)

    def _take(self, table: pa.Table, rows: Ints) -> pa.Table:
        return table if len(rows) == table.num_rows else table.take(pa.array(rows))

    def _awards(self) -> Ints:
        """Positions of the awards of this year's guide; others are counted by outcome."""
        outcomes = pc.dictionary_encode(pc.fill_null(texts(self.table.column("outcome")), ""))
        known = outcomes.dictionary.to_pylist()
        codes: Ints = outcomes.indices.to_numpy()
        for code, outcome in enumerate(known):
            if outcome not in OUTCOMES:
                why = Words(f"结论应为 {'、'.join(OUTCOMES)} 之一", f"an outcome is one of {', '.join(OUTCOMES)}")
                raise self.source.refused("outcome", [(int(np.argmax(codes == code)), outcome, why)])
        counts = np.bincount(codes, minlength=len(known))
        self.aside.update({name: int(n) for name, n in zip(known, counts, strict=True) if name != "award"})
        take = codes == known.index("award") if "award" in known else np.zeros(len(codes), np.bool_)
        found: Ints = np.flatnonzero(take)
        if "guide" in self.table.column_names:
            years = pc.fill_null(texts(self.table.column("guide")), "").take(pa.array(found))
            mine = str(self.guided.year)
            self.other_years = {year: rows for year, rows in _counted(years, str).items() if year != mine}
            if self.other_years:
                self.aside["other_guide"] = sum(self.other_years.values())
                found = found[pc.equal(years, mine).to_numpy(zero_copy_only=False)]
        return found

    def _other_year(self, day: str) -> str:
        """The year of the guide that governs a day, empty for the one that is shared; whoever orders refuses no day."""
        try:
            guide = self.guided.plans.plan(parse_date(day)).guide
        except NumberError:
            return ""
        return "" if guide is None or guide.year == self.guided.year else str(guide.year)

    def _offers(self) -> tuple[list[str], Ints]:
        coded = pc.dictionary_encode(pc.fill_null(texts(self.table.column("offer")), ""))
        codes: Ints = coded.indices.to_numpy().astype(np.int64)
        names: list[str] = coded.dictionary.to_pylist()
        known = self.guided.programme.offers
        wrong = [
            problem(
                "E811", self.source.place(int(np.argmax(codes == code))), name,
                name=name, near=nearest(name, known) or "", valid=", ".join(known),
            )
            for code, name in enumerate(names) if name not in known
        ]  # fmt: skip
        if wrong:
            raise PolicyError(tuple(wrong))
        return names, codes

    def _pools(self) -> Ints:
        """The position of the pool of each row, below zero where its offer draws on one that is not shared now."""
        number = {plan.pool.name: at for at, plan in enumerate(self.plans)}
        owners = [self.guided.owner.get(offer) for offer in self.offers]
        paid = [self.guided.programme.offers[offer].nature == "award" for offer in self.offers]
        drawing = ", ".join(offer for offer in self.guided.programme.offers if offer in self.guided.owner)
        lost = [
            problem(
                "E849", self.source.place(int(np.argmax(self.offer_codes == code))), offer, offer=offer,
                year=self.guided.year, rows=int(np.count_nonzero(self.offer_codes == code)), drawing=drawing,
            )
            for code, (offer, owner, award) in enumerate(zip(self.offers, owners, paid, strict=True))
            if owner is None and award and not self.guided.only
        ]  # fmt: skip
        if lost:
            raise PolicyError(tuple(lost))
        for code, (owner, award) in enumerate(zip(owners, paid, strict=True)):
            if owner is None and not award:  # told only, or passed to a government: never paid from a pool
                rows = int(np.count_nonzero(self.offer_codes == code))
                self.aside["no_award"] = self.aside.get("no_award", 0) + rows
        of_offer = np.array([number.get(owner or "", -1) for owner in owners], np.int64)
        return of_offer[self.offer_codes] if len(of_offer) else self.offer_codes

    def _not_negative(self) -> None:
        below = np.flatnonzero(self.amounts < 0)
        if len(below):
            column, why = texts(self.table.column("amount")), Words("不能是负数", "it cannot be negative")
            raise self.source.refused("amount", [(int(at), column[int(at)].as_py(), why) for at in below])

    def _once(self) -> None:
        """Each case stands once under an offer."""
        if self.cases.null_count:
            at = int(np.argmax(self.cases.is_null().to_numpy(zero_copy_only=False)))
            raise self.source.refused("case", [(at, "", Words("没有案件编号", "the case has no id"))])
        if pc.count_distinct(self.cases).as_py() == len(self.cases):
            return
        rows = pa.table({"case": self.cases, "offer": self.offer_codes, "row": np.arange(len(self.cases))})
        groups = rows.group_by(["case", "offer"]).aggregate([("row", "min"), ("row", "max"), ("row", "count")])
        twice = groups.filter(pc.greater(groups["row_count"], 1)).sort_by("row_min").slice(0, 20).to_pylist()
        if twice:
            told = [
                problem(
                    "E848", self.source.place(one["row_max"]), one["case"], case=one["case"],
                    offer=self.offers[one["offer"]], first=self.source.place(one["row_min"]).line,
                )
                for one in twice
            ]  # fmt: skip
            raise PolicyError(tuple(told))

    # orders, places, floors

    def _order(self, plan: PoolPlan) -> arrays.Keys:
        """The pool's order: by its numbers, then earlier days and cases; what a table does not have cannot order it."""
        if not (self.pools == self.plans.index(plan)).any():
            return (self._offer_key(),)
        if plan.terms.share == "ranking" and not plan.pool.by:
            raise PolicyError((problem("E844", plan.pool.place, plan.pool.name, pool=plan.pool.name),))
        keys = [self._number(name, plan, plan.pool.first) for name in plan.pool.by]
        ties = plan.pool.ties or ("on", "case")
        if plan.terms.share == "first_come":
            ties = ("on", *(tie for tie in ties if tie != "on"))
        stated = bool(plan.pool.ties) or plan.terms.share == "first_come"
        for tie in dict.fromkeys((*ties, "case")):
            if tie == "on" and (stated or "on" in self.table.column_names):
                keys.append(self._days(plan))
            elif tie == "case":
                keys.append(self.cases)
        return (*keys, self._offer_key())

    def _offer_key(self) -> Ints:
        """Offers by their ids, character by character."""
        rank = {name: at for at, name in enumerate(sorted(self.offers))}
        return np.array([rank[name] for name in self.offers], np.int64)[self.offer_codes]

    def _days(self, plan: PoolPlan) -> Ints:
        pool = plan.pool.name
        what = Words(f"资金池“{pool}”按申请日期排序", f"the pool “{pool}” is ordered by the day of application")
        return self._in_pool(plan, lambda column, source: days(column, "on", source), self._has("on", what))

    def _number(self, name: str, plan: PoolPlan, first: str, offers: Sequence[str] = ()) -> Ints:
        """A number to rank by, so that lower comes first."""
        if name == AMOUNT:
            values = self.amounts
        else:
            what = Words(f"资金池“{plan.pool.name}”按此排序", f"the pool “{plan.pool.name}” is ranked by it")
            scale = max((self._scale(name, offer) for offer in offers or plan.pool.offers), default=0)
            column = self._has(name, what)
            values = self._in_pool(plan, lambda part, source: scaled(part, scale, name, source), column, offers)
        return values if first == "lowest" else -values

    def _scale(self, name: str, offer: str) -> int:
        fact = self.guided.programme.fact_defs(self.guided.programme.offers[offer]).get(name)
        return fact.kind.scale if fact is not None and isinstance(fact.kind, Number) else 6

    def _in_pool(
        self, plan: PoolPlan, read: Callable[[Any, Source], Ints], column: Any, offers: Sequence[str] = ()
    ) -> Ints:
        """A column read only where a pool's claims stand: others may leave it empty."""
        mine = self.pools == self.plans.index(plan)
        if offers:
            codes = [code for code, offer in enumerate(self.offers) if offer in offers]
            mine &= np.isin(self.offer_codes, codes)
        rows = np.flatnonzero(mine)
        made = np.zeros(len(self.pools), np.int64)
        part = plain(column).take(pa.array(rows))
        made[rows] = read(part, Source(self.source.file, self.source.lines[rows]))
        return made

    def _seats(self, plan: PoolPlan, place: Places, order: arrays.Keys) -> arrays.Seats:
        codes = [code for code, offer in enumerate(self.offers) if offer in place.offers]
        under = np.isin(self.offer_codes, codes) & (self.pools == self.plans.index(plan))
        groups = np.where(under, 0, -1)
        if not under.any():
            return arrays.Seats(groups, order)
        if place.lacks is not None:
            raise PolicyError((place.lacks,))
        if place.per:
            what = Words("名额按它分组", "a quota counts by it")
            columns = [texts(self._has(name, what)) for name in place.per]
            for name, column in zip(place.per, columns, strict=True):
                empty = np.flatnonzero(under & column.is_null().to_numpy(zero_copy_only=False))
                if len(empty):
                    why = Words("空格表示未知，名额按它分组", "an empty cell is unknown, and a quota counts by it")
                    raise self.source.refused(name, [(int(at), "", why) for at in empty])
            joined = columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, "\x1f")
            groups = np.where(under, pc.dictionary_encode(pc.fill_null(joined, "")).indices.to_numpy(), -1)
        if not place.by:
            return arrays.Seats(groups.astype(np.int64), order)
        number = self._number(place.by, plan, "highest", place.offers)
        return arrays.Seats(groups.astype(np.int64), (number, *order))

    def _floors(self) -> tuple[Ints | None, NDArray[np.bool_] | None]:
        """The floor of each row that scaling keeps, and whether a person decides when it cannot."""
        if not any(plan.floors or plan.pool.floor for plan in self.plans):
            return None, None
        floors, firm = np.zeros(len(self.pools), np.int64), np.ones(len(self.pools), np.bool_)
        for plan in self.plans:
            for offer, keep in plan.floors.items():
                if offer in self.offers:
                    rows = np.flatnonzero(self.offer_codes == self.offers.index(offer))
                    firm[rows] = keep.firm
                    floors[rows] = self._floor(offer, keep.fen, rows)
            if plan.pool.floor:
                rows = np.flatnonzero(self.pools == self.plans.index(plan))
                floors[rows], firm[rows] = np.maximum(floors[rows], plan.pool.floor), True
        return floors, firm

    def _floor(self, offer: str, fen: int | None, rows: Ints) -> Ints | int:
        source = Source(self.source.file, self.source.lines[rows])
        if self.guided.by_place(offer):
            return self._floor_by_place(offer, rows, source)
        if fen is not None:
            return fen
        if "step.floor" not in self.table.column_names:
            raise PolicyError((problem("E858", self.file, offer, offer=offer),))
        return scaled(plain(self.table.column("step.floor")).take(pa.array(rows)), 2, "step.floor", source)

    def _floor_by_place(self, offer: str, rows: Ints, source: Source) -> Ints:
        """A floor that places raise, looked up for each day and place."""
        what = Words("有的地方提高了下限", "some place raises the floor")
        at = pc.fill_null(texts(self._has("at", what)), "").take(pa.array(rows))
        on = days(plain(self._has("on", what)).take(pa.array(rows)), "on", source)
        places = pc.dictionary_encode(at)
        codes: Ints = places.indices.to_numpy().astype(np.int64)
        pairs, back = np.unique(np.stack([on, codes]), axis=1, return_inverse=True)
        made = np.zeros(pairs.shape[1], np.int64)
        for number, (day, code) in enumerate(pairs.T.tolist()):
            keep = self.guided.kept(offer, day, places.dictionary[code].as_py())
            if keep is None or keep.fen is None:
                raise PolicyError((problem("E858", self.file, offer, offer=offer),))
            made[number] = keep.fen
        return made[back.ravel()]
