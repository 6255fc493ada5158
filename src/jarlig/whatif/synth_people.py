"""Enterprises of a made-up population: a batch of cases, column by column, with those that apply and their defects.

A batch depends on the seed and its own number alone, so that a population is the same whatever its size in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jarlig.ladder.dates import month_of, month_text
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.nodes import Fact
from jarlig.reference.divisions import divisions
from jarlig.whatif import synth_arrays as arrays
from jarlig.whatif.synth_arrays import Bools, Ints
from jarlig.whatif.synth_fit import Asked, Rules
from jarlig.whatif.synth_profile import SIZES, Profile

#: Streams of random numbers, so that one table does not depend on how another was drawn.
CASES, LINES, PAST, PARCELS = range(4)
#: An applicant whose own facts fail a condition, out of a hundred.
UNFIT = 5
#: Of the enterprises that do not apply, nobody asks; of those that may say "none", most do.
NONE_SHARE = 0.92

#: Defects of a case as a whole; those of its lines stand in ``synth_lines``.
WRONG_CHECK, REFUSED, UNKNOWN = "wrong_check_character", "refused_by_a_condition", "unknown_cell"


@dataclass(frozen=True)
class Maker:
    """What a population is made from."""

    rules: Rules
    profile: Profile
    seed: int
    enterprises: int
    everyone: bool
    clean: bool
    text: bool
    line_defects: tuple[str, ...] = ()
    parcels: int = 0

    def rng(self, stream: int, batch: int) -> np.random.Generator:
        """The random numbers of one batch of one table."""
        return np.random.default_rng([self.seed, stream, batch])

    @cached_property
    def places(self) -> list[str]:
        """The places where enterprises are registered, at the county level where that is known."""
        region = self.rules.programme.region
        known = divisions()
        if region[:2] == known.region.code[:2]:
            return [banner.code for banner in known.banners]
        named = [overlay.at for overlay in self.rules.programme.locals.values()]
        named += [at for offer in self.rules.programme.offers.values() if offer.pool for at in offer.pool.among]
        return list(dict.fromkeys([*named, f"{region[:4]}01"])) if named else [f"{region[:4]}01"]

    @cached_property
    def place_shares(self) -> Any:
        """How likely each place is: the share of its league or city in the profile, divided among its places."""
        owners = [max((p for p in self.profile.places if at.startswith(p)), key=len, default="") for at in self.places]
        shares = [self.profile.places.get(own, 0.0) / owners.count(own) for own in owners]
        return spread(shares if sum(shares) else [1.0] * len(owners))

    @cached_property
    def defects(self) -> tuple[str, ...]:
        """The defects that this programme's tables can have."""
        if self.clean:
            return ()
        found = []
        if self.own_code:
            found.append(WRONG_CHECK)
        if any(one.bad for one in self.shared):
            found.append(REFUSED)
        if self.shared:
            found.append(UNKNOWN)
        return (*found, *self.line_defects)

    @cached_property
    def shared(self) -> list[Asked]:
        """Facts of everybody that a condition of some offer reads and that have a good and a bad value."""
        return [one for one in self.rules.facts if not one.offers and one.bad and isinstance(one.kind, Choice | YesNo)]

    def batches(self, most: int) -> list[tuple[int, int, int]]:
        """The batches of the population: number, first id, and how many enterprises."""
        starts = range(0, self.enterprises, most)
        return [(at, 1 + start, min(most, self.enterprises - start)) for at, start in enumerate(starts)]

    @cached_property
    def own_code(self) -> str:
        """The fact that is an enterprise's own code with check characters; empty when there is none."""
        return next((o.column for o in self.rules.facts if not o.offers and o.kind == Code("uscc")), "")

    def chances(self, offer: str) -> Any:
        """How likely an enterprise of each size applies under an offer."""
        if self.everyone:
            return np.ones(len(SIZES))
        asked, programme = self.profile.applicants, self.rules.programme
        usual = asked.get(programme.offers[offer].to, 40)
        expected = asked.get(f"{programme.programme}/{offer}", usual)
        sizes = np.array([self.profile.sizes[size] for size in SIZES])
        bias = np.array([self.profile.bias[size] for size in SIZES])
        return np.minimum(0.9, expected / self.enterprises * bias * sizes.sum() / (sizes @ bias))


