"""Estimates from incomplete facts: the lowest and highest award, and the missing facts ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jarlig.engines.exact import Climber
from jarlig.engines.interval.case import Case, Setting
from jarlig.engines.interval.ranking import by_worth, worths
from jarlig.engines.interval.shape import Shape
from jarlig.engines.interval.values import HISTORY, Key, Witness, is_boundless, span
from jarlig.ladder.kinds import Kind, Number
from jarlig.ladder.steps import Ladder
from jarlig.ladder.tables import Table


@dataclass(frozen=True, slots=True)
class Missing:
    """A missing fact and what it is worth: the widest change of the award, in fen, that it alone can make.

    ``worth`` is None when the change has no bound, and 0 when the fact cannot change the figure.
    """

    key: Key
    worth: int | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The range of the award in fen; ``high`` is None when it has no bound.

    ``low_by`` and ``high_by`` are completions of the missing facts that attain the ends, when they could be shown.
    """

    low: int
    high: int | None
    missing: tuple[Missing, ...]
    low_by: Mapping[Key, Any] | None = None
    high_by: Mapping[Key, Any] | None = None


class Estimator:
    """A ladder made ready for estimates."""

    def __init__(self, ladder: Ladder, kinds: Mapping[str, Kind]) -> None:
        self.ladder, self.kinds = ladder, kinds
        self._shape = Shape(ladder, kinds)
        self._climber = Climber(ladder)

    def estimate(
        self,
        env: Mapping[str, Any],
        ranges: Mapping[str, tuple[int, int]],
        totals: Mapping[str, tuple[int, int]],
        counts: Mapping[str, tuple[int, int]] | None = None,
        *,
        ranked: bool = True,
    ) -> Estimate:
        """The range of the award for a case in which facts are missing.

        Every completion of the missing facts that the exact engine can settle lies inside the range; a completion that
        a gate refuses counts as 0. While at most six choices and yes/no facts are missing the range is exact.

        Args:
            env: facts and built-ins by name; absent or None is unknown.
            ranges: numbers known only to lie between two values, scaled as their kind.
            totals: rows told as one figure or a range, in fen; they stand in for sums of money over those rows.
            counts: how many rows count; each adds what a row of any values can.
            ranked: whether it is asked what each missing fact can change; if not, they stand in the order of the ladder
                and their worth is None, as of what may have no bound.
        """
        case = Case(self._shape, env, {**self._shape.vouched, **ranges}, totals, counts or {})
        answer = case.solve()
        worth = by_worth(worths(case, answer)) if ranked else [(key, None) for key in case.missing]
        high = None if is_boundless(answer.high) else answer.high
        return Estimate(
            low=answer.low,
            high=high,
            missing=tuple(Missing(key, size) for key, size in worth),
            low_by=self._shown(case, answer.low_by, answer.low),
            high_by=self._shown(case, answer.high_by, high),
        )

    def steps(
        self,
        env: Mapping[str, Any],
        ranges: Mapping[str, tuple[int, int]],
        totals: Mapping[str, tuple[int, int]],
        counts: Mapping[str, tuple[int, int]],
    ) -> dict[str, tuple[int, int]]:
        """Between what each number on the way to the award lies, in the scale of its kind; without those of no bound.

        Each step is taken by itself, so that a later one may be told wider than the range of the award.
        """
        case = Case(self._shape, env, {**self._shape.vouched, **ranges}, totals, counts)
        found: dict[str, tuple[int, int]] = {}
        for name, value in case.climbed().steps.items():
            if isinstance(self.ladder.step(name).node.kind, Number):
                ends = span(value)
                if not is_boundless(ends.lo) and not is_boundless(ends.hi):
                    found[name] = ends.lo, ends.hi
        return found

    def _shown(self, case: Case, by: Witness, end: int | None) -> Mapping[Key, Any] | None:
        """A completion by which the exact engine arrives at an end; None when the one at hand does not."""
        if by is None or end is None:
            return None
        setting = case.setting(by, False)
        exact = self._climber.climb(completed(case, setting))
        award = 0 if exact.refused else exact.award
        if award != end:
            return None
        shown: dict[Key, Any] = {}
        for key in case.missing:
            if isinstance(key, str):
                if key in setting.facts:  # rows told as one figure are no rows: they stay out of a completion
                    shown[key] = setting.facts[key]
            elif key[0] == HISTORY:
                award_ = setting.facts[HISTORY][key[1]]
                shown[key] = getattr(award_, key[2]) if hasattr(award_, key[2]) else award_.keys[key[2]]
            else:
                shown[key] = setting.cells[key[0]][key[1]][key[2]]
        return shown


def completed(case: Case, setting: Setting) -> dict[str, Any]:
    """The facts of a case with every missing one filled in."""
    env = {**case.env, **{name: value for name, value in setting.facts.items() if name != HISTORY}}
    if case.shape.limits:
        env[HISTORY] = setting.facts[HISTORY]
    for rows, cells in setting.cells.items():
        table = case.tables[rows]
        assert table is not None
        columns = {name: list(values) for name, values in table.columns.items()}
        for index, row in cells.items():
            for name, value in row.items():
                columns[name][index] = value
        env[rows] = Table(columns, table.size, table.netted)
    return env
