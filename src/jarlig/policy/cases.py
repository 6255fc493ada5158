"""Worked cases (算例) of a programme: facts, and the figures that a department says they give.

A case may stand on another (``like``): it takes over its facts and history key by key; ``null`` makes a fact unknown.
The words of ``arithmetic`` say how the figure comes about; ``recompute`` says it again as plain arithmetic, which a
script that shares no code with the engine computes anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from jarlig.ladder.numbers import NumberError, parse_scaled
from jarlig.ladder.outcome import OUTCOMES
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.casefile import Facts
from jarlig.policy.messages import Place, PolicyError, Problem, nearest, problem
from jarlig.policy.shape import (
    ANY_TEXT,
    ID_TEXT,
    Bilingual,
    Day,
    Field,
    JsonSchema,
    ListOf,
    MapOf,
    OneOf,
    Raw,
    Record,
    Shape,
    Text,
    Whole,
    describe,
    fail,
    scalar,
)
from jarlig.policy.text import Mapping as TreeMapping, Scalar, Sequence, Tree, read_tree

FIGURES = ("formula_amount", "amount", "low", "high")
#: How YAML writes "not known".
_NULL = ("", "~", "null")


@dataclass(frozen=True)
class Expected:
    """What a case must give. A field that is None is not asked; ``high`` of ``none`` says that there is no bound."""

    outcome: str
    formula_amount: int | None = None
    amount: int | None = None
    low: int | None = None
    high: int | str | None = None
    refused: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    open: tuple[str, ...] | None = None
    doubts: tuple[str, ...] | None = None
    payments: tuple[int, ...] | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the sums of money that the case states."""
        return tuple(name for name in FIGURES if isinstance(getattr(self, name), int))


@dataclass(frozen=True)
class WorkedCase:
    """One case as a file states it; facts are still trees of text, each with its place."""

    case: str
    title: Words
    place: Place
    offer: str
    on: int
    expect: Expected
    arithmetic: Words | None = None
    guide: int | None = None
    at: str = ""
    like: str = ""
    facts: TreeMapping | None = None
    history: Tree | None = None
    recompute: Mapping[str, str] | None = None


@dataclass(frozen=True)
class CaseFacts(Facts):
    """The facts of a case; a wrong value is told at its line of the case file."""

    tree: TreeMapping | None = None

    def error(self, code: str, at: tuple[str | int, ...], /, **values: object) -> PolicyError:
        """A problem at a value of the case."""
        tree: Tree | None = self.tree
        place = tree.place if tree else Place(self.file, 0, 0)
        for step in at:
            if isinstance(tree, TreeMapping) and step in tree.entries:
                tree = tree.entries[str(step)]
            elif isinstance(tree, Sequence) and isinstance(step, int) and step < len(tree.items):
                tree = tree.items[step]
            else:
                break
            place = tree.place
        text = str(values.pop("text", ""))
        return PolicyError((problem(code, place, text, **values),))


class MoneyShape(Shape):
    """A sum in yuan, exact to the fen; ``none`` where a range has no upper bound."""

    def read(self, tree: Tree) -> int | str:
        node = scalar(tree, "a sum in yuan")
        if node.text == "none":
            return "none"
        try:
            return parse_scaled(node.text, 2)
        except NumberError as error:
            raise fail("E205", node, zh=error.zh, en=error.en) from error

    def schema(self) -> JsonSchema:
        return {"type": ["number", "string"]}


class FactsTree(Shape):
    """A mapping of facts, kept as a tree."""

    def read(self, tree: Tree) -> TreeMapping:
        if not isinstance(tree, TreeMapping):
            raise fail("E203", tree, expected="a mapping of facts", got=describe(tree))
        return tree

    def schema(self) -> JsonSchema:
        return {"type": "object"}


