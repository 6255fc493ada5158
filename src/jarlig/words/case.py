"""One answer ready to be told: its words in one language, and the value of any node in the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from jarlig.engines.answer import Determination, environment
from jarlig.engines.exact import StepTrace
from jarlig.engines.exact.closures import STEP, scalar
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import PARAMETER, Cite, Step
from jarlig.ladder.tables import Table
from jarlig.policy.model import FactDef, Overlay, Programme
from jarlig.words import cites
from jarlig.words.expressions import Speaker
from jarlig.words.naming import division_name
from jarlig.words.taken import taken


class Case:
    """A determination with what its telling needs."""

    def __init__(self, determination: Determination, lang: str) -> None:
        self.answer, self.lang = determination, lang
        self.plan = determination.plan
        self.programme: Programme = determination.plan.programme
        self.offer = self.plan.offer(determination.ladder.offer)
        self.facts: dict[str, FactDef] = self.plan.fact_defs(self.offer.offer)
        self.speaker = Speaker(self.programme, self.offer, self.facts, lang, determination.ladder)
        self.traced = {trace.name: trace for trace in determination.trace}

    @cached_property
    def _env(self) -> dict[str, Any]:
        steps = {STEP + trace.name: trace.value for trace in self.answer.trace}
        return {**environment(self.answer.typed, self.answer.question), **steps}

    def value(self, node: n.Node) -> Any:
        """The value of a node in this case; None while it is unknown."""
        return scalar(node)(self._env)

    def trace(self, step: Step) -> StepTrace:
        """What a step came to."""
        return self.traced[step.name]

    def say(self, key: str, **values: str) -> str:
        """A saying of the catalogue."""
        return self.speaker.say(key, **values)

    def money(self, value: int, node: n.Node) -> str:
        """The value of a node, with its unit."""
        assert isinstance(node.kind, Number)
        return self.speaker.figure(value, node.kind)

    @property
    def rough(self) -> bool:
        """Whether the answer rests on a figure that was only given roughly (about)."""
        return any(map(self.is_rough, (*self.answer.typed.ranges, *self.answer.typed.totals)))

    def is_rough(self, fact: str) -> bool:
        """Whether a fact was given as ``about``: one figure where the exact one, or the list, is still to come."""
        typed = self.answer.typed
        ends = typed.ranges.get(fact) or typed.totals.get(fact)
        return ends is not None and ends[0] == ends[1]

    def reached(self, node: n.Node) -> Iterator[n.Node]:
        """The node and what the case reaches below it."""
        return taken(node, self.value)

    def cites(self, step: Step) -> tuple[Cite, ...]:
        """What a step rests on in this case: of dated values those in force, each with the day it began."""
        used = (item.source for item in self.reached(step.node) if isinstance(item, n.Literal))
        split = (source.partition(" ") for source in used if source.startswith(PARAMETER))
        dated = dict.fromkeys(Cite(source, day) for source, _, day in split)
        return (*(cite for cite in step.cites if not cite.source.startswith(PARAMETER)), *dated)

    @cached_property
    def all_cites(self) -> tuple[Cite, ...]:
        """Everything that the answer rests on, each once."""
        traced = [step for step in self.answer.ladder.steps if step.name in self.traced]
        dated = [cite for step in traced for cite in self.cites(step) if cite.source.startswith(PARAMETER)]
        plain = [cite for cite in self.answer.cites if not cite.source.startswith(PARAMETER)]
        return tuple(dict.fromkeys([*plain, *dated]))

    @cached_property
    def open_terms(self) -> tuple[n.Open, ...]:
        """The terms that the answer waits for, but none of a branch that the case does not take."""
        steps = [step.node for step in self.answer.ladder.steps if step.name in self.traced]
        known = {item.term for node in steps for item in n.walk(node) if isinstance(item, n.Open)}
        used = {item.term for node in steps for item in self.reached(node) if isinstance(item, n.Open)}
        return tuple(term for term in self.answer.open_terms if term.term in used or term.term not in known)

    @property
    def outcome_name(self) -> str:
        """The outcome in words; what only waits for a published value waits for no guide."""
        terms = self.open_terms
        if self.answer.outcome == "awaiting_guide" and terms and all(t.filled_by == "parameter" for t in terms):
            return self.say("outcome.awaiting_value")
        return self.say("outcome." + self.answer.outcome)

    def cited(self, of: Iterable[Cite]) -> str:
        """Citations in their brackets."""
        return cites.citations(of, self.programme, self.lang)

    def table(self, rows: str) -> Table | None:
        """The rows given for a fact; None when they are not given, or given as one figure."""
        table = self.answer.typed.values.get(rows)
        return table if isinstance(table, Table) else None

    def body(self, name: str) -> str:
        """What a body (部门) is called."""
        words = self.programme.bodies.get(name)
        return words[self.lang] if words else ""

    def read_facts(self, node: n.Node) -> list[n.Fact]:
        """The facts that a node reads, each once."""
        return list(dict.fromkeys(item for item in n.walk(node) if isinstance(item, n.Fact)))

    def guide_name(self, overlay: Overlay) -> str:
        """What a guide or a place's rules are called."""
        return cites.overlay_name(overlay, self.lang)

    def programme_name(self) -> str:
        """The programme's title, marked when it is only illustrative."""
        return cites.marked(self.programme.title[self.lang], self.programme.sample, self.lang)

    def place(self, code: str) -> str:
        """The name of a division with its code."""
        name = division_name(code, self.lang)
        return name if code in name else self.say("division", name=name, code=code)

    def sample_names(self) -> list[str]:
        """The illustrative documents that the answer rests on."""
        names = []
        for source in self.answer.samples:
            if self.answer.nature == "inform" and source != "programme":
                continue  # no guide governs what is claimed in the tax return
            overlay = cites.overlay_of(source, self.programme)
            names.append(self.guide_name(overlay) if overlay else self.say("note.sample_programme"))
        return names
