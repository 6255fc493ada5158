"""Where a figure or a base stands: what it must be, and the names it may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from jarlig.ladder.kinds import CNY, MOST_FEN, PURE, Number, Unit
from jarlig.ladder.nodes import (
    Node,
)
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.expressions import Scope
from jarlig.policy.text import Tree

#: The highest unit rate or ratio an open term may be filled with when it states no bound.
MOST_RATE = 10**6


@dataclass(frozen=True)
class Want:
    """What a figure must be: money, a ratio, a unit rate or a whole number, and its unit."""

    form: str
    unit: Unit = PURE

    def open_kind(self, decimals: int | None = None) -> Number:
        """The kind of a figure that nobody has filled yet."""
        if self.form == "money":
            return Number(self.unit or CNY, 2, 0, MOST_FEN)
        scale = decimals if decimals is not None else (4 if self.form in ("ratio", "unit_rate") else 0)
        return Number(self.unit, scale, 0, MOST_RATE * 10**scale)


MONEY, RATIO, INTEGER = Want("money", CNY), Want("ratio"), Want("integer")


@dataclass
class Context:
    """Where a figure stands: the names it may use, and what the programme gives it."""

    programme: model.Programme
    offer: model.Offer
    scope: Scope
    source_of: Callable[[str], str]
    fills: Mapping[str, Tree] = field(default_factory=dict)
    doubts: list[tuple[str, Node, Words]] = field(default_factory=list)
    prefix: str = ""

    def within(self, scope: Scope) -> Context:
        """The same place with other names in reach."""
        return replace(self, scope=scope)
