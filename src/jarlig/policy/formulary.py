"""Formulas to steps: the small ladder that an offer, a part or a row has in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from jarlig.ladder import build
from jarlig.ladder.kinds import CNY, PURE, KindError, Number, times_unit
from jarlig.ladder.nodes import Banded, Case, Choose, Grown, Literal, Marginal, Node, StepRef, Steps, Sum
from jarlig.ladder.numbers import NumberError, parse_decimal, parse_percent
from jarlig.ladder.steps import Cite, Step, Words
from jarlig.policy import model
from jarlig.policy.bases import row_scope, sum_over, total
from jarlig.policy.context import MONEY, RATIO, Context, Want
from jarlig.policy.expressions import compile_expression, compile_test
from jarlig.policy.figures import figure, in_form, marginal
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.shape import fail
from jarlig.policy.text import Mapping, Scalar, Tree

BASE, RATE, EACH = Words("计算基数", "base"), Words("比例", "rate"), Words("单位标准", "for each unit")
COUNT, FORMULA, AMOUNT = Words("数量", "count"), Words("按公式计算", "by formula"), Words("定额", "lump sum")
FLOOR, FLOORED = Words("下限", "floor"), Words("不低于下限", "not below the floor")
BELOW = Words("上限低于下限，无法同时满足", "the cap is below the floor: both cannot be kept")
CAP, CAPPED = Words("上限", "cap"), Words("不超过上限", "within the cap")


class FormulaMaker:
    """Adds the steps of a formula to a ladder and gives back a reference to its result."""

    def __init__(self, context: Context, steps: list[Step], sources: Callable[[Node], tuple[Cite, ...]]) -> None:
        self.context, self.steps, self.sources = context, steps, sources

    def step(
        self, name: str, role: str, node: Node, label: Words, cites: tuple[Cite, ...] = (), key: str = ""
    ) -> StepRef:
        """Add a step and refer to it."""
        self.steps.append(Step(name, role, node, label, cites or self.sources(node), key or name))
        return StepRef(name, node.kind)

    def formula(self, formula: model.Formula, prefix: str) -> StepRef:
        """The steps of ``amount``, ``rate`` with ``of`` or ``each`` with ``count`` or ``every``."""
        self.context.prefix = prefix
        node: Node
        if formula.amount is not None:
            node = build.not_below_zero(figure(formula.amount, MONEY, self.context, "amount"))
            return self.step(prefix + "formula", "formula", node, AMOUNT, key=prefix + "amount")
        if formula.rate is not None and formula.of is not None:
            base = self._base(formula.of, prefix)
            node = self._times(base, formula.rate, RATIO, "rate", "rate", RATE, prefix)
        else:
            assert formula.each is not None
            count = self._count(formula, prefix)
            want = Want("unit_rate", times_unit(CNY, build.number_kind(count).unit, -1))
            node = self._times(count, formula.each, want, "each", "each", EACH, prefix)
        if build.number_kind(node).unit != CNY:
            raise KindError("公式结果不是人民币金额", "the formula does not give a sum in CNY")
        return self.step(prefix + "formula", "formula", build.not_below_zero(node), FORMULA)

    def _times(self, base: Node, tree: Tree, want: Want, key: str, role: str, label: Words, prefix: str) -> Node:
        if isinstance(tree, Mapping) and "marginal" in tree.entries:
            return marginal(base, tree.entries["marginal"], want, self.context, key)
        name = tree.entries.get("table") if isinstance(tree, Mapping) else None
        table = self.context.programme.tables.get(name.text) if isinstance(name, Scalar) else None
        if isinstance(tree, Mapping) and table is not None and table.how == "marginal":
            if "of" in tree.entries:
                raise fail("E201", tree.keys["of"], name="of", where="marginal table", near="")
            in_form(tree, table.form, want)
            return marginal(base, table.bands, want, self.context, key)
        rate = figure(tree, want, self.context, key)
        return build.multiply(base, self.step(prefix + key, role, rate, label))

    def _base(self, of: model.Total, prefix: str) -> Node:
        node = total(of, self.context)
        build.number_kind(node)
        label = self._label(of, BASE)
        ref: Node = self.step(prefix + "base", "base", node, label, key=prefix + "of")
        if build.number_kind(node).low < 0:
            ref = self.step(prefix + "kept", "kept", build.not_below_zero(ref), Words("负数按零计", "not below zero"))
        return ref

    def _label(self, of: model.Total, default: Words) -> Words:
        facts = {**self.context.programme.facts, **self.context.offer.facts}
        fact = facts.get(of.over or (of.expression.text if of.expression else ""))
        return fact.title if fact else default

    def _count(self, formula: model.Formula, prefix: str) -> Node:
        if formula.every is not None:
            return self.step(prefix + "count", "count", self._every(formula.every), COUNT, key=prefix + "every")
        assert formula.count is not None
        node = total(formula.count, self.context)
        ref: Node = self.step(prefix + "count", "count", node, self._label(formula.count, COUNT))
        return build.not_below_zero(ref)

    def _every(self, every: model.Every) -> Node:
        """How many steps: of a number above a threshold, or of growth above a threshold, cross-multiplied."""
        if (every.of is None) == (every.grown is None) or (every.grown is None) != (every.since is None):
            raise PolicyError((problem("E612", every.place, ""),))
        if every.of is not None:
            of = total(every.of, self.context)
            unit = build.number_kind(of).unit
            if every.above is not None:
                of = build.subtract(of, self._number(every.above, unit))
            return self._steps(of, self._number(every.step, unit), every)
        assert every.grown is not None and every.since is not None
        now, since = (compile_expression(side, self.context.scope) for side in (every.grown, every.since))
        above = self._number(every.above, PURE) if every.above is not None else build.literal(0, 0)
        grown = build.subtract(now, build.multiply(since, build.add(build.literal(1, 0), above)))
        return self._steps(grown, build.multiply(since, self._number(every.step, PURE)), every)

    def _steps(self, of: Node, step: Node, every: model.Every) -> Node:
        if not any(digit in every.step.text for digit in "123456789"):
            raise fail("E614", every.step)
        if every.how == "exact":
            return self._exact(of, step, every)
        of, step = build.aligned(of, step)
        kind = build.number_kind(of)
        return Steps(of, step, every.how, every.from_zero, Number(PURE, 0, 0, max(kind.high, every.from_zero)))

    def _exact(self, of: Node, step: Node, every: model.Every) -> Node:
        """Parts of a step paid in proportion: only for a step whose inverse is a decimal, or a digit would be lost."""
        if isinstance(step, Literal) and isinstance(step.value, int) and step.value > 0:
            scale = build.number_kind(step).scale
            for more in range(13):
                inverse, rest = divmod(10 ** (scale + more), step.value)
                if not rest:
                    unit = times_unit(PURE, build.number_kind(step).unit, -1)
                    return build.multiply(build.not_below_zero(of), build.literal(inverse, more, unit))
        raise fail("E613", every.step)

    def _number(self, text: Scalar, unit: tuple[tuple[str, int], ...]) -> Node:
        try:
            value, scale = parse_percent(text.text) if text.text.endswith("%") else parse_decimal(text.text)
        except NumberError as error:
            raise fail("E205", text, zh=error.zh, en=error.en) from error
        if value < 0 or (text.text.endswith("%") and unit):
            raise fail("E606", text)
        return build.literal(value, scale, unit, self.context.source_of(text.place.file))

    def caps(self, caps: tuple[Tree, ...], value: Node, prefix: str) -> Node:
        """One step for each cap and one for what remains under it."""
        self.context.prefix = prefix
        for index, tree in enumerate(caps, 1):
            mark = "" if index == 1 else f"_{index}"
            cap = build.not_below_zero(figure(tree, MONEY, self.context, f"cap{mark}"))
            ref = self.step(f"{prefix}cap{mark}", "cap", cap, CAP)
            value = self.step(f"{prefix}capped{mark}", "capped", build.least(value, ref), CAPPED)
        return value

    def parts(self, parts: tuple[model.PartDef, ...]) -> Node:
        """Components added up; one whose condition does not hold counts nothing."""
        results: list[Node] = []
        for part in parts:
            prefix = f"{part.name}_"
            value: Node = self.formula(part.formula, prefix)
            value = self.caps(part.formula.caps, value, prefix)
            if part.formula.floor is not None:
                low = self.step(
                    f"{prefix}floor", "floor", figure(part.formula.floor, MONEY, self.context, "floor"), FLOOR
                )
                value = self.step(f"{prefix}floored", "floored", build.greatest(value, low), FLOORED)
            holds: Node | None = None
            if part.when:
                test = build.all_of([compile_test(t.expression, self.context.scope) for t in part.when])
                holds = self.step(f"{prefix}when", "part_gate", test, part.title)
                zero: Node = Literal(0, Number(CNY, build.number_kind(value).scale, 0, 0))
                values, kind = build.one_kind([value, zero])
                value = Case(((holds, values[0]),), values[1], kind)
            if part.formula.floor is not None:
                self.caps_below(low, prefix, part.formula.place, (holds,) if holds else ())
            results.append(self.step(f"{prefix}part", "part", value, part.title))
        self.context.prefix = ""
        added = results[0]
        for result in results[1:]:
            added = build.add(added, result)
        return self.step("formula", "formula", added, Words("各项合计", "sum of the components"))

    def caps_below(self, floor: Node, prefix: str, place: Place, when: tuple[Node, ...] = ()) -> None:
        """Ask a person where a cap is below the floor of the same sum: neither of the two may be dropped.

        Raises:
            PolicyError: E711 where a written cap is below the floor whatever the case.
        """
        for step in [step for step in self.steps if re.fullmatch(f"{prefix}cap(_[0-9]+)?", step.name)]:
            below = self._below(step.node, StepRef(step.name, step.node.kind), floor, place)
            if below is not None:
                self.context.doubts.append((f"{step.name}_below_floor", build.all_of([*when, below]), BELOW))

    def _below(self, cap: Node, shown: Node, floor: Node, place: Place) -> Node | None:
        """The question whether a cap is below a floor; None where it never is."""
        low = build.number_kind(floor)
        for written in (node for node in _branches(cap) if isinstance(node, Literal)):
            kind = build.number_kind(written)
            if kind.high * 10**low.scale < low.low * 10**kind.scale:
                offer = self.context.offer.offer
                raise PolicyError((problem("E711", place, offer, offer=offer),))
        kind = build.number_kind(cap)
        return build.compare("<", shown, floor) if kind.low * 10**low.scale < low.high * 10**kind.scale else None

    def rows(self, each: model.ForEach) -> Node:
        """A small ladder for each row, added up."""
        rows, inner = row_scope(each.rows, each.formula.place, self.context)
        where = tuple(compile_test(test.expression, inner.scope) for test in each.where)
        value = self._row_value(each.formula, inner)
        caps = [figure(tree, MONEY, inner, "cap") for tree in each.formula.caps]
        for cap in caps:
            value = build.least(value, cap)
        if each.formula.floor is not None:
            floor = figure(each.formula.floor, MONEY, inner, "floor")
            value = build.greatest(value, floor)
            below = [self._below(cap, cap, floor, each.formula.place) for cap in caps]
            for index, test in enumerate((test for test in below if test is not None), 1):
                count = sum_over(each.rows, (*where, test), build.literal(1, 0), rows.most, each)
                some = build.compare(">", count, build.literal(0, 0))
                self.context.doubts.append((f"row_cap_{index}_below_floor", some, BELOW))
        node: Sum = sum_over(each.rows, where, value, rows.most, each)
        if node.kind.unit != CNY:
            raise KindError("逐行公式的结果不是人民币金额", "the formula of a row does not give a sum in CNY")
        facts = {**self.context.programme.facts, **self.context.offer.facts}
        ref: Node = self.step("rows", "base", node, facts[each.rows].title, key="for_each")
        return self.step(
            "formula", "formula", build.not_below_zero(ref), Words("逐行计算后合计", "row by row, added up")
        )

    def _row_value(self, formula: model.Formula, inner: Context) -> Node:
        lump = formula.amount if formula.amount is not None else formula.each
        if lump is not None and formula.count is None and formula.every is None:
            tree = lump
            if isinstance(tree, Mapping) and "marginal" in tree.entries:
                raise fail("E610", tree)
            key = "each" if formula.amount is None else "amount"
            node = figure(tree, Want("unit_rate", CNY), inner, key)
            if build.number_kind(node).unit not in (CNY, PURE):
                raise fail("E605", tree, want="money", got=node.kind.text)
            return node
        if formula.rate is not None and formula.of is not None:
            base = build.not_below_zero(total(formula.of, inner)) if formula.of.over else total(formula.of, inner)
            if isinstance(formula.rate, Mapping) and "marginal" in formula.rate.entries:
                made: Marginal = marginal(base, formula.rate.entries["marginal"], RATIO, inner, "rate")
                return made
            return build.multiply(base, figure(formula.rate, RATIO, inner, "rate"))
        assert formula.each is not None
        if formula.count is None:
            raise PolicyError((problem("E604", formula.place, ""),))
        count = total(formula.count, inner)
        want = Want("unit_rate", times_unit(CNY, build.number_kind(count).unit, -1))
        return build.multiply(count, figure(formula.each, want, inner, "each"))


def _branches(node: Node) -> Iterator[Node]:
    """The figures that a node gives, one for each case it tells apart."""
    inner: tuple[Node, ...] = ()
    if isinstance(node, Choose):
        inner = tuple(value for _, value in node.table)
    elif isinstance(node, Case):
        inner = (*(value for _, value in node.branches), node.otherwise)
    elif isinstance(node, Banded):
        inner = node.values
    elif isinstance(node, Grown):
        inner = (*node.values, node.from_zero)
    if not inner:
        yield node
    for value in inner:
        yield from _branches(value)
