"""What a check found: problems, warnings, what was proven and what was not, and the cases that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jarlig.engines.cases import CaseReport
from jarlig.engines.witness import as_yaml
from jarlig.ladder.steps import Words
from jarlig.policy.messages import Problem

PROVED, REFUTED, NOT_PROVED, NONE = "proved", "refuted", "not_proved", "none"


@dataclass(frozen=True)
class Finding:
    """One property of one offer under one guide and place; ``status`` is proved, refuted, not_proved or none.

    ``none`` says that there is nothing to prove: an offer without a ceiling, say. ``where`` names the guide and place.
    """

    offer: str
    where: Words
    subject: str
    status: str
    says: Words


@dataclass(frozen=True)
class CheckReport:
    """Everything that a check of a programme says.

    ``counterexamples`` are worked cases that show what is refuted, by the name that a message gives them; ``solver``
    says that every property was asked of a solver for all facts.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    ladders: int
    cases: CaseReport | None = None
    counterexamples: tuple[dict[str, Any], ...] = ()
    solver: bool = False

    @property
    def ok(self) -> bool:
        """Whether the programme may be used: no problems; warnings are for its author to judge."""
        return not self.problems

    def count(self, status: str) -> int:
        """How many findings have a status."""
        return sum(finding.status == status for finding in self.findings)

    @property
    def cases_text(self) -> str:
        """The counterexamples as the text of a file of cases; empty when there are none."""
        return as_yaml(list(self.counterexamples)) if self.counterexamples else ""


@dataclass
class Ledger:
    """Gathers what a check says while it runs; the same thing said of one offer twice is kept once."""

    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counterexamples: list[dict[str, Any]] = field(default_factory=list)
    _told: set[tuple[str, ...]] = field(default_factory=set)

    def tell(self, told: Problem, *about: str) -> bool:
        """Keep a problem unless its code was told of the same thing before; whether it was kept."""
        key = (told.code, *(about or (str(told.place), told.en)))
        if key in self._told:
            return False
        self._told.add(key)
        self.problems.append(told)
        return True
