"""Sums that go to governments (转移支付): each place's share, by factors or of a closed list, as the guide says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from jarlig.allocation.closed_list import by_shares
from jarlig.allocation.columns import MOST_TOLD, Ints, below_header, money
from jarlig.allocation.factors import NoScore, factor_shares
from jarlig.allocation.terms import Guided, written_sum
from jarlig.ladder.kinds import Division, Number
from jarlig.ladder.numbers import NumberError, format_scaled
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.messages import Place, PolicyError, Problem, nearest, problem
from jarlig.policy.offers import split_of
from jarlig.policy.values import converter
from jarlig.reference.divisions import divisions
from jarlig.reference.errors import BadCode, UnknownDivision

#: The columns of a table of scores beside one for each factor.
NEEDED = {"offer": Words("奖补事项", "the offer"), "place": Words("区划代码", "the division code of the place")}
#: Decimals of a share.
DIGITS = 6
_BY_CODE = ("", "division code")
_EMPTY = Words("空格表示未知，没有得分请写 0", "an empty cell is unknown; write 0 for no score")


@dataclass(frozen=True)
class Transfer:
    """A sum divided among places: for each its scores as texts, its share in millionths and its fen.

    ``weights`` are those of the factors, in millionths; empty for a closed list.
    """

    offer: str
    size: int
    weights: dict[str, int]
    places: tuple[str, ...]
    scores: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    amounts: tuple[int, ...]

    @property
    def rule(self) -> str:
        """``factors`` or ``shares``."""
        return "factors" if self.weights else "shares"


def closed_list(guided: Guided, offer: str) -> Transfer:
    """The sum of an offer divided among its closed list of places (转移支付), by the shares that the guide fills.

    Raises:
        PolicyError: E811, E852 or E857: there is no such sum, or something of it is open.
    """
    found, pool, size = _sum(guided, offer, "shares")
    shares = split_of(guided.programme, found, guided.guide)
    if not shares:
        raise _open(guided, offer, Words("指南没有填写份额", "the guide has not filled in the shares"))
    places = sorted(pool.among)
    millionths = [shares[place] for place in places]
    amounts = by_shares(millionths, size, places)
    return Transfer(offer, size, {}, tuple(places), tuple(() for _ in places), tuple(millionths), tuple(amounts))


def by_scores(
    table: pa.Table, file: str, guided: Guided, only: str = "", lines: Ints | None = None
) -> tuple[Transfer, ...]:
    """The sums of all offers of a table of scores, divided by factors (因素法).

    Args:
        table: ``offer``, ``place``, and a column for each factor; a row for each place.
        file: what messages call it.
        guided: the programme under the guide of the year.
        only: an offer; rows of others are left aside. All when empty.
        lines: on which line of the file each row begins; one below the other under a header when not given.

    Raises:
        PolicyError: what is wrong with the table, each with its row, or what the guide has left open.
    """
    rows = [{name: _text(value) for name, value in row.items()} for row in table.to_pylist()]
    whole = Place(file, 0, 0)
    for name, what in NEEDED.items():
        if name not in table.column_names:
            raise _lacks(whole, name, what, table.column_names)
    offers = dict.fromkeys(row["offer"] or "" for row in rows if only in ("", row["offer"]))
    places = [Place(file, int(line), 0) for line in (below_header(len(rows)) if lines is None else lines)]
    known: dict[str, None] = dict.fromkeys(NEEDED)
    for offer in offers:
        known.update(dict.fromkeys(_sum(guided, offer, "factors")[1].factors))
    for name in table.column_names if offers else ():
        if name not in known and not only:
            near, valid = nearest(name, known) or "", ", ".join(known)
            raise PolicyError((problem("E850", whole, name, name=name, near=near, valid=valid),))
    made = []
    for offer in offers:
        own = [(place, row) for place, row in zip(places, rows, strict=True) if row["offer"] == offer]
        made.append(_by_factors(guided, offer, own, whole, table.column_names))
    return tuple(made)


def as_table(transfers: Sequence[Transfer]) -> pa.Table:
    """One row a place: its scores, its share and what it gets."""
    factors = tuple(dict.fromkeys(name for one in transfers for name in one.weights))
    columns: dict[str, list[Any]] = {
        name: [] for name in ("offer", "place", "place_zh", "place_en", *factors, "rule", "share")
    }
    for one in transfers:
        for place, scores, share in zip(one.places, one.scores, one.shares, strict=True):
            name = place_name(place)
            given = dict(zip(one.weights, scores, strict=True))
            told = format_scaled(share, DIGITS)
            values = (one.offer, place, name.zh, name.en, *map(given.get, factors), one.rule, told)
            for column, value in zip(columns.values(), values, strict=True):
                column.append(value)
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    fen = np.array([fen for one in transfers for fen in one.amounts], np.int64)
    return table.append_column("approved", money(fen))


def place_name(code: str) -> Words:
    """The name of a place by the shipped table of divisions; its code where the table does not have it."""
    try:
        found = divisions().division(code)
    except (BadCode, UnknownDivision):
        return Words(code, code)
    return Words(found.zh, found.en)


def _by_factors(
    guided: Guided, name: str, rows: list[tuple[Place, dict[str, str | None]]], whole: Place, given: list[str]
) -> Transfer:
    offer, pool, size = _sum(guided, name, "factors")
    weights = split_of(guided.programme, offer, guided.guide)
    if not weights:
        raise _open(guided, name, Words("指南没有填写权重", "the guide has not filled in the weights"))
    facts = guided.programme.fact_defs(offer)
    kinds = {name: fact.kind for name, fact in facts.items() if isinstance(fact.kind, Number)}
    for factor in pool.factors:
        if factor not in kinds:
            values = {"name": factor, "offer": name, "near": nearest(factor, kinds) or "", "valid": ", ".join(kinds)}
            raise PolicyError((problem("E843", pool.place, factor, **values),))
        if factor not in given:
            raise _lacks(whole, factor, facts[factor].title, given)
    problems: list[Problem] = []
    codes: dict[str, int] = {}
    scores, shown = [], []
    for at, row in rows:
        code = _place(at, row["place"] or "", pool, codes, problems)
        codes.setdefault(code, at.line)
        scores.append([_score(at, row[factor], factor, kinds[factor], problems) for factor in pool.factors])
        shown.append(tuple(row[factor] or "" for factor in pool.factors))
    missing = [code for code in pool.among if code not in codes]
    if missing and not problems:
        why = Words("名单内的地区缺少得分", "a place of the list has no row")
        problems += [problem("E854", whole, code, zh=why.zh, en=why.en) for code in missing]
    if problems:
        raise PolicyError(tuple(problems[:MOST_TOLD]))
    places = [row["place"] or "" for _, row in rows]
    try:
        shares = factor_shares(scores, [weights[factor] for factor in pool.factors], places)
    except NoScore as error:
        raise PolicyError((problem("E853", whole, "", name=pool.factors[error.factor]),)) from error
    ordered = {factor: weights[factor] for factor in pool.factors}
    return Transfer(
        name, size, ordered, tuple(places), tuple(shown), tuple(shares), tuple(by_shares(shares, size, places))
    )


def _sum(guided: Guided, name: str, split: str) -> tuple[model.Offer, model.Pool, int]:
    """An offer that divides a sum so, and the sum."""
    plan = guided.plans.plan(guided.guide.start, guided.year)
    offer = plan.offer(name)
    pool = offer.pool
    if pool is None or offer.formula is not None or pool.split != split:
        how = Words("因素", "factors") if split == "factors" else Words("份额", "shares")
        raise _open(guided, name, Words(f"它不按{how.zh}分配", f"it is not divided by {how.en}"))
    if pool.ties not in _BY_CODE:
        raise PolicyError((problem("E857", pool.place, pool.ties, offer=name),))
    ladder = plan.ladder(name)
    if ladder.state != "open":
        raise _open(guided, name, Words("该年度未开放", "the guide does not open it"))
    size = written_sum(ladder.step("pool").node)
    if size is None:
        raise _open(guided, name, Words("资金总额尚未确定", "the sum is not set yet"))
    return offer, pool, size


def _place(at: Place, code: str, pool: model.Pool, seen: dict[str, int], problems: list[Problem]) -> str:
    """A division code of 6 digits, of the list where there is one, and new."""
    why: Words | None = None
    try:
        converter(Division("county"))(code)
    except NumberError as error:
        why = Words(error.zh, error.en)
    if why is None and pool.among and code not in pool.among:
        why = Words(f"名单为 {'、'.join(pool.among)}", f"the list is {', '.join(pool.among)}")
    if why is None and code in seen:
        why = Words(f"已见于第 {seen[code]} 行", f"it stands in row {seen[code]} already")
    if why is not None:
        problems.append(problem("E854", at, code, zh=why.zh, en=why.en))
    return code


def _score(at: Place, text: str | None, name: str, kind: Number, problems: list[Problem]) -> int:
    """A score in units of its fact; unknown is no zero."""
    try:
        if text is None:
            raise NumberError(_EMPTY.zh, _EMPTY.en)
        value: int = converter(kind)(text)
        if value < 0:
            raise NumberError("得分不能为负", "a score cannot be negative")
    except NumberError as error:
        problems.append(problem("E847", at, text or "", name=name, zh=error.zh, en=error.en))
        return 0
    return value


def _text(value: Any) -> str | None:
    return None if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def _lacks(whole: Place, name: str, what: Words, given: Sequence[str]) -> PolicyError:
    values = {"name": name, "near": nearest(name, given) or "", "zh": what.zh, "en": what.en}
    return PolicyError((problem("E846", whole, name, **values),))


def _open(guided: Guided, offer: str, why: Words) -> PolicyError:
    return PolicyError((problem("E852", guided.file, offer, offer=offer, year=guided.year, zh=why.zh, en=why.en),))
