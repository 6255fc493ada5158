"""How a guide's pool (资金池) is written, and how an answer tells it: who comes first, how many, what is never cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jarlig.ladder.kinds import Number
from jarlig.ladder.numbers import NumberError, format_scaled, parse_decimal, parse_percent
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.formulas import NUMBER
from jarlig.policy.ground import money_of
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.offer_parts import IDS, NAMES
from jarlig.policy.shape import Field, ListOf, OneOf, Record, Whole, fail
from jarlig.policy.text import Scalar

#: What orders claims by number without being a fact: the capped amount.
AMOUNT = "amount"
#: Shares of a pool are held in millionths of the whole.
WHOLE = 10**6
_DIGITS = 6


def _pool(place: Place, **v: Any) -> model.GuidePool:
    """A pool whose keys fit how it is shared: each says something there, and an order that is needed is stated."""
    share, by, ties, most = v["share"], v["by"], v["ties"], v["most"]
    idle = [
        ("by", bool(by) and share == "first_come"),
        ("first", v["first"] is not None and not by),
        ("partial", v["partial"] is not None and share == "pro_rata"),
    ]
    for name, stands in idle:
        if stands:
            raise PolicyError((problem("E841", place, name, name=name, share=share),))
    if share == "pro_rata" and most is not None and not (by or ties):
        raise PolicyError((problem("E842", place, "most"),))
    money = money_of(v["amount"])
    floor = 0 if v["floor"] is None else money_of(v["floor"])
    for tree, value in ((v["amount"], money), (v["floor"], floor)):
        if value < 0:
            raise fail("E606", tree)
    carried = 0 if v["carry_over"] is None else _part(v["carry_over"])
    return model.GuidePool(
        "", place, v["offers"], v["amount"], share, by, v["first"] or "highest", most, v["partial"] or "cut", ties,
        floor, carried,
    )  # fmt: skip


def _part(text: Scalar) -> int:
    """A part of the whole, at most all of it, in millionths."""
    try:
        value, scale = parse_percent(text.text) if text.text.endswith("%") else parse_decimal(text.text)
    except NumberError as error:
        raise fail("E205", text, zh=error.zh, en=error.en) from error
    if scale > _DIGITS:
        raise fail("E503", text, most=_DIGITS - 2)
    millionths = value * 10 ** (_DIGITS - scale)
    if millionths < 0:
        raise fail("E606", text)
    if millionths > WHOLE:
        raise fail("E702", text, name="carry_over", side=Words("最高", "at most"), bound="100%")
    return int(millionths)


POOL = Record(
    "pool",
    {
        "offers": Field(IDS, True),
        "amount": Field(NUMBER, True),
        "share": Field(OneOf(("pro_rata", "ranking", "first_come")), True),
        "by": Field(NAMES, default=(), doc="numbers that put claims in order"),
        "first": Field(OneOf(("highest", "lowest")), doc="which end of `by` comes first"),
        "most": Field(Whole(1, 10**6), doc="at most so many awards a year"),
        "partial": Field(OneOf(("cut", "drop")), doc="what the claim gets that the rest of the pool does not cover"),
        "ties": Field(ListOf(OneOf(("on", "case")), single=True), default=(), doc="the order of equal claims"),
        "floor": Field(NUMBER, doc="scaling takes no claim below this"),
        "carry_over": Field(NUMBER, doc="the part of the amount that may stay for next year"),
    },
    _pool,
)


def named(pools: Mapping[str, model.GuidePool]) -> dict[str, model.GuidePool]:
    """The pools of a guide with their names.

    Raises:
        PolicyError: E840 when an offer draws on two of them: nobody could say which pays.
    """
    owner: dict[str, str] = {}
    for name, pool in pools.items():
        for offer in dict.fromkeys(pool.offers):
            if offer in owner:
                raise PolicyError((problem("E840", pool.place, name, offer=offer, one=owner[offer], other=name),))
            owner[offer] = name
    return {name: replace(pool, name=name) for name, pool in pools.items()}


def says(pool: model.GuidePool, facts: Mapping[str, model.FactDef], offer: str) -> Words:
    """The pool as one of its offers tells it: how much there is, and what happens when requests exceed it.

    Raises:
        PolicyError: E843 when the order is by something that is no number of the offer.
    """
    titles = [_number(name, pool, facts, offer) for name in pool.by]
    money = format_scaled(money_of(pool.amount), 2, 0, group=True)
    zh, en = f"资金池 {money} 元", f"pool of CNY {money}"
    if pool.most is not None:
        zh, en = f"{zh}，最多 {pool.most} 个", f"{en} for at most {pool.most} awards"
    how = {
        "pro_rata": Words("按比例核减", "reduced pro rata"),
        "ranking": Words("按排序支持", "served by rank"),
        "first_come": Words("先到先得", "first come, first served"),
    }[pool.share]
    zh, en = f"{zh}，不足时{how.zh}", f"{en}, {how.en}"
    if titles:
        end = Words("高者", "highest") if pool.first == "highest" else Words("低者", "lowest")
        zh += f"（{'、'.join(title.zh for title in titles)}{end.zh}优先）"
        en += f" ({end.en} {', then '.join(title.en for title in titles)} first)"
    en += " when requests exceed it"
    if pool.partial == "drop":
        zh, en = f"{zh}，余额不足全额的不予支持", f"{en}; a claim that the rest does not cover gets nothing"
    if pool.floor:
        floor = format_scaled(pool.floor, 2, 0, group=True)
        zh, en = f"{zh}，核减后不低于 {floor} 元", f"{en}; none is scaled below CNY {floor}"
    return Words(zh, en)


def _number(name: str, pool: model.GuidePool, facts: Mapping[str, model.FactDef], offer: str) -> Words:
    """The title of a number that puts claims in order."""
    if name == AMOUNT:
        return Words("测算金额", "capped amount")
    fact = facts.get(name)
    if fact is None or not isinstance(fact.kind, Number):
        numbers = [AMOUNT, *(fact.name for fact in facts.values() if isinstance(fact.kind, Number))]
        near = nearest(name, numbers) or ""
        values = {"name": name, "offer": offer, "near": near, "valid": ", ".join(numbers)}
        raise PolicyError((problem("E843", pool.place, name, **values),))
    return fact.title
