"""Facts of a case: from plain text to typed values, every fault named with its line.

A value that is absent or null is unknown. A column declared ``or: none`` is "none" when its key is absent and unknown
when it is null. A number may be given as a range (``{from: …, to: …}``, for estimates), and rows as one figure
(``{about: …}``), by how many of them count (``{count: …}``), or by both. A fact may stand under the id of an offer when
two offers use its name for different things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

from jarlig.ladder.kinds import Division, Kind, Number, Rows
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.steps import Words
from jarlig.policy.awards import BUILT_IN_KEYS, check_offer, read_history
from jarlig.policy.casefile import Facts, dotted
from jarlig.policy.codes import check_region
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.model import FactDef, Programme
from jarlig.policy.rows import FOR, Path, table_of
from jarlig.policy.text import read_plain
from jarlig.policy.values import convert

BUILT_IN: dict[str, Kind] = {name: BUILT_IN_KEYS[name] for name in ("claim_month", "claim_year")}
_MISSING = object()
_NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Typed:
    """The facts of one offer, typed: exact values by name, ranges, and the history.

    Of rows that are not listed, ``totals`` gives the sum that counts, in fen, and ``counts`` how many rows count.
    """

    values: dict[str, Any]
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)


def read_facts(source: bytes | File | Mapping[str, Any], file: str = "facts") -> Facts:
    """Facts from a file, its bytes, or a mapping.

    Raises:
        PolicyError: when the file cannot be read, or does not hold a mapping.
    """
    if isinstance(source, Mapping):
        return Facts(_texts(source, file), file)
    plain = read_plain(source, file)
    if not isinstance(plain, dict):
        raise PolicyError(
            (problem("E203", Place(file, 1, 1), "", expected="a mapping of facts", got="something else"),)
        )
    return Facts(plain, file, source)


def _texts(value: Any, path: str) -> Any:
    """A Python value as the plain tree a file would give: numbers as text, so that one grammar reads them all."""
    if isinstance(value, Mapping):
        return {str(key): _texts(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(item, path) for item in value]
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        zh, en = "浮点数不精确，请用文本或 Decimal", "a float is not exact; give text, an int or a Decimal"
        raise PolicyError((problem("E803", Place(path, 0, 0), str(value), path=path, zh=zh, en=en),))
    return str(value)


def check_names(
    facts: Facts, known: Set[str], offers: Set[str], titles: Callable[[], Mapping[str, str]] = dict
) -> None:
    """Refuse names that no offer reads: a misspelt fact would silently be unknown; ``titles`` give names too."""

    def meant(name: str, valid: Set[str]) -> str:
        return titles().get(name.strip()) or nearest(name, valid) or ""

    for name, value in facts.plain.items():
        if isinstance(value, list) and name in known:
            _check_offers(facts, (name,), value, offers)
        if name in known or name in ("history", "decisions") or name in BUILT_IN:
            continue
        if name in offers and isinstance(value, Mapping):
            for inner in value:
                if inner not in known:
                    raise facts.error("E801", (name, inner), text=inner, name=inner, near=meant(inner, known))
                if isinstance(value[inner], list):
                    _check_offers(facts, (name, inner), value[inner], offers)
            continue
        raise facts.error("E801", (name,), text=name, name=name, near=meant(name, known | offers))


def _check_offers(facts: Facts, path: Path, rows: list[Any], offers: Set[str]) -> None:
    """A row that names an offer must name one there is: a slip would silently drop the row."""
    for index, row in enumerate(rows):
        offer = row.get(FOR) if isinstance(row, Mapping) else None
        if offer is not None:
            check_offer(facts, offer, offers, (*path, index, FOR))


def check_decisions(facts: Facts, offer: str, offers: Set[str], judged: Callable[[str], Set[str]]) -> None:
    """Refuse a decision that no offer asks for; ``judged`` gives the names that a person decides under an offer."""
    decisions = facts.plain.get("decisions")
    if decisions is None:
        return
    if not isinstance(decisions, Mapping):
        raise facts.error("E802", ("decisions",), path="decisions", expected="a mapping", got="something else")
    for name, value in decisions.items():
        if name in judged(offer):
            continue
        scoped = name in offers and isinstance(value, Mapping)
        known = judged(name) if scoped else {term for one in offers for term in judged(one)}
        for path in (("decisions", name, inner) for inner in value) if scoped else (("decisions", name),):
            if path[-1] not in known:
                near = nearest(path[-1], known) or ""
                raise facts.error("E801", path, text=path[-1], name=path[-1], near=near)


def typed_facts(
    facts: Facts,
    defs: Mapping[str, FactDef],
    offer: str,
    judged: Mapping[str, Number] | None = None,
    programme: Programme | None = None,
) -> Typed:
    """The facts that an offer reads, typed.

    Args:
        facts: the case.
        defs: the facts that the offer may read.
        offer: its id.
        judged: values that a person decides, with their bounds.
        programme: gives the offers and subject keys of the history; without it their texts are taken as they are.

    Raises:
        PolicyError: E80x at the first value that is wrong.
    """
    own = facts.plain.get(offer)
    scoped = own if isinstance(own, Mapping) else {}
    typed = Typed({})
    for name, definition in defs.items():
        path: Path = (offer, name) if name in scoped else (name,)
        value = scoped[name] if name in scoped else facts.plain.get(name, _MISSING)
        if value is _MISSING or value is None:
            continue
        if isinstance(definition.kind, Rows):
            _rows(facts, definition, value, path, offer, typed)
        else:
            _single(facts, definition, value, path, typed, programme.region if programme else "")
    for name, built_in in BUILT_IN.items():
        if facts.plain.get(name) is not None:
            definition = FactDef(name, built_in, _NO_WORDS, Place(facts.file, 0, 0))
            _single(facts, definition, facts.plain[name], (name,), typed)
    if facts.plain.get("history") is not None:
        kept = f"history {programme.programme if programme else ''}"
        if kept not in facts.read:
            facts.read[kept] = read_history(facts, facts.plain["history"], ("history",), programme)
        typed.values["history"] = facts.read[kept]
    typed.values.update(_decided(facts, offer, judged or {}))
    return typed


def _decided(facts: Facts, offer: str, judged: Mapping[str, Number]) -> dict[str, int | None]:
    """What a person decided, inside the bounds of the rule: by name, or by name under the offer's id."""
    decisions = facts.plain.get("decisions")
    if not isinstance(decisions, Mapping):
        return {}
    scoped = isinstance(decisions.get(offer), Mapping)
    own: Mapping[str, Any] = decisions[offer] if scoped else decisions
    path = ("decisions", offer) if scoped else ("decisions",)
    return {"!" + name: convert(facts, kind, own[name], (*path, name)) for name, kind in judged.items() if name in own}


