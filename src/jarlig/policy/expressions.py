"""Expressions to nodes: names resolved, kinds checked, literals given the kind of what they stand beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jarlig.ladder import build
from jarlig.ladder.kinds import (
    DATE,
    MONTH,
    Choice,
    Code,
    Date,
    Division,
    Kind,
    KindError,
    Number,
    Some,
    YesNo,
    exactly,
    integer as whole,
)
from jarlig.ladder.nodes import All, AnyOf, Case, IsNone, Literal, Node, Not, Part, Within, YearsSince
from jarlig.ladder.numbers import NumberError, parse_date, parse_decimal
from jarlig.policy.messages import PolicyError, nearest, problem
from jarlig.policy.model import NamedTest
from jarlig.policy.syntax import Syntax, parse, place_at
from jarlig.policy.text import Scalar

DIVISION_PARTS = ("region", "league", "county", "township", "village")
FUNCTIONS = ("least", "greatest", "coalesce", "years")


@dataclass(frozen=True)
class Scope:
    """The names an expression may use: facts, terms, built-ins, and inside ``where`` the columns of the row."""

    names: Mapping[str, Node]
    conditions: Mapping[str, NamedTest] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()

    def with_columns(self, columns: Mapping[str, Node], optional: frozenset[str]) -> Scope:
        """The scope of a row: its columns stand before nothing, so a clash was refused when the offer was read."""
        return Scope({**self.names, **columns}, self.conditions, self.optional | optional)


def compile_expression(source: Scalar, scope: Scope) -> Node:
    """The node of an expression.

    Raises:
        PolicyError: at the character that is wrong.
    """
    return _Resolver(source, scope).node(parse(source))


def compile_test(source: Scalar, scope: Scope) -> Node:
    """The node of a condition; anything that is not yes or no is refused."""
    node = compile_expression(source, scope)
    if not isinstance(node.kind, YesNo):
        raise PolicyError((problem("E413", source.place, source.text, got=node.kind.text),))
    return node


class _Resolver:
    def __init__(self, source: Scalar, scope: Scope) -> None:
        self.source, self.scope = source, scope
        #: Names in the comparison at hand that may be "none"; None outside a comparison.
        self.asked: list[Node] | None = None

    def error(self, code: str, tree: Syntax, **values: object) -> PolicyError:
        return PolicyError((problem(code, place_at(self.source, tree.at), self.source.text, **values),))

    def node(self, tree: Syntax) -> Node:
        """The node of a tree; a KindError becomes a message at the operator."""
        try:
            return _RULES.get(tree.op, _Resolver.arithmetic)(self, tree)
        except KindError as error:
            raise self.error("E501", tree, zh=error.zh, en=error.en) from error

    def name(self, tree: Syntax) -> Node:
        found = self.scope.names.get(tree.text)
        if found is not None:
            if tree.text in self.scope.optional:
                self.may_be_none(tree, found)
            return found
        named = self.scope.conditions.get(tree.text)
        if named is not None:
            rest = {name: test for name, test in self.scope.conditions.items() if name != tree.text}
            return compile_test(named.test, Scope(self.scope.names, rest, self.scope.optional))
        valid = [*self.scope.names, *self.scope.conditions]
        near = nearest(tree.text, valid) or ""
        raise self.error("E301", tree, name=tree.text, near=near, valid=", ".join(valid[:12]))

    def may_be_none(self, tree: Syntax, node: Node) -> None:
        """A comparison with "none" does not hold; anywhere else an author must say what stands for it."""
        if self.asked is None:
            raise self.error("E421", tree, name=tree.text)
        if node not in self.asked:
            self.asked.append(node)

    def compared(self, make: Callable[[], Node], differs: bool = False) -> Node:
        """A comparison that holds only where every name in it has a value; ``!=`` holds where one has none."""
        before, self.asked = self.asked, []
        node, asked = make(), self.asked
        self.asked = before
        if not asked:
            return node
        none = [IsNone(item) for item in asked]
        return AnyOf((*none, node)) if differs else All((*map(Not, none), node))

    def number(self, tree: Syntax) -> Node:
        try:
            value, scale = parse_decimal(tree.text)
        except NumberError as error:
            raise self.error("E205", tree, zh=error.zh, en=error.en) from error
        return Literal(value, exactly(value, scale))

    def date(self, tree: Syntax) -> Node:
        try:
            return Literal(parse_date(tree.text), DATE)
        except NumberError as error:
            raise self.error("E206", tree, zh=error.zh, en=error.en) from error

    def refused(self, tree: Syntax) -> Node:
        raise self.error("E402", tree, what=f"“{tree.text or 'null'}”")

    def part(self, tree: Syntax) -> Node:
        item = self.node(tree.items[0])
        kind = part_kind(item.kind, tree.text)
        if kind is None:
            raise self.error("E414", tree, part=tree.text, kind=item.kind.text)
        return Part(item, tree.text, kind)

    def all_of(self, tree: Syntax) -> Node:
        return All(tuple(self.test(item) for item in tree.items))

    def any_of(self, tree: Syntax) -> Node:
        return AnyOf(tuple(self.test(item) for item in tree.items))

    def negation(self, tree: Syntax) -> Node:
        return Not(self.test(tree.items[0]))

    def test(self, tree: Syntax) -> Node:
        node = self.node(tree)
        if not isinstance(node.kind, YesNo):
            raise self.error("E413", tree, got=node.kind.text)
        return node

    def is_null(self, tree: Syntax) -> Node:
        item = tree.items[0]
        if item.op != "name" or item.text not in self.scope.optional:
            raise self.error("E415", tree, name=item.text)
        return IsNone(self.scope.names[item.text])

    def pair(self, tree: Syntax) -> tuple[Node, Node]:
        """Both sides of a sign; a bare literal takes the kind of the other side."""
        left, right = tree.items
        if _bare(left, self.scope) and not _bare(right, self.scope):
            other = self.node(right)
            return self.beside(left, other.kind), other
        one = self.node(left)
        return one, self.beside(right, one.kind)

    def beside(self, tree: Syntax, kind: Kind) -> Node:
        """A tree that stands beside a value of some kind: choice words, codes and plain numbers take that kind."""
        if tree.op == "name" and isinstance(kind, Choice) and tree.text not in self.scope.names:
            if not kind.open and tree.text not in kind.values:
                raise self.error(
                    "E204",
                    tree,
                    name=tree.text,
                    valid=", ".join(kind.values),
                    near=nearest(tree.text, kind.values) or "",
                )
            return Literal(tree.text, kind)
        if tree.op == "number" and isinstance(kind, Code | Division):
            if isinstance(kind, Division) and len(tree.text) not in (6, 9, 12):
                raise self.error("E416", tree, name=tree.text)
            if isinstance(kind, Division) and _level(tree.text) > DIVISION_PARTS.index(kind.level):
                raise self.error("E419", tree, left=kind.level, right=DIVISION_PARTS[_level(tree.text)])
            return Literal(tree.text, kind)
        node = self.node(tree)
        if (
            isinstance(node, Literal)
            and isinstance(node.kind, Number)
            and isinstance(kind, Number)
            and not node.kind.unit
        ):
            return Literal(node.value, Number(kind.unit, node.kind.scale, node.kind.low, node.kind.high))
        return node

    def comparison(self, tree: Syntax) -> Node:
        return self.compared(lambda: self.plain_comparison(tree), tree.op == "!=")

    def plain_comparison(self, tree: Syntax) -> Node:
        left, right = self.pair(tree)
        if isinstance(left.kind, YesNo):
            raise self.error("E417", tree)
        if isinstance(left.kind, Choice | Code | Division) and tree.op not in ("=", "!="):
            raise self.error("E418", tree, op=tree.op, kind=left.kind.text)
        if isinstance(left.kind, Division) and isinstance(right.kind, Division) and left.kind != right.kind:
            raise self.error("E419", tree, left=left.kind.level, right=right.kind.level)
        return build.compare(tree.op, left, right)

    def within(self, tree: Syntax) -> Node:
        return self.compared(lambda: self.listed(tree))

    def listed(self, tree: Syntax) -> Node:
        item = self.node(tree.items[0])
        if isinstance(item.kind, Number | Date):
            return AnyOf(
                tuple(self.comparison(Syntax("=", tree.at, "", (tree.items[0], option))) for option in tree.items[1:])
            )
        if not isinstance(item.kind, Choice | Code | Division):
            raise self.error("E418", tree, op="in", kind=item.kind.text)
        values = []
        for option in tree.items[1:]:
            node = self.beside(option, item.kind)
            if not isinstance(node, Literal) or not isinstance(node.value, str):
                raise self.error("E402", option, what=f"“{option.text}”, expected a plain value")
            values.append(node.value)
        kind = item.kind if isinstance(item.kind, Choice) else Choice(tuple(values))
        return Within(item, Literal(frozenset(values), Some(kind)))

    def within_term(self, tree: Syntax) -> Node:
        return self.compared(lambda: self.in_set(tree))

    def in_set(self, tree: Syntax) -> Node:
        options = self.node(tree.items[1])
        if not isinstance(options.kind, Some):
            raise self.error("E420", tree, kind=options.kind.text)
        item = self.beside(tree.items[0], options.kind.of)
        if not isinstance(item.kind, Choice):
            raise self.error("E420", tree, kind=options.kind.text)
        if not options.kind.of.open and not item.kind.open and options.kind.of.values != item.kind.values:
            raise self.error("E501", tree, zh="两个选项清单不同", en="the two lists of choices differ")
        return Within(item, options)

    def negative(self, tree: Syntax) -> Node:
        item = self.node(tree.items[0])
        kind = build.number_kind(item)
        if isinstance(item, Literal) and isinstance(item.value, int):
            return build.literal(-item.value, kind.scale, kind.unit)
        return build.subtract(Literal(0, exactly(0, kind.scale, kind.unit)), item)

    def arithmetic(self, tree: Syntax) -> Node:
        if tree.op == "*":
            return build.multiply(self.node(tree.items[0]), self.node(tree.items[1]))
        left, right = self.pair(tree)
        return (build.add if tree.op == "+" else build.subtract)(left, right)

    def call(self, tree: Syntax) -> Node:
        if tree.text not in FUNCTIONS:
            raise self.error(
                "E409", tree, name=tree.text, valid=", ".join(FUNCTIONS), near=nearest(tree.text, FUNCTIONS) or ""
            )
        if tree.text == "coalesce":
            return self.coalesce(tree)
        if tree.text == "years":
            return self.years(tree)
        made = self.node(tree.items[0])
        for item in tree.items[1:]:
            other = self.beside(item, made.kind)
            made = (build.least if tree.text == "least" else build.greatest)(made, other)
        return made

    def years(self, tree: Syntax) -> Node:
        """Full years from one day to another; none when the second comes first."""
        days = [self.node(item) for item in tree.items]
        wrong = next((item for item, day in zip(tree.items, days, strict=True) if day.kind != DATE), None)
        if wrong is not None or len(days) != 2:
            raise self.error("E422", wrong or tree)
        return YearsSince(days[0], days[1], whole(0, 400))

    def coalesce(self, tree: Syntax) -> Node:
        """The value of a name declared ``or: none``, or what stands for it when there is none."""
        name = tree.items[0]
        if len(tree.items) != 2 or name.op != "name" or name.text not in self.scope.optional:
            raise self.error("E415", name, name=name.text)
        value = self.scope.names[name.text]
        values, kind = build.one_kind([self.beside(tree.items[1], value.kind), value])
        return Case(((IsNone(value), values[0]),), values[1], kind)

    def case(self, tree: Syntax) -> Node:
        tests = [self.test(item) for item in tree.items[:-1:2]]
        branches = [*tree.items[1::2], tree.items[-1]]
        known = next((self.node(item).kind for item in branches if not _bare(item, self.scope)), None)
        values = [self.node(item) if known is None else self.beside(item, known) for item in branches]
        values, kind = build.one_kind(values)
        return Case(tuple(zip(tests, values[:-1], strict=True)), values[-1], kind)


def _level(code: str) -> int:
    """How fine a division code is, as a place in ``DIVISION_PARTS``."""
    if len(code) == 6:
        return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2
    return 3 if len(code) == 9 else 4


def _bare(tree: Syntax, scope: Scope) -> bool:
    return tree.op == "number" or (
        tree.op == "name" and tree.text not in scope.names and tree.text not in scope.conditions
    )


def part_kind(kind: Kind, part: str) -> Kind | None:
    """The kind of a part of a value, or None when it has no such part."""
    if isinstance(kind, Division) and part in DIVISION_PARTS:
        finer = DIVISION_PARTS.index(part) <= DIVISION_PARTS.index(kind.level)
        return Division(part) if finer else None
    if kind == DATE:
        of_date: dict[str, Kind] = {"year": whole(0, 9999), "month": MONTH}
        return of_date.get(part)
    if kind == Code("industry") and part == "sector":
        return Code("sector")
    return None


_RULES: dict[str, Callable[[_Resolver, Syntax], Node]] = {
    "name": _Resolver.name,
    "number": _Resolver.number,
    "date": _Resolver.date,
    "null": _Resolver.refused,
    "word": _Resolver.refused,
    "part": _Resolver.part,
    "and": _Resolver.all_of,
    "or": _Resolver.any_of,
    "not": _Resolver.negation,
    "is_null": _Resolver.is_null,
    "in": _Resolver.within,
    "in_term": _Resolver.within_term,
    "negative": _Resolver.negative,
    "call": _Resolver.call,
    "case": _Resolver.case,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), _Resolver.comparison),
}
