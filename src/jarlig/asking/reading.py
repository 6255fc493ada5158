"""Answers as people write them: 500万, 1,234.5, 约20%, 2023年6月1日, 是, names of options and places.

An answer becomes the plain value that a facts file would hold, and is then read by the readers of facts; so what can be
answered is what can be claimed. Every refusal says in both languages how to write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jarlig.asking.sayings import words
from jarlig.ladder.kinds import Choice, Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.steps import Words
from jarlig.policy.codes import check_region
from jarlig.policy.values import converter, labelled
from jarlig.reference.divisions import divisions
from jarlig.reference.errors import UnknownDivision

#: Characters of one answer, and things in one list.
MOST_TEXT, MOST_ITEMS = 500, 40
#: An answer: text, a range, a list of ids, or earlier awards, as a facts file spells them.
Plain = str | dict[str, str] | list[str] | list[dict[str, str]]

UNKNOWN = {"不知道", "不清楚", "不确定", "不详", "未知", "跳过", "?", "unknown", "don't know", "dont know", "not known",
           "not sure", "no idea", "skip"}  # fmt: skip
_YES = {"是", "有", "对", "是的", "有的", "y", "yes", "true", "t"}
_NO = {"否", "不", "不是", "没有", "无", "没", "n", "no", "false", "f"}
NOTHING = {"无", "没有", "没", "none", "nothing"}
ALL = {"全部", "所有", "都", "all", "everything"}
_FACTORS = {
    "": 1, "十": 10, "百": 100, "千": 1_000, "k": 1_000, "thousand": 1_000, "万": 10_000, "w": 10_000,
    "百万": 1_000_000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000, "千万": 10_000_000,
    "亿": 100_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_SCALE = "|".join(sorted((re.escape(word) for word in _FACTORS if word), key=len, reverse=True))
_FIGURE = re.compile(rf"(-?)([0-9]{{1,3}}(?:[,_][0-9]{{3}})+|[0-9]+)(\.[0-9]+)?({_SCALE})?(%)?\Z")
_ABOUT = re.compile(r"(?:大约|大概|约|about|around|approximately|approx\.?|ca\.?)(.+)\Z|(.+?)(?:左右|上下)\Z")
_TO = re.compile(r"(?<=[0-9%a-z万亿千百])(?:-|–|—|~|至|到|to)(?=-?[0-9])")
_MONEY_WORDS = re.compile(r"人民币|美元|元|块|rmb|cny|yuan|usd|[¥$]")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?\Z|([0-9]{4})([0-9]{2})([0-9]{2})\Z")
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?\Z|([0-9]{4})([0-9]{2})\Z")
_BETWEEN = re.compile(r"[,，、;；\s]+")


#: Of what has no unit.
NO_UNIT = Words("", "")


class Unreadable(Exception):
    """Why an answer cannot be read, in both languages."""

    def __init__(self, said: Words) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True)
class Wanted:
    """What an answer must be: a kind, what its options are called, and whether "none" is one."""

    kind: Kind
    labels: Mapping[str, Words]
    or_none: bool = False
    unit: Words = NO_UNIT
    region: str = ""


def clean(text: str) -> str:
    """An answer without differences of width and case.

    Raises:
        Unreadable: nothing there, too long, or control characters.
    """
    if len(text) > MOST_TEXT:
        raise Unreadable(words("bad.long", most=str(MOST_TEXT)))
    found = unicodedata.normalize("NFKC", text).strip().casefold().replace("’", "'")
    if not found:
        raise Unreadable(words("bad.empty"))
    if not found.replace("\n", " ").isprintable():
        raise Unreadable(words("bad.shape"))
    return found


def is_unknown(text: str) -> bool:
    """Whether an answer says that the person does not know."""
    return clean(text).rstrip("。.") in UNKNOWN


def read(wanted: Wanted, text: str) -> Plain:
    """The plain value of an answer.

    Raises:
        Unreadable: with what is wrong and how to write it.
    """
    said = clean(text)
    if wanted.or_none and said in NOTHING:
        return "none"
    return check(wanted, _READERS.get(type(wanted.kind), _text)(wanted, said, text))


def check(wanted: Wanted, value: Any) -> Plain:
    """A plain value, if it is one that the rules can take.

    Raises:
        Unreadable: with what is wrong.
    """
    kind = wanted.kind
    if wanted.or_none and value == "none":
        return "none"
    if isinstance(kind, Some):
        if not isinstance(value, list) or len(value) > MOST_ITEMS:
            raise Unreadable(words("bad.shape"))
        return list(dict.fromkeys(_converted(wanted, kind.of, item)[0] for item in value))
    if isinstance(kind, Number) and isinstance(value, dict):
        return _checked_range(wanted, kind, value)
    text, found = _converted(wanted, kind, value)
    if isinstance(kind, Division) and wanted.region:
        try:
            check_region(found, wanted.region)
        except NumberError as error:
            raise Unreadable(Words(error.zh, error.en)) from error
    return text


def _checked_range(wanted: Wanted, kind: Number, value: dict[str, Any]) -> dict[str, str]:
    if set(value) == {"about"}:
        return {"about": _converted(wanted, kind, value["about"])[0]}
    if set(value) != {"from", "to"}:
        raise Unreadable(words("bad.shape"))
    (low_text, low), (high_text, high) = (_converted(wanted, kind, value[side]) for side in ("from", "to"))
    if low > high:
        raise Unreadable(words("bad.range"))
    return {"from": low_text, "to": high_text}


def _converted(wanted: Wanted, kind: Kind, value: Any) -> tuple[str, Any]:
    if not isinstance(value, str) or len(value) > MOST_TEXT or not value.isprintable():
        raise Unreadable(words("bad.shape"))
    try:
        return value, converter(kind)(value)
    except NumberError as error:
        said = labelled(error, wanted.labels)
        raise Unreadable(Words(said.zh, said.en)) from error


def figure(text: str, ratio: bool = False) -> tuple[Decimal, int, bool]:
    """A number as written before its multiple, the multiple, and whether it was a percentage.

    Raises:
        Unreadable: it is no number.
    """
    found = _FIGURE.match(text.replace(" ", ""))
    if found is None:
        raise Unreadable(words("bad.number"))
    sign, whole, part, scale, percent = found.groups()
    return Decimal(sign + whole.replace(",", "").replace("_", "") + (part or "")), _FACTORS[scale or ""], bool(percent)


def plain_number(number: Decimal) -> str:
    """A number as a facts file spells it."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(wanted: Wanted, said: str, _text: str) -> Plain:
    for unit in (wanted.unit.zh, wanted.unit.en):
        if unit and unit.casefold() not in _FACTORS:
            said = said.replace(unit.casefold(), "")
    said = _MONEY_WORDS.sub("", said).replace(" ", "")
    about = _ABOUT.match(said)
    if about is not None:
        return {"about": _plain(about.group(1) or about.group(2))}
    ends = _TO.split(said, maxsplit=1)
    if len(ends) == 1:
        return _plain(said)
    (low, factor, percent), (high, top, top_percent) = (figure(end) for end in ends)
    if factor == 1 and top > 1:  # 400至600万 gives its unit once
        factor = top
    percent |= top_percent
    return {"from": _of(low, factor, percent), "to": _of(high, top, percent)}


