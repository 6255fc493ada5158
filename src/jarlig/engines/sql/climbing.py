"""A ladder as one staged SELECT (算阶的查询): a column a step, then the outcome, the sums and what is missing.

The outcome is that of the exact engine: strict, so that a case with anything unknown is ``undetermined`` where one
case would be answered with a range. The order of precedence is that of ``ladder.outcome``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.printing import FALSE, TRUE, Printer, half_up, is_wide, sql_type, written
from jarlig.engines.sql.sheet import Sheet, Value
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import DATE, Kind, Number, some_value
from jarlig.ladder.steps import Ladder

#: Columns of a kept table of cases.
ON, AT = "on_", "at_"


@dataclass
class Base:
    """The cases of one plan as a ladder finds them: where each fact, sum and question to the history stands."""

    offer: str
    dialect: Dialect
    guide_year: int | None
    same_day: int | None
    at: str
    facts: Mapping[str, Value]
    totals: Mapping[n.Sum, Value] = field(default_factory=dict)
    awards: Mapping[n.Earlier, Value] = field(default_factory=dict)
    filled: bool = False
    #: SQL of the guide's year where cases of several plans are asked together.
    years: str = ""

    def fact(self, node: n.Fact) -> Value:
        if node.name == "on":
            if self.same_day is not None:
                return Value(written(self.same_day, DATE, self.dialect), 0, False, "", False, True)
            return Value(ON, 0, False, "", False, True)
        if node.name == "at":
            return Value(self.dialect.literal(self.at), 0, False, "", False, True) if self.at else Value(AT, plain=True)
        if node.name == "guide_year":
            if self.years:
                return Value(self.years)
            if self.guide_year is None:
                return Value("CAST(NULL AS BIGINT)", plain=True)
            return Value(f"CAST({self.guide_year} AS BIGINT)", 0, False, "", False, True)
        return self.facts.get(node.name) or self._unknown(node.kind)

    def column(self, node: n.Column) -> Value:
        raise KeyError(node.name)

    def judged(self, node: n.Judged) -> Value:
        found = self.facts.get("!" + node.name)
        if not self.filled:
            return found or self._unknown(node.kind)
        some = written(node.kind.high, node.kind, self.dialect)
        return Value(f"coalesce({found.text}, {some})" if found else some, 0, False, "", False, found is None)

    def opened(self, node: n.Open) -> Value | None:
        if not self.filled:
            return None
        some = written(some_value(node.kind), node.kind, self.dialect)
        return Value(some, 0, is_wide(node.kind), "", False, True)

    def total(self, node: n.Sum) -> Value:
        return self.totals.get(node) or self._unknown(node.kind)

    def earlier(self, node: n.Earlier) -> Value:
        return self.awards.get(node) or self._unknown(node.kind)

    def _unknown(self, kind: Kind) -> Value:
        return Value(f"CAST(NULL AS {sql_type(kind, self.dialect)})", 0, is_wide(kind), "", True, True)


class Climb:
    """The staged SELECT of one ladder."""

    def __init__(self, ladder: Ladder, names: Base, *, has_places: bool, what_if: bool, digits: int = 38) -> None:
        self.ladder, self.names, self.dialect = ladder, names, names.dialect
        self.has_places, self.what_if, self.digits = has_places, what_if, digits
        self._open = FALSE

    def select(self, source: str, before: list[str], after: list[str], steps: Sequence[str] = ()) -> str:
        """The query over the cases of ``source``.

        Args:
            source: FROM text of the cases.
            before: columns to select first.
            after: columns to select last.
            steps: names of the steps whose values are columns ``step.NAME`` too; NULL where the ladder has none such.
        """
        settled = self._settled()
        if settled:
            columns = [*before, *self._nothing(settled), *(self._no_step(name) for name in steps), *after]
            return f"SELECT {', '.join(columns)} FROM {source}"
        sheet = Sheet(self.dialect, f"SELECT * FROM {source}")
        printer = Printer(sheet, self.names)
        for step in self.ladder.steps:
            printer.steps[step.name] = sheet.put(printer.print(step.node), "=" + step.name)
            printer.meant[step.name] = step.node
        doubts = [sheet.put(printer.print(doubt.node)) for doubt in self.ladder.doubts]
        outcome = sheet.put(self._outcome(sheet, printer, doubts), "=outcome")
        sums = self._sums(sheet, printer, outcome)
        columns = [*before, f"{outcome.text} AS outcome", *sums]
        columns += [self._refused(printer, outcome), self._missing(printer, outcome)]
        columns += [self._step(printer, name) if name in printer.steps else self._no_step(name) for name in steps]
        return sheet.query([*columns, *after])

    # what holds whatever the facts are

    def _day(self, day: int) -> str:
        return written(day, DATE, self.dialect)

    def _outside(self, first: int, last: int) -> str:
        """SQL or a plain truth: the day of application is not between two days."""
        day = self.names.same_day
        if day is not None:
            return FALSE if first <= day <= last else TRUE
        return f"{ON} NOT BETWEEN {self._day(first)} AND {self._day(last)}"

    def _lapsed(self) -> str:
        return self._outside(*self.ladder.valid)

    def _closed(self) -> str:
        if self.ladder.state == "closed":
            return TRUE
        return FALSE if self.ladder.window is None or self.what_if else self._outside(*self.ladder.window)

    def _settled(self) -> str:
        """The outcome when it is the same for every case; empty when it is not."""
        lapsed, closed = self._lapsed(), self._closed()
        if lapsed == TRUE:
            return "'lapsed'"
        if closed == TRUE:
            return "'closed'" if lapsed == FALSE else f"CASE WHEN {lapsed} THEN 'lapsed' ELSE 'closed' END"
        return ""

    def _nothing(self, outcome: str) -> list[str]:
        money, text = f"DECIMAL({self.digits},2)", self.dialect.text
        empty = f"CAST(NULL AS {text})"
        return [
            f"{outcome} AS outcome", f"CAST(NULL AS {money}) AS formula_amount", f"CAST(NULL AS {money}) AS amount",
            f"{empty} AS refused", f"{empty} AS missing",
        ]  # fmt: skip

    def _no_step(self, name: str) -> str:
        return f"CAST(NULL AS {self.dialect.text}) AS {self.dialect.ident('step.' + name)}"

    # the outcome

    def _outcome(self, sheet: Sheet, printer: Printer, doubts: list[Value]) -> Value:
        award = printer.steps[self.ladder.award]
        gates = [printer.steps[name] for name in self.ladder.gates]
        refused = " OR ".join(f"NOT {gate.text}" if not gate.nullable else f"{gate.text} IS FALSE" for gate in gates)
        unknown = self._open = self._unknown([*gates, award, *doubts])
        doubtful = " OR ".join(doubt.text for doubt in doubts)
        arms = [(self._lapsed(), "'lapsed'"), (self._closed(), "'closed'"), (refused or FALSE, "'not_eligible'")]
        level = max(value.level for value in (*gates, award, *doubts))
        placeless = f"{AT} IS NULL" if self.has_places and not self.names.at else FALSE
        arms.append((self._awaiting(placeless), "'awaiting_guide'"))
        undetermined = "'undetermined'"
        if unknown != FALSE and (self.ladder.judged or self.ladder.open_terms):
            filled, deeper = self._if_filled(sheet, printer)
            level = max(level, deeper)
            known = "'needs_decision'" if self.ladder.judged else "'awaiting_guide'"
            undetermined = f"CASE WHEN {filled} THEN 'undetermined' ELSE {known} END"
        arms += [(unknown, undetermined), (doubtful or FALSE, "'needs_decision'")]
        whens = " ".join(f"WHEN {test} THEN {what}" for test, what in arms if test != FALSE)
        text = f"CASE {whens} ELSE 'award' END" if whens else "'award'"
        return Value(text, level)

    def _unknown(self, values: list[Value]) -> str:
        return " OR ".join(f"{value.text} IS NULL" for value in values if value.nullable) or FALSE

    def _awaiting(self, placeless: str) -> str:
        """A term is open; one that places fill is not, while the place is not known: then the place is missing."""
        if self.ladder.state == "no_guide":
            return TRUE
        terms = [term for term in self.ladder.open_terms if term.filled_by != "parameter"]
        if any(term.filled_by != "local" for term in terms):
            return TRUE
        if not terms:
            return FALSE
        return TRUE if placeless == FALSE else f"NOT ({placeless})"

    def _if_filled(self, sheet: Sheet, printer: Printer) -> tuple[str, int]:
        """Whether anything would be unknown still, were every open term filled and every decision taken."""
        names = Base(**{**self.names.__dict__, "filled": True})
        again = Printer(sheet, names)
        for step in self.ladder.steps:
            again.steps[step.name] = sheet.put(again.print(step.node))
        doubts = [sheet.put(again.print(doubt.node)) for doubt in self.ladder.doubts]
        values = [again.steps[name] for name in (*self.ladder.gates, self.ladder.award)] + doubts
        return f"({self._unknown(values)})", max(value.level for value in values)

    # the columns

    def _sums(self, sheet: Sheet, printer: Printer, outcome: Value) -> list[str]:
        """Formula amount, rounded for show, and award, in yuan."""
        formula, award = printer.steps[self.ladder.formula], printer.steps[self.ladder.award]
        kind = self.ladder.step(self.ladder.formula).node.kind
        assert isinstance(kind, Number)
        shown = formula.text
        if kind.scale > 2:
            rounded = half_up(formula, kind, 10 ** (kind.scale - 2), self.dialect)
            shown = sheet.put(replace(formula, text=rounded, none="", plain=False)).text  # the award may have it too
        elif kind.scale < 2:
            shown = f"({formula.text} * {10 ** (2 - kind.scale)})"
        known = f"{outcome.text} = 'award'"
        if self.ladder.doubts:  # a person decides on a known sum, or on one that waits for the decision
            known = f"({known} OR ({outcome.text} = 'needs_decision' AND NOT ({self._open})))"
        return [
            f"CASE WHEN {known} THEN {self._yuan(shown, self.ladder.formula)} END AS formula_amount",
            f"CASE WHEN {outcome.text} = 'award' THEN {self._yuan(award.text, self.ladder.award)} END AS amount",
        ]

    def _yuan(self, fen: str, step: str) -> str:
        return self.dialect.yuan(fen, self.digits, most_fen(self.ladder, step))

    def _refused(self, printer: Printer, outcome: Value) -> str:
        steps = [(self.ladder.step(name), printer.steps[name]) for name in self.ladder.gates]
        parts = [f"CASE WHEN {value.text} IS FALSE THEN {self.dialect.literal(step.key)} END" for step, value in steps]
        return self._listed(parts, f"{outcome.text} = 'not_eligible'", "refused")

    def _missing(self, printer: Printer, outcome: Value) -> str:
        """Every fact that the ladder reads and that is unknown."""
        found: dict[str, list[str]] = {}
        for node in self.ladder.nodes():
            if isinstance(node, n.Fact):
                name, value = node.name, self.names.fact(node)
            elif isinstance(node, n.Sum):
                name, value = node.rows, self.names.total(node)
            elif isinstance(node, n.Earlier):
                name, value = "history", self.names.earlier(node)
            elif isinstance(node, n.Judged):
                name, value = f"decisions.{node.name}", self.names.judged(node)
            else:
                continue
            if value.nullable and name != "guide_year":
                none = f" AND NOT {value.none}" if value.none else ""
                found.setdefault(name, []).append(f"{value.text} IS NULL{none}")
        parts = [
            f"CASE WHEN {' OR '.join(dict.fromkeys(tests))} THEN {self.dialect.literal(name)} END"
            for name, tests in found.items()
        ]
        return self._listed(parts, f"{outcome.text} = 'undetermined'", "missing")

    def _listed(self, parts: list[str], when: str, name: str) -> str:
        if not parts:
            return f"CAST(NULL AS {self.dialect.text}) AS {name}"
        return f"CASE WHEN {when} THEN concat_ws(';', {', '.join(parts)}) END AS {name}"

    def _step(self, printer: Printer, name: str) -> str:
        """A step as it is written."""
        text = shown(printer.steps[name], self.ladder.step(name).node.kind, self.dialect)
        return f"{text} AS {self.dialect.ident('step.' + name)}"


def shown(value: Value, kind: Kind, dialect: Dialect) -> str:
    """SQL of a value as text: numbers with their decimals, days and choices as they are written."""
    if isinstance(kind, Number) and kind.scale:
        wide = f"CAST({value.text} AS DECIMAL({38 - kind.scale},0))"
        tiny = f"CAST(0.{'1'.rjust(kind.scale, '0')} AS DECIMAL({kind.scale},{kind.scale}))"
        return f"CAST(CAST({wide} * {tiny} AS DECIMAL(38,{kind.scale})) AS {dialect.text})"
    return f"CAST({value.text} AS {dialect.text})"


def digits_of(ladders: Iterable[Ladder]) -> int:
    """Digits of the sums in yuan that the ladders can give: 18 where 63 bits hold them in fen, else 38."""
    most = (most_fen(ladder, name) for ladder in ladders for name in (ladder.formula, ladder.award))
    return 38 if any(fen >= 10**18 for fen in most) else 18


def most_fen(ladder: Ladder, step: str) -> int:
    """No step in yuan has more fen than these, rounded, above nil or below."""
    kind = ladder.step(step).node.kind
    assert isinstance(kind, Number)
    unit: int = 10**kind.scale
    return -(-max(-kind.low, kind.high) * 100 // unit)
