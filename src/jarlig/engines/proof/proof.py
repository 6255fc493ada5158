"""A proof about one stand: a question for the solver, and every counterexample put to the exact engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import z3

from jarlig.engines.findings import NOT_PROVED, PROVED, REFUTED
from jarlig.engines.proof.encode import Encoder
from jarlig.engines.proof.judge import NEVER, NOT_TOLD, SOMETIMES, Judge
from jarlig.engines.proof.standing import Env, FewRows, Standing
from jarlig.engines.proof.terms import rounded
from jarlig.engines.proof.world import World
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import Words

#: Reads the cases of a counterexample from a model; None when they cannot be made.
Reader = Callable[[z3.ModelRef], "tuple[Env, ...] | None"]
#: Whether the exact engine says of the cases what the solver says.
Confirm = Callable[[z3.ModelRef, "tuple[Env, ...]"], bool]

#: So many rows are tried, one after the other, where a case is looked for.
SIZES = (1, 3)
NOTHING = Words("", "")
UNMADE = Words("反例写不成算例", "its counterexample cannot be written as a case")
UNSHARED = Words("求解器给出的反例在精确引擎中不成立", "the exact engine does not share its counterexample")


@dataclass(frozen=True)
class Found:
    """What was found of one property: the finding, and the message with its cases when there is something to tell."""

    subject: str
    status: str
    says: Words
    code: str = ""
    about: str = ""
    what: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    cases: tuple[Env, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Proved, refuted by cases that replay, or not proved for a reason."""

    status: str
    cases: tuple[Env, ...] = ()
    why: Words = NOTHING
    model: z3.ModelRef | None = None


class Proof:
    """One stand in the solver."""

    def __init__(self, standing: Standing, judge: Judge) -> None:
        self.standing, self.judge = standing, judge
        self.ladder, self.offer = standing.ladder, standing.stand.offer
        self.world, self.encoder = standing.world, standing.encoder
        self.found: list[Found] = []
        self.awaited = [term for term in self.ladder.open_terms if term.filled_by != "parameter"]
        self.open = self.ladder.state == "open" and not self.awaited

    def find(self, subject: str, status: str, says: Words) -> None:
        """Write down a finding."""
        self.found.append(Found(subject, status, says))

    def decide(
        self, world: World, query: Iterable[Any], read: Reader, confirm: Confirm, wishes: Iterable[Any] = ()
    ) -> Verdict:
        """Whether something never is; where it can be, in which cases, and only if the exact engine says so too."""
        answer = self.judge.ask(world, *query, friendly=(*wishes, *self.standing.friendly()))
        if answer.found == NEVER:
            return Verdict(PROVED)
        if answer.found == NOT_TOLD:
            return Verdict(NOT_PROVED, why=self.judge.late)
        assert answer.found == SOMETIMES
        assert answer.model is not None
        cases = read(answer.model)
        if cases is None:
            return Verdict(NOT_PROVED, why=UNMADE)
        if not confirm(answer.model, cases):
            return Verdict(NOT_PROVED, why=UNSHARED)
        return Verdict(REFUTED, cases, model=answer.model)

    def decide_case(self, query: Callable[[Encoder], Iterable[Any]], confirm: Confirm) -> Verdict:
        """The same of a single case; where no rows come to what the solver says, cases with a few are looked at."""
        found = self.decide(self.world, query(self.encoder), self.one_case, confirm)
        for size in SIZES if found.why in (UNMADE, UNSHARED) and self.encoder.sums.groups() else ():
            few = self.standing.few_rows(size)
            verdict = self.decide(few.world, query(few.encoder), self.few_case(few), confirm)
            if verdict.status == REFUTED:
                return verdict
        return found

    def example(self, query: Callable[[Encoder], Iterable[Any]], good: Callable[[int], bool]) -> tuple[str, Env | None]:
        """A case in which something holds and the exact engine awards what is good; rows are few where they can be."""
        tried = [self.standing.few_rows(size) for size in SIZES[:1]] if self.standing.lists else []
        for few in tried:
            asked = query(few.encoder)
            model = self.judge.ask(few.world, *asked, friendly=self.encoder.past.friendly()).model
            env = self._good(model, self.few_case(few), good)
            if env is not None:
                return SOMETIMES, env
        asked = query(self.encoder)
        answer = self.judge.ask(self.world, *asked, friendly=self.encoder.past.friendly())
        return answer.found, self._good(answer.model, self.one_case, good)

    def _good(self, model: z3.ModelRef | None, read: Reader, good: Callable[[int], bool]) -> Env | None:
        cases = None if model is None else read(model)
        if model is None or cases is None:
            return None
        (award,) = self.awards(model, cases)
        return cases[0] if award is not None and good(award) else None

    def one_case(self, model: z3.ModelRef) -> tuple[Env, ...] | None:
        """The case of a model, alone."""
        env = self.standing.env(model)
        return None if env is None else (env,)

    def few_case(self, few: FewRows) -> Reader:
        """Reads a case with a few rows."""

        def read(model: z3.ModelRef) -> tuple[Env, ...] | None:
            env = self.standing.env(model, added=few.rows, totals=few.totals)
            return None if env is None else (env,)

        return read

    def awards(self, model: z3.ModelRef, cases: Iterable[Env]) -> list[int | None]:
        """What the exact engine awards in each case."""
        return [self.standing.climb(model, env).award for env in cases]

    def replayable(self, cases: Iterable[Env]) -> bool:
        """Whether each case can be put to the desk as it would be written; a ladder that waits has no such cases."""
        return not self.open or all(self.standing.replays(env) for env in cases)

    def title(self, name: str) -> Words:
        """A fact or a column in words; a list by its own name."""
        rows, _, column = name.partition(".")
        found = self.standing.search.plan.fact_defs(self.ladder.offer).get(rows)
        if found is None:
            return Words(name, name)
        inner = found.columns.get(column)
        if inner is None:
            return found.title
        return Words(f"{found.title.zh}：{inner.title.zh}", f"{found.title.en}: {inner.title.en}")


def unproved(words: Words, why: Words) -> Words:
    """A property that is not proved, with the reason."""
    return Words(f"{words.zh}，未能证明：{why.zh}", f"{words.en}: not proved: {why.en}")


def scaled_to_fen(value: Any, kind: Any) -> Any:
    """A sum of money of some scale in whole fen, half-up."""
    assert isinstance(kind, Number)
    if kind.scale <= 2:
        return value * int(10 ** (2 - kind.scale))
    return rounded(value, 10 ** (kind.scale - 2), kind.low)
