"""Population runs (批量测算): the tables of a run, read once for every set of rules that is asked.

`Population.read` types the tables and puts aside what cannot be used; `answering.Answers` then gives the query of the
whole answer under one set of rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jarlig.engines.sql.asking import ListSlot, Rules
from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.cases import Cases, read_cases
from jarlig.engines.sql.history import Awards, read_awards
from jarlig.engines.sql.intake import Rejects
from jarlig.engines.sql.kept import Lines
from jarlig.engines.sql.lines import Around, LineIntake
from jarlig.engines.sql.repeated import Repeats
from jarlig.ladder.steps import Words
from jarlig.tabular import Staged

#: Told what is being done.
Progress = Callable[[Words], None]


@dataclass
class Inputs:
    """The staged tables of a run."""

    cases: Staged
    rows: Mapping[str, Staged]
    history: Staged | None
    #: Keys that were paid before, by the name of the list.
    paid: Mapping[str, Staged] = field(default_factory=dict)


@dataclass
class Population:
    """The cases of a run in their engine, with their rows and their history.

    ``table`` is the table of the cases that are answered: all but those that were put aside.
    """

    backend: Backend
    rules: Sequence[Rules]
    offers: tuple[str, ...]
    on: int | None = None
    progress: Progress = lambda words: None
    rejects: Rejects = field(default_factory=Rejects)
    repeats: Repeats = field(default_factory=Repeats)

    def read(self, inputs: Inputs) -> None:
        """Read and type the tables; what cannot be used is put aside.

        Raises:
            PolicyError: a table has a column that nothing reads, or the history cannot be read.
        """
        self.progress(Words("读入案例", "reading the cases"))
        self.cases: Cases = read_cases(
            self.backend, inputs.cases, self.rules, self.offers, inputs.rows, self.rejects, on=self.on
        )
        self.backend.keep("out", "SELECT n FROM cases WHERE bad UNION SELECT n FROM twice")
        self.lines: dict[ListSlot, Lines] = {}
        plans = tuple(rules.plan for rules in self.rules)
        offers = frozenset(offer for rules in self.rules for offer in rules.programme.offers)
        for at, (slot, needed) in enumerate(self.cases.lists.items()):
            self.progress(Words(f"读入明细 {slot.source}", f"reading the rows of {slot.source}"))
            intake = LineIntake(self.backend, inputs.rows[slot.source], f"r{at}", self.rules[0].programme.region)
            paid = inputs.paid.get(slot.source) or inputs.paid.get(slot.source.rpartition(".")[2])
            around = Around(self.cases.case_type, plans, offers, self.rejects, self.repeats, paid)
            self.lines[slot] = intake.lines(slot, needed, around)
        if inputs.history is not None:
            self.progress(Words("读入获奖台账", "reading the history"))
        self.awards: Awards | None = read_awards(self.backend, inputs.history, self.rules[0].programme)
        self._leave_out(len(inputs.cases.bad))

    def _leave_out(self, lost: int) -> None:
        """Cases that are out are counted once, whatever put them aside; ``lost`` are those whose row is no row."""
        ((some,),) = self.backend.ask("SELECT count(DISTINCT n) FROM out")
        self.left_out, self.table = int(some) + lost, "cases"
        if some:
            self.table = "cases_in"
            self.backend.keep(self.table, "SELECT * FROM cases WHERE n NOT IN (SELECT n FROM out)")
        ((self.answered,),) = self.backend.ask(f"SELECT count(*) FROM {self.table}")