@dataclass
class Batch:
    """Some enterprises: ids from ``first`` on, and what all their columns rest on."""

    maker: Maker
    number: int
    first: int
    size: int
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.rng = self.maker.rng(CASES, self.number)
        rng, profile, guide, n = self.rng, self.maker.profile, self.maker.rules.guide, self.size
        self.ids: Ints = np.arange(self.first, self.first + n, dtype=np.int64)
        self.place: Ints = drawn(rng, self.maker.place_shares, n)
        self.scale: Ints = drawn(rng, spread([profile.sizes[size] for size in SIZES]), n)
        self.trade: Ints = drawn(rng, spread(list(profile.trades.values())), n)
        medians = np.array([profile.money[size] for size in SIZES])[self.scale]
        self.turnover = medians * np.exp(rng.standard_normal(n) * profile.money["spread"])
        self.on: Ints = rng.integers(guide.start, guide.end + 1, n)
        self.applies: dict[str, Bools] = {}
        for offer in self.maker.rules.offers:
            self.applies[offer] = rng.random(n) < self.maker.chances(offer)[self.scale]
            first, last = self.maker.rules.plan.ladder(offer).window or (guide.start, guide.end)
            if not self.maker.everyone and (first, last) != (guide.start, guide.end):
                late = self.applies[offer] & ((self.on < first) | (self.on > last))
                self.on[late] = rng.integers(first, last + 1, n)[late]
        self.applicant: Bools = np.any(np.stack([*self.applies.values(), np.zeros(n, bool)]), axis=0)
        self.month: Ints = np.array([month_of(int(day)) - 1 for day in range(guide.start, guide.end + 1)])[
            self.on - guide.start
        ]
        kinds = self.maker.defects
        faulty = self.applicant & (rng.random(n) < profile.defects) if kinds else np.zeros(n, bool)
        self.defect: Ints = np.where(faulty, rng.integers(0, max(1, len(kinds)), n), -1)

    def has(self, defect: str) -> Bools:
        """Which enterprises have a defect."""
        kinds = self.maker.defects
        found: Bools = self.defect == (kinds.index(defect) if defect in kinds else -2)
        return found

    def drop(self, rows: Bools) -> None:
        """Some enterprises have no defect after all: theirs could not be made."""
        self.defect[rows] = -1

    def any_of(self, offers: tuple[str, ...]) -> Bools:
        """Which enterprises apply under one of some offers; everybody where the fact is everybody's."""
        if not offers:
            return np.ones(self.size, bool)
        found: Bools = np.any(np.stack([self.applies[offer] for offer in offers]), axis=0)
        return found

    # the table

    def table(self) -> Any:
        """The rows of the cases table."""
        columns: dict[str, Any] = {"case": pa.array(self.ids, pa.int64()), "on": arrays.days(self.on)}
        rules = self.maker.rules
        if not rules.programme.applied_at:
            columns["at"] = self._places("county", None)
        read = {node.name for o in rules.offers for node in rules.plan.ladder(o).nodes() if isinstance(node, Fact)}
        if "claim_month" in read:
            words = [month_text(month) for month in range(int(self.month.min()), int(self.month.max()) + 1)]
            columns["claim_month"] = arrays.labels(self.month - self.month.min(), words)
        if "claim_year" in read:
            columns["claim_year"] = pa.array(self.rng.integers(1, 4, self.size), pa.int64())
        blank = self._blanks()
        for one in rules.facts:
            columns[one.column] = self._column(one, self._told(one) & ~blank.get(one.column, np.zeros(self.size, bool)))
        for listed in (*rules.lists, *([rules.parcels] if rules.parcels and self.maker.parcels else [])):
            columns[listed.column] = arrays.labels(np.zeros(self.size, np.int64), ["given"], self.any_of(listed.offers))
        columns["group.size"] = arrays.labels(self.scale, list(SIZES))
        columns["group.trade"] = arrays.labels(self.trade, list(self.maker.profile.trades))
        return pa.table(columns)

    def _blanks(self) -> dict[str, Bools]:
        """Which cells are left empty by mistake: one fact of everybody for each enterprise with that defect."""
        rows = self.has(UNKNOWN)
        if not rows.any():
            return {}
        which = self.rng.integers(0, len(self.maker.shared), self.size)
        return {one.column: rows & (which == at) for at, one in enumerate(self.maker.shared)}

    def _told(self, one: Asked) -> Bools:
        """Who states a fact: those who apply; the others only what refuses them."""
        if not one.offers or (isinstance(one.kind, YesNo) and one.bad):
            return np.ones(self.size, bool)
        return self.any_of(one.offers)

    def _column(self, one: Asked, known: Bools) -> Any:
        made: Callable[[Asked, Any, Bools], Any] = _MAKERS[type(one.kind)]
        column = made(one, self, known)
        return self._or_none(column) if one.fact.or_none else column

    def _or_none(self, column: Any) -> Any:
        """A column that may say "none" is one of text."""
        text = arrays.as_text(column)
        nothing = pa.array(self.rng.random(self.size) < NONE_SHARE)
        return pc.if_else(pc.and_(nothing, text.is_valid()), "none", text)

    def _options(self, one: Asked, options: tuple[Any, ...]) -> Ints:
        """Which option each takes: one that suits the rules, unless refused by a defect, unfit, or not applying."""
        good = np.array([options.index(value) for value in one.good])
        weights = 1.0 / np.arange(1, len(good) + 1)
        taken: Ints = good[drawn(self.rng, spread(list(weights)), self.size)]
        if not one.bad:
            return taken
        bad = np.array([options.index(value) for value in one.bad])[self.rng.integers(0, len(one.bad), self.size)]
        if not one.offers:
            refusing = self.maker.shared[0] if one in self.maker.shared else None
            return np.where(self.has(REFUSED), bad, taken) if one is refusing else taken
        unfit = (self.rng.integers(0, 100, self.size) < UNFIT) & (self.defect < 0)
        return np.where(self.any_of(one.offers) & ~unfit, taken, bad)

    def _places(self, level: str, known: Bools | None) -> Any:
        words = [place_at(at, level) for at in self.maker.places]
        distinct = list(dict.fromkeys(words))
        index = np.array([distinct.index(word) for word in words])
        return arrays.labels(index[self.place], distinct, known)

    def _code(self, one: Asked, known: Bools) -> Any:
        form = one.kind.form if isinstance(one.kind, Code) else "text"
        if form == "uscc":
            return arrays.texts(arrays.miswritten(arrays.codes(self.ids), self.has(WRONG_CHECK)), known)
        if form == "industry":
            return arrays.labels(self.trade, list(self.maker.profile.trades), known)
        if form == "sha256":
            return arrays.texts(arrays.digests(self.ids, self.rng), known)
        if form == "invoice":
            return arrays.texts(arrays.invoices(self.ids, np.full(self.size, self.maker.rules.guide.year or 23)), known)
        if form == "bank":
            return arrays.named("9990", self.ids, 8, known=known)
        keys = {key for keys in self.maker.rules.programme.subjects.values() for key in keys}
        if one.column in keys or one.fact.name in keys:
            return arrays.named("SYN-", self.ids, 8, known=known)
        return arrays.named("示例", self.ids, 8, "（虚构）", known)

    def _number(self, one: Asked, known: Bools) -> Any:
        kind = one.kind
        assert isinstance(kind, Number)
        unit = 10**kind.scale
        if kind.unit and kind.unit[0][0] in ("CNY", "USD"):
            value = self.turnover * unit * np.exp(self.rng.standard_normal(self.size) * 0.35)
        elif kind.high <= 1_000 * unit:  # points, months: near the upper end, as people apply who may hope
            value = kind.low + (kind.high - kind.low) * self.rng.beta(4, 2, self.size)
        else:
            value = self.turnover / 1_000 * unit * np.exp(self.rng.standard_normal(self.size) * 0.5)
        return arrays.numbers(np.clip(value, kind.low, kind.high).astype(np.int64), kind, known)

    def _day(self, one: Asked, known: Bools) -> Any:
        past = [day for day in one.good if day <= self.maker.rules.guide.start] or list(one.good)
        return arrays.days(np.array(past)[self.rng.integers(0, len(past), self.size)], known)

    def _set(self, one: Asked, known: Bools) -> Any:
        kind = one.kind
        assert isinstance(kind, Some)
        words = [";".join(v for b, v in enumerate(kind.of.values) if mask >> b & 1) or ";"
                 for mask in range(2 ** min(len(kind.of.values), 6))]  # fmt: skip
        return arrays.labels(self.rng.integers(0, len(words), self.size), words, known)

    def _choice(self, one: Asked, known: Bools) -> Any:
        kind = one.kind
        assert isinstance(kind, Choice)
        if not kind.values:
            return arrays.labels(np.zeros(self.size, np.int64), ["open"], known)
        return arrays.labels(self._options(one, kind.values), list(kind.values), known)

    def _flag(self, one: Asked, known: Bools) -> Any:
        return arrays.flags(self._options(one, (True, False)) == 0, known)

    def _month(self, one: Asked, known: Bools) -> Any:
        low = int(self.month.min())
        words = [month_text(month) for month in range(low, int(self.month.max()) + 1)]
        return arrays.labels(self.month - low, words, known)

    def _division(self, one: Asked, known: Bools) -> Any:
        assert isinstance(one.kind, Division)
        return self._places(one.kind.level, known)


def place_at(at: str, level: str) -> str:
    """A place of the county level at another level; below it, one of its villages."""
    tails = {"region": at[:2] + "0000", "league": at[:4] + "00", "township": at + "101", "village": at + "101201"}
    return tails.get(level, at)


def spread(weights: list[float]) -> Any:
    """Weights as the upper ends of stretches between 0 and 1."""
    ends = np.cumsum(np.array(weights, dtype=np.float64))
    return ends / ends[-1]


def drawn(rng: np.random.Generator, ends: Any, count: int) -> Ints:
    """So many draws of a stretch."""
    found: Ints = np.minimum(np.searchsorted(ends, rng.random(count), side="right"), len(ends) - 1).astype(np.int64)
    return found


_MAKERS: dict[type[Kind], Any] = {
    Number: lambda one, batch, known: batch._number(one, known),
    YesNo: lambda one, batch, known: batch._flag(one, known),
    Date: lambda one, batch, known: batch._day(one, known),
    Month: lambda one, batch, known: batch._month(one, known),
    Choice: lambda one, batch, known: batch._choice(one, known),
    Some: lambda one, batch, known: batch._set(one, known),
    Code: lambda one, batch, known: batch._code(one, known),
    Division: lambda one, batch, known: batch._division(one, known),
}
