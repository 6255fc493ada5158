"""Take-up against budget (资金池): what is asked of each pool under each set of rules, and what sharing comes to.

How a pool is shared is the rule of `allocation`. Where nothing but sums matters (pro rata, without floors and quotas)
the sums are enough; else the claims themselves are shared. A pool that is ranked needs numbers which a comparison does
not have: it is told as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from jarlig.allocation.model import Account
from jarlig.allocation.table import share
from jarlig.allocation.terms import Guided, PoolPlan
from jarlig.engines.sql.asking import Asked, Rules
from jarlig.ladder.numbers import format_money
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.ground import money_of
from jarlig.policy.messages import PolicyError
from jarlig.policy.pools import AMOUNT
from jarlig.whatif.compare import Comparer
from jarlig.whatif.compared import PoolLine, Shares

_BY_ORDER = {
    "ranking": Words("按排序支持，须有排序所用的数据", "served by rank: the numbers to rank by decide"),
    "first_come": Words("先到先得", "first come, first served"),
}
_DECISIONS = {
    "floors": Words("下限合计 {need} 元，超过可用的 {have} 元，须人工裁定",
                    "a person must decide: floors of {need} do not fit into {have}"),
    "rest": Words("排到某件时剩余 {have} 元，低于下限 {need} 元，须人工裁定",
                  "a person must decide: {have} are left at the cut point, below a floor of {need}"),
    "order": Words("名额 {have} 个，申请 {need} 件，未写明先后，须人工裁定",
                   "a person must decide: {need} claims for {have} places, and no stated order"),
}  # fmt: skip


@dataclass(frozen=True)
class _Side:
    """One set of rules, and what its claims ask for by guide year and offer."""

    number: int
    asked: Asked
    requests: Mapping[tuple[int, str], tuple[int, int, int]]


def pools(comparer: Comparer, folder: Path) -> tuple[PoolLine, ...]:
    """Every pool of the guides that govern a case, under both sets of rules.

    Args:
        comparer: the answers.
        folder: where claims that must be shared one by one are written.
    """
    both = comparer.before, comparer.after
    sides = [_Side(number, asked, comparer.requests(number)) for number, asked in enumerate(both)]
    found: dict[tuple[int, str], list[Shares | None]] = {}
    offers: dict[tuple[int, str], tuple[str, ...]] = {}
    for side in sides:
        for year, programme in governing(side.asked).items():
            for pool in programme.guides[year].pools.values():
                if not set(pool.offers) & set(comparer.offers):
                    continue
                key = year, pool.name
                shares = _shares(comparer, side, programme, year, pool, folder)
                found.setdefault(key, [None, None])[side.number] = shares
                offers[key] = pool.offers
    return tuple(
        PoolLine(*key, offers[key], (one, other), tuple(name for name in offers[key] if name not in comparer.offers))
        for key, (one, other) in sorted(found.items())
    )


def governing(asked: Asked) -> dict[int, model.Programme]:
    """The guides that govern a case, by year, each in the programme that has it.

    A pool is one sum for its year: where a reform governs some of the claims of a guide, the guide of the reform is
    the one whose pools count.
    """
    rules, found = asked.rules, dict[int, model.Programme]()
    for plan in sorted(asked.plans):
        guide = rules.numbers.plan(plan).guide
        if guide is not None and guide.year is not None:
            amended = is_amended(rules, plan)
            found[guide.year] = rules.amended.programme if amended and rules.amended else found.get(
                guide.year, rules.programme
            )  # fmt: skip
    return dict(sorted(found.items()))


def is_amended(rules: Rules, plan: int) -> bool:
    """Whether a plan is one of a reform."""
    return rules.amended is not None and plan >= rules.numbers.first_amended


def _shares(
    comparer: Comparer, side: _Side, programme: model.Programme, year: int, pool: model.GuidePool, folder: Path
) -> Shares:
    listed = [side.requests.get((year, offer), (0, 0, 0)) for offer in pool.offers]
    claims, requested, unknown = (sum(values) for values in zip(*listed, strict=True))
    size = money_of(pool.amount)
    told = Shares(size, claims, requested, pool.share, _ranked_by(programme, pool), unknown)
    try:
        plan = Guided(programme, year, only=pool.name).pools[pool.name]
        if not plan.places and (requested <= size or _only_sums(plan)):
            factor = Fraction(1) if requested <= size else Fraction(size, requested)
            return _with(told, factor=factor, approved=min(size, requested))
        if pool.share == "ranking" or any(place.by for place in plan.places):
            return _with(told, why=_BY_ORDER["ranking"])
        account = _account(comparer, side, programme, year, pool, folder)
    except PolicyError as error:  # what allocation lacks to share it, such as awards of earlier years
        first = error.problems[0]
        return _with(told, why=Words(first.zh, first.en))
    if account.decision is not None:
        counted = account.decision.kind == "order"
        need, have = (
            f"{value:,}" if counted else format_money(value) for value in (account.decision.need, account.decision.have)
        )
        words = _DECISIONS[account.decision.kind]
        return _with(told, why=Words(words.zh.format(need=need, have=have), words.en.format(need=need, have=have)))
    factor_text = account.factor
    return _with(
        told, factor=Fraction(factor_text) if factor_text else None, floors=account.floors, approved=account.approved,
        why=None if factor_text else _BY_ORDER["first_come"],
    )  # fmt: skip


def _with(shares: Shares, **changes: Any) -> Shares:
    return Shares(**{**shares.__dict__, **changes})


def _only_sums(plan: PoolPlan) -> bool:
    """Whether one factor shares the pool, whoever asks: pro rata, and nobody's floor is kept."""
    return plan.terms.share == "pro_rata" and not plan.floors and not plan.pool.floor


def _account(
    comparer: Comparer, side: _Side, programme: model.Programme, year: int, pool: model.GuidePool, folder: Path
) -> Account:
    """The pool shared among its very claims."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = folder / f"pool-{side.number}-{year}-{pool.name}"
    target.mkdir()
    query = comparer.claims(side.number, year, pool.offers, side.asked.rules.at)
    tables = [pq.read_table(part) for part in comparer.backend.write(query, target)]
    (account,) = share(pa.concat_tables(tables), pool.name, Guided(programme, year, only=pool.name)).accounts
    return account


def _ranked_by(programme: model.Programme, pool: model.GuidePool) -> tuple[Words, ...]:
    """The numbers by which claims are put in order, by the titles of their facts."""
    names = []
    for name in pool.by:
        facts = [programme.fact_defs(programme.offers[offer]).get(name) for offer in pool.offers]
        title = next((fact.title for fact in facts if fact is not None), Words(name, name))
        names.append(Words("测算金额", "capped amount") if name == AMOUNT else title)
    return tuple(names)
