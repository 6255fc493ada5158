"""Earlier awards as an applicant tells them: under which offer, about how much, and in which year.

"10a 80万 2022; 2c 100万": the id of the offer, and behind it the sum and the year or day where they are known. What is
not told stays unknown and can only widen a range.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jarlig.asking.reading import MOST_ITEMS, MOST_TEXT, NOTHING, Unreadable, clean, clean_name, figure, plain_number
from jarlig.asking.sayings import words
from jarlig.ladder.kinds import DATE, Kind, Number
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.steps import Words
from jarlig.policy.awards import BUILT_IN_KEYS
from jarlig.policy.model import Programme
from jarlig.policy.values import converter

KINDS: dict[str, Kind] = {
    "approved": Number((("CNY", 1),), 2, 0, 10**14),
    "on": DATE,
    "guide_year": BUILT_IN_KEYS["guide_year"],
}
_ENTRIES, _PARTS = re.compile(r"[;\n]+"), re.compile(r"\s+|(?<!\d)[,、:]|[,、:](?!\d{3})")
_YEAR = re.compile(r"((?:19|20|21)[0-9]{2})年?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_NEVER = NOTHING | {"否", "不", "从未", "no", "n", "never"}
_MONEY = re.compile(r"人民币|元|块|rmb|cny|yuan|[¥约]|about")


def read(programme: Programme, text: str) -> list[dict[str, str]]:
    """Earlier awards from an answer; none for "no".

    Raises:
        Unreadable: with what is wrong and how to write it.
    """
    said = clean(text)
    if said.rstrip("。.") in _NEVER:
        return []
    entries = [entry.strip() for entry in _ENTRIES.split(said) if entry.strip()]
    if len(entries) > MOST_ITEMS:
        raise Unreadable(words("bad.many", most=str(MOST_ITEMS)))
    return check(programme, [_entry(programme, entry) for entry in entries])


def _entry(programme: Programme, entry: str) -> dict[str, str]:
    first, *rest = [part for part in _PARTS.split(entry) if part]
    found = {"offer": _offer(programme, first)}
    for part in rest:
        year = _YEAR.match(part)
        if year is not None:
            found["guide_year"] = year.group(1)
        elif _DAY.match(part):
            found["on"] = part
        elif "approved" not in found and _MONEY.sub("", part):
            try:
                number, factor, _ = figure(_MONEY.sub("", part))
            except Unreadable as error:
                raise _unclear(programme, entry) from error
            found["approved"] = plain_number(number * factor)
        else:
            raise _unclear(programme, entry)
    return found


def _offer(programme: Programme, said: str) -> str:
    for name, offer in programme.offers.items():
        if said in (clean_name(name), clean_name(offer.title.zh), clean_name(offer.title.en)):
            return name
    raise Unreadable(words("bad.offer", offer=said[:40]))


def example(programme: Programme) -> str:
    """The id of an offer, to show how an answer is written."""
    return next(iter(programme.offers), "1")


def _unclear(programme: Programme, entry: str) -> Unreadable:
    return Unreadable(words("bad.award", text=entry[:60], example=example(programme)))


def check(programme: Programme, value: Any) -> list[dict[str, str]]:
    """Earlier awards as plain values, if they are such.

    Raises:
        Unreadable: with what is wrong.
    """
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise Unreadable(words("bad.shape"))
    for row in value:
        if not isinstance(row, dict) or "offer" not in row or not row.keys() <= {"offer", *KINDS}:
            raise Unreadable(words("bad.shape"))
        for key, text in row.items():
            if not isinstance(text, str) or len(text) > MOST_TEXT:
                raise Unreadable(words("bad.shape"))
            if key == "offer":
                if text not in programme.offers:
                    raise Unreadable(words("bad.offer", offer=text[:40]))
                continue
            try:
                converter(KINDS[key])(text)
            except NumberError as error:
                raise Unreadable(Words(error.zh, error.en)) from error
    return value


def as_history(told: list[dict[str, str]], keys: Mapping[str, str]) -> list[dict[str, str]]:
    """Earlier awards as rows of a history; ``keys`` are the applicant's own facts that subjects are matched by.

    They were received, so they count at what was received; a sum that is not told stays unknown.
    """
    return [{**row, "state": "approved", **keys} for row in told]