def _plain(text: str) -> str:
    return _of(*figure(text))


def _of(number: Decimal, factor: int, percent: bool) -> str:
    return plain_number(number * factor / (100 if percent else 1))


def _yes_no(_wanted: Wanted, said: str, _text: str) -> str:
    if said in _YES:
        return "true"
    if said in _NO:
        return "false"
    raise Unreadable(words("bad.yes_no"))


def _choice(wanted: Wanted, said: str, text: str) -> str:
    kind = wanted.kind
    assert isinstance(kind, Choice)
    if kind.open and not kind.values:
        return text.strip()
    return pick(said, {value: wanted.labels.get(value, Words(value, value)) for value in kind.values})


def pick(said: str, options: Mapping[str, Words]) -> str:
    """The option that an answer names by its id, its name in either language, or its number.

    Raises:
        Unreadable: it names none.
    """
    names = list(options)
    for number, (name, label) in enumerate(options.items(), 1):
        if said in (name.casefold(), clean_name(label.zh), clean_name(label.en)):
            return name
        if said == str(number) and str(number) not in options:
            return names[number - 1]
    zh, en = (
        "、".join(f"{at} {label.zh}" for at, label in enumerate(options.values(), 1)),
        ", ".join(f"{at} {label.en}" for at, label in enumerate(options.values(), 1)),
    )
    raise Unreadable(words("bad.choice", options=Words(zh, en)))


def clean_name(name: str) -> str:
    """A name as answers are compared with it."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def several(said: str, options: Mapping[str, Words]) -> list[str]:
    """The options that an answer lists.

    Raises:
        Unreadable: one of them is none.
    """
    if said in NOTHING:
        return []
    if said in ALL:
        return list(options)
    whole = next((name for name, label in options.items() if said in map(clean_name, (name, label.zh, label.en))), None)
    parts = [part for part in _BETWEEN.split(said) if part] if whole is None else [whole.casefold()]
    if len(parts) > MOST_ITEMS:
        raise Unreadable(words("bad.many", most=str(MOST_ITEMS)))
    return list(dict.fromkeys(pick(part, options) for part in parts))


def _text(_wanted: Wanted, _said: str, text: str) -> str:
    return text.strip()


def _set(wanted: Wanted, said: str, _text: str) -> list[str]:
    kind = wanted.kind
    assert isinstance(kind, Some)
    return several(said, {value: wanted.labels.get(value, Words(value, value)) for value in kind.of.values})


def _day(_wanted: Wanted, said: str, _text: str) -> str:
    found = _DAY.match(said.replace(" ", ""))
    if found is None:
        raise Unreadable(words("bad.date"))
    year, month, day = (part for part in found.groups() if part is not None)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _month(_wanted: Wanted, said: str, _text: str) -> str:
    found = _MONTH.match(said.replace(" ", ""))
    if found is None:
        raise Unreadable(words("bad.month"))
    year, month = (part for part in found.groups() if part is not None)
    return f"{year}-{int(month):02d}"


def _division(_wanted: Wanted, said: str, text: str) -> str:
    if said.isascii() and said.isdecimal():
        return said
    try:
        return divisions().named(text.strip()).code
    except UnknownDivision as error:
        raise Unreadable(Words(error.zh, error.en)) from error


_READERS: dict[type, Callable[[Wanted, str, str], Any]] = {
    Number: _number, YesNo: _yes_no, Choice: _choice, Some: _set, Date: _day, Month: _month, Division: _division,
}  # fmt: skip
