"""What a reform changes, in words: where, from what to what, and on which clause or guide it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree
from jarlig.whatif.reform import Change, Reformed

#: Keys of programme files as an officer would call them; a key that is not here is a name of the programme's own.
KEYS = {
    "amount": Words("金额", "amount"),
    "rate": Words("补助比例", "rate"),
    "each": Words("单位补助", "amount for each"),
    "of": Words("计算基数", "base"),
    "count": Words("计数", "count"),
    "every": Words("每满", "for every step"),
    "cap": Words("上限", "cap"),
    "limit": Words("累计限制", "limit"),
    "awards": Words("次数", "awards"),
    "years": Words("年数", "years"),
    "floor": Words("下限", "floor"),
    "when": Words("条件", "conditions"),
    "where": Words("计入条件", "lines that count"),
    "parts": Words("组成部分", "parts"),
    "for_each": Words("逐项计算", "for each line"),
    "title": Words("名称", "title"),
    "facts": Words("申报事实", "facts"),
    "terms": Words("待定参数", "open terms"),
    "claims": Words("申报次数", "claims"),
    "exclusive": Words("互斥", "no second support"),
    "pay": Words("分期支付", "instalments"),
    "pool": Words("资金池", "pool"),
    "pools": Words("资金池", "pools"),
    "share": Words("分配方式", "how it is shared"),
    "by": Words("依据", "by"),
    "bands": Words("分档", "bands"),
    "offers": Words("所含事项", "offers"),
    "carry_over": Words("结转", "carry-over"),
    "partial": Words("余额不足时", "what the rest does not cover"),
    "most": Words("最多", "at most"),
    "ties": Words("同序时", "equal claims"),
    "opens": Words("开放事项", "opens"),
    "closes": Words("不开放事项", "closes"),
    "windows": Words("单项申报期", "windows"),
    "applications": Words("申报期", "applications"),
    "valid": Words("有效期", "validity"),
    "from": Words("起", "from"),
    "to": Words("止", "to"),
    "gates": Words("申报条件", "gates"),
    "fill": Words("填定", "fills in"),
    "lower": Words("下调", "lowers"),
    "raise": Words("上调", "raises"),
    "narrow": Words("收窄", "narrows"),
    "split": Words("分配份额", "split"),
    "sum": Words("合计", "sum"),
    "over": Words("明细", "over"),
    "open": Words("待定", "open"),
    "says": Words("表述", "says"),
    "cites": Words("引用", "cites"),
    "first": Words("优先", "first"),
    "per": Words("按", "per"),
    "as_of": Words("认定时点", "as of"),
}
#: Values of closed lists that an officer would read.
VALUES = {
    "pro_rata": Words("按比例核减", "pro rata"),
    "ranking": Words("按排序", "by rank"),
    "first_come": Words("先到先得", "first come, first served"),
    "cut": Words("支持剩余部分", "gets what is left"),
    "drop": Words("不予支持", "gets nothing"),
    "application": Words("申请时", "the application"),
    "decision": Words("决定时", "the decision"),
    "true": Words("是", "yes"),
    "false": Words("否", "no"),
}
NOTHING = Words("未规定", "not set")
REMOVED = Words("删去", "removed")
#: Bands as files write them, in Chinese: 以上 and 以下 include the figure, 超过 and 不足 do not.
_EDGES = {"under ": "不足{}", "up to ": "{}以下", "from ": "{}以上", "over ": "超过{}"}
_NUMBER = re.compile(r"(-?)([0-9][0-9_]*)((?:\.[0-9]+)?)(%?)\Z")
_SECTIONS = {"offer": Words("事项", "offer"), "guide": Words("指南", "guide"), "local": Words("细则", "local rules")}


@dataclass(frozen=True)
class Told:
    """One change: the entry and what in it, before, after, and the citation."""

    entry: Words
    what: Words
    before: Words
    after: Words
    cite: Words


def told(reformed: Reformed, programme: model.Programme) -> tuple[Told, ...]:
    """Every change of a reform in words.

    Args:
        reformed: the programme with the reform in it.
        programme: the programme as it stands, whose clauses and titles are named.
    """
    return tuple(tell(programme, change) for change in reformed.changes)


def tell(programme: model.Programme, change: Change) -> Told:
    """One change in words."""
    return _Teller(programme, change).told()


def _band(key: str) -> Words | None:
    """A band such as ``60 to under 75``; None for any other key."""
    low, to, high = key.partition(" to ")
    ends = [low if low.startswith("over ") else f"from {low}", high if high.startswith("under ") else f"up to {high}"]
    parts = ends if to and not key.startswith("up to ") else [key]
    told = [
        words.format(_number(part.removeprefix(start)))
        for part in parts for start, words in _EDGES.items()
        if part.startswith(start) and _NUMBER.match(part.removeprefix(start))
    ]  # fmt: skip
    return Words("、".join(told), " ".join(map(_number, key.split(" ")))) if len(told) == len(parts) else None


def _number(text: str) -> str:
    """A number as people write it; any other text as it stands."""
    found = _NUMBER.match(text)
    if found is None:
        return text
    sign, whole, rest, percent = found.groups()
    return f"{'−' if sign else ''}{int(whole.replace('_', '')):,}{rest}{percent}"


class _Teller:
    """The words of one change: keys are named as the offer that they are about names them."""

    def __init__(self, programme: model.Programme, change: Change) -> None:
        self.programme, self.change = programme, change
        trees = [tree for tree in (change.before, change.after) if isinstance(tree, Mapping)]
        inside = [key for tree in trees for key in tree.entries]
        named = [change.entry] if change.kind == "offer" else dict.fromkeys([*change.path, *inside])
        self.offers = [programme.offers[name] for name in named if name in programme.offers]

    def told(self) -> Told:
        change = self.change
        names = [self._key(key, at) for at, key in enumerate(change.path)]
        what = Words(" › ".join(name.zh for name in names), " › ".join(name.en for name in names))
        before = NOTHING if change.before is None else self._value(change.before)
        after = REMOVED if change.after is None else self._value(change.after)
        return Told(self._entry(), what, before, after, self._cite())

    def _entry(self) -> Words:
        """The entry by its id and title."""
        change, programme = self.change, self.programme
        if change.kind == "offer":
            title = programme.offers[change.entry].title
            return Words(f"{change.entry} {title.zh}", f"{change.entry} {title.en}")
        return self._overlay().title

    def _overlay(self) -> model.Overlay:
        if self.change.kind == "guide":
            return self.programme.guides[int(self.change.entry)]
        return self.programme.locals[self.change.entry]

    def _cite(self) -> Words:
        """The clause of an offer; of a guide or a place's rules, the document and its number."""
        if self.change.kind == "offer":
            ref = self.programme.offers[self.change.entry].cites
            clause = self.programme.clauses.get(ref)
            return clause.label if clause else Words(f"通知第{ref}条", f"notice, clause {ref}")
        overlay, section = self._overlay(), _SECTIONS[self.change.kind]
        name = overlay.document or overlay.id
        return Words(f"{section.zh} {name}", f"{section.en} {name}")

    def _key(self, key: str, at: int) -> Words:
        """A key of the path: a name of the programme's own comes before a word of the language at its place."""
        own = self._own(key)
        if self.change.kind != "offer" and key in self.programme.offers and at:
            title = self.programme.offers[key].title
            return Words(f"{key} {title.zh}", f"{key} {title.en}")
        if own is not None and (key not in KEYS or (at and self.change.path[at - 1] in ("facts", "terms"))):
            return own
        return KEYS.get(key) or _band(key) or Words(key.replace("_", " "), key.replace("_", " "))

    def _own(self, key: str) -> Words | None:
        """A fact, a term, a choice or a named condition by the title that the programme gives it."""
        if key in self.programme.conditions:
            return self.programme.conditions[key].title
        for offer in self.offers:
            if key in offer.terms:
                return offer.terms[key].title
            facts = self.programme.fact_defs(offer)
            if key in facts:
                return facts[key].title
            columns = [column for fact in facts.values() for column in fact.columns.values()]
            for fact in (*facts.values(), *columns):
                if key in fact.labels:
                    return fact.labels[key]
        return None

    def _value(self, tree: Tree) -> Words:
        if isinstance(tree, Scalar):
            return self._scalar(tree.text)
        if isinstance(tree, Sequence):
            items = [self._value(item) for item in tree.items]
            return Words("、".join(item.zh for item in items) or "空", ", ".join(item.en for item in items) or "empty")
        return self._mapping(tree)

    def _mapping(self, tree: Mapping) -> Words:
        if set(tree.entries) == {"zh", "en"}:
            zh, en = (tree.entries[lang] for lang in ("zh", "en"))
            if isinstance(zh, Scalar) and isinstance(en, Scalar):
                return Words(zh.text, en.text)
        if isinstance(said := tree.entries.get("says"), Mapping):  # a condition in its own words
            return self._value(said)
        pairs = [(self._key(key, 1), self._value(value)) for key, value in tree.entries.items()]
        return Words(
            "；".join(f"{key.zh} {value.zh}" for key, value in pairs),
            "; ".join(f"{key.en} {value.en}" for key, value in pairs),
        )

    def _scalar(self, text: str) -> Words:
        if _NUMBER.match(text):
            return Words(_number(text), _number(text))
        return VALUES.get(text) or self._own(text) or Words(text, text)
