"""An offer to its ladder: one offer, in one year and one place."""

from __future__ import annotations

from jarlig.ladder import build
from jarlig.ladder.kinds import (
    CNY,
    MOST_FEN,
    PURE,
    Choice,
    Division,
    KindError,
    Number,
    Some,
    exactly,
)
from jarlig.ladder.nodes import (
    Case,
    Choose,
    Fact,
    IsNone,
    Literal,
    Node,
    Open,
    Part,
    Within,
)
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import Cite, Condition, Doubt, Ladder, Step, Words
from jarlig.policy import model, pools
from jarlig.policy.context import MONEY, RATIO
from jarlig.policy.figures import figure
from jarlig.policy.formulary import FLOOR, FLOORED, FormulaMaker
from jarlig.policy.gates import Gated
from jarlig.policy.ground import ALLOCATED_SHARE, money_of
from jarlig.policy.messages import PolicyError, nearest, problem
from jarlig.policy.shape import describe, fail
from jarlig.policy.text import Mapping as TreeMapping, Tree

#: Shares and weights are written ratios, in millionths of the whole.
RATIO_SCALE, WHOLE = 6, 10**6


def compile_offer(
    programme: model.Programme, offer: model.Offer, guide: model.Overlay | None, places: tuple[model.Overlay, ...]
) -> Ladder:
    """The ladder of an offer under a guide and the rules of a place, those of the wider place first.

    Raises:
        PolicyError: with every problem found in the offer and its overlays.
    """
    return _Compiler(programme, offer, guide, places).ladder()


def split_of(programme: model.Programme, offer: model.Offer, guide: model.Overlay) -> dict[str, int]:
    """How a guide splits the pool of a transfer: shares of places or weights of factors, in millionths; empty if open.

    Raises:
        PolicyError: they do not name each, or do not make up the whole.
    """
    return _Compiler(programme, offer, guide, ()).split()


