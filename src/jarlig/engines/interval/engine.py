"""Estimates from incomplete facts: the lowest and highest award, and the missing facts ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jarlig.ladder.kinds import Kind
from jarlig.ladder.steps import Ladder

#: A missing thing: a fact by name, or a cell of a row as (rows, index, column), or ``history``.
Key = str | tuple[str, int, str]


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

    def estimate(self, env: Mapping[str, Any], ranges: Mapping[str, tuple[int, int]], totals: Mapping[str, tuple[int, int]]) -> Estimate:
        """The range of the award for a case in which facts are missing."""
        raise NotImplementedError
