"""An offer to its ladder: one offer, in one year and one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jarlig.ladder import build
from jarlig.ladder.kinds import CNY, DATE, MONTH, MOST_FEN, PURE, Choice, Division, Kind, KindError, Number, Rows, Some, exactly, integer
from jarlig.ladder.nodes import Case, Choose, Compare, Earlier, Fact, Literal, Node, Not, Part, StepRef, Sum, Window, YearsSince
from jarlig.ladder.nodes import Column as ColumnNode
from jarlig.ladder.numbers import NumberError, parse_date
from jarlig.ladder.steps import Cite, Condition, Doubt, Ladder, Step, Words
from jarlig.policy import lowering, model
from jarlig.policy.expressions import Scope, compile_expression, compile_test
from jarlig.policy.figures import INTEGER, MONEY, RATIO, Context, Want, figure, filled, total
from jarlig.policy.formulary import FormulaMaker
from jarlig.policy.messages import PolicyError, nearest, problem
from jarlig.policy.shape import fail
from jarlig.policy.text import Mapping as TreeMapping
from jarlig.policy.text import Scalar, Sequence, Tree

BUILT_INS: dict[str, Kind] = {
    "on": DATE,
    "at": Division("county"),
    "guide_year": integer(1950, 2199),
    "claim_year": integer(1, 100),
    "claim_month": MONTH,
}
#: The share that allocation will give, a fact nobody can state before the allocation run.
ALLOCATED_SHARE = "allocated_share"


def compile_offer(
    programme: model.Programme, offer: model.Offer, guide: model.Overlay | None, local: model.Overlay | None
) -> Ladder:
    """The ladder of an offer under a guide and a place's rules.

    Raises:
        PolicyError: with every problem found in the offer and its overlays.
    """
    return _Compiler(programme, offer, guide, local).ladder()


def open_lists(offer: model.Offer, overlays: tuple[model.Overlay, ...]) -> dict[str, model.FactDef]:
    """The offer's facts with every open list of choices replaced by the list that an overlay gives it."""
    facts = dict(offer.facts)
    for overlay in overlays:
        for name, tree in overlay.fill.get(offer.offer, {}).items():
            for fact in offer.facts.values():
                if fact.name == name and fact.open_kind == overlay.kind:
                    facts[fact.name] = replace(fact, kind=_listed(tree), labels=_labels(tree))
                elif name in fact.columns and fact.columns[name].open_kind == overlay.kind:
                    column = replace(fact.columns[name], kind=_listed(tree), labels=_labels(tree))
                    kind = fact.kind
                    assert isinstance(kind, Rows)
                    columns = tuple((n, column.kind if n == name else k) for n, k in kind.columns)
                    facts[fact.name] = replace(
                        facts[fact.name], kind=replace(kind, columns=columns), columns={**fact.columns, name: column}
                    )
    return facts


def _listed(tree: Tree) -> Choice:
    if not isinstance(tree, TreeMapping) or not tree.entries:
        raise fail("E203", tree, expected="choices with labels {near: {zh: …, en: …}}", got="something else")
    return Choice(tuple(tree.entries))


def _labels(tree: Tree) -> dict[str, Words]:
    from jarlig.policy.shape import Bilingual, MapOf

    labels: dict[str, Words] = MapOf(Bilingual()).read(tree)
    return labels


