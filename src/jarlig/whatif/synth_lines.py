"""Cost lines of a made-up population: a batch of rows of one list, with reversals, and with defects that are counted.

Rows are drawn as plain integers (codes by their serials), so that copying and reversing a row is copying integers; they
become columns at the end. A key carries the year of its invoice in its last two digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jarlig.ladder.dates import month_text, year_of
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, YesNo
from jarlig.whatif import synth_arrays as arrays
from jarlig.whatif.synth_arrays import Bools, Ints
from jarlig.whatif.synth_fit import Listed
from jarlig.whatif.synth_people import LINES, NONE_SHARE, Batch, drawn, place_at, spread

TWICE, SHARED_KEY, ORPHAN = "duplicate_in_case", "duplicate_across_cases", "reversal_without_original"
OUTSIDE, BREACH, BAD_NUMBER = "cost_outside_window", "cap_breach", "bad_number"
#: What the exact engine says of each; what one case alone cannot show is for a comparison of cases.
EXPECTED = {
    "wrong_check_character": "E803",
    "refused_by_a_condition": "not_eligible",
    "unknown_cell": "undetermined",
    TWICE: "E805",
    SHARED_KEY: "key_in_two_cases",
    ORPHAN: "E806",
    OUTSIDE: "line_not_counted",
    BREACH: "amount_below_formula",
    BAD_NUMBER: "E803",
}
MOST_LINES = 400
#: Serials of the lines of one case: its own, its reversals, and those that are wrong on purpose.
PER_CASE, REVERSED_FROM, ORPHANS_FROM = 1_000, 500, 950
SELLERS, _FIRST_SELLER = 20_000, 31**7 * 20
_LIST = 10**13
_NONE, _NOTHING = -1, np.iinfo(np.int64).min
_TAX = np.array([3, 6, 6, 9, 13, 13, 13])


def line_defects(lists: tuple[Listed, ...], text: bool) -> tuple[str, ...]:
    """The defects that lines can have: those that some list has the columns for."""
    return tuple(
        defect for defect in (TWICE, SHARED_KEY, ORPHAN, OUTSIDE, BREACH, BAD_NUMBER)
        if any(_may_have(one, defect) for one in lists) and (text or defect != BAD_NUMBER)
    )  # fmt: skip


def _may_have(listed: Listed, defect: str) -> bool:
    return {
        TWICE: bool(listed.kind.key),
        SHARED_KEY: bool(listed.kind.key),
        ORPHAN: bool(listed.kind.reverses and listed.money),
        OUTSIDE: bool(listed.dated()),
        BREACH: bool(listed.breach),
        BAD_NUMBER: bool(listed.money),
    }[defect]


class Lines:
    """The lines of a batch of cases, list by list; settles which list each defect of a case stands in."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self.maker = batch, batch.maker
        self.lists = self.maker.rules.lists
        self.counted = {"lines": 0, "reversals": 0}
        self.where: Ints = np.full(batch.size, -1)
        rng = self.maker.rng(LINES, batch.number)
        for defect in self.maker.line_defects:
            rows = batch.has(defect)
            fit = np.stack([batch.any_of(one.offers) & _may_have(one, defect) for one in self.lists])
            score = np.where(fit, rng.random(fit.shape), -1.0)
            self.where[rows] = np.where(fit.any(axis=0), score.argmax(axis=0), -1)[rows]
            batch.drop(rows & ~fit.any(axis=0))

    def table(self, number: int) -> Any:
        """The rows of one list."""
        listed = self.lists[number]
        return _Rows(self, listed, number).table()


