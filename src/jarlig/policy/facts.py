"""Facts of a case: from plain text to typed values, every fault named with its line.

A value that is absent or null is unknown. A column declared ``or: none`` is "none" when its key is absent and unknown
when it is null. A number may be given as a range (``{from: …, to: …}``, for estimates), and rows as one figure
(``{about: …}``). A fact may stand under the id of an offer when two offers use its name for different things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jarlig.ladder.history import STATES, EarlierAward
from jarlig.ladder.kinds import Choice, Date, Division, Kind, Month, Number, Rows, Some, YesNo
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import NumberError, format_scaled, parse_date, parse_month, parse_scaled
from jarlig.ladder.steps import Words
from jarlig.policy.codes import check_code, check_division
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.model import FactDef
from jarlig.policy.rows import table_of
from jarlig.policy.text import locate, read_plain

#: Dates of facts lie here, so that no date sum can leave the calendar.
FIRST_DAY, LAST_DAY = parse_date("1900-01-01"), parse_date("2199-12-31")
BUILT_IN: dict[str, Kind] = {"claim_month": Month(), "claim_year": Number((), 0, 1, 100)}
_MISSING = object()
_NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Facts:
    """What is known of a case: a plain tree, and where it came from for messages."""

    plain: Mapping[str, Any]
    file: str = "facts"
    source: bytes | Path = b""

    def error(self, code: str, at: tuple[str | int, ...], /, **values: object) -> PolicyError:
        """A problem at a value of the file."""
        place = Place(self.file, 0, 0)
        data = self.source.read_bytes() if isinstance(self.source, Path) else self.source
        if data:
            place = locate(data, at, self.file)
        text = str(values.pop("text", ""))
        return PolicyError((problem(code, place, text, **values),)).with_sources({self.file: data})


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
        if name in known or name in ("history", "decisions") or name in BUILT_IN:
            continue
        if name in offers and isinstance(value, Mapping):
            for inner in value:
                if inner not in known:
                    raise facts.error("E801", (name, inner), text=inner, name=inner, near=nearest(inner, known) or "")
            continue
        raise facts.error("E801", (name,), text=name, name=name, near=nearest(name, known | offers) or "")


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
        typed.values["history"] = read_history(facts, facts.plain["history"], ("history",))
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
    typed.values[definition.name] = table_of(facts, definition, value, path, offer, convert)


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
            "E802", path, path=_dotted(path), expected="{about: …} or {from: …, to: …}", got=", ".join(value)
        )
    low, high = (convert(facts, kind, value[side], (*path, side)) for side in ("from", "to"))
    if low > high:
        raise facts.error("E808", path, path=_dotted(path))
    return low, high


def convert(facts: Facts, kind: Kind, value: Any, path: tuple[str | int, ...]) -> Any:
    """One value of a kind; None stays unknown.

    Raises:
        PolicyError: E803 with the path, the text and what is wrong with it.
    """
    if value is None:
        return None
    if isinstance(kind, Some):
        if not isinstance(value, list):
            raise facts.error("E802", path, path=_dotted(path), expected="a list", got=str(value)[:40])
        return frozenset(convert(facts, kind.of, item, path) for item in value)
    if not isinstance(value, str):
        raise facts.error(
            "E802",
            path,
            path=_dotted(path),
            expected=kind.text,
            got="a list" if isinstance(value, list) else "a mapping",
        )
    try:
        return converter(kind)(value)
    except NumberError as error:
        raise facts.error("E803", path, text=value, path=_dotted(path), zh=error.zh, en=error.en) from error


@lru_cache(maxsize=1_024)
def converter(kind: Kind) -> Callable[[str], Any]:
    """The function that turns the text of a value into its value; raises NumberError with what is wrong."""
    if isinstance(kind, Number):
        scale, low, high = kind.scale, kind.low, kind.high

        def number(text: str) -> int:
            value = parse_scaled(text, scale)
            if not low <= value <= high:
                ends = format_scaled(low, scale), format_scaled(high, scale)
                raise NumberError(f"应在 {ends[0]} 与 {ends[1]} 之间", f"must lie between {ends[0]} and {ends[1]}")
            return value

        return number
    if isinstance(kind, Choice):
        values = None if kind.open and not kind.values else {value: value for value in kind.values}

        def choice(text: str) -> str:
            found = text if values is None else values.get(text)
            if found is None:
                near = nearest(text, kind.values)
                listed = ", ".join(kind.values)
                raise NumberError(
                    f"可选：{listed}" + (f"；是否想写“{near}”" if near else ""),
                    f"choose {listed}" + (f"; did you mean “{near}”" if near else ""),
                )
            return found

        return choice
    if isinstance(kind, Date):
        return _date
    if isinstance(kind, Month):
        return parse_month
    if isinstance(kind, YesNo):
        return _yes_no
    if isinstance(kind, Division):
        return lambda text: check_division(text, kind.level)
    return check_code(getattr(kind, "form", "text"))


def _date(text: str) -> int:
    day = parse_date(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise NumberError("日期应在 1900 年至 2199 年之间", "a date must lie between 1900 and 2199")
    return day


def _yes_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise NumberError("是否类请写 true 或 false", "write true or false")
    return text == "true"


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(f"{part + 1}" if isinstance(part, int) else part for part in path)


_HISTORY_MONEY = ("capped", "approved", "paid", "recovered")
_NO_KEYS = ("offer", "on", "state", "id", *_HISTORY_MONEY)


def read_history(facts: Facts, value: Any, path: tuple[str | int, ...]) -> list[EarlierAward]:
    """Earlier awards, sorted by ``(on, id)``. Every key besides the known ones is a subject's key.

    An award whose ``recovered`` is not mentioned had nothing recovered; ``recovered: null`` is not known.
    """
    if not isinstance(value, list):
        raise facts.error("E802", path, path=_dotted(path), expected="a list of earlier awards", got="something else")
    awards = [_award(facts, row, (*path, index)) for index, row in enumerate(value)]
    return sorted(awards, key=lambda award: (award.on is None, award.on or 0, award.id))


def _award(facts: Facts, row: Any, path: tuple[str | int, ...]) -> EarlierAward:
    if not isinstance(row, Mapping):
        raise facts.error("E802", path, path=_dotted(path), expected="a mapping", got=str(row)[:40])
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
    raise facts.error("E802", path, path=_dotted(path), expected="a text", got="something else")