class _Compiler:
    def __init__(
        self, programme: model.Programme, offer: model.Offer, guide: model.Overlay | None, local: model.Overlay | None
    ) -> None:
        self.programme, self.guide, self.local = programme, guide, local
        self.overlays = tuple(overlay for overlay in (guide, local) if overlay is not None)
        self.notice_offer = offer
        offer = replace(offer, facts=open_lists(offer, self.overlays))
        for overlay in self.overlays:
            offer = self._filled_then_lowered(offer, overlay)
        self.offer = offer
        self.facts = programme.fact_defs(offer)
        self.cite = Cite("notice", offer.cites)
        self.steps: list[Step] = []
        self.gates: list[str] = []
        self.doubts: list[Doubt] = []
        self.conditions: list[Condition] = []
        self.context = Context(programme, offer, Scope({}), self.source_of, self._fills())
        self.context.scope = self._scope()

    def _filled_then_lowered(self, offer: model.Offer, overlay: model.Overlay) -> model.Offer:
        """Lower what the notice states; what a guide filled can be lowered by a place in the fills themselves."""
        direct = {k: v for k, v in overlay.lower.get(offer.offer, {}).items() if not self._is_filled(offer, k)}
        return lowering.apply(offer, replace(overlay, lower={offer.offer: direct} if direct else {}))

    def _is_filled(self, offer: model.Offer, key: str) -> bool:
        return self.guide is not None and key in self.guide.fill.get(offer.offer, {})

    def _fills(self) -> dict[str, Tree]:
        """The terms of the offer with who fills them respected, and lowered or narrowed where a place does so."""
        name = self.offer.offer
        fills: dict[str, Tree] = {}
        for overlay in self.overlays:
            for key, tree in overlay.fill.get(name, {}).items():
                self._may_fill(key, tree, overlay)
                fills[key] = tree
        if self.local is not None:
            for key, patch in self.local.lower.get(name, {}).items():
                if key in fills and self._is_filled(self.offer, key):
                    fills[key] = lowering.lowered(fills[key], patch)
        for overlay in self.overlays:
            for key, patch in overlay.narrow.get(name, {}).items():
                fills[key] = self._narrowed(key, fills.get(key), patch)
        return fills

    def _narrowed(self, key: str, base: Tree | None, patch: Tree) -> Tree:
        if not isinstance(base, Sequence):
            raise fail("E706", patch, name=key)
        lowering.narrowed(tuple(item.text for item in base.items if isinstance(item, Scalar)), patch)
        return patch

    def _may_fill(self, key: str, tree: Tree, overlay: model.Overlay) -> None:
        known = self._open_names()
        if key not in known:
            raise fail("E701", tree, name=key, near=nearest(key, known) or "", valid=", ".join(known))
        if known[key] != overlay.kind:
            raise fail("E708", tree, name=key, who=known[key])

    def _open_names(self) -> dict[str, str]:
        """Every term of the offer and who fills it, inline ones under the key they stand in."""
        names = {term.name: term.filled_by for term in self.offer.terms.values()}
        for fact in self.notice_offer.facts.values():
            for definition in (fact, *fact.columns.values()):
                if definition.open_kind:
                    names[definition.name] = definition.open_kind
        pieces = [("", self.notice_offer.formula), *((f"{p.name}_", p.formula) for p in self.notice_offer.parts)]
        if self.notice_offer.for_each:
            pieces.append(("", self.notice_offer.for_each.formula))
        for prefix, piece in pieces:
            if piece is not None:
                for key in ("amount", "rate", "each"):
                    self._inline(names, prefix + key, getattr(piece, key))
        for index, cap in enumerate(self.notice_offer.caps):
            self._inline(names, "cap" if index == 0 else f"cap_{index + 1}", cap)
        if self.notice_offer.pool is not None:
            self._inline(names, "pool", self.notice_offer.pool.amount)
            names["split"] = "guide"
        return names

    def _inline(self, names: dict[str, str], key: str, tree: Tree | None) -> None:
        if isinstance(tree, TreeMapping) and "open" in tree.entries:
            who = tree.entries.get("filled_by")
            names[key] = who.text if isinstance(who, Scalar) else "guide"

    def source_of(self, file: str) -> str:
        """Which overlay a file belongs to; empty for the notice."""
        return next((overlay.source for overlay in self.overlays if overlay.place.file == file), "")

    def overlay_cite(self, overlay: model.Overlay, ref: str = "") -> Cite:
        return Cite(overlay.source, ref, overlay.sample)

    def sources(self, node: Node) -> tuple[Cite, ...]:
        """The notice's clause, and every overlay whose figure stands in the node."""
        from jarlig.ladder.nodes import walk

        named = {n.source for n in walk(node) if isinstance(n, Literal) and n.source}
        return (self.cite, *(self.overlay_cite(o) for o in self.overlays if o.source in named))

    def _scope(self) -> Scope:
        names: dict[str, Node] = {name: Fact(name, kind) for name, kind in BUILT_INS.items()}
        optional = {fact.name for fact in self.facts.values() if fact.or_none}
        for fact in self.facts.values():
            if fact.name in names:
                raise PolicyError((problem("E304", fact.place, fact.name, name=fact.name),))
            if not isinstance(fact.kind, Rows):
                names[fact.name] = Fact(fact.name, fact.kind)
        self.context.scope = Scope(names, {}, frozenset(optional))
        if self.offer.claims.start:
            start = names.get(self.offer.claims.start)
            if start is None or start.kind != DATE:
                valid = [name for name, node in names.items() if node.kind == DATE]
                raise PolicyError((problem("E301", self.offer.place, self.offer.claims.start, name=self.offer.claims.start,
                                           near=nearest(self.offer.claims.start, valid) or "", valid=", ".join(valid)),))  # fmt: skip
            names["claim_year"] = build.add(YearsSince(start, names["on"], integer(0, 200)), build.literal(1, 0))
        columns = {c for fact in self.facts.values() if isinstance(fact.kind, Rows) for c, _ in fact.kind.columns}
        row_bound: dict[str, model.TermDef] = {}
        for term in self.offer.terms.values():
            if term.name in names or term.name in columns:
                raise PolicyError((problem("E304", term.place, term.name, name=term.name),))
            if term.by is not None and term.by.text in columns:
                row_bound[term.name] = term
            else:
                names[term.name] = self.term(term)
        for clash in sorted(columns & names.keys()):
            raise PolicyError((problem("E304", self.offer.place, clash, name=clash),))
        columns_scope: dict[str, Node] = {}
        for fact in self.facts.values():
            if isinstance(fact.kind, Rows):
                columns_scope.update({name: ColumnNode(name, kind) for name, kind in fact.kind.columns})
        self.context.scope = Scope({**names, **columns_scope}, {}, frozenset(optional))
        for term in row_bound.values():
            names[term.name] = self.term(term)
        return Scope(names, self.programme.conditions, frozenset(optional))

    def term(self, term: model.TermDef) -> Node:
        """The node of a named term: its value where filled, else open."""
        from jarlig.ladder.nodes import Open

        tree = self.context.fills.get(term.name)
        if term.form == "date":
            if tree is None:
                return Open(term.name, DATE, term.filled_by)
            return Literal(_day(tree), DATE, self.source_of(tree.place.file))
        if term.form == "some_of":
            kind = self._choice_of(term)
            if tree is None:
                return Open(term.name, Some(kind), term.filled_by)
            if not isinstance(tree, Sequence):
                raise fail("E203", tree, expected="a list", got="something else")
            values = lowering.narrowed(kind.values, tree)
            return Literal(frozenset(values), Some(kind), self.source_of(tree.place.file))
        want = {"money": MONEY, "ratio": RATIO, "integer": INTEGER, "figure": MONEY}.get(term.form, Want("unit_rate", CNY))
        at = tree if tree is not None else Scalar(term.name, term.place, False, 0)
        return filled(term, want, self.context, at)

    def _choice_of(self, term: model.TermDef) -> Choice:
        rows, _, column = term.of.partition(".")
        fact = self.facts.get(rows)
        kind: Kind | None = None
        if fact is not None:
            kind = fact.kind.column(column) if isinstance(fact.kind, Rows) else fact.kind
        if not isinstance(kind, Choice):
            raise PolicyError((problem("E301", term.place, term.of, name=term.of, near="", valid=", ".join(self.facts)),))
        return kind

    # gates

    def gate(self, key: str, node: Node, label: Words, cites: tuple[Cite, ...]) -> None:
        name = f"gate_{len(self.gates) + 1}"
        self.steps.append(Step(name, "gate", node, label, cites, key))
        self.gates.append(name)

    def _tests(self, tests: tuple[model.Test, ...], key: str, cites: tuple[Cite, ...]) -> None:
        for index, test in enumerate(tests, 1):
            node = compile_test(test.expression, self.context.scope)
            where = cites
            if test.cites:
                where = (Cite(cites[0].source, test.cites, cites[0].sample),) if cites else (Cite("notice", test.cites),)
            self.gate(f"{key}.{index}", node, test.says or self._test_label(test), where)

    def _test_label(self, test: model.Test) -> Words:
        text = test.expression.text
        named = self.programme.conditions.get(text)
        if named is not None:
            return named.title
        fact = self.facts.get(text.removeprefix("not "))
        if fact is not None:
            return fact.title if text == fact.name else Words(f"并非：{fact.title.zh}", f"not: {fact.title.en}")
        return Words("", "")

    def _overlay_gates(self) -> None:
        for overlay in self.overlays:
            if overlay.gates and self.offer.nature == "award" and (not overlay.gates_for or self.offer.offer in overlay.gates_for):
                ref = overlay.gates_cites
                self._tests(overlay.gates, f"{overlay.kind}_gates", (self.overlay_cite(overlay, ref),))

    def _history_gates(self) -> None:
        offer = self.offer
        if offer.claims.start and offer.claims.years:
            node = build.compare("<=", self.context.scope.names["claim_year"], build.literal(offer.claims.years, 0))
            text = Words(f"在前 {offer.claims.years} 年内申报", f"claimed within the first {offer.claims.years} years")
            self.gate("claims.years", node, text, (self.cite,))
        if offer.after:
            names = ", ".join(offer.after)
            node = build.compare(">=", self.earlier("awards", offer.after, offer.after_per), build.literal(1, 0))
            self.gate("after", node, Words(f"先获得 {names} 的奖补", f"an award under {names} came first"), (self.cite,))
        if offer.exclusive and offer.exclusive.offers:
            names = ", ".join(offer.exclusive.offers)
            node = build.compare("<=", self.earlier("awards", offer.exclusive.offers, offer.exclusive.per), build.literal(0, 0))
            text = Words(f"未获得过 {names} 的奖补（不重复支持）", f"no award under {names} (no double support)")
            self.gate("exclusive", node, text, (self._exclusive_cite(),))
        for index, limit in enumerate(offer.limits, 1):
            self._limit_gate(index, limit)

    def _exclusive_cite(self) -> Cite:
        source = self.offer.exclusive.source if self.offer.exclusive else "notice"
        return self.cite if source == "notice" else Cite(source, self.offer.cites)

    def _limit_cites(self, limit: model.Limit) -> tuple[Cite, ...]:
        cites = (Cite("notice", limit.cites or self.offer.cites),)
        return (*cites, Cite("reading", limit.reading)) if limit.reading else cites

    def _limit_gate(self, index: int, limit: model.Limit) -> None:
        cites, key = self._limit_cites(limit), f"limit.{index}"
        if limit.awards is not None and (not limit.per or limit.by is not None):
            if limit.by is not None:
                compile_expression(limit.by, self.context.scope)
                by = self.facts.get(limit.by.text)
                what = by.title if by else Words(limit.by.text, limit.by.text)
                says = Words(f"按{what.zh}排序，取前 {limit.awards} 名", f"the {limit.awards} best by {what.en}")
            else:
                says = Words(f"名额共 {limit.awards} 个", f"{limit.awards} awards in all")
            self.conditions.append(Condition(f"quota_{index}", says, cites))
        elif limit.awards is not None:
            node = build.compare("<", self.earlier("awards", self._across(limit), limit.per, limit), build.literal(limit.awards, 0))
            self.gate(key, node, Words(f"此前获奖补不足 {limit.awards} 次", f"fewer than {limit.awards} earlier awards"), cites)
        elif limit.years is not None:
            node = build.compare("<", self.earlier("years", self._across(limit), limit.per, limit), build.literal(limit.years, 0))
            row = Words("连续", " consecutive") if limit.in_a_row else Words("", "")
            self.gate(key, node, Words(f"不超过{row.zh} {limit.years} 年", f"at most {limit.years}{row.en} years"), cites)

    def _across(self, limit: model.Limit) -> tuple[str, ...]:
        return limit.across or (self.offer.offer,)

    def earlier(self, what: str, offers: tuple[str, ...], per: str, limit: model.Limit | None = None) -> Earlier:
        """The part of the history that a limit reads."""
        keys = tuple((key, self._subject_node(key)) for key in self.programme.subjects.get(per, ()))
        first, last = self.programme.valid
        over = limit.over if limit else "ever"
        window = Window(over, limit.months if limit else 0, first, last) if over in ("validity", "rolling") else Window(over)
        high = MOST_FEN if what == "amount" else 10**6
        kind = Number(CNY, 2, 0, high) if what == "amount" else integer(0, high)
        streak = limit.after_a_gap if limit and limit.in_a_row else ""
        opened = tuple(sorted(g.year for g in self.programme.guides.values() if g.year and any(o in (g.opens or ()) for o in offers)))
        breaks = bool(limit) and limit.year_not_open == "breaks" if limit else False
        return Earlier(what, offers, keys, window, kind, streak, breaks, opened if streak else ())

    def _subject_node(self, key: str) -> Node:
        found = self.context.scope.names.get(key)
        if found is None:
            raise PolicyError((problem("E305", self.offer.place, key, name=key, offer=self.offer.offer),))
        return found

    # the ladder

    def ladder(self) -> Ladder:
        offer = self.offer
        self._tests(offer.when, "when", (self.cite,))
        self._overlay_gates()
        self._pool_gate()
        self._history_gates()
        maker = FormulaMaker(self.context, self.steps, self.sources)
        try:
            value = self._formula(maker)
            value = self._after_formula(maker, value)
        except KindError as error:
            raise PolicyError((problem("E501", offer.place, offer.offer, zh=error.zh, en=error.en),)) from error
        self.steps.append(Step("award", "award", build.rounded(value), offer.title, (self.cite,)))
        exceptions = [Doubt(name, node, words, (self.cite,)) for name, node, words in self.context.doubts]
        return Ladder(
            offer=offer.offer,
            nature=offer.nature,
            steps=tuple(self.steps),
            gates=tuple(self.gates),
            formula="formula",
            award="award",
            doubts=(*self.doubts, *exceptions),
            conditions=(*self.conditions, *self._pool_conditions()),
            valid=self.programme.valid,
            window=self._window(),
            state=self._state(),
            cites=(self.cite, *(self.overlay_cite(overlay) for overlay in self.overlays)),
            pay=self._pay(),
        )

    def _state(self) -> str:
        name = self.offer.offer
        if self.offer.nature == "inform":
            return "open"
        if self.guide is None:
            return "no_guide"
        if name not in (self.guide.opens or ()) or name in self.guide.closes:
            return "closed"
        return "closed" if self.local is not None and name in self.local.closes else "open"

    def _window(self) -> tuple[int, int] | None:
        if self.guide is None or self.offer.nature == "inform":
            return None
        first, last = self.guide.windows.get(self.offer.offer, (self.guide.start, self.guide.end))
        if self.local is not None and self.offer.offer in self.local.windows:
            start, end = self.local.windows[self.offer.offer]
            if start < first or end > last:
                raise PolicyError((problem("E709", self.local.place, self.offer.offer, name=self.offer.offer),))
            return start, end
        return first, last

    def _pool_gate(self) -> None:
        pool = self.offer.pool
        if pool is None or not pool.among:
            return
        from jarlig.ladder.nodes import Within

        at = Part(self.context.scope.names["at"], "league", Division("league"))
        node = Within(at, Literal(frozenset(pool.among), Some(Choice(pool.among))))
        self.gate("pool.among", node, Words("在名单所列地区", "one of the listed places"), (self.cite,))

    def _formula(self, maker: FormulaMaker) -> Node:
        offer = self.offer
        if offer.pool is not None and offer.formula is None:
            return self._allotted(maker)
        if offer.parts:
            return maker.parts(offer.parts)
        if offer.for_each is not None:
            return maker.rows(offer.for_each)
        assert offer.formula is not None
        return maker.formula(offer.formula, "")

    def _allotted(self, maker: FormulaMaker) -> Node:
        """A transfer from a pool: a stated share of it, or a share that only the allocation run can tell."""
        pool = self.offer.pool
        assert pool is not None
        size = maker.step("pool", "base", figure(pool.amount, MONEY, self.context, "pool"), Words("资金总额", "sum set aside"))
        split = self.context.fills.get("split")
        share: Node
        if pool.split == "factors":
            share = Fact(ALLOCATED_SHARE, Number(PURE, 6, 0, 10**6))
        elif isinstance(split, TreeMapping):
            share = self._shares(split, pool)
        else:
            from jarlig.ladder.nodes import Open

            share = Open("split", Number(PURE, 6, 0, 10**6), "guide")
        ref = maker.step("share", "rate", share, Words("分配份额", "share of the pool"))
        return maker.step("formula", "formula", build.multiply(size, ref), Words("按份额计算", "sum by share"))

    def _shares(self, split: TreeMapping, pool: model.Pool) -> Node:
        shares: list[tuple[str, Node]] = []
        whole = 0
        for code in split.entries:
            if code not in pool.among:
                raise fail("E204", split.keys[code], name=code, valid=", ".join(pool.among), near=nearest(code, pool.among) or "")
            node = build.at_scale(figure(split.entries[code], RATIO, self.context, "split"), 6)
            assert isinstance(node, Literal) and isinstance(node.value, int)
            whole += node.value
            shares.append((code, Literal(node.value, exactly(node.value, 6), node.source)))
        if whole != 10**6:
            raise fail("E710", split, total=f"{whole / 10**4:g}%")
        at = Part(self.context.scope.names["at"], "league", Division("league"))
        level, kind = build.one_kind([node for _, node in shares])
        return Choose(at, tuple((code, node) for (code, _), node in zip(shares, level, strict=True)), kind)

    def _after_formula(self, maker: FormulaMaker, value: Node) -> Node:
        offer = self.offer
        value = maker.caps(offer.caps, value, "")
        value = self._less(maker, value)
        for index, limit in enumerate(offer.limits, 1):
            if limit.amount is not None:
                value = self._amount_limit(maker, index, limit, value)
        return self._floor(maker, value) if offer.floor else value

    def _less(self, maker: FormulaMaker, value: Node) -> Node:
        offer = self.offer
        exclusive = offer.exclusive
        if offer.less_offers:
            before = maker.step("paid_before", "less", self.earlier("amount", offer.less_offers, offer.less_per),
                                Words("此前已获金额", "paid before"))  # fmt: skip
            value = maker.step("difference", "remaining", build.not_below_zero(build.subtract(value, before)), Words("补差", "the difference"))
        if exclusive and exclusive.elsewhere:
            received = self.context.scope.names.get(exclusive.elsewhere)
            fact = self.facts.get(exclusive.elsewhere)
            if received is None or fact is None:
                raise PolicyError((problem("E305", offer.place, exclusive.elsewhere, name=exclusive.elsewhere, offer=offer.offer),))
            if exclusive.keep == "higher":
                got = maker.step("elsewhere", "less", received, fact.title, (self._exclusive_cite(),))
                rest = build.not_below_zero(build.subtract(value, got))
                return maker.step("higher", "remaining", rest, Words("就高不重复，补足差额", "the higher of the two: the difference"))
            none = build.compare("<=", received, Literal(0, build.number_kind(received)))
            self.gate("exclusive.elsewhere", none, Words(f"{fact.title.zh}为零", f"{fact.title.en} is nil"), (self._exclusive_cite(),))
        return value

    def _amount_limit(self, maker: FormulaMaker, index: int, limit: model.Limit, value: Node) -> Node:
        assert limit.amount is not None
        cites = self._limit_cites(limit)
        most = maker.step(f"limit_{index}", "limit", figure(limit.amount, MONEY, self.context, "limit"), Words("累计上限", "limit in total"), cites)
        used = maker.step(f"used_{index}", "less", self.earlier("amount", self._across(limit), limit.per, limit),
                          Words("此前已占用", "used by earlier awards"), cites)  # fmt: skip
        left = maker.step(f"left_{index}", "remaining", build.not_below_zero(build.subtract(most, used)), Words("剩余额度", "what is left"), cites)
        if self.offer.floor:
            low = figure(self.offer.floor.figure, MONEY, self.context, "floor")
            words = Words("剩余额度低于下限", "what is left is below the floor")
            self.doubts.append(Doubt(f"limit_{index}_below_floor", build.compare("<", left, low), words, cites))
        return maker.step(f"limited_{index}", "limited", build.least(value, left), Words("累计上限之内", "within the limit"), cites)

    def _floor(self, maker: FormulaMaker, value: Node) -> Node:
        floor = self.offer.floor
        assert floor is not None
        cites = (Cite("notice", floor.cites or self.offer.cites),)
        low = figure(floor.figure, MONEY, self.context, "floor")
        caps = [step for step in self.steps if step.role == "cap"]
        for cap in caps:
            highest, lowest = build.number_kind(cap.node), build.number_kind(low)
            if isinstance(cap.node, Literal) and highest.high * 10**lowest.scale < lowest.low * 10**highest.scale:
                raise PolicyError((problem("E711", self.offer.place, self.offer.offer, offer=self.offer.offer),))
        ref = maker.step("floor", "floor", low, Words("下限", "floor"), cites)
        self._pool_doubt(low, cites)
        return maker.step("floored", "floored", build.greatest(value, ref), Words("不低于下限", "not below the floor"), cites)

    def _pool_doubt(self, low: Node, cites: tuple[Cite, ...]) -> None:
        """A pool too small for its floors is a question for a person: the floor and the closing clause pull apart."""
        quota = sum(limit.awards or 0 for limit in self.offer.limits if limit.awards and not limit.per)
        for pool, overlay in self._guide_pools():
            need = build.multiply(low, build.literal(max(1, quota), 0))
            size = Literal(_money(pool.amount), Number(CNY, 2, 0, MOST_FEN), overlay.source)
            words = Words("当年资金不足以按下限支持全部名额", "the year's pool is too small for every award at its floor")
            ceiling = tuple(Cite("notice", rule.cites) for rule in self.programme.closing if rule.effect in ("upper_limits", "budget_scales"))
            both = (*cites, *dict.fromkeys(ceiling), self.overlay_cite(overlay))
            self.doubts.append(Doubt(f"pool_{pool.name}_below_floor", build.compare("<", size, need), words, both))

    def _guide_pools(self) -> list[tuple[model.GuidePool, model.Overlay]]:
        if self.guide is None:
            return []
        return [(pool, self.guide) for pool in self.guide.pools.values() if self.offer.offer in pool.offers]

    def _pool_conditions(self) -> list[Condition]:
        found = []
        how = {"pro_rata": Words("按比例核减", "reduced pro rata"), "ranking": Words("按排序支持", "served by rank"),
               "first_come": Words("先到先得", "first come, first served")}  # fmt: skip
        for pool, overlay in self._guide_pools():
            money = _money(pool.amount)
            share = how[pool.share]
            says = Words(
                f"资金池 {money // 100:,} 元，不足时{share.zh}", f"pool of CNY {money // 100:,}, {share.en} when requests exceed it"
            )
            found.append(Condition(f"pool_{pool.name}", says, (self.overlay_cite(overlay),)))
        if self.offer.pool is not None and self.offer.pool.split == "factors":
            says = Words("金额由因素法分配确定", "the sum is set by the allocation run (factor method)")
            found.append(Condition("allocation", says, (self.cite,)))
        return found

    def _pay(self) -> tuple[tuple[Words, int, int], ...]:
        """Instalments as (title, share, scale); the last one takes the rest, so its share is not read."""
        made: list[tuple[Words, int, int]] = []
        total_share = 0
        for index, part in enumerate(self.offer.pay):
            last = index == len(self.offer.pay) - 1
            if part.share is None:
                if not last:
                    raise PolicyError((problem("E202", self.offer.place, "", name="share", where="instalment"),))
                made.append((part.title, 0, 0))
                continue
            node = build.at_scale(figure(part.share, RATIO, self.context, "pay"), 6)
            assert isinstance(node, Literal) and isinstance(node.value, int)
            total_share += node.value
            made.append((part.title, node.value, 6))
        complete = not made or made[-1][2] == 0
        if made and (total_share > 10**6 or (not complete and total_share != 10**6)):
            raise PolicyError((problem("E710", self.offer.place, self.offer.offer, total=f"{total_share / 10**4:g}%"),))
        return tuple(made)


def _day(tree: Tree) -> int:
    if not isinstance(tree, Scalar):
        raise fail("E203", tree, expected="a date", got="something else")
    try:
        return parse_date(tree.text)
    except NumberError as error:
        raise fail("E206", tree, zh=error.zh, en=error.en) from error


def _money(text: Scalar) -> int:
    from jarlig.ladder.numbers import parse_scaled

    try:
        return parse_scaled(text.text, 2)
    except NumberError as error:
        raise fail("E205", text, zh=error.zh, en=error.en) from error