class _Rows:
    def __init__(self, lines: Lines, listed: Listed, number: int) -> None:
        self.lines, self.batch, self.maker = lines, lines.batch, lines.maker
        self.listed, self.kind, self.number = listed, listed.kind, number
        self.rng = self.maker.rng(LINES + 16 * (number + 1), self.batch.number)
        self.bad_number: Ints = np.array([], np.int64)

    def has(self, defect: str) -> Bools:
        """The cases with a defect that stands in this list."""
        found: Bools = self.batch.has(defect) & (self.lines.where == self.number)
        return found

    def table(self) -> Any:
        raw = self._drawn()
        starts = self._first_lines(raw["case"])
        self._spoilt(raw, starts)
        added = [*self._reversals(raw), *self._copies(raw, starts)]
        raw = {name: np.concatenate([values, *(one[name] for one in added)]) for name, values in raw.items()}
        order = np.argsort(raw["case"], kind="stable")
        raw = {name: values[order] for name, values in raw.items()}
        self.lines.counted["lines"] += len(order)
        marked = np.isin(order, self.bad_number)
        columns: dict[str, Any] = {"case": pa.array(self.batch.ids[raw["case"]], pa.int64())}
        for name, kind in self.kind.columns:
            column = self._column(name, kind, raw[name])
            if self.maker.text and name == self.listed.money:
                column = pc.if_else(pa.array(marked), "12,345.00", column.cast(pa.string()))
            columns[name] = column
        if len(self.listed.offers) > 1:
            columns["for"] = arrays.labels(raw["for"], list(self.listed.offers))
        return pa.table(columns)

    def _first_lines(self, case: Ints) -> Ints:
        """The place of each case's first line; -1 for a case without lines."""
        first = np.full(self.batch.size, -1)
        first[case[::-1]] = np.arange(len(case))[::-1]
        return first

    def _drawn(self) -> dict[str, Ints]:
        """Ordinary lines of everybody who applies."""
        batch, rng, profile = self.batch, self.rng, self.maker.profile
        mean = max(1.0, profile.lines / len(self.lines.lists)) if self.maker.everyone else profile.lines
        counts = np.where(batch.any_of(self.listed.offers), 1 + rng.poisson(max(0.0, mean - 1), batch.size), 0)
        counts = np.minimum(counts, min(MOST_LINES, self.kind.most // 3))
        case: Ints = np.repeat(np.arange(batch.size), counts)
        turn: Ints = np.arange(len(case)) - np.repeat(np.cumsum(counts) - counts, counts)
        raw = {"case": case, "turn": turn, "for": self._claimed(case)}
        medians = np.array([profile.line[size] for size in ("micro", "small", "medium", "large")])[batch.scale[case]]
        value = medians * np.exp(rng.standard_normal(len(case)) * profile.line["spread"]) * 100
        main: Ints = np.minimum(value, 10**13).astype(np.int64)
        dated = self.listed.dated() or next((n for n, k in self.kind.columns if isinstance(k, Date)), "")
        day = self._of(self.listed.good.get(dated, ()), len(case)) if dated else batch.on[case]
        for name, kind in self.kind.columns:
            raw[name] = self._raw(name, kind, raw, main, day if name == dated else day - rng.integers(0, 40, len(case)))
        years = np.array([year_of(int(at)) for at in np.arange(day.min(), day.max() + 1)] if len(day) else [0])
        year = years[day - day.min()] if len(day) else day
        for name in self.kind.key[-1:]:
            raw[name] = self._serials(case, turn) * 100 + year % 100
        return raw

    def _serials(self, case: Ints, turn: Ints) -> Ints:
        return (self.number + 1) * _LIST + self.batch.ids[case] * PER_CASE + turn

    def _claimed(self, case: Ints) -> Ints:
        """The offer that each line is claimed under: one for most lines of a case, among those applied for."""
        if not len(case):
            return case.copy()
        applied = np.stack([self.batch.applies[offer] for offer in self.listed.offers]).astype(float)
        main = (applied * self.rng.random(applied.shape)).argmax(axis=0)[case]
        other = (applied[:, case] * self.rng.random((len(applied), len(case)))).argmax(axis=0)
        taken: Ints = np.where(self.rng.random(len(case)) < 0.15, other, main)
        return taken

    def _of(self, options: tuple[Any, ...], count: int) -> Ints:
        """So many of some numbers, each as likely."""
        found: Ints = np.array(options, np.int64)[self.rng.integers(0, len(options), count)]
        return found

    def _raw(self, name: str, kind: Kind, raw: dict[str, Ints], main: Ints, day: Ints) -> Ints:
        count, rng = len(main), self.rng
        if name == self.kind.reverses:
            return np.full(count, _NONE)
        if isinstance(kind, Date):
            return day
        if isinstance(kind, Number):
            return self._number(name, kind, main)
        if isinstance(kind, Choice | YesNo):
            options: tuple[Any, ...] = kind.values if isinstance(kind, Choice) else (True, False)
            if not options:
                return np.zeros(count, np.int64)
            good, bad = self.listed.good.get(name, options), self.listed.bad.get(name, ())
            weights = [1.0 if value in good else 0.15 * len(good) / max(1, len(bad)) for value in options]
            return drawn(rng, spread(weights), count)
        if isinstance(kind, Code) and kind.form == "uscc":
            return rng.integers(0, SELLERS, count)
        return self._serials(raw["case"], raw["turn"]) * 100

    def _number(self, name: str, kind: Number, main: Ints) -> Ints:
        if name == self.listed.money:
            value = main * 10**kind.scale // 100
        elif kind.unit:
            value = main * _TAX[self.rng.integers(0, len(_TAX), len(main))] // 100 * 10**kind.scale // 100
        else:
            value = self.rng.integers(max(kind.low, 0), min(kind.high, 12 * 10**kind.scale) + 1, len(main))
        found: Ints = np.clip(value, kind.low, kind.high)
        if name in self.kind.optional:
            found = np.where(self.rng.random(len(main)) < NONE_SHARE, _NOTHING, found)
        return found

    # what is wrong on purpose

    def _spoilt(self, raw: dict[str, Ints], first: Ints) -> None:
        """Defects that change a line: a day outside the window, a sum above every cap, the key of another case."""
        rows = first[self.has(OUTSIDE)]
        if len(rows):
            start = self.maker.rules.guide.start
            past = [day for day in self.listed.bad[self.listed.dated()] if day < start] or list(
                self.listed.bad[self.listed.dated()]
            )
            raw[self.listed.dated()][rows] = self._of(tuple(past), len(rows))
        rows = first[self.has(BREACH)]
        if len(rows):
            raw[self.listed.money][rows] = self.listed.breach
            for name, kind in self.kind.columns:
                if isinstance(kind, Choice) and name in self.listed.good:
                    raw[name][rows] = kind.values.index(self.listed.good[name][0])
        if self.maker.text:
            self.bad_number = first[self.has(BAD_NUMBER)]
        cases = np.flatnonzero(self.has(SHARED_KEY))
        donors = np.flatnonzero((first >= 0) & (self.lines.where < 0))
        if len(donors) < len(cases):
            self.batch.drop(np.isin(np.arange(self.batch.size), cases))
            return
        chosen = self.rng.permutation(donors)[: len(cases)]
        for name in self.kind.key:
            raw[name][first[cases]] = raw[name][first[chosen]]

    def _reversals(self, raw: dict[str, Ints]) -> list[dict[str, Ints]]:
        """Lines that cancel another one of their case, half of them in whole; never where something is wrong."""
        if not self.kind.reverses or not self.listed.money or self.maker.clean:
            return []
        free = (self.batch.defect < 0)[raw["case"]] & (raw["turn"] < MOST_LINES)
        rows = np.flatnonzero(free & (self.rng.random(len(free)) < self.maker.profile.reversed))
        self.lines.counted["reversals"] += len(rows)
        return [self._reversing(raw, rows, REVERSED_FROM)]

    def _reversing(self, raw: dict[str, Ints], rows: Ints, serials_from: int) -> dict[str, Ints]:
        of = {name: values[rows] for name, values in raw.items()}
        key = self.kind.key[-1]
        made = {**of, key: self._serials(of["case"], of["turn"] + serials_from) * 100 + of[key] % 100}
        made[self.kind.reverses] = of[key]
        whole = self.rng.random(len(rows)) < 0.5
        for name, kind in self.kind.columns:
            if name in self.kind.optional and name != self.kind.reverses:
                made[name] = np.full(len(rows), _NOTHING)
            elif isinstance(kind, Number) and kind.low < 0:
                made[name] = np.where(whole, -of[name], -(of[name] // 3))
        return made

    def _copies(self, raw: dict[str, Ints], first: Ints) -> list[dict[str, Ints]]:
        """Lines added on purpose: one that stands twice, and one that reverses an invoice nobody listed."""
        twice = first[self.has(TWICE)]
        added = [{name: values[twice] for name, values in raw.items()}]
        rows = first[self.has(ORPHAN)]
        if self.kind.reverses:
            orphan = self._reversing(raw, rows, ORPHANS_FROM)
            orphan[self.kind.reverses] = self._serials(orphan["case"], np.full(len(rows), PER_CASE - 1)) * 100 + 23
            added.append(orphan)
        return added

    # columns

    def _column(self, name: str, kind: Kind, values: Ints) -> Any:
        none = values == (_NONE if name == self.kind.reverses else _NOTHING)
        made = self._typed(kind, np.where(none, 0, values) if name in self.kind.optional else values)
        if name not in self.kind.optional:
            return made
        return pc.if_else(pa.array(none), "none", arrays.as_text(made))

    def _typed(self, kind: Kind, values: Ints) -> Any:
        if isinstance(kind, Number):
            return arrays.numbers(values, kind)
        if isinstance(kind, Date):
            return arrays.days(values)
        if isinstance(kind, Choice):
            return arrays.labels(values, list(kind.values or ("open",)))
        if isinstance(kind, YesNo):
            return arrays.flags(values == 0)
        if isinstance(kind, Code):
            return self._codes(kind.form, values)
        serial = values // 100
        case = serial % _LIST // PER_CASE - self.batch.first
        if isinstance(kind, Month):
            return arrays.words([month_text(int(month)) for month in self.batch.month[case]])
        assert isinstance(kind, Division)
        places = [place_at(at, kind.level) for at in self.maker.places]
        return arrays.labels(self.batch.place[case], places)

    def _codes(self, form: str, values: Ints) -> Any:
        if form == "uscc":
            return arrays.texts(arrays.codes(_FIRST_SELLER + values))
        if form == "invoice":
            return arrays.texts(arrays.invoices(values // 100, values % 100))
        if form == "sha256":
            return arrays.texts(arrays.digests(values // 100, self.rng))
        if form == "industry":
            trades = list(self.maker.profile.trades)
            return arrays.labels(values // 100 % len(trades), trades)
        if form == "bank":
            return arrays.named("9", values // 100, 11)
        return arrays.named("SYN-", values // 100, 15)
