"""Facts of a case: from plain text to typed values, every fault named with its line.

A value that is absent or null is unknown. A column declared ``or: none`` is "none" when its key is absent and unknown
when it is null. A number may be given as a range (``{from: …, to: …}``, for estimates), and rows as one figure
(``{about: …}``). A fact may stand under the id of an offer when two offers use its name for different things.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jarlig.ladder.history import STATES, EarlierAward
from jarlig.ladder.kinds import Choice, Date, Kind, Month, Number, Rows
from jarlig.ladder.nodes import NONE
from jarlig.ladder.steps import Words
from jarlig.policy.casefile import Facts, dotted
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.model import FactDef
from jarlig.policy.rows import FOR, table_of
from jarlig.policy.text import read_plain
from jarlig.policy.values import convert

BUILT_IN: dict[str, Kind] = {"claim_month": Month(), "claim_year": Number((), 0, 1, 100)}
_MISSING = object()
_NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Typed:
    """The facts of one offer, typed: exact values by name, ranges, and the history."""

    values: dict[str, Any]
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)


def read_facts(source: bytes | Path | Mapping[str, Any], file: str = "facts") -> Facts:
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


def check_names(facts: Facts, known: Set[str], offers: Set[str]) -> None:
    """Refuse names that no offer reads: a misspelt fact would silently be unknown."""
    for name, value in facts.plain.items():
        if isinstance(value, list):
            _check_offers(facts, name, value, offers)
        if name in known or name in ("history", "decisions") or name in BUILT_IN:
            continue
        if name in offers and isinstance(value, Mapping):
            for inner in value:
                if inner not in known:
                    raise facts.error("E801", (name, inner), text=inner, name=inner, near=nearest(inner, known) or "")
            continue
        raise facts.error("E801", (name,), text=name, name=name, near=nearest(name, known | offers) or "")


def _check_offers(facts: Facts, name: str, rows: list[Any], offers: Set[str]) -> None:
    """A row that names an offer must name one there is: a slip would silently drop the row."""
    for index, row in enumerate(rows):
        offer = row.get(FOR) if isinstance(row, Mapping) else None
        if offer is not None and offer not in offers:
            near, valid = nearest(str(offer), offers) or "", ", ".join(sorted(offers))
            raise facts.error("E811", (name, index, FOR), text=str(offer), name=offer, near=near, valid=valid)


def typed_facts(
    facts: Facts, defs: Mapping[str, FactDef], offer: str, judged: Mapping[str, Number] | None = None
) -> Typed:
    """The facts that an offer reads, typed; ``judged`` are the values that a person decides, with their bounds.

    Raises:
        PolicyError: E80x at the first value that is wrong.
    """
    own = facts.plain.get(offer)
    scoped = own if isinstance(own, Mapping) else {}
    typed = Typed({})
    for name, definition in defs.items():
        path: tuple[str | int, ...] = (offer, name) if name in scoped else (name,)
        value = scoped[name] if name in scoped else facts.plain.get(name, _MISSING)
        if value is _MISSING or value is None:
            continue
        if isinstance(definition.kind, Rows):
            _rows(facts, definition, value, path, offer, typed)
        else:
            _single(facts, definition, value, path, typed)
    for name, built_in in BUILT_IN.items():
        if facts.plain.get(name) is not None:
            definition = FactDef(name, built_in, _NO_WORDS, Place(facts.file, 0, 0))
            _single(facts, definition, facts.plain[name], (name,), typed)
    if facts.plain.get("history") is not None:
        if "history" not in facts.read:
            facts.read["history"] = read_history(facts, facts.plain["history"], ("history",))
        typed.values["history"] = facts.read["history"]
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


def _rows(facts: Facts, definition: FactDef, value: Any, path: tuple[str | int, ...], offer: str, typed: Typed) -> None:
    if isinstance(value, Mapping):
        low, high = _range(facts, Number((), 2, -(10**16), 10**16), value, path)
        typed.totals[definition.name] = (low, high)
        return
    typed.values[definition.name] = table_of(facts, definition, value, path, offer)


def _single(facts: Facts, definition: FactDef, value: Any, path: tuple[str | int, ...], typed: Typed) -> None:
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
    typed.values[definition.name] = convert(facts, definition.kind, value, path)


def _range(facts: Facts, kind: Number, value: Mapping[str, Any], path: tuple[str | int, ...]) -> tuple[int, int]:
    """``{about: x}`` or ``{from: x, to: y}``, each end inside the bounds of the kind."""
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


_HISTORY_MONEY = ("capped", "approved", "paid", "recovered")
_NO_KEYS = ("offer", "on", "state", "id", *_HISTORY_MONEY)


def read_history(facts: Facts, value: Any, path: tuple[str | int, ...]) -> list[EarlierAward]:
    """Earlier awards, sorted by ``(on, id)``. Every key besides the known ones is a subject's key.

    An award whose ``recovered`` is not mentioned had nothing recovered; ``recovered: null`` is not known.
    """
    if not isinstance(value, list):
        raise facts.error("E802", path, path=dotted(path), expected="a list of earlier awards", got="something else")
    awards = [_award(facts, row, (*path, index)) for index, row in enumerate(value)]
    return sorted(awards, key=lambda award: (award.on is None, award.on or 0, award.id))


def _award(facts: Facts, row: Any, path: tuple[str | int, ...]) -> EarlierAward:
    if not isinstance(row, Mapping):
        raise facts.error("E802", path, path=dotted(path), expected="a mapping", got=str(row)[:40])
    money = {
        name: convert(facts, Number((("CNY", 1),), 2, 0, 10**14), row.get(name), (*path, name))
        for name in _HISTORY_MONEY
    }
    if "recovered" not in row:
        money["recovered"] = 0
    state = convert(facts, Choice(STATES), row.get("state"), (*path, "state"))
    return EarlierAward(
        offer=_text(facts, row.get("offer"), (*path, "offer")),
        on=convert(facts, Date(), row.get("on"), (*path, "on")),
        guide_year=convert(facts, Number((), 0, 1950, 2199), row.get("guide_year"), (*path, "guide_year")),
        state=state,
        id=_text(facts, row.get("id"), (*path, "id")) or "",
        keys={str(k): _text(facts, v, (*path, str(k))) for k, v in row.items() if k not in _NO_KEYS},
        **money,
    )


def _text(facts: Facts, value: Any, path: tuple[str | int, ...]) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise facts.error("E802", path, path=dotted(path), expected="a text", got="something else")
