"""The solver asked a question: never, or in this case, or not told in time."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import z3

from jarlig.engines.proof.world import World
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import Words

#: Seconds that one property may take when nothing else is said.
SECONDS = 5.0
NEVER, SOMETIMES, NOT_TOLD = "never", "sometimes", "not_told"


class Answer(NamedTuple):
    """Whether something can be: ``never``, ``sometimes`` with a model, or ``not_told``."""

    found: str
    model: z3.ModelRef | None = None


class Judge:
    """Asks the solver, each question within the same time."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds

    @property
    def late(self) -> Words:
        """Why nothing is proved when time is up."""
        shown = format_scaled(round(self.seconds * 1000), 3, 0)
        return Words(f"{shown} 秒内未得出结论", f"time-out after {shown} s")

    def ask(self, world: World, *query: Any, friendly: Iterable[Any] = ()) -> Answer:
        """Whether everything asked can hold at once; ``friendly`` is wished of a model, not asked."""
        asked = [one for one in query if one is not True]
        if any(one is False for one in asked):
            return Answer(NEVER)
        until = time.monotonic() + self.seconds
        solver = z3.SimpleSolver()
        solver.add(*world.given, *asked)
        found = self._check(solver, until)
        if found == SOMETIMES and (exact := world.exact):
            solver.add(*exact)
            found = self._check(solver, until)
        if found != SOMETIMES:
            return Answer(found)
        model = solver.model()
        wishes = [one for one in friendly if not isinstance(one, bool)]
        for wish in (wishes, *([one] for one in wishes)) if wishes else ():
            solver.push()
            solver.add(*wish)
            if self._check(solver, until) == SOMETIMES:
                model = solver.model()
                if wish is wishes:
                    break
            else:
                solver.pop()
        return Answer(SOMETIMES, model)

    def never(self, world: World, *query: Any) -> bool:
        """Whether it is sure that everything asked never holds at once."""
        return self.ask(world, *query).found == NEVER

    def _check(self, solver: z3.Solver, until: float) -> str:
        left = round((until - time.monotonic()) * 1000)
        if left <= 0:
            return NOT_TOLD
        solver.set("timeout", left)
        told = solver.check()
        return NEVER if told == z3.unsat else SOMETIMES if told == z3.sat else NOT_TOLD
