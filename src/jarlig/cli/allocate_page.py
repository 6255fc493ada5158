"""What ``jarlig allocate`` tells: the account of every pool, the share of every place, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jarlig.allocation.model import Account, Decision
from jarlig.cli import screen
from jarlig.cli.help import pick
from jarlig.ladder.numbers import format_money, format_scaled, half_up
from jarlig.ladder.steps import Cite, Words
from jarlig.policy import model
from jarlig.policy.messages import visible
from jarlig.policy.pools import AMOUNT, WHOLE
from jarlig.words import fmt
from jarlig.words.catalogue import say
from jarlig.words.cites import citation, overlay_name
from jarlig.words.layout import beside

if TYPE_CHECKING:
    from jarlig.allocation.table import Shared
    from jarlig.allocation.terms import Guided, PoolPlan
    from jarlig.allocation.transfers import Transfer

#: An account is a narrow column: a figure far from its label is hard to follow.
MOST_ACCOUNT = 64
#: Other guides that are named in a note.
MOST_YEARS = 5
_SHARES = {
    "pro_rata": "不足时按比例核减 / reduced pro rata when short",
    "ranking": "不足时按排序支持 / served by rank when short",
    "first_come": "不足时先到先得 / first come, first served when short",
}
_FIRST = {"highest": Words("高者优先", " (highest first)"), "lowest": Words("低者优先", " (lowest first)")}
_ASIDE = {
    "other_guide": "属于其他年度指南 / of another year's guide",
    "other_pool": "属于其他资金池 / of other pools",
    "no_award": "仅供参考或划转地方，不在此支付 / told only or passed to a government",
}
_RULES = {"factors": "因素法 / by factors", "shares": "按指南份额 / by the guide's shares"}


class Page:
    """The words of one run, for one programme and guide, in one language."""

    def __init__(self, programme: model.Programme, guided: Guided, lang: str) -> None:
        self.programme, self.guided, self.lang = programme, guided, lang
        self.columns = min(screen.columns(), MOST_ACCOUNT)

    # pools

    def show(self, shared: Shared, out: str) -> None:
        """Prints the account of every pool, what was left aside, and where the rows are."""
        self._head()
        for text in self._told(shared):
            screen.say()
            screen.prose("! " + text, "", "  ")
        each = zip(shared.accounts, shared.plans, shared.offers, shared.nothing, strict=True)
        for account, plan, offers, nothing in each:
            screen.heading(f"{account.pool}  " + self._listed(plan.pool.offers))
            if account.claims:
                screen.prose(self._rule(plan, "on" in shared.rows.column_names), "  ")
            for label, figure in self._figures(account, plan, nothing):
                for line in beside(screen.lines(label, "  ", "    "), figure, self.columns):
                    screen.say(line)
            if account.decision is not None:
                self._decision(account.decision, plan, offers)
        self._aside(shared.aside)
        self._written(shared.rows.num_rows, out)

    def as_json(self, shared: Shared, out: str) -> dict[str, Any]:
        """The same for programs: sums as exact texts in yuan, null while a person must decide."""
        pools = [
            {**self._account_json(account, plan, offers), "nothing": nothing}
            for account, plan, offers, nothing in zip(
                shared.accounts, shared.plans, shared.offers, shared.nothing, strict=True
            )
        ]
        return {
            "programme": self.programme.programme, "guide": self.guided.year, "sample": self.guided.guide.sample,
            "pools": pools, "aside": shared.aside, "other_years": dict(shared.other_years),
            "rows": shared.rows.num_rows, "notes": list(self._told(shared)), "out": out,
        }  # fmt: skip

    def _head(self) -> None:
        stop = "，" if self.lang == "zh" else ", "
        names = (self.programme.title[self.lang], overlay_name(self.guided.guide, self.lang))
        screen.prose(stop.join(names))

    def _told(self, shared: Shared) -> Iterator[str]:
        """What may well be a mistake: nobody takes part, or days of application that another guide governs."""
        year, years = self.guided.year, self._years(shared.other_years)
        if shared.rows.num_rows:
            if years and "other_guide" not in shared.aside:
                yield pick(
                    f"有的申请日期适用其他年度指南：{years}。表中没有 guide 列，这些行按 {year} 年指南参加了分配。 / "
                    f"Days of application that another year's guide governs: {years}. The table has no column guide, "
                    f"so these rows were shared under the guide of {year}.",
                    self.lang,
                )
            return
        if not shared.given:
            why = "表中没有数据行 / the table has no rows"
        elif years:
            why = (
                f"表中的奖补属于其他年度指南：{years}，不是 {year} 年 / "
                f"the awards of the table are of another year's guide, not {year}: {years}"
            )
        elif {"other_pool", "no_award"} & set(shared.aside):
            why = "表中的奖补都不使用这里的资金池 / no award of the table draws on a pool that is shared here"
        else:
            why = "表中没有结论为 award 的行 / no row has the outcome award"
        zh, en = why.split(" / ")
        yield pick(f"没有申请参加分配：{zh}。 / No claim takes part: {en}.", self.lang)

    def _years(self, found: Mapping[str, int]) -> str:
        """Years of other guides with their rows; a column may hold anything, and not all of it is told."""
        named = [visible(year) or pick("未填写 / not given", self.lang) for year in found]
        rows = [f"（{count:,} 行）" if self.lang == "zh" else f" ({count:,})" for count in found.values()]
        told = [name + count for name, count in zip(named, rows, strict=True)]
        return self._listed(told[:MOST_YEARS] + ["…"] * (len(told) > MOST_YEARS))

    def _rule(self, plan: PoolPlan, dated: bool) -> str:
        """How the pool is shared, and the order of its claims."""
        order = [self._title(name, plan) for name in plan.pool.by]
        end = _FIRST[plan.pool.first]
        told = [pick(_SHARES[plan.terms.share], self.lang)]
        if plan.pool.most is not None:
            told.append(pick(f"最多 {plan.pool.most} 个 / at most {plan.pool.most} awards", self.lang))
        if plan.pool.partial == "drop":
            told.append(pick("余额不足全额的不予支持 / what the rest does not cover gets nothing", self.lang))
        by = [name + end[self.lang] for name in order]
        ties = plan.pool.ties or (("on", "case") if dated else ("case",))
        if plan.terms.share == "first_come":
            ties = ("on", *(tie for tie in ties if tie != "on"))
        names = {"on": "申请日期先后 / day of application", "case": "案件编号 / case id"}
        by += [pick(names[tie], self.lang) for tie in dict.fromkeys((*ties, "case"))]
        arrow = "、" if self.lang == "zh" else ", then "
        level = plan.terms.share == "pro_rata" and not any(place.quota.ordered for place in plan.places)
        label = "余数相同时的次序： / Equal remainders in order of " if level else "次序： / In order of "
        order_text = pick(label, self.lang) + arrow.join(by)
        joined = ("，" if self.lang == "zh" else ", ").join(told)
        stop = "。" if self.lang == "zh" else ". "
        return fmt.sentence(joined, self.lang) + stop + order_text + stop.strip()

    def _title(self, name: str, plan: PoolPlan) -> str:
        if name == AMOUNT:
            return pick("测算金额 / capped amount", self.lang)
        facts = (self.programme.fact_defs(self.programme.offers[offer]).get(name) for offer in plan.pool.offers)
        return next((fact.title[self.lang] for fact in facts if fact is not None), name)

    def _figures(self, account: Account, plan: PoolPlan, nothing: int) -> Iterator[tuple[str, str]]:
        yield self._line("指南安排 / Set aside", account.size)
        if account.carried_in:
            yield self._line("上年结转 / Carried in from last year", account.carried_in)
        yield self._line(f"申请 {account.claims:,} 件 / Requested, claims: {account.claims:,}", account.requested)
        if not account.claims:
            yield from self._rest(account, plan)
            return
        if nothing:
            yield pick("其中申请金额为零 / Of these, for 0.00", self.lang), f"{nothing:,}"
        for place in plan.places:
            zh, en = ("每个主体的名额", "Places for each subject") if place.per else ("名额", "Places")
            listed = self._listed(place.offers)
            yield pick(f"{zh}（{listed}） / {en} ({listed})", self.lang), str(place.quota.most)
        if account.floors:
            yield self._line("先保下限 / Kept floors, served first", account.floors)
        if account.decision is not None:
            return
        if account.factor and account.factor != "1":
            words = "超出下限部分的系数 / Factor above the floors" if account.floors else "系数 / Factor"
            yield pick(words, self.lang), f"{account.factor} ≈ {_percent(account.factor)}"
        yield self._line(f"批准 {account.served:,} 件 / Approved, awards: {account.served:,}", account.approved)
        yield from self._rest(account, plan)

    def _line(self, words: str, fen: int | None) -> tuple[str, str]:
        return pick(words, self.lang), "—" if fen is None else fmt.plain_money(fen)

    def _rest(self, account: Account, plan: PoolPlan) -> Iterator[tuple[str, str]]:
        """What is left, and how much of it may stay for next year's pool."""
        yield self._line("结余 / Left", account.left)
        if plan.terms.carry_over:
            share = fmt.percent(plan.terms.carry_over, 6)
            words = f"结转下年（最多 {share}） / Carried over to next year (at most {share})"
            yield self._line(words, account.carried_over)
            if account.lapsed:
                yield self._line("不结转 / Not carried over", account.lapsed)

    def _decision(self, decision: Decision, plan: PoolPlan, offers: Sequence[str]) -> None:
        """Why nothing is told, and the sources that pull apart."""
        screen.prose("✕ " + self._reason(decision), "  ", "    ")
        joined = pick("与 / and ", self.lang).join(
            self._cite(cite) + ("" if self.lang == "zh" else " ") for cite in _sources(decision, plan, offers)
        )
        screen.prose(pick("相互抵触： / These pull apart: ", self.lang) + joined.strip(), "    ")

    def _reason(self, decision: Decision) -> str:
        need, have = fmt.plain_money(decision.need), fmt.plain_money(decision.have)
        texts = {
            "floors": f"须人工裁定：须保的下限合计 {need} 元，超过可用的 {have} 元，不得出系数。 / "
            f"A person must decide: the floors to be kept come to CNY {need}, more than the CNY {have} that there is. "
            "No factor is given.",
            "rest": f"须人工裁定：排到此处时剩余 {have} 元，低于须保的下限 {need} 元。 / "
            f"A person must decide: at the cut point CNY {have} are left, below the floor of CNY {need} to be kept.",
            "order": f"须人工裁定：名额 {decision.have} 个，申请 {decision.need} 件，没有写明先后次序。 / "
            f"A person must decide: more claims ({decision.need}) than places ({decision.have}), and no stated order.",
        }
        text = pick(texts[decision.kind], self.lang)
        return fmt.sentence(text, self.lang) if self.lang == "zh" else text

    def _account_json(self, account: Account, plan: PoolPlan, offers: Sequence[str]) -> dict[str, Any]:
        decision = account.decision
        told = decision and {
            "kind": decision.kind,
            "need": decision.need if decision.kind == "order" else format_money(decision.need),
            "have": decision.have if decision.kind == "order" else format_money(decision.have),
            "says": self._reason(decision),
            "sources": [cite.text for cite in _sources(decision, plan, offers)],
        }
        sums: Mapping[str, int | None] = {
            "size": account.size, "carried_in": account.carried_in, "available": account.available,
            "requested": account.requested, "floors": account.floors, "approved": account.approved,
            "left": account.left, "carried_over": account.carried_over, "lapsed": account.lapsed,
        }  # fmt: skip
        return {
            "pool": account.pool, "offers": list(plan.pool.offers), "share": plan.terms.share,
            "claims": account.claims, "served": account.served, "factor": account.factor or None,
            **{name: None if fen is None else format_money(fen) for name, fen in sums.items()},
            "decision": told,
        }  # fmt: skip

    def _aside(self, aside: Mapping[str, int]) -> None:
        if not aside:
            return
        screen.say()
        parts = []
        for reason, count in aside.items():
            name = pick(_ASIDE[reason], self.lang) if reason in _ASIDE else say(f"outcome.{reason}", self.lang).lower()
            parts.append(f"{name} {count:,} 行" if self.lang == "zh" else f"{name} ({count:,})")
        screen.prose(pick("未参加分配： / Rows that take no part: ", self.lang) + self._joined(parts))

    # places

    def show_transfers(self, transfers: Sequence[Transfer], out: str) -> None:
        """Prints the share and the sum of every place."""
        from jarlig.allocation.transfers import place_name

        self._head()
        for one in transfers:
            offer = self.programme.offers[one.offer]
            screen.heading(f"{one.offer}  {offer.title[self.lang]}")
            rule = pick(_RULES[one.rule], self.lang)
            total = pick("资金总额 / sum set aside", self.lang)
            told = self._joined([rule, f"{total} {fmt.plain_money(one.size)}"])
            screen.prose(fmt.sentence(told, self.lang), "  ")
            if one.weights:
                weights = [f"{self._factor(one.offer, name)} {fmt.percent(w, 6)}" for name, w in one.weights.items()]
                screen.prose(pick("权重： / Weights: ", self.lang) + self._joined(weights), "  ")
            screen.say()
            rows = [
                [place, place_name(place)[self.lang], fmt.percent(share, 6), fmt.plain_money(fen)]
                for place, share, fen in zip(one.places, one.shares, one.amounts, strict=True)
            ]
            sums = fmt.percent(sum(one.shares), 6), fmt.plain_money(sum(one.amounts))
            rows.append([pick("合计 / total", self.lang), "", *sums])
            heads = "代码 / code", "地区 / place", "份额 / share", "金额（元） / CNY"
            screen.table([pick(head, self.lang) for head in heads], rows, [2, 3], totals=1)
        self._written(sum(len(one.places) for one in transfers), out)

    def transfers_json(self, transfers: Sequence[Transfer], out: str) -> dict[str, Any]:
        """The same for programs."""
        return {
            "programme": self.programme.programme,
            "guide": self.guided.year,
            "sample": self.guided.guide.sample,
            "transfers": [
                {
                    "offer": one.offer,
                    "rule": one.rule,
                    "size": format_money(one.size),
                    "weights": {name: format_scaled(weight, 6) for name, weight in one.weights.items()},
                    "places": [
                        {"place": place, "share": format_scaled(share, 6), "approved": format_money(fen)}
                        for place, share, fen in zip(one.places, one.shares, one.amounts, strict=True)
                    ],
                }
                for one in transfers
            ],
            "out": out,
        }

    # small things

    def _factor(self, offer: str, name: str) -> str:
        return self.programme.fact_defs(self.programme.offers[offer])[name].title[self.lang]

    def _cite(self, cite: Cite) -> str:
        return citation(cite, self.programme, self.lang)

    def _listed(self, names: Iterable[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(names)

    def _joined(self, parts: Iterable[str]) -> str:
        return ("，" if self.lang == "zh" else ", ").join(parts)

    def _written(self, rows: int, out: str) -> None:
        """Where the rows are; a path is never broken."""
        screen.say()
        screen.say(pick(f"已写入 {rows:,} 行： / Rows written: {rows:,}, to ", self.lang) + out)


def _sources(decision: Decision, plan: PoolPlan, offers: Sequence[str]) -> tuple[Cite, ...]:
    """What pulls apart: where the floors or the places are written, and the guide that sets the money aside."""
    own = plan.places[decision.quota].cites if decision.kind == "order" else plan.floor_cites(offers)
    return tuple(dict.fromkeys((*own, plan.cite)))


def _percent(factor: str) -> str:
    """A factor as a percentage of four decimals, for reading; the fraction is what counts."""
    exact = Fraction(factor)
    return format_scaled(half_up(exact.numerator * WHOLE, exact.denominator), 4) + "%"
