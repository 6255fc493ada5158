"""Values of facts: text to the value of a kind, or a sentence that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jarlig.ladder.kinds import Choice, Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.numbers import NumberError, format_scaled, parse_date, parse_month, parse_scaled
from jarlig.ladder.steps import Words
from jarlig.policy.casefile import Facts, dotted
from jarlig.policy.codes import check_code, check_division
from jarlig.policy.messages import nearest

#: Dates of facts lie here, so that no date sum can leave the calendar.
FIRST_DAY, LAST_DAY = parse_date("1900-01-01"), parse_date("2199-12-31")


class NoChoice(NumberError):
    """A text that is none of the choices: they are listed by their names, or by their labels as well."""

    def __init__(self, text: str, values: Sequence[str], labels: Mapping[str, Words] | None = None) -> None:
        near, zh, en = nearest(text, values), ", ".join(values), ", ".join(values)
        if labels:
            zh = "、".join(f"{value}（{labels[value].zh}）" for value in values)
            plain = {value: label.en for value, label in labels.items() if label.en != value}
            en = ", ".join(f"{value} ({plain[value]})" if value in plain else value for value in values)
        super().__init__(
            f"可选：{zh}" + (f"；是否想写“{near}”" if near else ""),
            f"choose {en}" + (f"; did you mean “{near}”" if near else ""),
        )
        self.text, self.values = text, values


def labelled(error: NumberError, labels: Mapping[str, Words]) -> NumberError:
    """The same refusal with the labels of the choices beside their names; a label itself names its choice."""
    if isinstance(error, NoChoice) and labels.keys() >= set(error.values):
        for value in error.values:
            if error.text.strip() in (labels[value].zh, labels[value].en):
                return NumberError(f"请写 {value}", f"write {value}")
        return NoChoice(error.text, error.values, labels)
    return error


def convert(
    facts: Facts, kind: Kind, value: Any, path: tuple[str | int, ...], labels: Mapping[str, Words] | None = None
) -> Any:
    """One value of a kind; None stays unknown. ``labels`` are what choices are called.

    Raises:
        PolicyError: E803 with the path, the text and what is wrong with it.
    """
    if value is None:
        return None
    if isinstance(kind, Some):
        if not isinstance(value, list):
            raise facts.error("E802", path, path=dotted(path), expected="a list", got=str(value)[:40])
        return frozenset(convert(facts, kind.of, item, path, labels) for item in value)
    if not isinstance(value, str):
        raise facts.error(
            "E802",
            path,
            path=dotted(path),
            expected=kind.text,
            got="a list" if isinstance(value, list) else "a mapping",
        )
    try:
        return converter(kind)(value)
    except NumberError as error:
        said = labelled(error, labels or {})
        raise facts.error("E803", path, text=value, path=dotted(path), zh=said.zh, en=said.en) from error


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
                raise NoChoice(text, kind.values)
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
