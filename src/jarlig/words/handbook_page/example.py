"""A worked case of an offer, climbed by the engine: the ladder (算阶) with each step's figure and sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jarlig.engines.answer import Desk
from jarlig.engines.cases import run_case
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import CNY, MOST_DIGITS, Number, Rows
from jarlig.ladder.nodes import NONE
from jarlig.ladder.tables import Table as Rowset
from jarlig.policy.cases import WorkedCase, case_facts
from jarlig.words import fmt
from jarlig.words.case import Case
from jarlig.words.handbook_page.book import Book, Link
from jarlig.words.handbook_page.rules import BADGES, Rule
from jarlig.words.steps import Told, told_steps

#: Longer lists of rows are counted, not printed.
MOST_ROWS = 12
#: How the width of a bar is written: percent of the longest, in tenths.
_FULL = 1000
#: Decimals at which sums are compared: no exact number has more digits.
_FINEST = MOST_DIGITS
_WAIT = ("rate", "each", "cap", "limit", "floor")
_ENDS = {"formula": "formula", "capped": "cap", "limited": "limit", "floored": "floor", "remaining": "less"}


@dataclass(frozen=True)
class Bar:
    """The picture of a sum: its width, what was cut off, and whether a ceiling stands there; in percent."""

    fill: str
    cut: str
    cap: bool


@dataclass(frozen=True)
class ExampleRow:
    """One rung of the worked ladder."""

    badge: str
    text: str
    notes: tuple[str, ...]
    amount: str
    delta: str
    bar: Bar | None
    cites: tuple[Link, ...]
    award: bool = False


@dataclass(frozen=True)
class RowsShown:
    """The rows of a fact: caption, heads, and cells with whether each column is numeric."""

    caption: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Example:
    """A worked case as the page shows it."""

    title: str
    asked: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[RowsShown, ...]
    rows: tuple[ExampleRow, ...]
    arithmetic: str


def chosen(desk: Desk, cases: Mapping[str, WorkedCase]) -> dict[str, WorkedCase]:
    """The worked case of each offer that has one: see ``best``."""
    offers = dict.fromkeys(case.offer for case in cases.values())
    return {offer: case for offer in offers if (case := best(desk, cases, offer)) is not None}


def best(desk: Desk, cases: Mapping[str, WorkedCase], offer: str) -> WorkedCase | None:
    """The first case of an offer that ends in an award above zero and gives what its department says."""
    for case in cases.values():
        fits = case.offer == offer and case.expect.outcome == "award" and bool(case.expect.amount)
        if fits and not run_case(desk, case, dict(cases)):
            return case
    return None


def example(book: Book, desk: Desk, worked: WorkedCase, cases: Mapping[str, WorkedCase]) -> Example:
    """One case, determined and told."""
    answer = desk.determine(worked.offer, case_facts(worked, cases), on=worked.on, guide=worked.guide, at=worked.at)
    case = Case(answer, book.lang)
    guide = case.plan.guide
    day = fmt.day(worked.on, book.lang)
    named = case.guide_name(guide) if guide and answer.nature != "inform" else ""
    asked = book.say("example.case", day=day, guide=named) if named else book.say("example.case.none", day=day)
    if worked.at:
        asked += book.say("example.at", at=case.place(worked.at))
    facts, tables = _facts(book, case)
    arithmetic = book.title(worked.arithmetic) if worked.arithmetic else ""
    return Example(
        fmt.sentence(worked.title[book.lang], book.lang),
        asked,
        facts,
        tables,
        tuple(_Ladder(book, case).rows()),
        arithmetic,
    )


def _facts(book: Book, case: Case) -> tuple[tuple[tuple[str, str], ...], tuple[RowsShown, ...]]:
    """The facts that the offer reads, as the case states them."""
    plain: list[tuple[str, str]] = []
    tables: list[RowsShown] = []
    ladder = case.answer.ladder
    read = {*ladder.facts, *(node.rows for node in ladder.nodes() if isinstance(node, n.Sum))}
    for name, definition in case.facts.items():
        value = case.answer.typed.values.get(name)
        if name not in read or value in (None, NONE):
            continue
        title = fmt.sentence(definition.title[book.lang], book.lang)
        if isinstance(value, Rowset):
            if value.size > MOST_ROWS:
                plain.append((title, book.say("example.rows", count=f"{value.size:,}")))
            else:
                tables.append(_rows(book, case, name, title, value))
        else:
            plain.append((title, case.speaker.value(value, definition.kind, n.Fact(name, definition.kind))))
    return tuple(plain), tuple(tables)


def _rows(book: Book, case: Case, name: str, title: str, table: Rowset) -> RowsShown:
    definition = case.facts[name]
    kind = definition.kind
    assert isinstance(kind, Rows)
    columns = [column for column, _ in kind.columns if any(v not in (None, NONE) for v in table.columns[column])]
    kinds = dict(kind.columns)

    def cell(column: str, value: Any) -> str:
        return "" if value == NONE else case.speaker.value(value, kinds[column], n.Column(column, kinds[column]))

    heads = tuple(
        (fmt.sentence(case.speaker.column(name, column), book.lang), isinstance(kinds[column], Number))
        for column in columns
    )
    rows = tuple(tuple(cell(column, table.columns[column][index]) for column in columns) for index in range(table.size))
    return RowsShown(book.say("example.rows.caption", title=title, count=str(table.size)), heads, rows)


class _Ladder:
    """The told steps put together: a rate with its product, a cap with what it left."""

    def __init__(self, book: Book, case: Case) -> None:
        self.book, self.case = book, case
        self.badges = BADGES[book.lang]
        self.rule = Rule(book, case.plan, case.offer.offer)
        self.told = [told for told in told_steps(case) if not told.is_test]
        sums = [self._scaled(told) or 0 for told in self.told if told.step.role in (*_ENDS, "award")]
        self.longest = max(sums, default=0)
        self.before: int | None = None

    def rows(self) -> Iterator[ExampleRow]:
        waiting: list[Told] = []
        for told in self.told:
            role = told.step.role
            if role == "kept":
                continue
            inside = role in ("less", "remaining") and any(one.step.role == "limit" for one in waiting)
            if role in _WAIT or role == "less" or inside:
                waiting.append(told)
            elif role in _ENDS:
                row = self._row(waiting, told)
                waiting = []
                if row is not None:
                    yield row
            else:
                yield self._single(told)
        yield from (self._single(told) for told in waiting)

    def _row(self, waiting: list[Told], told: Told) -> ExampleRow | None:
        """The step that ends a group, told with the steps that led to it."""
        role = _ENDS[told.step.role]
        if role == "formula" and not waiting and isinstance(told.step.node, n.StepRef):
            return None
        lead = waiting[0] if waiting else told
        kind = lead.step.role if waiting else "base"
        rest = [f"{one.head}{self.book.say('colon')}{one.value}" for one in waiting[1:]]
        notes = [*(note for one in waiting for note in one.details), *rest, *told.details]
        if role in ("cap", "limit", "floor") and not told.details:
            notes.append(told.head)
        return self._made(lead, kind, self._text(lead, kind), notes, told)

    def _single(self, told: Told) -> ExampleRow:
        role = "award" if told.step.role == "award" else "part" if told.step.role == "part" else "base"
        text = self.book.say("example.award") if role == "award" else told.head
        notes = list(told.details)
        every = self.rule.counts(told.step)
        if every:
            text, notes = self.book.say("rung.count"), [every]
        if role == "award" and self.case.answer.nature == "award":
            notes.append(self.book.say("example.award.note"))
        return self._made(told, role, text, notes, told)

    def _text(self, lead: Told, kind: str) -> str:
        """What the group does: 乘以 20%, 最高不超过 4,000,000.00元."""
        if kind not in _WAIT:
            return lead.head
        text = f"{self.book.say('rung.times' if kind == 'rate' else 'rung.' + kind)} {lead.value}"
        return self.rule.of_part(lead.step, text)

    def _made(self, lead: Told, role: str, text: str, notes: list[str], end: Told) -> ExampleRow:
        lang = self.book.lang
        cites = self.book.links([*lead.cites, *end.cites])
        delta, bar = self._delta(end), self._bar(end)
        value = self._scaled(end)
        if value is not None and end.step.role not in ("base", "count"):
            self.before = value
        said = tuple(dict.fromkeys(fmt.sentence(note, lang) for note in notes))
        return ExampleRow(
            self.badges[role], fmt.sentence(text, lang), said, end.figure, delta, bar, cites, role == "award"
        )

    def _scaled(self, told: Told) -> int | None:
        """A sum in one common small unit, so that sums of different decimals compare exactly."""
        value, kind = self.case.trace(told.step).value, told.step.node.kind
        if not isinstance(value, int) or not isinstance(kind, Number) or kind.unit != CNY:
            return None
        return value * int(10 ** (_FINEST - kind.scale))

    def _delta(self, told: Told) -> str:
        value = self._scaled(told)
        if value is None or self.before is None or told.step.role in ("formula", "base", "count", "part"):
            return ""
        if value == self.before:
            return self.book.say("example.unchanged")
        sign = "+" if value > self.before else ""
        return sign + fmt.plain_money(value - self.before, _FINEST)

    def _bar(self, told: Told) -> Bar | None:
        value = self._scaled(told)
        if value is None or not self.longest or told.step.role not in (*_ENDS, "award"):
            return None
        cut = max(0, self.before - value) if self.before is not None and told.step.role in ("capped", "limited") else 0
        return Bar(_share(value, self.longest), _share(cut, self.longest), told.step.role in ("capped", "limited"))


def _share(part: int, whole: int) -> str:
    """A share of the longest bar, as percent with one decimal, between 0 and 100."""
    tenths = min(_FULL, max(0, part * _FULL // whole))
    return f"{tenths // 10}.{tenths % 10}"