def _rows(facts: Facts, definition: FactDef, value: Any, path: Path, offer: str, typed: Typed) -> None:
    if isinstance(value, Mapping):
        _rows_told(facts, definition, value, path, typed)
        return
    typed.values[definition.name] = table_of(facts, definition, value, path, offer)


def _rows_told(facts: Facts, definition: FactDef, value: Mapping[str, Any], path: Path, typed: Typed) -> None:
    """Rows told in place of a list: their sum, how many of them count, or both."""
    kind = definition.kind
    assert isinstance(kind, Rows)
    if value.get("count") is not None:
        count, where, most = value["count"], (*path, "count"), Number((), 0, 0, kind.most)
        if isinstance(count, Mapping):
            typed.counts[definition.name] = _range(facts, most, count, where)
        else:
            exactly = convert(facts, most, count, where)
            typed.counts[definition.name] = exactly, exactly
    money = {side: end for side, end in value.items() if side != "count"}
    if money or "count" not in value:
        typed.totals[definition.name] = _range(facts, Number((), 2, -(10**16), 10**16), money, path)


def _single(facts: Facts, definition: FactDef, value: Any, path: Path, typed: Typed, region: str = "") -> None:
    if isinstance(value, Mapping) and isinstance(definition.kind, Number):
        low, high = _range(facts, definition.kind, value, path)
        if low == high and "about" not in value:
            typed.values[definition.name] = low
        else:
            typed.ranges[definition.name] = (low, high)
        return
    if definition.or_none and value == "none":
        typed.values[definition.name] = NONE
        return
    for choice, label in definition.labels.items():
        if isinstance(value, str) and value != choice and value.strip() in (label.zh, label.en):
            said = Words(f"请写 {choice}", f"write {choice}")
            raise facts.error("E803", path, text=value, path=dotted(path), zh=said.zh, en=said.en)
    found = typed.values[definition.name] = convert(facts, definition.kind, value, path, definition.labels)
    if isinstance(definition.kind, Division) and region:
        try:
            check_region(found, region)
        except NumberError as error:
            raise facts.error("E803", path, text=value, path=dotted(path), zh=error.zh, en=error.en) from error


def _range(facts: Facts, kind: Number, value: Mapping[str, Any], path: Path) -> tuple[int, int]:
    """``{about: x}`` or ``{from: x, to: y}``, each end inside the bounds of the kind."""
    for side, end in value.items():
        if side in ("about", "from", "to") and end is None:
            where = (*path, side)
            raise facts.error("E802", where, path=dotted(where), expected=kind.text, got="null")
    if set(value) == {"about"}:
        both = convert(facts, kind, value["about"], (*path, "about"))
        return both, both
    if set(value) != {"from", "to"}:
        raise facts.error(
            "E802", path, path=dotted(path), expected="{about: …} or {from: …, to: …}", got=", ".join(value)
        )
    low, high = (convert(facts, kind, value[side], (*path, side)) for side in ("from", "to"))
    if low > high:
        raise facts.error("E808", path, path=dotted(path))
    return low, high