class _Compiler(Gated):
    """Gates, formula, caps, floor, difference, limits, rounding: in that order."""

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
        return "closed" if any(name in place.closes for place in self.places) else "open"

    def _window(self) -> tuple[int, int] | None:
        if self.guide is None or self.offer.nature == "inform":
            return None
        whole = self.guide.windows.get(self.offer.offer, (self.guide.start, self.guide.end))
        first, last = whole
        for place in self.places:
            start, end = place.windows.get(self.offer.offer, (first, last))
            if end < whole[0] or start > whole[1]:  # said for another year's applications
                continue
            if start < first or end > last:
                raise PolicyError((problem("E709", place.place, self.offer.offer, name=self.offer.offer),))
            first, last = start, end
        return first, last

    def _pool_gate(self) -> None:
        pool = self.offer.pool
        if pool is None or not pool.among:
            return
        node = Within(self._place(pool), Literal(frozenset(pool.among), Some(Choice(pool.among))))
        self.gate("pool.among", node, Words("在名单所列地区", "one of the listed places"), (self.cite,))

    def _place(self, pool: model.Pool) -> Node:
        """The place of the case at the level of the listed codes: leagues and cities, or counties."""
        level = "league" if all(code.endswith("00") for code in pool.among) else "county"
        return Part(self.context.scope.names["at"], level, Division(level))

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
        size = maker.step(
            "pool", "base", figure(pool.amount, MONEY, self.context, "pool"), Words("资金总额", "sum set aside")
        )
        split = self._split()
        share: Node
        if pool.split == "factors":
            if isinstance(split, TreeMapping):
                self._weights(split, pool.factors)
            share = Fact(ALLOCATED_SHARE, Number(PURE, 6, 0, 10**6))
        elif isinstance(split, TreeMapping):
            share = self._shares(split, pool)
        else:
            share = Open("split", Number(PURE, 6, 0, 10**6), "guide")
        ref = maker.step("share", "rate", share, Words("分配份额", "share of the pool"))
        return maker.step("formula", "formula", build.multiply(size, ref), Words("按份额计算", "sum by share"))

    def _split(self) -> TreeMapping | None:
        split = self.context.fills.get("split")
        if split is not None and not isinstance(split, TreeMapping):
            raise fail("E203", split, expected="a mapping", got=describe(split))
        return split

    def split(self) -> dict[str, int]:
        """The weights of the pool's split as they are filled."""
        pool, split = self.offer.pool, self._split()
        if pool is None or split is None:
            return {}
        weights = self._weights(split, pool.factors if pool.split == "factors" else pool.among)
        return {name: node.value for name, node in weights if isinstance(node.value, int)}

    def _shares(self, split: TreeMapping, pool: model.Pool) -> Node:
        shares = self._weights(split, pool.among)
        level, kind = build.one_kind([literal for _, literal in shares])
        table = tuple((code, node) for (code, _), node in zip(shares, level, strict=True))
        return Choose(self._place(pool), table, kind)

    def _weights(self, split: TreeMapping, names: tuple[str, ...]) -> list[tuple[str, Literal]]:
        """Written ratios that add up to the whole: shares of a closed list of places, or weights of factors."""
        weights: list[tuple[str, Literal]] = []
        whole = 0
        for name, tree in split.entries.items():
            if name not in names:
                near = nearest(name, names) or ""
                raise fail("E204", split.keys[name], name=name, valid=", ".join(names), near=near)
            value = self._ratio(tree, "split")
            whole += value
            source = self.source_of(tree.place.file)
            weights.append((name, Literal(value, exactly(value, RATIO_SCALE), source)))
        for name in names:
            if name not in split.entries:
                raise fail("E603", split, name=name)
        if whole != WHOLE:
            raise fail("E710", split, total=f"{format_scaled(whole, RATIO_SCALE - 2)}%")
        return weights

    def _ratio(self, tree: Tree, key: str) -> int:
        """A ratio as written, in millionths."""
        node = figure(tree, RATIO, self.context, key)
        if not isinstance(node, Literal) or not isinstance(node.value, int):
            raise fail("E605", tree, want="a written ratio", got=node.kind.text)
        scale = build.number_kind(node).scale
        if scale > RATIO_SCALE:
            raise fail("E503", tree, most=RATIO_SCALE - 2)
        return int(node.value * 10 ** (RATIO_SCALE - scale))

    def _after_formula(self, maker: FormulaMaker, value: Node) -> Node:
        offer = self.offer
        value = maker.caps(offer.caps, value, "")
        value = self._floor(maker, value) if offer.floor else value
        value = self._less(maker, value)
        for index, limit in enumerate(offer.limits, 1):
            if limit.amount is not None:
                value = self._amount_limit(maker, index, limit, value)
        return value

    def _less(self, maker: FormulaMaker, value: Node) -> Node:
        offer = self.offer
        exclusive = offer.exclusive
        if offer.less_offers:
            before = maker.step(
                "paid_before",
                "less",
                self.earlier("amount", offer.less_offers, offer.less_per),
                Words("此前已获金额", "paid before"),
            )
            value = maker.step(
                "difference",
                "remaining",
                build.not_below_zero(build.subtract(value, before)),
                Words("补差", "the difference"),
            )
        if exclusive and exclusive.elsewhere:
            received = self.context.scope.names.get(exclusive.elsewhere)
            fact = self.facts.get(exclusive.elsewhere)
            if received is None or fact is None:
                raise PolicyError(
                    (problem("E305", offer.place, exclusive.elsewhere, name=exclusive.elsewhere, offer=offer.offer),)
                )
            if fact.or_none:  # nothing received
                (nil, got), kind = build.one_kind([Literal(0, build.number_kind(received)), received])
                received = Case(((IsNone(received), nil),), got, kind)
            if exclusive.keep == "higher":
                got = maker.step("elsewhere", "less", received, fact.title, (self._exclusive_cite(),))
                rest = build.not_below_zero(build.subtract(value, got))
                return maker.step(
                    "higher", "remaining", rest, Words("就高不重复，补足差额", "the higher of the two: the difference")
                )
            none = build.compare("<=", received, Literal(0, build.number_kind(received)))
            self.gate(
                "exclusive.elsewhere",
                none,
                Words(f"{fact.title.zh}为零", f"{fact.title.en} is nil"),
                (self._exclusive_cite(),),
            )
        return value

    def _amount_limit(self, maker: FormulaMaker, index: int, limit: model.Limit, value: Node) -> Node:
        assert limit.amount is not None
        cites = self._limit_cites(limit)
        total = figure(limit.amount, MONEY, self.context, "limit")
        lowered_by = self.sources(total)[1:]
        most = maker.step(
            f"limit_{index}",
            "limit",
            total,
            Words("累计上限", "limit in total"),
            (*cites, *lowered_by),
            key=f"limit.{index}",
        )
        used = maker.step(
            f"used_{index}",
            "less",
            self.earlier("amount", self._across(limit), limit.per, limit),
            Words("此前已占用", "used by earlier awards"),
            cites,
        )
        left = maker.step(
            f"left_{index}",
            "remaining",
            build.not_below_zero(build.subtract(most, used)),
            Words("剩余额度", "what is left"),
            cites,
        )
        if self.offer.floor:
            low = figure(self.offer.floor.figure, MONEY, self.context, "floor")
            words = Words("剩余额度低于下限", "what is left is below the floor")
            self.doubts.append(Doubt(f"limit_{index}_below_floor", build.compare("<", left, low), words, cites))
        return maker.step(
            f"limited_{index}", "limited", build.least(value, left), Words("累计上限之内", "within the limit"), cites
        )

    def _floor(self, maker: FormulaMaker, value: Node) -> Node:
        floor = self.offer.floor
        assert floor is not None
        cites = (Cite("notice", floor.cites or self.offer.cites),)
        low = figure(floor.figure, MONEY, self.context, "floor")
        ref = maker.step("floor", "floor", low, FLOOR, (*cites, *self.sources(low)[1:]))
        maker.caps_below(ref, "", self.offer.place)
        self._pool_doubt(low, cites)
        return maker.step("floored", "floored", build.greatest(value, ref), FLOORED, cites)

    def _pool_doubt(self, low: Node, cites: tuple[Cite, ...]) -> None:
        """A pool too small for its floors is a question for a person: the floor and the closing clause pull apart."""
        quota = sum(limit.awards or 0 for limit in self.offer.limits if limit.awards and not limit.per)
        for pool, overlay in self._guide_pools():
            places = min((most for most in (quota, pool.most) if most), default=1)
            need = build.multiply(low, build.literal(places, 0))
            size = Literal(money_of(pool.amount), Number(CNY, 2, 0, MOST_FEN), overlay.source)
            words = Words(
                "当年资金不足以按下限支持全部名额", "the year's pool is too small for every award at its floor"
            )
            ceiling = tuple(
                Cite("notice", rule.cites)
                for rule in self.programme.closing
                if rule.effect in ("upper_limits", "budget_scales")
            )
            both = (*cites, *dict.fromkeys(ceiling), self.overlay_cite(overlay))
            self.doubts.append(Doubt(f"pool_{pool.name}_below_floor", build.compare("<", size, need), words, both))

    def _guide_pools(self) -> list[tuple[model.GuidePool, model.Overlay]]:
        if self.guide is None:
            return []
        return [(pool, self.guide) for pool in self.guide.pools.values() if self.offer.offer in pool.offers]

    def _pool_conditions(self) -> list[Condition]:
        found = []
        for pool, overlay in self._guide_pools():
            says = pools.says(pool, self.facts, self.offer.offer)
            found.append(Condition(f"pool_{pool.name}", says, (self.overlay_cite(overlay),)))
        if self.offer.pool is not None and self.offer.pool.split == "factors":
            says = Words("金额由因素法分配确定", "the sum is set by the allocation run (factor method)")
            found.append(Condition("allocation", says, (self.cite,)))
        return found

    def _pay(self) -> tuple[tuple[Words, int, int], ...]:
        """Instalments as (title, share, scale); the last one takes the rest, so its share is not read."""
        parts = self.offer.pay
        if any(part.share is None for part in parts[:-1]):
            raise PolicyError((problem("E202", self.offer.place, "", name="share", where="instalment"),))
        shares = [0 if part.share is None else self._ratio(part.share, "pay") for part in parts]
        rest = bool(parts) and parts[-1].share is None
        if parts and (sum(shares) > WHOLE or (not rest and sum(shares) != WHOLE)):
            total = f"{format_scaled(sum(shares), RATIO_SCALE - 2)}%"
            raise PolicyError((problem("E710", self.offer.place, self.offer.offer, total=total),))
        return tuple((part.title, share, RATIO_SCALE) for part, share in zip(parts, shares, strict=True))
