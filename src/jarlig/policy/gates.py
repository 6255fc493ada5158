"""Gates of an offer: its own conditions, those of the guide and the place, and what limits read from history."""

from __future__ import annotations

from jarlig.ladder import build
from jarlig.ladder.kinds import (
    CNY,
    MOST_FEN,
    Number,
    integer,
)
from jarlig.ladder.nodes import (
    Earlier,
    Node,
    Window,
)
from jarlig.ladder.steps import Cite, Condition, Step, Words
from jarlig.policy import model
from jarlig.policy.expressions import compile_expression, compile_test
from jarlig.policy.ground import Ground
from jarlig.policy.messages import PolicyError, problem


class Gated(Ground):
    """The ground with its gates."""

    def gate(self, key: str, node: Node, label: Words, cites: tuple[Cite, ...]) -> None:
        name = f"gate_{len(self.gates) + 1}"
        self.steps.append(Step(name, "gate", node, label, cites, key))
        self.gates.append(name)

    def _tests(self, tests: tuple[model.Test, ...], key: str, cites: tuple[Cite, ...]) -> None:
        first = 1 + sum(step.key.startswith(f"{key}.") for step in self.steps)  # a county counts on from its league
        for index, test in enumerate(tests, first):
            node = compile_test(test.expression, self.context.scope)
            where = cites
            if test.cites:
                where = (
                    (Cite(cites[0].source, test.cites, cites[0].sample),) if cites else (Cite("notice", test.cites),)
                )
            self.gate(f"{key}.{index}", node, test.says or self._test_label(test), where)

    def _test_label(self, test: model.Test) -> Words:
        text = test.expression.text
        named = self.programme.conditions.get(text)
        if named is not None:
            return named.title
        fact = self.facts.get(text.removeprefix("not "))
        if fact is not None:
            return fact.title if text == fact.name else Words(f"“{fact.title.zh}”为否", f"“{fact.title.en}” is no")
        return Words("", "")

    def _overlay_gates(self) -> None:
        for overlay in self.overlays:
            if (
                overlay.gates
                and self.offer.nature == "award"
                and (not overlay.gates_for or self.offer.offer in overlay.gates_for)
            ):
                ref = overlay.gates_cites
                self._tests(overlay.gates, f"{overlay.kind}_gates", (self.overlay_cite(overlay, ref),))

    def _history_gates(self) -> None:
        offer = self.offer
        if offer.claims.start:
            start = self.context.scope.names[offer.claims.start]
            title = self.facts[offer.claims.start].title if offer.claims.start in self.facts else Words("", "")
            text = Words(f"{title.zh}不晚于申请日", f"{title.en} is not after the day of application")
            self.gate("claims.from", build.compare("<=", start, self.context.scope.names["on"]), text, (self.cite,))
        if offer.claims.start and offer.claims.years:
            node = build.compare("<=", self.context.scope.names["claim_year"], build.literal(offer.claims.years, 0))
            text = Words(f"在前 {offer.claims.years} 年内申报", f"claimed within the first {offer.claims.years} years")
            self.gate("claims.years", node, text, (self.cite,))
        if offer.after:
            names = ", ".join(offer.after)
            node = build.compare(">=", self.earlier("awards", offer.after, offer.after_per), build.literal(1, 0))
            self.gate(
                "after", node, Words(f"先获得 {names} 的奖补", f"an award under {names} came first"), (self.cite,)
            )
        if offer.exclusive and offer.exclusive.offers:
            names = ", ".join(offer.exclusive.offers)
            node = build.compare(
                "<=", self.earlier("awards", offer.exclusive.offers, offer.exclusive.per), build.literal(0, 0)
            )
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
            node = build.compare(
                "<", self.earlier("awards", self._across(limit), limit.per, limit), build.literal(limit.awards, 0)
            )
            says = Words(f"此前获奖补不足 {limit.awards} 次", f"fewer than {limit.awards} earlier awards")
            once = Words("此前未获得过此项奖补", "no earlier award of this kind")
            self.gate(key, node, once if limit.awards == 1 else says, cites)
        elif limit.years is not None:
            node = build.compare(
                "<", self.earlier("years", self._across(limit), limit.per, limit), build.literal(limit.years, 0)
            )
            row = Words("连续", " consecutive") if limit.in_a_row else Words("", "")
            self.gate(
                key, node, Words(f"不超过{row.zh} {limit.years} 年", f"at most {limit.years}{row.en} years"), cites
            )

    def _across(self, limit: model.Limit) -> tuple[str, ...]:
        return limit.across or (self.offer.offer,)

    def earlier(self, what: str, offers: tuple[str, ...], per: str, limit: model.Limit | None = None) -> Earlier:
        """The part of the history that a limit reads."""
        keys = tuple((key, self._subject_node(key)) for key in self.programme.subjects.get(per, ()))
        first, last = self.programme.valid
        over = limit.over if limit else "ever"
        window = (
            Window(over, limit.months if limit else 0, first, last) if over in ("validity", "rolling") else Window(over)
        )
        high = MOST_FEN if what == "amount" else 10**6
        kind = Number(CNY, 2, 0, high) if what == "amount" else integer(0, high)
        streak = limit.after_a_gap if limit and limit.in_a_row else ""
        opened = tuple(
            sorted(
                g.year
                for g in self.programme.guides.values()
                if g.year and any(o in (g.opens or ()) and o not in g.closes for o in offers)
            )
        )
        breaks = bool(limit) and limit.year_not_open == "breaks" if limit else False
        return Earlier(what, offers, keys, window, kind, streak, breaks, opened if streak else ())

    def _subject_node(self, key: str) -> Node:
        found = self.context.scope.names.get(key)
        if found is None:
            raise PolicyError((problem("E305", self.offer.place, key, name=key, offer=self.offer.offer),))
        return found
