"""Comparisons of made-up tables, and what they must come to when every case is asked one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.engines.many.generator import Answer, Made
from tests.engines.many.running import Files as Tables, duckdb, written
from tests.tiny import CODE

from jarlig.engines.sql.running import Engine, Files
from jarlig.ladder.numbers import parse_date
from jarlig.policy import model
from jarlig.whatif.compared import OPEN, Comparison, Figures, summed
from jarlig.whatif.reform import read_reform
from jarlig.whatif.simulate import side_of, simulate

ALWAYS = "reform: r\ntitle: {zh: 改革, en: Reform}\nfrom: 1990-01-01\nto: 2150-12-31\n"
#: A text that a page or a terminal must take for a text.
HOSTILE = '<script>alert("1")</script>&\'\u202e='
#: The header of cases of the tiny programme.
HEAD = "case,on,at,uscc,registered_at,project_code,level,newly_built,recognised_on,score,group.size\n"


def row(case: str, day: str, level: str = "regional", project: str = "P", size: str = "") -> str:
    return f"{case},{day},150100,{CODE},150102,{project},{level},true,2023-01-01,70,{size}\n"


def lines(costs: dict[str, int]) -> str:
    head = "case,seller,invoice_no,reverses,net,category,paid_on\n"
    return head + "".join(
        f"{case},{CODE},2315{at:016},none,{net},hardware,2022-07-01\n"
        for at, (case, net) in enumerate(costs.items(), 1)
    )


def reform_file(folder: Path, body: str, head: str = ALWAYS, name: str = "reform.yaml") -> str:
    """A reform as a file; gives how a set of rules with it is written."""
    path = folder / name
    path.write_text(head + body, "utf-8")
    assert read_reform(path.read_bytes(), name).entries
    return str(path)


def compared(
    programme: model.Programme, before: str, after: str, offers: Sequence[str], tables: Tables, folder: Path,
    on: str | None = None, engine: Engine = duckdb,
) -> Comparison:  # fmt: skip
    """Two sets of rules over tables; the sums of the comparison are checked."""
    files = Files(tables.cases, folder / "report.html", tables.rows, tables.history)
    sides = side_of(before, programme), side_of(after, programme)
    return simulate(programme, sides, offers, files, None if on is None else parse_date(on), engine)


def table(folder: Path, text: str, name: str = "cases.csv", history: str = "", **rows: str) -> Tables:
    """Tables written out as CSV."""
    tables = Tables(folder / name)
    tables.cases.write_text(text, "utf-8")
    for one, lines in rows.items():
        tables.rows[one] = folder / f"{one}.csv"
        tables.rows[one].write_text(lines, "utf-8")
    if history:
        tables.history = folder / "history.csv"
        tables.history.write_text(history, "utf-8")
    return tables


def tables_of(made: Made, folder: Path) -> Tables:
    """Made-up cases as files."""
    return written(made, folder)


class Expected:
    """What a comparison must come to, from the answers to each case of one offer under A and B."""

    def __init__(self, made: Made, before: Sequence[Answer], after: Sequence[Answer]) -> None:
        self.cases = [str(case["case"]) for case in made.cases]
        self.pairs = list(zip(before, after, strict=True))

    @property
    def total(self) -> Figures:
        """The figures of all claims."""
        return summed(self._figures(pair) for pair in self.pairs)

    def _figures(self, pair: tuple[Answer, Answer]) -> Figures:
        (one, _, a), (other, _, b) = pair
        return Figures(
            1, (int(_paid(one, a) > 0), int(_paid(other, b) > 0)), (_paid(one, a), _paid(other, b)),
            (int(one in OPEN), int(other in OPEN)),
        )  # fmt: skip

    @property
    def moves(self) -> dict[tuple[str, str], int]:
        """How many claims went from one outcome to another."""
        return dict(Counter((one[0], other[0]) for one, other in self.pairs))

    @property
    def changes(self) -> dict[str, int]:
        """The change of every case that has one and is known on both sides."""
        found: dict[str, int] = {}
        for case, ((one, _, a), (other, _, b)) in zip(self.cases, self.pairs, strict=True):
            change = _paid(other, b) - _paid(one, a)
            if change and one not in OPEN and other not in OPEN:
                found[case] = change
        return found

    def by(self, labels: Iterable[str | None]) -> dict[str | None, Figures]:
        """The figures by a label of each case."""
        found: dict[str | None, list[Figures]] = defaultdict(list)
        for label, pair in zip(labels, self.pairs, strict=True):
            found[label].append(self._figures(pair))
        return {label: summed(figures) for label, figures in found.items()}


def _paid(outcome: str, amount: int | None) -> int:
    return amount or 0 if outcome == "award" else 0


def moves(comparison: Comparison) -> dict[tuple[str, str], int]:
    """The matrix of a comparison."""
    return {(move.before, move.after): move.claims for move in comparison.moves}


def figures(comparison: Comparison) -> Mapping[str, Figures]:
    """The figures of a comparison by offer."""
    return {line.key: line.figures for line in comparison.offers}