NAMES = ListOf(ANY_TEXT)
EXPECT = Record(
    "expect",
    {
        "outcome": Field(OneOf(OUTCOMES), True),
        **{name: Field(MoneyShape()) for name in FIGURES},
        "refused": Field(NAMES, doc="the conditions that do not hold, as when.1"),
        "missing": Field(NAMES, doc="the facts that are not known"),
        "open": Field(NAMES, doc="the terms that nobody has filled"),
        "doubts": Field(NAMES, doc="the questions for a person"),
        "payments": Field(ListOf(MoneyShape()), doc="the instalments"),
    },
    lambda place, **v: _expected(place, v),
)
CASE = Record(
    "case",
    {
        "case": Field(ID_TEXT, True, doc="the id"),
        "title": Field(Bilingual(), True),
        "arithmetic": Field(Bilingual(), doc="how the figure comes about, in words, with every figure"),
        "offer": Field(ID_TEXT, True),
        "on": Field(Day(), True, doc="application date"),
        "guide": Field(Whole(1950, 2199), doc="a year to ask what if"),
        "at": Field(Text(r"\d{6}(\d{3}(\d{3})?)?", "a division code of 6, 9 or 12 digits"), default=""),
        "like": Field(ID_TEXT, default="", doc="the case whose facts and history this one takes over"),
        "facts": Field(FactsTree()),
        "history": Field(Raw({"type": ["array", "null"]}), doc="earlier awards; absent is unknown, [] asserts none"),
        "expect": Field(EXPECT, True),
        "recompute": Field(MapOf(ANY_TEXT, OneOf(FIGURES)), doc="plain arithmetic for every figure expected"),
    },
    lambda place, **v: _case(place, v),
)
CASE_FILE = ListOf(CASE)


def _expected(place: Place, values: dict[str, Any]) -> Expected:
    at = Scalar("expect", place, False, 0)
    if values["outcome"] == "award" and values["amount"] is None:
        raise fail("E202", at, name="amount", where="expect of an award")
    for name in FIGURES[:3]:
        if values[name] == "none":
            raise fail("E205", at, text="none", zh="只有 high 可以写 none", en="only high can be none")
    return Expected(**values)


def _case(place: Place, values: dict[str, Any]) -> WorkedCase:
    if values["expect"].figures and values["arithmetic"] is None:
        raise fail("E202", Scalar("case", place, False, 0), name="arithmetic", where="case")
    return WorkedCase(place=place, **values)


def read_cases(programme: model.Programme) -> dict[str, WorkedCase]:
    """The cases in ``cases/*.yaml`` of a programme folder, by id, in the order of the files.

    Raises:
        PolicyError: with every problem found.
    """
    cases: dict[str, WorkedCase] = {}
    problems: list[Problem] = []
    for name, source in programme.files.items():
        if not name.startswith("cases/"):
            continue
        try:
            listed = CASE_FILE.read(read_tree(source, name))
        except PolicyError as error:
            problems.extend(error.problems)
            continue
        for case in listed:
            if case.case in cases:
                other = cases[case.case].place.file
                problems.append(problem("E302", case.place, case.case, name=case.case, other=other))
            cases[case.case] = case
    problems.extend(_references(programme, cases))
    if problems:
        raise PolicyError(tuple(problems)).with_sources(programme.files)
    return cases


def _references(programme: model.Programme, cases: dict[str, WorkedCase]) -> list[Problem]:
    found: list[Problem] = []
    for case in cases.values():
        for name, known in ((case.offer, programme.offers), (case.like, cases)):
            if name and name not in known:
                valid = ", ".join(list(known)[:12])
                near = nearest(name, known) or ""
                found.append(problem("E303", case.place, name, name=name, near=near, valid=valid))
        seen, at = {case.case}, case.like
        while at in cases and at not in seen:
            seen.add(at)
            at = cases[at].like
        if at == case.case:
            found.append(problem("E910", case.place, case.case, name=case.case))
    return found


def case_facts(case: WorkedCase, cases: Mapping[str, WorkedCase]) -> CaseFacts:
    """The facts and history of a case, those of the cases it is like included."""
    chain = [case]
    while chain[-1].like:
        chain.append(cases[chain[-1].like])
    merged = TreeMapping({}, {}, case.place)
    for link in reversed(chain):
        own = link.facts or TreeMapping({}, {}, link.place)
        entries, keys = {**merged.entries, **own.entries}, {**merged.keys, **own.keys}
        if link.history is not None:
            entries["history"] = link.history
        merged = replace(merged, entries=entries, keys=keys)
    plain = _plain(merged)
    return CaseFacts(plain, case.place.file, b"", merged)


def _plain(tree: Tree) -> Any:
    """The values of a tree as a facts file gives them: texts, lists, mappings, None for what is not known."""
    if isinstance(tree, Scalar):
        return None if not tree.quoted and tree.text in _NULL else tree.text
    if isinstance(tree, Sequence):
        return [_plain(item) for item in tree.items]
    return {key: _plain(value) for key, value in tree.entries.items()}
